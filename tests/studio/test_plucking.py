"""A plucked string keeps its pitch, dies away, and can be bent up to its pitch."""

from __future__ import annotations

import numpy as np
import pytest

from studio.notes import Note
from studio.plucking import Strings, pluck

RATE_HZ = 16_000


def played(strings, key=57, seconds=1.0, start_s=0.0, length=1.0, seed=1):
    note = Note(start_s, length, 0, key, 100)
    return pluck([note], seconds, RATE_HZ, strings, np.random.default_rng(seed))


def semitones_off(samples, key):
    """How far the strongest partial near the key's pitch is from it."""
    hz = 440 * 2 ** ((key - 69) / 12)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 16 * RATE_HZ))
    low, high = int(hz * 16 * 0.8), int(hz * 16 * 1.2)
    return 12 * np.log2((low + int(np.argmax(spectrum[low:high]))) / 16 / hz)


@pytest.mark.parametrize("key", [40, 52, 64, 76])
def test_a_string_has_its_pitch(key):
    assert abs(semitones_off(played(Strings(), key), key)) < 0.1


def test_a_string_dies_away_and_sooner_if_it_is_muted():
    def left(ring_s):
        sound = played(Strings(ring_s=ring_s))
        return np.abs(sound[RATE_HZ * 3 // 4 :]).max() / np.abs(sound[: RATE_HZ // 4]).max()

    assert left(0.3) < left(3.0) < 0.9


def test_a_bent_note_begins_below_its_pitch_and_arrives():
    bent = played(Strings(ring_s=3.0, bends=1.0, bend_s=0.3))
    assert semitones_off(bent[: RATE_HZ // 8], 57) < -0.8
    assert abs(semitones_off(bent[RATE_HZ // 2 :], 57)) < 0.1


@pytest.mark.parametrize(("start_s", "length"), [(0.999, 1.0), (1.0, 1.0), (7.0, 1.0), (0.0, 0.0)])
def test_notes_beyond_the_end_are_cut(start_s, length):
    sound = played(Strings(vibrato_semitones=0.2), start_s=start_s, length=length)
    assert sound.shape == (RATE_HZ,)
    assert np.isfinite(sound).all()


def test_the_same_seed_plays_the_same():
    assert np.array_equal(played(Strings(), seed=3), played(Strings(), seed=3))
    assert not np.array_equal(played(Strings(), seed=3), played(Strings(), seed=4))
