"""The mix at 16 kHz that is kept beside the one at 8 kHz."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.confined import Confined
from media.decode import decode
from tests.media.recordings import Recording, pitch_hz, rms, write
from tests.media.test_centre import surround_wav


def test_what_is_above_4_khz_is_heard_in_the_wide_sound_only(tmp_path: Path) -> None:
    high = 0.5 * np.sin(2 * np.pi * 6_000 * np.arange(3 * 48_000) / 48_000)
    path = surround_wav(tmp_path / "a.wav", {"FL": high, "FR": high}, "stereo")
    with Confined(tmp_path / "s") as child, child.decode(path, details=True) as sound:
        wide = sound.wide_samples()
        assert wide is not None and len(wide) == 2 * sound.n_samples
        assert rms(wide) > 0.3 and rms(sound.samples()) < 0.01
    assert list((tmp_path / "s").iterdir()) == []


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 32_000, 44_100, 48_000])
def test_it_is_the_same_sound_at_twice_the_rate(rate_hz: int, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.wav", "pcm_s16le", rate_hz=rate_hz, seconds=3))
    with decode(path, scratch_dir=tmp_path / "s", details=True) as sound:
        wide = sound.wide_samples()
        assert wide is not None
        assert pitch_hz(wide[::2]) == pytest.approx(440, abs=1)
        difference = np.asarray(wide[::2], np.int32)[800:-800] - sound.samples()[800:-800]
        assert rms(difference) < 0.01 * rms(sound.samples())


def test_both_keep_time_across_a_gap(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "pcm_s16le", rate_hz=44_100, seconds=6, silent_s=(2, 4)))
    with decode(path, scratch_dir=tmp_path / "s", details=True) as sound:
        wide = sound.wide_samples()
        assert wide is not None and len(wide) == 2 * sound.n_samples
        loud = [np.abs(one) > 1000 for one in (np.asarray(wide[::2], np.int32), np.asarray(sound.samples(), np.int32))]
        starts = [8_000 * 3 + int(one[8_000 * 3 :].argmax()) for one in loud]
        assert starts[0] == pytest.approx(starts[1], abs=4)


def test_a_file_at_8_khz_has_none_and_nobody_gets_one_unasked(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.wav", "pcm_s16le", rate_hz=8_000, seconds=1))
    with decode(path, scratch_dir=tmp_path / "s", details=True) as sound:
        assert sound.wide is None and sound.wide_samples() is None
    path = write(tmp_path, Recording("b.wav", "pcm_s16le", seconds=1))
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.wide is None
