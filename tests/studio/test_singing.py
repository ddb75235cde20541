"""A singer keeps to the notes, and to the time of the film."""

from __future__ import annotations

import numpy as np
import pytest

from studio.singing import SungNote, Voice, sing

RATE_HZ = 16_000


def pitch_hz(samples):
    """The fundamental, by autocorrelation."""
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4].astype(float)
    spectrum = np.abs(np.fft.rfft(middle, 2 * len(middle))) ** 2
    likeness = np.fft.irfft(spectrum)
    low, high = RATE_HZ // 700, RATE_HZ // 70
    return RATE_HZ / (low + int(np.argmax(likeness[low:high])))


@pytest.mark.parametrize(("key", "voice"), [(48, Voice()), (60, Voice(tract=1.17)), (50, Voice(rasp=0.6))])
def test_a_note_has_its_pitch(key, voice):
    still = Voice(voice.tract, voice.breath, voice.rasp, vibrato_semitones=0.0)
    sound = sing([SungNote(0.0, 1.0, key, 0.8)], 1.0, RATE_HZ, still, np.random.default_rng(2))
    off = 12 * np.log2(pitch_hz(sound) / (440 * 2 ** ((key - 69) / 12)))
    assert min(abs(off), abs(off + 12)) < 0.3  # a hoarse voice lets every second pulse go: an octave below
    assert np.abs(sound).max() == pytest.approx(0.8, abs=0.2)


def test_rests_are_silent_and_the_same_seed_sings_the_same():
    notes = [SungNote(0.5, 0.4, 60, 0.9), SungNote(1.5, 0.4, 62, 0.9)]
    first, again, other = (sing(notes, 2.0, RATE_HZ, Voice(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (2 * RATE_HZ,)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert not first[: RATE_HZ // 2].any() and not first[RATE_HZ : RATE_HZ * 3 // 2].any()


@pytest.mark.parametrize("notes", [[], [SungNote(5.0, 1.0, 60, 1.0)], [SungNote(0.0, 0.0, 60, 1.0)]])
def test_nothing_to_sing_and_notes_beyond_the_end_do_no_harm(notes):
    sound = sing(notes, 1.0, RATE_HZ, Voice(), np.random.default_rng(0))
    assert sound.shape == (RATE_HZ,)
    assert np.isfinite(sound).all()
