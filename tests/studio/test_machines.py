"""The drum machine strikes where its notes are, and the bass synthesiser keeps its pitch."""

from __future__ import annotations

import numpy as np
import pytest

from studio.machines import drum_machine, sub_bass
from studio.notes import DRUM_CHANNEL, Note
from studio.style import CLAP, CRASH, HAT, KICK, OPEN_HAT, SNARE

RATE_HZ = 16_000


def centre_hz(samples):
    power = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / RATE_HZ) * power).sum() / power.sum())


def struck(key, start_s=0.25):
    return drum_machine([Note(start_s, 0.1, DRUM_CHANNEL, key, 127)], 1.0, RATE_HZ, np.random.default_rng(1))


@pytest.mark.parametrize("key", [KICK, SNARE, CLAP, HAT, OPEN_HAT, CRASH])
def test_a_drum_sounds_from_its_note_on(key):
    sound = struck(key)
    assert sound.shape == (RATE_HZ,)
    assert not sound[: RATE_HZ // 4].any()
    assert np.abs(sound[RATE_HZ // 4 :]).max() > 0.05


def test_a_kick_is_low_and_a_hat_is_high():
    assert centre_hz(struck(KICK)) < 150 < 1_000 < centre_hz(struck(SNARE)) < centre_hz(struck(HAT))


def test_a_bass_note_has_its_pitch_and_its_length():
    sound = sub_bass([Note(0.0, 0.5, 0, 33, 127)], 1.0, RATE_HZ)
    spectrum = np.abs(np.fft.rfft(sound[: RATE_HZ // 2]))
    assert np.argmax(spectrum) * 2 == pytest.approx(55, abs=2)
    assert not sound[RATE_HZ // 2 :].any()


@pytest.mark.parametrize("start_s", [0.99, 1.0, 4.0])
def test_notes_beyond_the_end_are_cut(start_s):
    late = [Note(start_s, 0.5, 0, 36, 100)]
    assert sub_bass(late, 1.0, RATE_HZ).shape == (RATE_HZ,)
    assert struck(KICK, start_s).shape == (RATE_HZ,)
    assert not drum_machine([], 1.0, RATE_HZ, np.random.default_rng(1)).any()
