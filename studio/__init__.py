"""Render films with known ground truth for every second, for the demo, the tests and the page Validity. Never for
training."""

from __future__ import annotations

from studio.habits import HABITS, Habit, film_script
from studio.rendering import render
from studio.scenes import VALIDITY_SEED, short_film, validity_script
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
    "HABITS",
    "INTENSITIES",
    "RATE_HZ",
    "VALIDITY_SEED",
    "EffectCue",
    "FilmScript",
    "Habit",
    "MusicCue",
    "MusicSegment",
    "Rendered",
    "SpeechCue",
    "film_script",
    "render",
    "short_film",
    "validity_script",
    "write_media",
]
