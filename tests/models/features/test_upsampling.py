"""The upsampling for MusiCNN and for the event network, compared with scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from models.features.musicnn_mel import upsample


@pytest.mark.parametrize("n", [0, 1, 19, 64, 65, 8_000, 12_345])
def test_sound_is_doubled_as_scipy_does_it(n: int) -> None:
    sound = np.random.default_rng(n).normal(0, 0.1, n).astype(np.float32)
    expected = resample_poly(sound, 2, 1) if n else np.empty(0)
    np.testing.assert_allclose(upsample(sound), expected, atol=1e-6)
