"""Pitch classes of tones whose notes are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from models.features.chroma import N_FFT, pitch_classes
from tests.models.ears.tones import chord


@pytest.mark.parametrize("cents", [-40, 0, 30])
@pytest.mark.parametrize("note", [36, 60, 71])
def test_a_note_is_found_whatever_the_tuning(note: int, cents: int) -> None:
    classes = pitch_classes(chord([note], 3, cents))
    assert classes.argmax() == note % 12
    assert classes.sum() == pytest.approx(1)
    assert classes[note % 12] > 2 * np.delete(classes, note % 12).max()


def test_the_level_and_the_kind_of_samples_do_not_matter() -> None:
    sound = chord([60, 64, 67], 3)
    as_integers = np.rint(0.1 * sound * 32_767).astype(np.int16)
    np.testing.assert_allclose(pitch_classes(as_integers), pitch_classes(sound), atol=0.02)


@pytest.mark.parametrize("n", [0, 1, 100, N_FFT])
def test_silence_has_no_pitch_classes(n: int) -> None:
    assert not pitch_classes(np.zeros(n, np.int16)).any()


def test_less_than_a_frame_is_heard() -> None:
    found: npt.NDArray[np.float64] = pitch_classes(chord([69], 1)[: N_FFT // 2])
    assert found.argmax() == 9
