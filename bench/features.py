"""Cost of the features: the 68 statistics per second by `models.features.short_term` beside pyAudioAnalysis 0.3.14, and
the log-mel spectrograms of a run beside librosa window by window; the same sound, in one run.

    OMP_NUM_THREADS=1 python -m bench.features [--minutes 10] [--json]

The sound is synthetic and deterministic. The figures are CPU seconds per hour of audio.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable

# set before NumPy loads its BLAS: one core, like the library
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import librosa
import numpy as np
import numpy.typing as npt
from pyAudioAnalysis import MidTermFeatures

from media.geometry import MEL_HOP_SAMPLES, MEL_N_FFT, MEL_WINDOW_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES
from models.features.mel import log_mel_batches
from models.features.short_term import second_features

SEED = 21
Samples = npt.NDArray[np.int16]


def synthetic(seconds: int) -> Samples:
    """Noise of changing loudness under a tone."""
    t = np.arange(seconds * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    noise = np.random.default_rng(SEED).standard_normal(t.size) * (1 + np.sin(2 * np.pi * t / 7))
    return (2_000 * noise + 8_000 * np.sin(2 * np.pi * 220 * t)).clip(-32_768, 32_767).astype(np.int16)


def library(samples: Samples) -> None:
    frame = SAMPLE_RATE_HZ // 20
    MidTermFeatures.mid_feature_extraction(samples, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, frame, frame)


def librosa_windows(samples: Samples) -> None:
    sound = samples.astype(np.float32) / 2**15
    for start in range(0, sound.size - WINDOW_SAMPLES + 1, SAMPLE_RATE_HZ):
        librosa.feature.melspectrogram(
            y=sound[start : start + WINDOW_SAMPLES],
            sr=SAMPLE_RATE_HZ,
            n_fft=MEL_N_FFT,
            win_length=MEL_WINDOW_SAMPLES,
            hop_length=MEL_HOP_SAMPLES,
        )


def run_windows(samples: Samples) -> None:
    for _ in log_mel_batches(samples):
        pass


def seconds_per_hour(work: Callable[[Samples], object], samples: Samples) -> float:
    work(samples[: 20 * SAMPLE_RATE_HZ])
    began = time.process_time()
    work(samples)
    return round((time.process_time() - began) * 3_600 * SAMPLE_RATE_HZ / samples.size, 3)


def measure(minutes: int) -> dict[str, object]:
    samples = synthetic(60 * minutes)
    cost = {
        "pyaudioanalysis": seconds_per_hour(library, samples[: 120 * SAMPLE_RATE_HZ]),
        "second_features": seconds_per_hour(second_features, samples),
        "librosa_windows": seconds_per_hour(librosa_windows, samples[: 120 * SAMPLE_RATE_HZ]),
        "run_log_mels": seconds_per_hour(run_windows, samples),
    }
    return {
        "seconds_per_hour": cost,
        "times_faster": {
            "features": round(cost["pyaudioanalysis"] / cost["second_features"], 1),
            "log_mels": round(cost["librosa_windows"] / cost["run_log_mels"], 1),
        },
        "audio_hours": minutes / 60,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result = measure(args.minutes)
    print(json.dumps(result, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
