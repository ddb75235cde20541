"""Films whose truth is known second by second, for the demo, the tests and the validity page. Never for training."""

from __future__ import annotations

from studio.rendering import render
from studio.script import (
    EFFECTS,
    INTENSITIES,
    RATE_HZ,
    EffectCue,
    FilmScript,
    MusicCue,
    MusicSegment,
    Rendered,
    SpeechCue,
)
from studio.writing import write_media

__all__ = [
    "EFFECTS",
    "INTENSITIES",
    "RATE_HZ",
    "EffectCue",
    "FilmScript",
    "MusicCue",
    "MusicSegment",
    "Rendered",
    "SpeechCue",
    "render",
    "write_media",
]
