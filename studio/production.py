"""What happens to the instruments between the player and the mix: guitar amplifier, compressor, saturation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, lfilter, resample_poly, sosfilt

Samples = npt.NDArray[np.float32]
_SECOND_TAKE_S = 0.017
_LEVEL_HALF_S = 0.06
"""Half-life of the level that the compressor follows."""
"""How late the second take of a guitar is, at most."""


def amplified(dry: Samples, rate_hz: int, drive_db: float, rng: np.random.Generator) -> Samples:
    """An electric guitar through a valve amplifier and a loudspeaker cabinet, played twice.

    All strings are distorted together, as in an amplifier, so that chords gain sums and differences of their notes.

    Args:
        dry: (n,) samples of the clean guitar.
        rate_hz: their rate.
        drive_db: gain before the valves: 10 growls, 30 is metal.
        rng: draws the second take's timing.

    Returns:
        (n,) samples as loud as the dry ones.
    """
    level = loudness(dry)
    if level == 0:
        return dry
    tight = sosfilt(butter(1, 150, "highpass", fs=rate_hz, output="sos"), dry / level)
    takes = tight + 0.7 * _second_take(tight, rate_hz, rng)
    hot = resample_poly(takes, 2, 1) * 10 ** (drive_db / 20) * 0.25
    valves = np.tanh(hot + 0.15) - np.tanh(0.15)
    cabinet = sosfilt(butter(2, (90, 4_600), "bandpass", fs=2 * rate_hz, output="sos"), valves)
    presence = sosfilt(butter(1, (1_500, 3_500), "bandpass", fs=2 * rate_hz, output="sos"), valves)
    wet = resample_poly(cabinet + 0.5 * presence, 1, 2)[: len(dry)]
    return np.asarray(wet * (level / max(loudness(wet), 1e-9)), np.float32)


def _second_take(dry: npt.NDArray[np.floating], rate_hz: int, rng: np.random.Generator) -> npt.NDArray[np.floating]:
    """The same again, alternately earlier and later: a player never repeats himself exactly."""
    knots = max(2, int(len(dry) / rate_hz * 2) + 2)
    late = np.interp(np.linspace(0, knots - 1, len(dry)), np.arange(knots), rng.uniform(0.2, 1.0, knots))
    at = np.arange(len(dry)) - late * _SECOND_TAKE_S * rate_hz
    return np.asarray(np.interp(at, np.arange(len(dry)), dry))


def softened(samples: Samples, rate_hz: int, tone_hz: float) -> Samples:
    """(n,) samples without their brightness: above `tone_hz` they fall by 6 dB an octave; 0 leaves them as they are."""
    if not tone_hz:
        return samples
    return np.asarray(sosfilt(butter(1, tone_hz, "lowpass", fs=rate_hz, output="sos"), samples), np.float32)


def loudness(samples: npt.NDArray[np.floating]) -> float:
    """RMS of (n,) samples; 0 for none."""
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean())) if len(samples) else 0.0


def at_loudness(samples: Samples, wanted: float) -> Samples:
    """(n,) samples with an RMS of `wanted`; silence stays silent."""
    own = loudness(samples)
    return np.asarray(samples * (wanted / own), np.float32) if own > 0 else samples


def compressed(samples: Samples, rate_hz: int, ratio: float) -> Samples:
    """Above the average level, `ratio` dB more become one dB more.

    Args:
        samples: (n,) samples.
        rate_hz: their rate.
        ratio: 1 leaves the sound as it is.
    """
    level = loudness(samples)
    if level == 0 or ratio <= 1:
        return samples
    keep = 0.5 ** (1 / (_LEVEL_HALF_S * rate_hz))
    follow = np.sqrt(lfilter([1 - keep], [1, -keep], samples.astype(np.float64) ** 2)) / level
    gain = np.maximum(follow, 1.0) ** (1 / ratio - 1)
    return np.asarray(samples * gain, np.float32)
