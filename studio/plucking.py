"""Plucked strings that can be bent: a burst of noise that circulates in a string (Karplus and Strong, 1983)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from studio.notes import Note

Samples = npt.NDArray[np.float32]
_Sound = npt.NDArray[np.float64]
_RELEASE_S = 0.03


@dataclass(frozen=True)
class Strings:
    """A guitar's strings and how they are played."""

    bright: float = 0.5
    """0 is a thumb, 1 a hard pick."""
    ring_s: float = 1.5
    """How long the note A (110 Hz) takes to fall by 20 dB; higher notes fall faster."""
    pick: float = 0.13
    """Where the string is plucked, as a share of its length."""
    bends: float = 0.0
    """Share of the longer notes that begin below their pitch and are pulled up, as a blues guitarist does."""
    bend_semitones: float = 2.0
    bend_s: float = 0.12
    """How long a bend takes; a slide of a pedal steel takes longer."""
    vibrato_semitones: float = 0.0


def pluck(notes: Iterable[Note], seconds: float, rate_hz: int, strings: Strings, rng: np.random.Generator) -> Samples:
    """Play notes, (seconds * rate_hz,)."""
    out = np.zeros(round(seconds * rate_hz), np.float32)
    for note in notes:
        at = round(note.start_s * rate_hz)
        n = min(round((note.seconds + _RELEASE_S) * rate_hz), len(out) - at)
        if n < 2:
            continue
        string = _string(note, n, rate_hz, strings, rng)
        longer = note.seconds > 0.25
        if strings.vibrato_semitones or (longer and rng.random() < strings.bends):
            string = _pulled(string, rate_hz, strings, longer, rng)
        left_s = (n - np.arange(n)) / rate_hz
        out[at : at + n] += (string * np.clip(left_s / _RELEASE_S, 0, 1) * (note.velocity / 127)).astype(np.float32)
    return out


def _string(note: Note, n: int, rate_hz: int, strings: Strings, rng: np.random.Generator) -> _Sound:
    hz = 440 * 2 ** ((note.key - 69) / 12)
    period = rate_hz / hz - 0.5  # the mean of two samples in the loop delays by half a sample
    whole = int(period)
    part = period - whole
    burst = rng.uniform(-1, 1, whole + 2)
    soft = 1 - strings.bright * (0.5 + note.velocity / 254)
    burst = lfilter([1 - soft * 0.9], [1, -soft * 0.9], burst)
    excitation = np.zeros(n)
    excitation[: min(n, len(burst))] = burst[:n]
    notch = max(1, round(strings.pick * period))
    if notch < n:
        excitation[notch:] -= 0.9 * excitation[:-notch]
    keep = 0.1 ** (1 / (strings.ring_s * hz * (110 / hz) ** 0.5))
    loop = np.zeros(whole + 3)
    loop[0] = 1
    loop[whole] -= keep * (1 - part) / 2
    loop[whole + 1] -= keep * 0.5
    loop[whole + 2] -= keep * part / 2
    string = lfilter([1.0], loop, excitation)
    peak = np.abs(string).max()
    return np.asarray(string / peak if peak > 0 else string, np.float64)


def _pulled(string: _Sound, rate_hz: int, strings: Strings, bend: bool, rng: np.random.Generator) -> _Sound:
    """The note read at a changing speed: pulled up to its pitch, then trembling."""
    time_s = np.arange(len(string)) / rate_hz
    below = strings.bend_semitones * np.clip(1 - time_s / (strings.bend_s * rng.uniform(0.7, 1.3)), 0, 1)
    tremble = strings.vibrato_semitones * np.sin(2 * np.pi * 5.2 * time_s) * np.clip((time_s - 0.25) / 0.2, 0, 1)
    speed = 2 ** ((tremble - (below if bend else 0)) / 12)
    return np.asarray(np.interp(np.cumsum(speed) - speed[0], np.arange(len(string)), string))
