"""Held notes: the share of each second in which a clear pitch stays where it is.

Who sings or plays a wind instrument keeps a note; the pitch of a voice that speaks glides, and a crowd or a shot has
none. (Steady tones of machines hold notes, too.) Every 20 ms the pitch is the lag at which the sound is most like
itself: the highest peak of its autocorrelation, divided by the window's own (Boersma, Accurate short-term analysis of
the fundamental frequency, 1993); of peaks that are nearly as high, the shortest lag, so that the pitch doesn't fall an
octave. A note is held over FRAMES frames that are all CLEAR and whose pitches differ by less than SPREAD_CENTS.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import fft

from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES
from models.features.levelling import Levelled, unit

HOP, WINDOW, TRANSFORM = 160, 512, 640
"""Samples. No lag up to LONGEST + 1 meets the transform's own repetition."""
FRAMES_A_SECOND = SECOND_SAMPLES // HOP
SHORTEST, LONGEST = SAMPLE_RATE_HZ // 900, SAMPLE_RATE_HZ // 65
"""Lags in samples: pitches of about 65 to 1000 Hz."""
CLEAR, NEARLY = 0.75, 0.93
"""Of a perfectly periodic sound; of the highest peak."""
FRAMES, SPREAD_CENTS = 9, 80.0
SILENT_POWER = 1e-9
"""Below it a frame is silent; one step of 16 bits throughout has more."""
SECONDS_AT_ONCE = 20
Array = npt.NDArray[np.float32]

_SHAPE = np.hanning(WINDOW).astype(np.float32)


def _own(shape: Array) -> Array:
    """Autocorrelation of the window up to LONGEST + 1, 1 at lag 0."""
    found = fft.irfft(np.abs(fft.rfft(shape, TRANSFORM)) ** 2, TRANSFORM)[: LONGEST + 2]
    return np.asarray(found / found[0], np.float32)


_OWN = _own(_SHAPE)


def held_notes(sound: Levelled) -> Array:
    """(n_seconds,) the share of each second of the file, 0 to 1, that is part of a held note.

    Levels don't matter: the share is that of the samples as they are. Beyond the ends of the samples is silence.
    """
    count = sound.samples.size // SECOND_SAMPLES
    shares = np.empty(count, np.float32)
    for first in range(0, count, SECONDS_AT_ONCE):
        last = min(first + SECONDS_AT_ONCE, count)
        shares[first:last] = _of_seconds(sound.samples, first, last)
    return shares[sound.seconds]


def _of_seconds(samples: npt.NDArray[np.generic], first: int, last: int) -> Array:
    """(last - first,) shares of some seconds, which hear FRAMES - 1 frames beyond either end."""
    reach = (FRAMES - 1) * HOP + WINDOW // 2
    begin, end = first * SECOND_SAMPLES - reach, last * SECOND_SAMPLES - HOP + reach
    inside = unit(samples[max(begin, 0) : min(end, samples.size)])
    clarity, cents = pitch(np.pad(inside, (max(-begin, 0), max(end - samples.size, 0))))
    clear = _sliding(clarity).min(axis=1) >= CLEAR
    near = _sliding(cents)
    held = clear & (near.max(axis=1) - near.min(axis=1) < SPREAD_CENTS)
    share: Array = _sliding(held).any(axis=1).reshape(-1, FRAMES_A_SECOND).mean(axis=1, dtype=np.float32)
    return share


def _sliding(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """(n - FRAMES + 1, FRAMES) of (n,)."""
    return np.lib.stride_tricks.sliding_window_view(values, FRAMES)


def pitch(samples: Array) -> tuple[Array, Array]:
    """Of each WINDOW of (n,) samples, HOP apart: (n_frames,) how periodic it is, 0 to 1, and (n_frames,) its pitch in
    cents above 1 Hz; both are 0 where nothing is CLEAR."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * _SHAPE
    spectrum = fft.rfft(frames, TRANSFORM, axis=1)
    power = fft.irfft(spectrum.real**2 + spectrum.imag**2, TRANSFORM, axis=1)[:, : LONGEST + 2]
    like = power / (np.maximum(power[:, :1], SILENT_POWER) * _OWN)
    clear = like[:, SHORTEST:-1].max(axis=1) >= CLEAR
    clarity, cents = np.zeros((2, len(frames)), np.float32)
    clarity[clear], cents[clear] = _highest_peaks(like[clear])
    return clarity, cents


def _highest_peaks(like: Array) -> tuple[Array, Array]:
    """Of (n, LONGEST + 2) autocorrelations: the value (n,) and the pitch (n,) of the shortest lag whose peak is NEARLY
    as high as the highest; between the lags a parabola says where it lies."""
    here = like[:, SHORTEST:-1]
    peaks = np.where((here >= like[:, SHORTEST - 1 : -2]) & (here >= like[:, SHORTEST + 1 :]), here, np.float32(-1))
    lag = SHORTEST + np.argmax(peaks >= NEARLY * peaks.max(axis=1, keepdims=True), axis=1)
    rows = np.arange(len(lag))
    before, at, after = like[rows, lag - 1], like[rows, lag], like[rows, lag + 1]
    bend = before - 2 * at + after
    bend[np.abs(bend) < 1e-6] = np.inf
    exact = lag + np.clip((before - after) / (2 * bend), -0.5, 0.5)
    return np.clip(at, 0, 1), np.asarray(1200 * np.log2(SAMPLE_RATE_HZ / exact), np.float32)
