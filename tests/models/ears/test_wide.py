"""Music heard at 16 kHz: what is wide-band, how windows lie between patches, and where the ear listens to it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import resample_poly

from media.geometry import SECOND_SAMPLES, WIDE_RATE_HZ
from models.ears.default_ear import DefaultEar
from models.ears.default_features import between
from models.ears.wide import STEP_S, hear_wide, is_wide
from models.features import musicnn_mel

Samples = npt.NDArray[np.int16]


def band(seconds: int, low_hz: float, high_hz: float, rms: float = 0.1, seed: int = 0) -> Samples:
    """Noise between two frequencies at 16 kHz."""
    n = seconds * WIDE_RATE_HZ
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(n))
    frequencies = np.fft.rfftfreq(n, 1 / WIDE_RATE_HZ)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    sound = np.fft.irfft(spectrum)
    return np.rint(sound / np.sqrt(np.mean(sound**2)) * rms * 32_768).astype(np.int16)


def as_floats(samples: Samples) -> npt.NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32_768)


@pytest.mark.parametrize("rms", [0.1, 0.003])
def test_wide_band_sound_is_recognised_at_any_level(rms: float) -> None:
    assert is_wide(as_floats(band(3, 100, 8_000, rms)))
    assert not is_wide(as_floats(band(3, 100, 3_400, rms)))


def test_sound_that_was_stored_at_8_khz_and_silence_are_not_wide_band() -> None:
    at_8_khz = resample_poly(band(3, 100, 8_000).astype(np.float64), 1, 2)
    assert not is_wide(as_floats(np.rint(resample_poly(at_8_khz, 2, 1)).astype(np.int16)))
    assert not is_wide(np.zeros(3 * WIDE_RATE_HZ, np.float32))


def test_windows_are_interpolated_between_patches() -> None:
    weights = between(np.arange(0, 31, STEP_S), 25)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert weights[0].argmax() == 0 and weights[-1].argmax() == 3
    np.testing.assert_allclose(weights @ (np.arange(0, 31, STEP_S) + 1.5), np.clip(np.arange(25) + 5.0, 1.5, 31.5))


def test_a_patch_at_16_khz_is_the_networks_own_mel() -> None:
    sound = as_floats(band(4, 50, 8_000))
    [patch] = musicnn_mel.patches(sound, np.array([0]), np.array([2.0]), wide=True)
    expected = musicnn_mel.log_compress(musicnn_mel.power_mel(2 * sound))[: musicnn_mel.FRAMES]
    np.testing.assert_allclose(patch, expected, atol=1e-4)


@pytest.fixture(scope="module")
def ear() -> DefaultEar:
    return DefaultEar.load()


def test_the_genre_is_heard_at_16_khz_where_there_is_more_to_hear_and_nobody_speaks(ear: DefaultEar) -> None:
    low = band(20, 100, 3_400)
    mix = np.rint(resample_poly(low.astype(np.float64), 1, 2)).astype(np.int16)
    [alone] = ear.attributes(mix, [(0, 20)], None)
    [narrow] = ear.attributes(mix, [(0, 20)], None, low)
    np.testing.assert_array_equal(narrow.genre, alone.genre)
    high = low + band(20, 5_000, 8_000, 0.05, seed=1)
    spoken = np.arange(20) >= 12
    [wide] = ear.attributes(mix, [(0, 20)], spoken, high)
    [spoken_alone] = ear.attributes(mix, [(0, 20)], spoken)
    assert np.abs(np.log(wide.genre[0]) - np.log(spoken_alone.genre[0])).max() > 1
    np.testing.assert_allclose(wide.genre[-1], spoken_alone.genre[-1], atol=1e-6)
    np.testing.assert_allclose(wide.genre.sum(axis=1), 1, atol=1e-5)
    for name in ("valence", "energy", "danceability", "embedding"):
        np.testing.assert_array_equal(getattr(wide, name), getattr(spoken_alone, name))


def test_a_run_that_ends_with_the_film_is_heard_to_its_end(ear: DefaultEar) -> None:
    sound = band(11, 100, 8_000)
    heard = hear_wide(ear._music, sound[::2], sound, 1, 11, np.ones(1, np.bool_))
    assert heard is not None
    assert heard.embedding.shape == (1, 200) and heard.share.tolist() == [1.0]
    assert sound.size == 2 * 11 * SECOND_SAMPLES


def test_only_what_the_wanted_windows_need_is_heard(ear: DefaultEar) -> None:
    heard: list[int] = []

    class Counting:
        def hear(self, patches: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
            heard.append(len(patches))
            return ear._music.hear(patches)

    sound = np.concatenate([band(40, 100, 8_000), band(20, 100, 3_400)])
    every = np.ones(51, np.bool_)
    some = np.arange(51) < 7
    whole, part = (hear_wide(Counting(), sound[::2], sound, 0, 60, wanted) for wanted in (every, some))  # type: ignore[arg-type]
    assert whole is not None and part is not None
    assert heard == [5, 2]  # of 6: those of the first 40 s, and the one after, which windows at the border hear too
    for name in ("tags", "embedding", "share"):
        np.testing.assert_array_equal(getattr(part, name)[some], getattr(whole, name)[some])
    assert hear_wide(Counting(), sound[::2], sound, 0, 60, np.arange(51) > 45) is None  # type: ignore[arg-type]
    assert hear_wide(Counting(), sound[::2], sound, 0, 60, ~every) is None  # type: ignore[arg-type]
