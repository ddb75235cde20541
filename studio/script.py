"""Contents of a film to be rendered, and the ground truth of a rendered film."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from film import GENRES, Cue

RATE_HZ = 8_000
"""Sample rate of rendered films, equal to media.geometry.SAMPLE_RATE_HZ (the studio does not import media)."""

CAPTION_S = 4.0
"""How long a caption of music is shown."""
EFFECTS = ("shots", "doors", "rain", "crowd", "wind", "footsteps", "engine")
INTENSITIES = ("low", "medium", "high")
MODES = ("major", "minor")


def _check_span(what: str, start_s: float, seconds: float) -> None:
    if start_s < 0 or seconds <= 0:
        raise ParameterError(
            f"{what}: starts at {start_s} s and lasts {seconds} s. Start at 0 or later, last longer than 0."
        )


def _check_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ParameterError(f"{what} {value!r} is unknown. Choose one of {', '.join(choices)}.")


@dataclass(frozen=True)
class MusicCue:
    """One piece of music."""

    genre: str
    """One of film.GENRES."""
    start_s: float
    seconds: float
    tempo_bpm: float | None = None
    """In BPM; None: drawn from the style's range."""
    mode: str | None = None
    """"major" or "minor"; None: drawn from the style's modes."""
    intensity: str = "medium"
    """"low", "medium" or "high": determines velocity, density and number of layers."""
    level_db: float = 0.0
    """RMS in dB relative to the nominal level of speech (0 = as loud as speech)."""
    lead_program: int | None = None
    """General MIDI program of the melody; None: drawn from the style's programs."""
    fade_in_s: float = 0.3
    fade_out_s: float = 1.0

    def __post_init__(self) -> None:
        _check_span("music", self.start_s, self.seconds)
        _check_choice("genre", self.genre, GENRES)
        _check_choice("intensity", self.intensity, INTENSITIES)
        if self.mode is not None:
            _check_choice("mode", self.mode, MODES)
        if self.tempo_bpm is not None and not 30 <= self.tempo_bpm <= 240:
            raise ParameterError(f"tempo {self.tempo_bpm} BPM is out of range. Choose 30 to 240.")


@dataclass(frozen=True)
class SpeechCue:
    """Sentences spoken in sequence for a given time."""

    start_s: float
    seconds: float
    voices: tuple[str, ...] = ("en+m3",)
    """espeak-ng voices ("de+f2": German, second female variant); they alternate by sentence."""
    words_per_minute: int = 160
    pitch: int = 50
    """Pitch, 0-100."""
    pause_s: float = 0.35
    level_db: float = 0.0
    room: float = 0.1
    """Share of reverberation, 0-1."""

    def __post_init__(self) -> None:
        _check_span("speech", self.start_s, self.seconds)
        if not self.voices:
            raise ParameterError("speech: no voice. Give at least one, such as 'en+m3'.")


@dataclass(frozen=True)
class EffectCue:
    """One of EFFECTS for some time."""

    kind: str
    start_s: float
    seconds: float
    level_db: float = 0.0

    def __post_init__(self) -> None:
        _check_span("effect", self.start_s, self.seconds)
        _check_choice("effect", self.kind, EFFECTS)


@dataclass(frozen=True)
class FilmScript:
    """Plan of a film's sound. Cues may overlap; anything after `seconds` is cut."""

    title: str
    seconds: int
    music: tuple[MusicCue, ...] = ()
    speech: tuple[SpeechCue, ...] = ()
    effects: tuple[EffectCue, ...] = ()
    floor_db: float = -58.0
    """Level of the background noise in dBFS (RMS); -inf for digital silence."""
    duck_db: float = 0.0
    """Reduction of the music's level during speech, in dB."""
    speech_dbfs: float = -24.0
    """RMS of speech within sentences."""

    def __post_init__(self) -> None:
        if self.seconds < 1:
            raise ParameterError(f"{self.title}: {self.seconds} s long. A film lasts at least 1 s.")


@dataclass(frozen=True)
class MusicSegment:
    """Ground truth of one piece of music. `studio.truth` defines the levels."""

    start_s: int
    end_s: int
    """Exclusive."""
    genre: str
    tempo_bpm: float
    mode: str
    intensity: str
    level_db: float
    danceability: str
    valence: str
    energy: str


@dataclass(frozen=True)
class Rendered:
    """A rendered film with the truth of every second."""

    title: str
    samples: npt.NDArray[np.int16]
    """(n,) at RATE_HZ, mono"""
    music: npt.NDArray[np.bool_]
    """(n_seconds,): music is present"""
    speech: npt.NDArray[np.bool_]
    """(n_seconds,)"""
    label: npt.NDArray[np.int8]
    """(n_seconds,), film.MUSIC, SPEECH or OTHER: the louder of those present, else other"""
    segments: tuple[MusicSegment, ...]
    said: tuple[Cue, ...] = ()
    """The spoken sentences with their times."""

    def subtitles(self) -> tuple[Cue, ...]:
        """What is said, and a caption of CAPTION_S at each piece of music, as subtitles for the deaf have."""
        music = [Cue(one.start_s, min(one.end_s, one.start_s + CAPTION_S), "[music]") for one in self.segments]
        return tuple(sorted((*self.said, *music), key=lambda cue: cue.start_s))

    @property
    def seconds(self) -> int:
        return len(self.label)
