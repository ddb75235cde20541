"""The thesis's features equal pyAudioAnalysis's, whatever is heard and however it is cut into blocks."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyAudioAnalysis import MidTermFeatures, ShortTermFeatures

from errors import ParameterError
from media.decode import decode
from models.features import filterbanks, short_term
from models.features.short_term import FEATURE_NAMES, mid_term_statistics, second_features, short_term_features

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))
STATISTICS = [*range(34), *range(68, 102)]

Samples = npt.NDArray[np.int16]


def library_frames(samples: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    values, names = ShortTermFeatures.feature_extraction(samples, 8_000, 400, 400, deltas=False)
    assert tuple(names) == FEATURE_NAMES
    return values


def library_seconds(samples: Samples) -> npt.NDArray[np.float64]:
    values, _, _ = MidTermFeatures.mid_feature_extraction(samples, 8_000, 8_000, 8_000, 400, 400)
    return values[STATISTICS, : samples.size // 8_000].T


def assert_equal(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> None:
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def synthetic(kind: str, n: int, seed: int, loudness: float) -> Samples:
    """One of the sounds that make trouble for features."""
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    noise = rng.standard_normal(n)
    tone = np.sin(t * rng.uniform(0.001, 3.0))
    sound = {
        "noise": noise,
        "clipped": 8 * noise,
        "silence": np.zeros(n),
        "constant": np.full(n, rng.uniform(-1, 1)),
        "tone": tone,
        "half silent": np.where(t < n // 2, 0.0, noise),
        "clicks": (rng.random(n) < 1e-3) * 1.0,
        "one loud sample": np.where(t == n // 3, 100.0, 0.01 * noise),
        "faint": noise * 2e-5,
        "square": np.sign(tone),
        "off centre": 0.3 + 0.1 * noise,
    }[kind]
    return np.clip(np.round(sound * loudness * 32_767), -32_768, 32_767).astype(np.int16)


KINDS = ["noise", "clipped", "silence", "constant", "tone", "half silent", "clicks", "one loud sample", "faint",
         "square", "off centre"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    n=st.integers(400, 30_000),
    seed=st.integers(0, 2**32 - 1),
    loudness=st.floats(1e-4, 1.0),
)
def test_frames_and_seconds_equal_the_library(kind: str, n: int, seed: int, loudness: float) -> None:
    samples = synthetic(kind, n, seed, loudness)
    ours = short_term_features(samples)
    assert np.isfinite(ours).all()
    assert_equal(ours, library_frames(samples))
    assert_equal(second_features(samples), library_seconds(samples))
    assert_equal(mid_term_statistics(ours), second_features(samples))


@pytest.mark.parametrize("offset", [-0.6, 0.6])
def test_a_sound_wholly_on_one_side_of_zero_equals_the_library(offset: float) -> None:
    samples = ((offset + 0.1 * np.random.default_rng(5).standard_normal(9_000)) * 32_767).astype(np.int16)
    assert_equal(short_term_features(samples), library_frames(samples))


@settings(max_examples=20, deadline=None)
@given(samples=st.lists(st.integers(-32_768, 32_767), min_size=400, max_size=1_300))
def test_any_samples_equal_the_library(samples: list[int]) -> None:
    sound = np.array(samples, dtype=np.int16)
    assert_equal(short_term_features(sound), library_frames(sound))


def test_floats_are_heard_at_full_scale_one() -> None:
    sound = np.random.default_rng(3).standard_normal(20_000) * 0.2
    assert_equal(short_term_features(sound), library_frames(sound * 2**15))


def test_one_second_recordings_equal_the_library() -> None:
    folder = DATA / "activity" / "3_class"
    paths = sorted(folder.rglob("*.wav"))
    if not paths:
        pytest.skip(f"no recordings in {folder}")
    for path in paths:
        with wave.open(str(path)) as file:
            assert file.getframerate() == 8_000
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
        assert_equal(short_term_features(samples), library_frames(samples))
        assert_equal(second_features(samples), library_seconds(samples))


@pytest.mark.parametrize("every", [150, pytest.param(60, marks=pytest.mark.stress)])
def test_real_music_equals_the_library(tmp_path: Path, every: int) -> None:
    paths = sorted((DATA / "music" / "emotify").glob("*.opus"))[::every]
    if not paths:
        pytest.skip(f"no recordings in {DATA / 'music' / 'emotify'}")
    for path in paths:
        with decode(path, scratch_dir=tmp_path) as sound:
            samples = sound.samples()[: 25 * 8_000 + 17]
            assert_equal(second_features(samples), library_seconds(np.array(samples)))


@pytest.mark.parametrize("block_s", [1, 3, 20])
def test_blocks_leave_no_seam(block_s: int, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = synthetic("noise", 8_000 * 45 + 401, 1, 0.2)
    whole = library_frames(samples)
    monkeypatch.setattr(short_term, "_BLOCK_S", block_s)
    monkeypatch.setattr(short_term, "_PASS_SAMPLES", 7_777)
    assert_equal(short_term_features(samples), whole)


def test_the_level_of_the_file_counts_the_samples_after_the_last_whole_second() -> None:
    samples = synthetic("noise", 3 * 8_000 + 500, 2, 0.1)
    samples[-1] = 32_767
    assert_equal(second_features(samples), library_seconds(samples))


def test_a_fixed_gain_hears_each_second_on_its_own() -> None:
    samples = synthetic("noise", 6 * 8_000, 4, 0.1)
    alone = short_term_features(samples, "fixed")
    samples[-1] = 32_767
    np.testing.assert_array_equal(short_term_features(samples, "fixed")[:, :-1], alone[:, :-1])
    assert not np.allclose(short_term_features(samples)[:, :-1], alone[:, :-1])
    doubled = short_term_features(samples, "fixed", gain=2.0)
    np.testing.assert_allclose(doubled[1], 4 * short_term_features(samples, "fixed")[1], rtol=1e-12)


def test_a_last_incomplete_second_is_dropped() -> None:
    assert second_features(np.zeros(8_000 * 3 - 1, np.int16)).shape == (2, 68)
    assert second_features(np.zeros(7_999, np.int16)).shape == (0, 68)
    assert second_features(np.zeros(0, np.int16)).shape == (0, 68)
    assert short_term_features(np.zeros(399, np.int16)).shape == (34, 0)


def test_the_filters_are_the_librarys() -> None:
    theirs, _ = ShortTermFeatures.mfcc_filter_banks(8_000, 200)
    np.testing.assert_array_equal(filterbanks.mfcc_filters().T, theirs)


def test_wrong_arguments_are_told() -> None:
    with pytest.raises(ParameterError, match="one channel"):
        second_features(np.zeros((2, 8_000), np.int16))
    with pytest.raises(ParameterError, match="NaN"):
        second_features(np.full(8_000, np.nan))
    with pytest.raises(ParameterError, match='"loud"'):
        short_term_features(np.zeros(400, np.int16), "loud")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="34"):
        mid_term_statistics(np.zeros((68, 20)))
    with pytest.raises(ParameterError, match="NaN"):
        mid_term_statistics(np.full((34, 20), np.nan))
