"""Tests of resampling against libswresample, through PyAV, at every rate that is decimated here."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ
from media.resample import TAP_BITS, Decimator, Resampler, integer_taps, low_pass, to_int16

SEED = 5
ROOT = Path(__file__).parents[2]
FACTORS = (2, 4, 6, 12)


def frames(sound, rate, block):
    for at in range(0, len(sound), block):
        frame = av.AudioFrame.from_ndarray(sound[None, at : at + block], format="flt", layout="mono")
        frame.sample_rate = rate
        yield frame


def by_swresample(sound, rate, block):
    resampler = av.AudioResampler("s16", "mono", 8_000)
    parts = [out.to_ndarray()[0] for frame in [*frames(sound, rate, block), None] for out in resampler.resample(frame)]
    return np.concatenate(parts)


def by_us(sound, rate, block):
    return all_by_us(sound, rate, block, SAMPLE_RATE_HZ)[0]


def all_by_us(sound, rate, block, *targets):
    resampler = Resampler(rate, *targets)
    parts = [*map(resampler.add, frames(sound, rate, block)), resampler.finish()]
    return [np.concatenate(one) for one in zip(*parts, strict=True)]


def noise(n):
    return (np.random.default_rng(SEED).standard_normal(n) * 0.15).astype(np.float32)


def whole_numbers(n):
    return np.random.default_rng(SEED).integers(-32_768, 32_768, n).astype(np.int16)


@pytest.mark.parametrize("rate", [16_000, 32_000, 48_000, 96_000, 44_100, 24_000, 8_000])
@pytest.mark.parametrize("block_s", [1.0, 0.021])
def test_equals_libswresample_but_for_rounding(rate, block_s):
    sound, block = noise(3 * rate), int(rate * block_s)
    ours, theirs = by_us(sound, rate, block), by_swresample(sound, rate, block)
    assert len(ours) == len(theirs) == 24_000
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize("rate", [16_000, 32_000, 48_000, 44_100, 24_000, 96_000])
def test_two_rates_at_once_are_the_same_as_one_after_the_other(rate):
    sound = noise(2 * rate + 7)
    both = all_by_us(sound, rate, rate, SAMPLE_RATE_HZ, WIDE_RATE_HZ)
    for target, found in zip((SAMPLE_RATE_HZ, WIDE_RATE_HZ), both, strict=True):
        np.testing.assert_array_equal(found, all_by_us(sound, rate, rate, target)[0])


@pytest.mark.parametrize("length", [1, 5, 97, 98, 99, 100, 6_000, 48_001, 48_005])
def test_one_sample_comes_for_every_six_begun(length):
    sound = whole_numbers(length)
    decimator = Decimator(6)
    out = np.concatenate([decimator.add(sound), decimator.finish()])
    assert len(out) == -(-length // 6)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("rate", [factor * 8_000 for factor in FACTORS])
def test_how_the_sound_is_cut_into_blocks_changes_nothing(rate):
    sound, rng = noise(50_000), np.random.default_rng(SEED)
    whole = by_us(sound, rate, len(sound))
    for longest in (40, 3_000):
        resampler, at, parts = Resampler(rate, SAMPLE_RATE_HZ), 0, []
        while at < len(sound):
            step = int(rng.integers(1, longest))
            parts += [resampler.add(frame)[0] for frame in frames(sound[at : at + step], rate, step)]
            at += step
        np.testing.assert_array_equal(np.concatenate([*parts, *resampler.finish()]), whole)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_samples_are_the_exact_sums_of_integers(factor):
    sound, taps = whole_numbers(5_000), integer_taps(factor).astype(np.int64)
    decimator = Decimator(factor)
    out = np.concatenate([decimator.add(sound), decimator.finish()])
    reach = (len(taps) - 1) // 2
    padded = np.pad(sound.astype(np.int64), (reach, 0), "reflect")
    by_definition = [
        sum(int(s) * int(t) for s, t in zip(padded[at : at + len(taps)], taps, strict=True))
        for at in range(0, len(padded) - len(taps), factor)
    ]
    assert len(by_definition) > 100
    assert np.ldexp(out[: len(by_definition)], TAP_BITS).tolist() == by_definition


@pytest.mark.parametrize("factor", FACTORS)
def test_no_sum_of_taps_can_leave_the_whole_numbers_of_float64(factor):
    taps = integer_taps(factor)
    assert np.array_equal(taps, np.rint(taps))
    assert taps.sum() == 2**TAP_BITS
    assert np.abs(taps).sum() * 2**15 < 2**53
    np.testing.assert_allclose(taps / 2**TAP_BITS, low_pass(factor), atol=1e-6)


CHILD = """
import hashlib, numpy as np
from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ
from media.resample import Decimator
sound = np.random.default_rng(5).integers(-32768, 32768, 100_000).astype(np.int16)
digest = hashlib.sha256()
for factor in (2, 4, 6, 12):
    decimator = Decimator(factor)
    digest.update(np.concatenate([decimator.add(sound), decimator.finish()]).astype("<f8").tobytes())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("core", ["Haswell", "Zen", "Prescott", "SkylakeX", "ARMV8"])
def test_the_samples_are_the_same_on_any_processor(core, threads):
    """A core that this processor or its OpenBLAS lacks falls back to another; the samples stay the same."""
    if core == "SkylakeX" and "avx512f" not in cpu_flags():
        pytest.skip("this processor has no AVX-512")
    sound = np.random.default_rng(5).integers(-32768, 32768, 100_000).astype(np.int16)
    digest = hashlib.sha256()
    for factor in FACTORS:
        decimator = Decimator(factor)
        cuts = np.array_split(sound, 7)
        out = np.concatenate([*map(decimator.add, cuts), decimator.finish()])
        digest.update(out.astype("<f8").tobytes())
    environment = {**os.environ, "OPENBLAS_CORETYPE": core, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)}
    child = subprocess.run(
        [sys.executable, "-c", CHILD], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == digest.hexdigest()


def cpu_flags() -> str:
    flags = Path("/proc/cpuinfo")
    return flags.read_text() if flags.exists() else ""


def test_nothing_gives_nothing():
    assert [len(one) for one in Resampler(48_000, SAMPLE_RATE_HZ, WIDE_RATE_HZ).finish()] == [0, 0]
    assert len(Decimator(6).finish()) == 0


def test_what_is_above_4_khz_does_not_come_back_as_something_lower():
    t = np.arange(96_000) / 48_000
    heard = by_us((0.5 * np.sin(2 * np.pi * 5_000 * t)).astype(np.float32), 48_000, 48_000)
    assert np.abs(heard[100:-100]).max() <= 2


def test_loud_is_clipped():
    assert to_int16(np.array([0.4, -0.6, 40_000, -40_000], np.float32)).tolist() == [0, -1, 32_767, -32_768]
