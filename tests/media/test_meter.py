"""Loudness measured while decoding: by the signals of EBU Tech 3341, and by the filter of BS.1770-5 itself."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, lfilter, sosfilt

from media.confined import Confined
from media.decode import decode
from media.loudness import _K_WEIGHTING, integrated
from media.meter import LoudnessMeter
from tests.media.recordings import Recording, write
from tests.media.test_phase import stereo_wav

RATE_HZ = 48_000
FULL = {"u8": 127, "s16": 2**15 - 1, "s32": 2**31 - 1, "s64": 2**62, "flt": 1.0, "dbl": 1.0}
KINDS = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}


def block(samples: npt.NDArray[np.floating], layout: str, rate_hz: int = RATE_HZ, kind: str = "flt") -> av.AudioFrame:
    """(channels, n) samples of full scale 1 as a packed frame."""
    scale = 2.0**63 if kind == "s64" else FULL[kind]
    values = (samples * scale + (128 if kind == "u8" else 0)).T.astype(KINDS[kind]).reshape(1, -1)
    if kind == "s64":
        made = av.AudioFrame("s64", layout, samples.shape[1])
        made.planes[0].update(values.tobytes())
    else:
        made = av.AudioFrame.from_ndarray(np.ascontiguousarray(values), kind, layout)
    made.sample_rate = rate_hz
    return made


def powers_of(samples: npt.NDArray[np.floating], layout: str, cuts: list[int] | None = None) -> npt.NDArray[np.float32]:
    meter = LoudnessMeter()
    edges = [0, *(cuts or range(RATE_HZ, samples.shape[1], RATE_HZ)), samples.shape[1]]
    for first, last in pairwise(edges):
        if last > first:
            meter.add(block(samples[:, first:last], layout))
    return meter.finish()


def tones(seconds: float, *dbfs: float, hz: float = 1000.0) -> npt.NDArray[np.float64]:
    one = np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return 10 ** (np.array(dbfs)[:, None] / 20) * one


def by_the_filter(samples: npt.NDArray[np.float64]) -> float:
    """Integrated loudness of (channels, n) front channels, as the standard is written."""
    for above, below in _K_WEIGHTING:
        samples = lfilter(above, below, samples, axis=1)
    block_n, step = RATE_HZ * 4 // 10, RATE_HZ // 10
    starts = range(0, samples.shape[1] - block_n + 1, step)
    power = np.array([np.square(samples[:, s : s + block_n]).mean(axis=1).sum() for s in starts])
    loud = power[-0.691 + 10 * np.log10(power) > -70]
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(loud[-0.691 + 10 * np.log10(loud) > gate].mean()))


@pytest.mark.parametrize(
    ("parts", "layout"),
    [
        ([tones(20, -23, -23)], "stereo"),
        ([tones(10, -36, -36), tones(60, -23, -23), tones(10, -36, -36)], "stereo"),
        ([tones(20, -26, -26), tones(20.1, -20, -20), tones(20, -26, -26)], "stereo"),
        ([tones(20, -28, -28, -24, -30, -30)], "5.0"),
        ([tones(20, -28, -28, -24, -3, -30, -30)], "5.1"),
    ],
)
def test_the_signals_of_ebu_tech_3341_are_23_lufs_below_full_scale(
    parts: list[npt.NDArray[np.float64]], layout: str
) -> None:
    assert integrated(powers_of(np.concatenate(parts, axis=1), layout)) == pytest.approx(-23.0, abs=0.1)


def test_drawn_sound_is_as_loud_as_the_filter_of_the_standard_says() -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(0, 0.1, (2, 12 * RATE_HZ)) * np.repeat(rng.uniform(0.01, 1, 12), RATE_HZ)
    rumble = sosfilt(butter(2, 20, "highpass", fs=RATE_HZ, output="sos"), np.cumsum(samples, axis=1)) / 30
    samples[:, 5 * RATE_HZ :] = rumble[:, 5 * RATE_HZ :]
    assert integrated(powers_of(samples, "stereo")) == pytest.approx(by_the_filter(samples), abs=0.05)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 3 * RATE_HZ - 1), max_size=6))
def test_the_blocks_that_sound_comes_in_change_nothing(cuts: list[int]) -> None:
    samples = np.random.default_rng(5).normal(0, 0.1, (2, 3 * RATE_HZ))
    found = powers_of(samples, "stereo", sorted(cuts))
    assert len(found) == 30
    np.testing.assert_allclose(found, powers_of(samples, "stereo"), rtol=1e-4)


@pytest.mark.parametrize("rate_hz", [5, 8_000, 11_025, 22_050, 44_100, 96_000])
def test_there_are_ten_values_a_second_at_every_rate(rate_hz: int) -> None:
    meter = LoudnessMeter()
    for _ in range(7):
        meter.add(block(np.full((1, rate_hz), 0.1), "mono", rate_hz))
    assert len(meter.finish()) in (69, 70)


@pytest.mark.parametrize("rate_hz", [44_100, 22_050, 11_025])
def test_a_tenth_of_a_second_is_measured_at_its_own_place(rate_hz: int) -> None:
    """Also where a tenth is no whole number of samples."""
    levels = np.random.default_rng(2).uniform(0.01, 0.5, 30)
    at = np.arange(3 * rate_hz)
    tone = np.sin(2 * np.pi * 1000 * at / rate_hz) * levels[at * 10 // rate_hz]
    meter = LoudnessMeter()
    for cut in np.split(tone, [rate_hz // 3, rate_hz, 2 * rate_hz + 5]):
        meter.add(block(cut[None], "mono", rate_hz))
    np.testing.assert_allclose(
        meter.finish()[:29], levels[:29] ** 2 / 2 * 10**0.0691, rtol=0.1
    )  # the filter has 0.691 dB there


def test_silence_and_a_change_of_format_keep_the_time() -> None:
    meter, second = LoudnessMeter(), tones(1.03, -20, -20)
    meter.add(block(second, "stereo"))
    meter.add_silence(2.0)
    meter.add(block(second[:1], "mono"))
    meter.add(block(second, "stereo"))
    found = meter.finish()
    assert len(found) == 50
    loud = found > 1e-6
    assert loud[:10].all() and not loud[10:30].any() and loud[30:40].all() and loud[41:50].all()


def test_samples_of_any_size_give_finite_values() -> None:
    meter = LoudnessMeter()
    meter.add(block(np.array([[1e30, -1e38] * RATE_HZ, [0.0, 0.0] * RATE_HZ]), "stereo"))
    found = meter.finish()
    assert found.max() > 1e5 and np.isfinite(found).all()


def test_a_film_is_measured_where_that_is_asked_for(tmp_path: Path) -> None:
    media = write(tmp_path, Recording("a.mkv", "aac"))
    with decode(media, scratch_dir=tmp_path) as sound:
        assert sound.powers.size == 0
    with Confined(tmp_path / "s") as child, child.decode(media, details=True) as sound:
        assert abs(len(sound.powers) - 10 * sound.duration_s) <= 1
        assert integrated(sound.powers) == pytest.approx(
            -8.65, abs=0.1
        )  # 0.4 of full scale at 440 Hz, where the filter has -0.69 dB


def test_opposite_phase_is_as_loud_as_equal_phase(tmp_path: Path) -> None:
    left = tones(4, -20)[0].astype(np.float32)
    for right in (left, -left):
        with decode(stereo_wav(tmp_path / "a.wav", left, right), scratch_dir=tmp_path / "s", details=True) as sound:
            assert integrated(sound.powers) == pytest.approx(-20.0, abs=0.1)
