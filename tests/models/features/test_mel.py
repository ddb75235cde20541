"""The log-mels of a run equal librosa's of each window alone, edges and level included."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import librosa
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ParameterError
from media.decode import decode
from models.features import mel
from models.features.mel import FLOOR_DB, log_mel, log_mel_batches, window_log_mels

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))


def librosa_window(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """(80000,) -> (128, 100) dB, as the data's README describes it."""
    y = samples / 2.0**15
    rms = np.sqrt(np.mean(y**2))
    if rms > 0:
        y = y * 0.1 / rms
    power = librosa.feature.melspectrogram(
        y=y, sr=8_000, n_fft=2_048, win_length=1_600, hop_length=800, window="hann", center=True,
        pad_mode="constant", power=2.0, n_mels=128,
    )  # fmt: skip
    return 10 * np.log10(np.maximum(power[:, :100], 1e-8))


def sound(seed: int, n: int, colour: float) -> npt.NDArray[np.int16]:
    """Noise from white (0) to brown (1), swelling, with a stretch of silence."""
    rng = np.random.default_rng(seed)
    white = rng.standard_normal(n)
    brown = np.cumsum(white)
    brown -= brown.mean()
    mixed = (1 - colour) * white / np.abs(white).max() + colour * brown / np.abs(brown).max()
    mixed *= 1 + np.sin(np.arange(n) * rng.uniform(1e-6, 1e-3))
    start = rng.integers(0, n)
    mixed[start : start + rng.integers(0, 30_000)] = 0
    return (mixed / max(np.abs(mixed).max(), 1e-9) * 30_000 * rng.uniform(0.001, 1)).astype(np.int16)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), seconds=st.floats(10, 22), colour=st.floats(0, 1))
def test_every_window_of_a_run_equals_librosa(seed: int, seconds: float, colour: float) -> None:
    samples = sound(seed, int(seconds * 8_000), colour)
    windows = window_log_mels(samples)
    assert windows.shape == (int(seconds) - 9, 128, 100)
    assert windows.dtype == np.float32
    for number, window in enumerate(windows):
        alone = samples[number * 8_000 : number * 8_000 + 80_000]
        np.testing.assert_allclose(window, librosa_window(alone), atol=1e-4)


def test_training_hears_a_window_as_serving_does() -> None:
    samples = sound(5, 14 * 8_000, 0.5)
    windows = window_log_mels(samples)
    for number in range(5):
        alone = log_mel(samples[number * 8_000 : number * 8_000 + 80_000])
        np.testing.assert_array_equal(alone, windows[number])


def test_loudness_does_not_matter() -> None:
    samples = sound(6, 80_000, 0.5)
    loud = samples.astype(np.float64) / 2**15
    np.testing.assert_allclose(log_mel(loud / 50), log_mel(samples), atol=1e-4)


def test_a_twelve_second_run_gives_three_windows() -> None:
    assert window_log_mels(sound(7, 12 * 8_000, 0)).shape == (3, 128, 100)
    assert window_log_mels(sound(7, 12 * 8_000 + 7_999, 0)).shape == (3, 128, 100)
    assert window_log_mels(sound(7, 10 * 8_000 - 1, 0)).shape == (0, 128, 100)


def test_digital_silence_is_the_floor() -> None:
    assert (window_log_mels(np.zeros(11 * 8_000, np.int16)) == FLOOR_DB).all()


@pytest.mark.parametrize("per_batch", [1, 2, 5, 64])
def test_batches_leave_no_seam(per_batch: int) -> None:
    samples = sound(8, 21 * 8_000, 0.3)
    batches = list(log_mel_batches(samples, per_batch))
    assert max(len(batch) for batch in batches) <= per_batch
    np.testing.assert_array_equal(np.concatenate(batches), window_log_mels(samples))


def test_memory_does_not_grow_with_the_run() -> None:
    samples = np.tile(sound(9, 60 * 8_000, 0.3), 10)
    for _ in log_mel_batches(samples[: 80 * 8_000]):
        pass
    tracemalloc.start()
    for _ in log_mel_batches(samples):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60e6


def test_the_filters_of_the_thesis_are_wide_and_of_unit_area() -> None:
    filters = mel.mel_filters()
    assert filters.shape == (1_025, 128)
    assert (filters[1:-1].max(axis=0) > 0).all()
    np.testing.assert_allclose(filters[:, 64:].sum(axis=0) * 4_000 / 1_024, 1, rtol=0.02)


@pytest.mark.parametrize("every", [300, pytest.param(80, marks=pytest.mark.stress)])
def test_the_datas_windows_are_those_of_the_recordings(tmp_path: Path, every: int) -> None:
    """The recordings were compressed after the windows were made: what is loud agrees, what is faint does not."""
    path = DATA / "music" / "windows.npz"
    if not path.exists():
        pytest.skip(f"no {path}")
    with np.load(path) as arrays:
        clips, starts, stored = arrays["clip"], arrays["start_s"], arrays["logmel"]
    rows = [n for n, clip in enumerate(clips) if clip.startswith("emotify-")][::every]
    assert rows
    for row in rows:
        with decode(path.parent / "emotify" / f"{clips[row][8:]}.opus", scratch_dir=tmp_path) as recording:
            start = round(float(starts[row]) * 8_000)
            ours = log_mel(recording.samples()[start : start + 80_000])
        theirs = stored[row] / 2.0 - 80
        loud = theirs > theirs.max() - 40
        assert np.median(np.abs(ours - theirs)[loud]) < 1.0


def test_wrong_arguments_are_told() -> None:
    with pytest.raises(ParameterError, match="80000"):
        log_mel(np.zeros(79_999, np.int16))
    with pytest.raises(ParameterError, match="one channel"):
        window_log_mels(np.zeros((2, 80_000), np.int16))
    with pytest.raises(ParameterError, match="NaN"):
        window_log_mels(np.full(80_000, np.nan))
    with pytest.raises(ParameterError, match="at least 1"):
        list(log_mel_batches(np.zeros(80_000, np.int16), 0))
