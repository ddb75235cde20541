"""Rules that define the ground truth of a rendered film.

A second has music (or speech) when its stem alone, before anything else is mixed in, is above `AUDIBLE_DB` in at least
half of the second; rests shorter than `CLOSED_REST_S` (music) or `CLOSED_PAUSE_S` (speech) do not interrupt it.
The label is the louder of the present ones, else other.

The levels of a cue follow from its construction, not from listening:

* energy: the cue's intensity (velocity, density and layers follow it).
* valence: mode and tempo, the two cues on which studies of musical emotion agree most: a major mode at 100 BPM or more
  is positive, a minor mode below 100 BPM negative, everything else neutral.
* danceability: high with a steady kick for dancing at 84 to 136 BPM and medium or high intensity; low without drums,
  below 70 BPM or at low intensity without such a kick; else medium.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from film import MUSIC, OTHER, SPEECH
from studio.script import INTENSITIES, RATE_HZ
from studio.styles import STYLES

AUDIBLE_DB = -52.0
"""dBFS, RMS of a 50 ms frame."""
CLOSED_REST_S = 1.0
CLOSED_PAUSE_S = 0.3
_FRAME = RATE_HZ // 20


def energy_level(intensity: str) -> str:
    return ("low", "medium", "high")[INTENSITIES.index(intensity)]


def valence_level(mode: str, tempo_bpm: float) -> str:
    if mode == "major" and tempo_bpm >= 100:
        return "positive"
    if mode == "minor" and tempo_bpm < 100:
        return "negative"
    return "neutral"


def danceability_level(genre: str, tempo_bpm: float, intensity: str) -> str:
    style = STYLES[genre]
    drums = bool(style.drums[0])
    steady = style.even_beat and 84 <= tempo_bpm <= 136
    if steady and intensity != "low":
        return "high"
    if not drums or tempo_bpm < 70 or (intensity == "low" and not steady):
        return "low"
    return "medium"


def _frame_power(stem: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    n_frames = len(stem) // _FRAME
    frames = stem[: n_frames * _FRAME].reshape(n_frames, _FRAME).astype(np.float64)
    return np.asarray((frames**2).mean(axis=1))


def presence(stem: npt.NDArray[np.floating], close_s: float) -> npt.NDArray[np.bool_]:
    """The seconds in which a stem is audible.

    Args:
        stem: (n,) samples at RATE_HZ, at their final level.
        close_s: silences up to this length do not interrupt it.

    Returns:
        (n // RATE_HZ,)
    """
    active = _frame_power(stem) > 10 ** (AUDIBLE_DB / 10)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    for end, start in zip(edges[1:-1:2], edges[2::2], strict=True):
        if start - end <= close_s * 20:
            active[end:start] = True
    seconds = len(stem) // RATE_HZ
    return np.asarray(active[: seconds * 20].reshape(seconds, 20).mean(axis=1) >= 0.5)


def labels(
    music: npt.NDArray[np.bool_],
    speech: npt.NDArray[np.bool_],
    music_stem: npt.NDArray[np.floating],
    speech_stem: npt.NDArray[np.floating],
) -> npt.NDArray[np.int8]:
    """Labels (n_seconds,): the louder of those present in each second, else OTHER."""
    n = len(music)
    power = [
        (stem[: n * RATE_HZ].reshape(n, RATE_HZ).astype(np.float64) ** 2).mean(axis=1)
        for stem in (music_stem, speech_stem)
    ]
    label = np.full(n, OTHER, np.int8)
    label[speech] = SPEECH
    label[music & (~speech | (power[0] > power[1]))] = MUSIC
    return label
