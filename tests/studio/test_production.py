"""An amplifier adds what the strings did not play, a compressor narrows the distance between loud and soft."""

from __future__ import annotations

import numpy as np
import pytest

from studio.production import amplified, at_loudness, compressed, loudness, softened

RATE_HZ = 16_000
TIME_S = np.arange(RATE_HZ) / RATE_HZ
FIFTH = (np.sin(2 * np.pi * 220 * TIME_S) + np.sin(2 * np.pi * 330 * TIME_S)).astype(np.float32)


def level_at(samples, hz):
    return float(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))[hz])


def test_an_amplifier_adds_the_difference_of_two_strings_and_more_of_it_with_more_drive():
    def growl(samples):
        return level_at(samples, 550) / level_at(samples, 330)

    soft, hard = (amplified(FIFTH, RATE_HZ, drive, np.random.default_rng(1)) for drive in (0.0, 30.0))
    assert growl(FIFTH) < 1e-3
    assert growl(FIFTH) < growl(soft) < growl(hard)
    assert loudness(hard) == pytest.approx(loudness(FIFTH), rel=0.01)
    assert hard.dtype == np.float32 and hard.shape == FIFTH.shape


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(100, np.float32)])
def test_silence_stays_silent(samples):
    assert not amplified(samples, RATE_HZ, 30.0, np.random.default_rng(1)).any()
    assert not compressed(samples, RATE_HZ, 4.0).any()
    assert not at_loudness(samples, 0.5).any()


def test_a_compressor_brings_loud_and_soft_nearer_and_keeps_what_is_soft():
    steps = np.repeat([0.1, 1.0], RATE_HZ).astype(np.float32)
    made = compressed(steps, RATE_HZ, 3.0)
    assert made[RATE_HZ - 1] == steps[RATE_HZ - 1]
    assert made[-1] < 0.9
    assert np.array_equal(compressed(steps, RATE_HZ, 1.0), steps)


def test_soft_playing_keeps_what_is_low_and_loses_what_is_high():
    low, high = (np.sin(2 * np.pi * hz * TIME_S).astype(np.float32) for hz in (100, 4_000))
    assert loudness(softened(low, RATE_HZ, 1_000)) == pytest.approx(loudness(low), rel=0.02)
    assert loudness(softened(high, RATE_HZ, 1_000)) < 0.3 * loudness(high)
    assert softened(high, RATE_HZ, 0) is high


def test_a_level_is_an_rms():
    assert loudness(at_loudness(FIFTH, 0.25)) == pytest.approx(0.25, rel=1e-3)
