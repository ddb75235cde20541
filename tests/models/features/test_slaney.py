"""The mel filters equal librosa's to the last bit, and hearing does not import what made them slow."""

from __future__ import annotations

import subprocess
import sys

import librosa
import numpy as np
import pytest
from scipy.signal import firwin, get_window

from models.features import activity_mel, mel, musicnn_mel, signal_features
from models.features.slaney import mel_filters


@pytest.mark.parametrize(
    ("rate_hz", "n_fft", "bands"),
    [
        (musicnn_mel.RATE_HZ, musicnn_mel.N_FFT, musicnn_mel.BANDS),
        (8_000, activity_mel.N_FFT, activity_mel.BANDS),
        (8_000, signal_features.N_FFT, signal_features.BANDS),
        (44_100, 1_000, 30),
    ],
)
def test_the_filters_are_librosas(rate_hz: int, n_fft: int, bands: int) -> None:
    theirs = librosa.filters.mel(sr=rate_hz, n_fft=n_fft, n_mels=bands)
    found = mel_filters(rate_hz, n_fft, bands)
    assert found.dtype == theirs.dtype
    np.testing.assert_array_equal(found, theirs)


def test_the_windows_are_scipys() -> None:
    np.testing.assert_array_equal(musicnn_mel._low_pass(), 2 * firwin(41, 0.5, window=("kaiser", 5.0)))
    np.testing.assert_array_equal(mel._hann(), get_window("hann", mel.MEL_WINDOW_SAMPLES))


def test_the_default_ear_imports_neither_librosa_nor_scipys_signal() -> None:
    hear = (
        "import sys, numpy as np; from models.ears.ear import load_ear\n"
        "samples = np.zeros(20 * 8_000, np.int16)\n"
        "ear = load_ear('default'); memo = ear.activity(samples)[1]; ear.attributes(samples, [(0, 20)], memo)\n"
        "print(*({'librosa', 'scipy.signal', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", hear], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
