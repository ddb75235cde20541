"""What the activity network hears: 48-band log-mel of 8 kHz sound, 50 frames a second, levelled once per file.

The level of a file is the 95th percentile of its seconds' RMS, brought to LEVEL_RMS, so that a quiet film and a loud
one look alike and pauses stay quiet. Sound more than 80 dB below full scale (before levelling) does not count as sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from film import FloatArray
from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES

N_FFT = 512
WINDOW = 400
HOP = 160
BANDS = 48
FRAMES_PER_SECOND = SAMPLE_RATE_HZ // HOP
LEVEL_RMS = 0.1
LEVEL_PERCENTILE = 95.0
QUIETEST_RMS = 1e-3
"""A file quieter than this is not amplified further."""
SHORTEST_S = 24
"""A shorter clip is heard repeated, since the networks know films, which go on."""
FLOOR_DB, SCALE_DB = -70.0, 25.0
"""Decibels become (dB - FLOOR_DB) / SCALE_DB - 1, clipped from below at -1."""


@cache
def _filters() -> npt.NDArray[np.float32]:
    import librosa

    filters: npt.NDArray[np.float32] = librosa.filters.mel(sr=SAMPLE_RATE_HZ, n_fft=N_FFT, n_mels=BANDS)
    return filters


@cache
def _window() -> npt.NDArray[np.float32]:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    return np.pad(hann, (N_FFT - WINDOW) // 2).astype(np.float32)


def unit(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Full scale 1, whichever type came in."""
    sound = samples.astype(np.float32)
    return sound / np.float32(32_768) if np.issubdtype(samples.dtype, np.integer) else sound


def level_gain(samples: npt.NDArray[np.generic]) -> float:
    """The factor that levels a file (n,) of int16, or floats of full scale 1."""
    n_seconds = samples.size // SECOND_SAMPLES
    loudness = np.empty(n_seconds)
    for i in range(n_seconds):
        loudness[i] = np.sqrt(np.mean(np.square(unit(samples[i * SECOND_SAMPLES : (i + 1) * SECOND_SAMPLES]))))
    reference = float(np.percentile(loudness, LEVEL_PERCENTILE)) if n_seconds else 0.0
    return LEVEL_RMS / max(reference, QUIETEST_RMS)


@dataclass(frozen=True)
class Levelled:
    """A file as the activity networks hear it: its samples, or a short clip repeated, and the gain that levels it."""

    samples: npt.NDArray[np.generic]
    """(n,) at 8 kHz; int16, may be a memmap, or floats of full scale 1"""
    gain: float
    seconds: slice
    """Where the file's own seconds lie in `samples`."""

    def piece(self, begin: int, end: int) -> npt.NDArray[np.float32]:
        """(end - begin,) levelled samples of full scale 1, zeros beyond either end of the file."""
        inside = unit(self.samples[max(begin, 0) : min(end, self.samples.size)]) * np.float32(self.gain)
        return np.pad(inside, (max(0, -begin), max(0, end - self.samples.size)))


def levelled(samples: npt.NDArray[np.generic]) -> Levelled:
    """(n,) samples with their gain; a constant factor on them changes nothing, down to QUIETEST_RMS."""
    n_seconds = samples.size // SECOND_SAMPLES
    if n_seconds == 0 or n_seconds >= SHORTEST_S:
        return Levelled(samples, level_gain(samples), slice(0, n_seconds))
    times = repeats(n_seconds)
    heard = np.tile(np.asarray(samples[: n_seconds * SECOND_SAMPLES]), times)
    first = times // 2 * n_seconds
    return Levelled(heard, level_gain(heard), slice(first, first + n_seconds))


def repeats(n_seconds: int) -> int:
    """How often a clip of n_seconds < SHORTEST_S is heard, an odd number: the middle one counts."""
    return 2 * (SHORTEST_S // (2 * n_seconds)) + 1


def scale(power_mel: FloatArray) -> npt.NDArray[np.float32]:
    """Power mel to the network's numbers, about -1 to 2.5."""
    decibels = 10 * np.log10(np.maximum(power_mel, 1e-12))
    scaled: npt.NDArray[np.float32] = np.maximum((decibels - FLOOR_DB) / SCALE_DB - 1, -1).astype(np.float32)
    return scaled


def power_mel(sound: FloatArray) -> npt.NDArray[np.float32]:
    """(n_frames, BANDS) power mel; frame f is centred on sample f * HOP of what lies between the first and last half
    window.

    `sound` carries N_FFT // 2 samples of context before its first and after its last frame.
    """
    frames = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float32, copy=False), N_FFT)[::HOP]
    spectrum = rfft(frames * _window(), axis=1)
    mel: npt.NDArray[np.float32] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32, copy=False) @ _filters().T
    return mel


def network_input(sound: Levelled, first_s: int, last_s: int) -> npt.NDArray[np.float32]:
    """((last_s - first_s) * FRAMES_PER_SECOND, BANDS) for the seconds from first_s to last_s; zeros beyond the file."""
    first = first_s * SECOND_SAMPLES - N_FFT // 2
    last = last_s * SECOND_SAMPLES - HOP + N_FFT // 2
    return scale(power_mel(sound.piece(first, last)))


def chunks(n_seconds: int, chunk_s: int, context_s: int) -> Iterator[tuple[int, int, int, int]]:
    """(first kept, last kept, first heard, last heard) seconds of successive pieces with context on both sides."""
    for first in range(0, n_seconds, chunk_s):
        last = min(first + chunk_s, n_seconds)
        yield first, last, max(0, first - context_s), min(n_seconds, last + context_s)
