"""A drum machine and a bass synthesiser, as hip-hop and dance music use them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from studio.notes import Note
from studio.style import CLAP, HAT, KICK, OPEN_HAT, SNARE

Samples = npt.NDArray[np.float32]
_Sound = npt.NDArray[np.float64]


def drum_machine(notes: Iterable[Note], seconds: float, rate_hz: int, rng: np.random.Generator) -> Samples:
    """The drums of a piece, (seconds * rate_hz,): each key has one sound, as machines have. Unknown keys are hats."""
    sounds = _kit(rate_hz, rng)
    out = np.zeros(round(seconds * rate_hz), np.float32)
    for note in notes:
        sound = sounds.get(note.key, sounds[HAT])
        at = round(note.start_s * rate_hz)
        part = sound[: max(0, len(out) - at)]
        out[at : at + len(part)] += (part * (note.velocity / 127)).astype(np.float32)
    return out


def _kit(rate_hz: int, rng: np.random.Generator) -> dict[int, _Sound]:
    def noise(seconds: float, half_s: float, low_hz: float) -> _Sound:
        n = round(seconds * rate_hz)
        band = sosfilt(butter(2, low_hz, "highpass", fs=rate_hz, output="sos"), rng.standard_normal(n))
        return np.asarray(band * 0.5 ** (np.arange(n) / rate_hz / half_s), np.float64)

    def falling(seconds: float, high_hz: float, low_hz: float, half_s: float) -> _Sound:
        time_s = np.arange(round(seconds * rate_hz)) / rate_hz
        hz = low_hz + (high_hz - low_hz) * np.exp(-time_s / 0.03)
        wave = np.sin(2 * np.pi * np.cumsum(hz) / rate_hz)
        return np.asarray(wave * 0.5 ** (time_s / half_s), np.float64)

    snap = noise(0.25, 0.04, 300)
    body = falling(0.25, 260, 190, 0.035)
    clap = noise(0.3, 0.05, 900)
    for late_s in (0.011, 0.022):
        late = round(late_s * rate_hz)
        clap[late:] += 0.7 * clap[: len(clap) - late]
    return {
        KICK: falling(0.4, float(rng.uniform(120, 160)), float(rng.uniform(44, 54)), 0.11),
        SNARE: 0.5 * snap + 0.4 * body,
        CLAP: 0.4 * clap,
        HAT: 0.35 * noise(0.06, 0.012, 3_000),
        OPEN_HAT: 0.3 * noise(0.3, 0.09, 3_000),
    }


def sub_bass(notes: Iterable[Note], seconds: float, rate_hz: int) -> Samples:
    """A bass of a sine and a few overtones, (seconds * rate_hz,)."""
    out = np.zeros(round(seconds * rate_hz), np.float32)
    for note in notes:
        at = round(note.start_s * rate_hz)
        n = min(round(note.seconds * rate_hz), len(out) - at)
        if n < 2:
            continue
        time_s = np.arange(n) / rate_hz
        phase = 2 * np.pi * 440 * 2 ** ((note.key - 69) / 12) * time_s
        wave = np.tanh(1.5 * (np.sin(phase) + 0.4 * np.sin(2 * phase)))
        ends = np.clip(np.minimum(time_s / 0.01, (n / rate_hz - time_s) / 0.02), 0, 1)
        out[at : at + n] += (wave * ends * (note.velocity / 127)).astype(np.float32)
    return out
