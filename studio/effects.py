"""Sound effects that are neither music nor speech, synthesised from noise and decays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, lfilter, sosfilt

from studio.script import RATE_HZ

Samples = npt.NDArray[np.float32]
_Maker = Callable[[int, np.random.Generator], Samples]


def _band(noise: npt.NDArray[np.floating], low_hz: float, high_hz: float) -> Samples:
    sos = butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    return np.asarray(sosfilt(sos, noise), np.float32)


def _slow(n: int, rng: np.random.Generator, period_s: float) -> Samples:
    """A slowly changing gain between 0 and 1."""
    knots = max(2, int(n / RATE_HZ / period_s) + 2)
    return np.interp(np.linspace(0, knots - 1, n), np.arange(knots), rng.random(knots)).astype(np.float32)


def _decay(n: int, half_s: float) -> Samples:
    return np.asarray(0.5 ** (np.arange(n) / RATE_HZ / half_s), np.float32)


def _strike(out: Samples, at: int, sound: Samples) -> None:
    end = min(len(out), at + len(sound))
    if at < end:
        out[at:end] += sound[: end - at]


def _times(n: int, rng: np.random.Generator, low_s: float, high_s: float) -> list[int]:
    """Irregular onsets, in samples."""
    times, at = [], float(rng.uniform(0, low_s))
    while at * RATE_HZ < n:
        times.append(int(at * RATE_HZ))
        at += float(rng.uniform(low_s, high_s))
    return times


def shots(n: int, rng: np.random.Generator) -> Samples:
    """Bangs with an echo, single and in bursts."""
    out = np.zeros(n, np.float32)
    for at in _times(n, rng, 0.5, 2.5):
        for shot in range(int(rng.integers(1, 4))):
            length = int(0.9 * RATE_HZ)
            bang = rng.standard_normal(length) * _decay(length, 0.02)
            tail = _band(rng.standard_normal(length), 120, 900) * _decay(length, 0.15)
            _strike(out, at + int(shot * 0.18 * RATE_HZ), (bang + 0.5 * tail).astype(np.float32))
    return out


def doors(n: int, rng: np.random.Generator) -> Samples:
    """A rising creak, then a dull slam."""
    out = np.zeros(n, np.float32)
    for at in _times(n, rng, 2.0, 5.0):
        length = int(rng.uniform(0.5, 1.1) * RATE_HZ)
        time_s = np.arange(length) / RATE_HZ
        pulses = np.sin(2 * np.pi * np.cumsum(rng.uniform(25, 60) * (1 + time_s)) / RATE_HZ) > 0.97
        creak = _band(pulses.astype(np.float32) * rng.random(length), 500, 2_500) * 3
        _strike(out, at, creak)
        slam = _band(rng.standard_normal(RATE_HZ // 2), 50, 400) * _decay(RATE_HZ // 2, 0.05) * 4
        _strike(out, at + length, slam)
    return out


def rain(n: int, rng: np.random.Generator) -> Samples:
    """A steady hiss with separate drops."""
    hiss = _band(rng.standard_normal(n), 800, 3_800) * (0.7 + 0.3 * _slow(n, rng, 3.0))
    drops = (rng.random(n) < 40 / RATE_HZ) * rng.random(n) * 8
    return np.asarray(hiss + _band(drops, 1_000, 3_500), np.float32)


def crowd(n: int, rng: np.random.Generator) -> Samples:
    """Many unintelligible voices at once: noise in vowel bands, each with its own rhythm."""
    out = np.zeros(n, np.float32)
    for _ in range(14):
        centre = float(rng.uniform(250, 2_400))
        murmur = _band(rng.standard_normal(n), centre * 0.85, centre * 1.15)
        out += murmur * _slow(n, rng, 0.22) ** 2 * (600 / centre) ** 0.5
    return out


def wind(n: int, rng: np.random.Generator) -> Samples:
    """Gusts of noise through a resonance that moves slowly."""
    noise = rng.standard_normal(n)
    gusts = _slow(n, rng, 2.5)
    low, high = _band(noise, 100, 350), _band(noise, 300, 900)
    return np.asarray(low * (1 - 0.6 * gusts) + high * gusts**2 * 2, np.float32)


def footsteps(n: int, rng: np.random.Generator) -> Samples:
    """Heel and sole at a walking pace."""
    out = np.zeros(n, np.float32)
    pace_s = float(rng.uniform(0.45, 0.65))
    for step in range(int(n / RATE_HZ / pace_s) + 1):
        at = int((step * pace_s + rng.normal(0, 0.012)) * RATE_HZ)
        for late_s, low, high, size in ((0.0, 80, 600, 1.0), (0.07, 600, 2_800, 0.4)):
            length = int(0.12 * RATE_HZ)
            knock = _band(rng.standard_normal(length), low, high) * _decay(length, 0.012) * size
            _strike(out, max(0, at + int(late_s * RATE_HZ)), knock)
    return out


def engine(n: int, rng: np.random.Generator) -> Samples:
    """Combustion pulses of varying rate, over road noise."""
    speed_hz = 35 + 55 * _slow(n, rng, 4.0)
    phase = np.cumsum(speed_hz) / RATE_HZ
    pulses = np.diff(np.floor(phase), prepend=0.0) * (0.6 + 0.4 * rng.random(n))
    body = lfilter([1.0], [1.0, -1.6, 0.75], pulses) * 0.5
    return np.asarray(body + 0.25 * _band(rng.standard_normal(n), 60, 1_200), np.float32)


_MAKERS: dict[str, _Maker] = {
    "shots": shots,
    "doors": doors,
    "rain": rain,
    "crowd": crowd,
    "wind": wind,
    "footsteps": footsteps,
    "engine": engine,
}


def effect(kind: str, seconds: float, rng: np.random.Generator) -> Samples:
    """Synthesise one of script.EFFECTS.

    Returns:
        (seconds * RATE_HZ,) samples with a peak of 1.
    """
    made = _MAKERS[kind](max(1, round(seconds * RATE_HZ)), rng)
    peak = float(np.abs(made).max())
    return made / peak if peak > 0 else made
