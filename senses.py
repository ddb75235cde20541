"""The vocabulary of a film's other senses: what is said in it. Imports nothing of ours; `film` joins it to the sound.

Definitions: docs/senses.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CURVE_PARTS = 20
"""A curve over a film has so many values, one for each part of equal length."""


@dataclass(frozen=True)
class Dialogue:
    """What is said in a film, by its subtitles. None = it cannot be told."""

    language: str
    """Two letters of ISO 639-1, of the subtitles; empty = not known."""
    share: float
    """Of the film's length with a subtitle of speech, 0 to 1."""
    words_per_minute: float | None
    """Words by minutes of the film; None for scripts that do not part words (Chinese, Japanese, Thai)."""
    longest_silence_s: float
    """Longest time without one, the film's beginning and end included."""
    vocabulary: float | None = None
    """Moving-average type-token ratio over windows of 100 words, 0 to 1; None for fewer words."""
    questions: float = 0.0
    """Of the sentences, 0 to 1; likewise exclamations."""
    exclamations: float = 0.0
    sentiment: float | None = None
    """Mean over the sentences, -1 to 1; English only."""
    sentiment_curve: tuple[float | None, ...] = ()
    """The same in CURVE_PARTS parts of the film; None where nobody speaks. Empty = not English."""
    music_captions: int = 0
    """Captions for the deaf that tell of music."""
    music_captions_heard: float | None = None
    """Share of them in which the ear hears music too, 0 to 1: a check of the ear, never used in training."""
    terms: Mapping[str, int] = field(default_factory=dict)
    """What is talked about: the commonest words that carry meaning, and how often each is said."""
    source: str = ""
    """The file's name, or "track 2"."""


def dialogue_of(document: Mapping[str, Any] | None) -> Dialogue | None:
    """A Dialogue from the dictionary that `dataclasses.asdict` makes of one."""
    if document is None:
        return None
    return Dialogue(**{**document, "sentiment_curve": tuple(document["sentiment_curve"])})
