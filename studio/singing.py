"""A singer without words: a buzz with vibrato through the resonances of vowels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt, tf2sos

Samples = npt.NDArray[np.float32]
VOWELS = {
    "a": (730, 1_090, 2_440, 3_400),
    "e": (530, 1_840, 2_480, 3_400),
    "i": (270, 2_290, 3_010, 3_600),
    "o": (570, 840, 2_410, 3_300),
    "u": (300, 870, 2_240, 3_200),
}
"""Resonances in Hz of a man's vowels, as Peterson and Barney (1952) measured them; the fourth is typical."""
_WIDTHS_HZ = (80, 100, 140, 200)
_LOUD = (1.0, 0.6, 0.35, 0.2)
_TAIL_S = 0.08


@dataclass(frozen=True)
class SungNote:
    """One syllable."""

    start_s: float
    seconds: float
    key: int
    loudness: float
    """0-1"""


@dataclass(frozen=True)
class Voice:
    """How somebody sings."""

    tract: float = 1.0
    """Resonances above a man's: 1.17 for a woman."""
    breath: float = 0.06
    rasp: float = 0.0
    """Roughness: 0 is clear, 1 is hoarse."""
    vibrato_semitones: float = 0.25
    scoop_semitones: float = 0.8
    """How far below a note a syllable begins."""


def sing(notes: Sequence[SungNote], seconds: float, rate_hz: int, voice: Voice, rng: np.random.Generator) -> Samples:
    """Sing syllables.

    Returns:
        (seconds * rate_hz,) samples with a peak of about 1.
    """
    out = np.zeros(round(seconds * rate_hz), np.float32)
    vowels = list(VOWELS)
    filters = {vowel: _resonances(VOWELS[vowel], rate_hz, voice.tract) for vowel in vowels}
    hiss = butter(1, (1_200, 3_600), "bandpass", fs=rate_hz, output="sos")
    for note in notes:
        at = round(note.start_s * rate_hz)
        n = min(round((note.seconds + _TAIL_S) * rate_hz), len(out) - at)
        if n < 2:
            continue
        source = _buzz(note, n, rate_hz, voice, rng)
        noise = rng.standard_normal(n)
        throat = source + voice.breath * noise
        vowel = vowels[int(rng.integers(len(vowels)))]
        sound = sum(loud * sosfilt(sos, throat) for loud, sos in zip(_LOUD, filters[vowel], strict=True))
        sound *= _envelope(n, note.seconds, rate_hz)
        burst = round(0.05 * rate_hz)
        if n > 2 * burst and rng.random() < 0.7:
            consonant = sosfilt(hiss, noise[:burst]) * np.hanning(burst) * 0.35
            sound[:burst] = sound[:burst] * np.linspace(0, 1, burst) + consonant
        peak = np.abs(sound).max()
        if peak > 0:
            out[at : at + n] += (sound * (note.loudness / peak)).astype(np.float32)
    return out


def _resonances(formants: tuple[int, ...], rate_hz: int, tract: float) -> list[npt.NDArray[np.float64]]:
    made = []
    for centre, width in zip(formants, _WIDTHS_HZ, strict=True):
        radius = np.exp(-np.pi * width / rate_hz)
        angle = 2 * np.pi * min(centre * tract, rate_hz * 0.45) / rate_hz
        pole = [1, -2 * radius * np.cos(angle), radius**2]
        made.append(tf2sos([1 - radius, 0, -(1 - radius)], pole))
    return made


def _buzz(note: SungNote, n: int, rate_hz: int, voice: Voice, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """The vocal folds: falling ramps at the note's pitch."""
    time_s = np.arange(n) / rate_hz
    vibrato = voice.vibrato_semitones * np.clip((time_s - 0.2) / 0.3, 0, 1)
    pitch = note.key + vibrato * np.sin(2 * np.pi * rng.uniform(4.8, 5.8) * time_s + rng.uniform(0, 6))
    pitch -= voice.scoop_semitones * np.exp(-time_s / 0.05) * rng.uniform(0.3, 1.0)
    hz = 440 * 2 ** ((pitch - 69) / 12)
    if voice.rasp:
        hz = hz * (1 + 0.12 * voice.rasp * rng.standard_normal(n))
    phase = np.cumsum(hz) / rate_hz
    saw = 1 - 2 * (phase % 1)
    if voice.rasp:
        saw *= 1 - 0.6 * voice.rasp * (np.floor(phase) % 2)
    return np.asarray(saw, np.float64)


def _envelope(n: int, seconds: float, rate_hz: int) -> npt.NDArray[np.float64]:
    time_s = np.arange(n) / rate_hz
    return np.asarray(np.clip(time_s / 0.03, 0, 1) * np.clip((seconds + _TAIL_S - time_s) / _TAIL_S, 0, 1))
