"""The upsampling for MusiCNN and for the event network, compared with scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from models.features import musicnn_mel
from models.features.musicnn_mel import upsample


@pytest.mark.parametrize("n", [0, 1, 19, 64, 65, 8_000, 12_345])
def test_sound_is_doubled_as_scipy_does_it(n: int) -> None:
    sound = np.random.default_rng(n).normal(0, 0.1, n).astype(np.float32)
    expected = resample_poly(sound, 2, 1) if n else np.empty(0)
    np.testing.assert_allclose(upsample(sound), expected, atol=1e-6)


def test_a_value_is_the_same_to_the_last_bit_wherever_it_lies_in_a_block() -> None:
    """The event network hears the logarithm of what rounding leaves above 4 kHz, so the order of the sum is fixed."""
    sound = np.random.default_rng(3).normal(0, 0.1, 20_000).astype(np.float32)
    between = upsample(sound)[1::2]
    taps = musicnn_mel._low_pass()[1::2].astype(np.float32)
    for place in (50, 8_191, 8_192, 8_193, 19_000):
        total, around = np.float32(0), sound[place - 9 : place + 11]
        for k in range(10):
            total += (around[k] + around[19 - k]) * taps[k]
        assert between[place] == total
    np.testing.assert_array_equal(upsample(sound[1_003:15_000])[50:-50], upsample(sound)[2_006 + 50 : 30_000 - 50])
