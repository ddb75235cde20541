"""Tests of resampling against libswresample: through PyAV, at all rates that are taken down here."""

import av
import numpy as np
import pytest

from media.resample import Decimator, Resampler, to_int16

SEED = 5


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
    resampler = Resampler(rate)
    return np.concatenate([*map(resampler.add, frames(sound, rate, block)), resampler.finish()])


def noise(n):
    return (np.random.default_rng(SEED).standard_normal(n) * 0.15).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 32_000, 48_000, 96_000, 44_100, 24_000, 8_000])
@pytest.mark.parametrize("block_s", [1.0, 0.021])
def test_equals_libswresample_but_for_rounding(rate, block_s):
    sound, block = noise(3 * rate), int(rate * block_s)
    ours, theirs = by_us(sound, rate, block), by_swresample(sound, rate, block)
    assert len(ours) == len(theirs) == 24_000
    assert np.abs(ours.astype(int) - theirs).max() <= 1


@pytest.mark.parametrize("length", [1, 5, 97, 98, 99, 100, 6_000, 48_001, 48_005])
def test_one_sample_comes_for_every_six_begun(length):
    sound = noise(length)
    decimator = Decimator(6)
    out = np.concatenate([decimator.add(sound), decimator.finish()])
    assert len(out) == -(-length // 6)
    assert np.isfinite(out).all()


def test_how_the_sound_is_cut_into_blocks_changes_nothing():
    sound, rng = noise(50_000), np.random.default_rng(SEED)
    whole = by_us(sound, 48_000, len(sound))
    resampler, at, parts = Resampler(48_000), 0, []
    while at < len(sound):
        step = int(rng.integers(1, 3_000))
        parts += [resampler.add(frame) for frame in frames(sound[at : at + step], 48_000, step)]
        at += step
    np.testing.assert_array_equal(np.concatenate([*parts, resampler.finish()]), whole)


def test_nothing_gives_nothing():
    assert len(Resampler(48_000).finish()) == 0
    assert len(Decimator(6).finish()) == 0


def test_what_is_above_4_khz_does_not_come_back_as_something_lower():
    t = np.arange(96_000) / 48_000
    heard = by_us((0.5 * np.sin(2 * np.pi * 5_000 * t)).astype(np.float32), 48_000, 48_000)
    assert np.abs(heard[100:-100]).max() <= 2


def test_loud_is_clipped():
    assert to_int16(np.array([0.4, -0.6, 40_000, -40_000], np.float32)).tolist() == [0, -1, 32_767, -32_768]
