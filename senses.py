"""The vocabulary of a film's other senses: what is said and seen in it. Imports nothing of ours; `film` joins it in.

Definitions: docs/senses.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CURVE_PARTS = 20
"""A curve over a film has so many values, one for each part of equal length."""


def packed(vectors: npt.ArrayLike) -> str:
    """Numbers as float16 in base64: some hundred bytes, where a list takes some thousand."""
    import numpy as np  # the command line's help imports this module, and takes no time for numpy

    return base64.b64encode(np.asarray(vectors, "<f2").tobytes()).decode("ascii")


def unpacked(text: str, rows: int, width: int) -> npt.NDArray[np.float64] | None:
    """The (rows, width) numbers of `packed`; None if they are not so many, or not all finite."""
    import numpy as np

    try:
        values = np.frombuffer(base64.b64decode(text, validate=True), "<f2")
    except (binascii.Error, ValueError):
        return None
    if len(values) != rows * width or not np.isfinite(values).all():
        return None
    return values.reshape(rows, width).astype(np.float64)


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
    embedding: str = ""
    """`packed` mean over passages of what they are about (models/cards/minilm.md); empty = not English, or unknown."""
    music_caption_spans: tuple[tuple[float, float], ...] = ()
    """Start and end in seconds of the captions that tell of music, by their start; at most 1,000."""


def dialogue_of(document: Mapping[str, Any] | None) -> Dialogue | None:
    """A Dialogue from the dictionary that `dataclasses.asdict` makes of one."""
    if document is None:
        return None
    spans = tuple((float(start_s), float(end_s)) for start_s, end_s in document.get("music_caption_spans") or ())
    curve = tuple(document["sentiment_curve"])
    return Dialogue(**{**document, "sentiment_curve": curve, "music_caption_spans": spans})


@dataclass(frozen=True)
class Picture:
    """How a film looks, by its key frames; without the black bars around the picture."""

    brightness: float
    """Mean over the frames, 0 to 1."""
    brightness_spread: float
    """Standard deviation of the frames' brightness."""
    contrast: float
    """Mean standard deviation of brightness inside a frame."""
    saturation: float
    """0 to 1 (HSV)"""
    warmth: float
    """Red minus blue, -1 to 1."""
    colourfulness: float
    """Hasler and Suesstrunk 2003: about 15 is slightly, 45 quite, 80 highly colourful."""
    black_and_white: bool
    """No colours but for one tint."""
    dark_share: float
    """Share of frames darker than 0.15."""
    cuts_per_minute: float
    """As far as the key frames show them."""
    cuts_per_minute_most: float
    """If cuts came at random: more than the above where key frames are rare."""
    palette: tuple[tuple[int, ...], ...]
    """Up to five colours (red, green, blue, 0 to 255), the commonest first."""
    palette_shares: tuple[float, ...]
    aspect_ratio: float
    """Width by height."""
    bars: float
    """Share of the whole picture that is black bars, 0 to 1."""
    brightness_curve: tuple[float | None, ...]
    """In CURVE_PARTS parts of the film."""
    high_range: bool
    """HDR, looked at without tone mapping: brightness and colours are those of other films only roughly."""
    frames: int
    """So many were looked at."""
    colour_print: str
    """A strip of the film's mean colours from beginning to end: WebP in base64."""
    embedding: str = ""
    """`packed` mean and standard deviation of what its frames show (models/cards/frames.md); empty = unknown."""


def picture_of(document: Mapping[str, Any] | None) -> Picture | None:
    """A Picture from the dictionary that `dataclasses.asdict` makes of one."""
    if document is None:
        return None
    lists = {name: tuple(document[name]) for name in ("palette_shares", "brightness_curve")}
    return Picture(**{**document, **lists, "palette": tuple(tuple(colour) for colour in document["palette"])})


@dataclass(frozen=True)
class Faces:
    """The faces in a film's frames, and what they show. Nobody is recognised, and no face is kept."""

    share: float
    """Share of the frames with a face, 0 to 1."""
    faces_per_frame: float
    """Mean over all frames."""
    close_up_share: float
    """Share of the frames with a face taller than a third of the picture."""
    expressions: Mapping[str, float]
    """Shares of neutral, happy, sad, angry, fearful, disgusted, surprised; they sum to 1. Empty: no face is large
    enough to be read."""
    expression_curves: Mapping[str, tuple[float | None, ...]]
    """The same in CURVE_PARTS parts of the film; None where no face can be read."""
    frames: int
    """So many were looked at."""


def faces_of(document: Mapping[str, Any] | None) -> Faces | None:
    """A Faces from the dictionary that `dataclasses.asdict` makes of one."""
    if document is None:
        return None
    curves = {name: tuple(curve) for name, curve in document["expression_curves"].items()}
    return Faces(**{**document, "expressions": dict(document["expressions"]), "expression_curves": curves})
