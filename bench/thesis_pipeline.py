"""The thesis's pipeline as its text describes it (3.2-3.3, 4.1-4.2, 5.1): a reference for measurements only.

The sound is 8 kHz mono. pyAudioAnalysis computes mid-term features (windows 1.0/1.0/0.05/0.05 s), and an SVM classifies
each second. For each 10 s window of music and each attribute, librosa computes a mel spectrogram and a CNN classifies
it. The CNNs have the thesis's architecture with untrained weights, which cost the same. All pipelines get the runs that
filmscore's thesis ear found, so that they describe the same windows.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import numpy.typing as npt
from scipy.io import wavfile

from film import ATTRIBUTES, GENRES, LEVELS
from models.ears.store import load_weights
from models.ears.svm import load_svm
from models.training.cnn import CnnSettings, build_cnn

RATE = 8_000
CLASSES = {"genre": len(GENRES), **{name: len(LEVELS[name]) for name in ATTRIBUTES}}
BATCH = 64
STATISTICS = np.r_[0:34, 68:102]
"""Rows of pyAudioAnalysis' mid-term features that the thesis uses: means and standard deviations, without deltas."""


def decoded(path: Path, scratch: Path) -> npt.NDArray[np.int16]:
    """The film's sound as 8 kHz mono, resampled by PyAV into a WAV file that is read back whole."""
    import av

    wav = scratch / "film.wav"
    with av.open(str(path)) as container, av.open(str(wav), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        resampler = av.AudioResampler("s16", "mono", RATE)
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    samples: npt.NDArray[np.int16] = wavfile.read(wav)[1]
    return samples


def seconds_features(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """Features (n, 68) by pyAudioAnalysis."""
    from pyAudioAnalysis import MidTermFeatures

    found, _, _ = MidTermFeatures.mid_feature_extraction(samples, RATE, RATE, RATE, RATE // 20, RATE // 20)
    features: npt.NDArray[np.float64] = found[STATISTICS].T
    return features


def mel(window: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """Mel spectrogram (128, 100) in dB by librosa."""
    y = window / 2.0**15
    y = y * 0.1 / max(1e-9, float(np.sqrt(np.mean(y**2))))
    power = librosa.feature.melspectrogram(
        y=y, sr=RATE, n_fft=2_048, win_length=1_600, hop_length=800, window="hann", pad_mode="constant", n_mels=128
    )
    decibels: npt.NDArray[np.float32] = (10 * np.log10(np.maximum(power[:, :100], 1e-8))).astype(np.float32)
    return decibels


def windows_of(samples: npt.NDArray[np.int16], runs: Sequence[tuple[int, int]]) -> list[npt.NDArray[np.int16]]:
    """Windows of 10 s, one starting every second."""
    starts = [start for first, end in runs for start in range(first, end - 9)]
    return [samples[start * RATE : (start + 10) * RATE] for start in starts]


class ThesisPipeline:
    """The networks and the SVM, loaded once.

    Args:
        batched: compute one mel spectrogram per window for all four networks, run them on BATCH windows at a time, and
            call the SVM once; otherwise one spectrogram and one direct call per window and attribute, and one call
            of the SVM per second.
    """

    def __init__(self, batched: bool) -> None:
        self.batched = batched
        self.networks = {name: build_cnn(classes, CnnSettings()) for name, classes in CLASSES.items()}
        self.svm = load_svm(load_weights("thesis-detector"))
        for network in self.networks.values():  # warm-up: TensorFlow's first calls are not measured
            network(np.zeros((1, 128, 100, 1), np.float32), training=False)
            network.predict_on_batch(np.zeros((BATCH, 128, 100, 1), np.float32))

    def hear(self, path: Path, runs: Sequence[tuple[int, int]]) -> dict[str, float]:
        """Seconds per stage for one film whose music is described in the given runs."""
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as scratch:
            samples = decoded(path, Path(scratch))
        decoded_at = time.perf_counter()
        features = seconds_features(samples)
        for row in [features] if self.batched else np.split(features, len(features)):
            self.svm.probabilities(row)
        labelled_at = time.perf_counter()
        windows = windows_of(samples, runs)
        if self.batched:
            _batched(windows, self.networks)
        else:
            for window in windows:
                for network in self.networks.values():
                    network(mel(window)[None, :, :, None], training=False)
        described_at = time.perf_counter()
        return {
            "decode": decoded_at - began,
            "activity": labelled_at - decoded_at,
            "attributes": described_at - labelled_at,
        }


def _batched(windows: list[npt.NDArray[np.int16]], networks: dict[str, Any]) -> None:
    for start in range(0, len(windows), BATCH):
        batch = np.zeros((BATCH, 128, 100, 1), np.float32)  # a full batch: Keras retraces for other lengths
        for row, window in zip(batch, windows[start : start + BATCH], strict=False):
            row[..., 0] = mel(window)
        for network in networks.values():
            network.predict_on_batch(batch)
