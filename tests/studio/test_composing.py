"""Pieces keep to the tempo, mode and intensity that were asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from film import GENRES
from studio import INTENSITIES, MusicCue
from studio.composing import compose
from studio.instruments import PLAYED_HZ, perform
from studio.notes import DRUM_CHANNEL
from studio.style import KICK
from studio.styles import STYLES


def piece(genre, seed=0, seconds=20.0, **wanted):
    return compose(MusicCue(genre, 0, seconds, **wanted), np.random.default_rng(seed))


def test_every_genre_has_a_style():
    assert set(STYLES) == set(GENRES)


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("intensity", INTENSITIES)
def test_notes_fit_the_piece_and_the_instruments(genre, intensity):
    made = piece(genre, intensity=intensity)
    assert made.notes
    for note in made.notes:
        assert 0 <= note.start_s < 20
        assert note.seconds > 0
        assert 0 <= note.key <= 127 and 1 <= note.velocity <= 127
        assert note.channel == DRUM_CHANNEL or note.channel in made.programs


@pytest.mark.parametrize("genre", GENRES)
def test_intensity_adds_notes_and_force(genre):
    low, high = (piece(genre, intensity=level, tempo_bpm=100.0) for level in ("low", "high"))
    assert len(high.notes) > 1.3 * len(low.notes)
    assert np.mean([n.velocity for n in high.notes]) > np.mean([n.velocity for n in low.notes]) + 20


def test_calm_music_is_slurred_and_lively_music_detached(monkeypatch):
    """In one and the same jazz, the notes of the instruments are cut short as the intensity asks; those of the drums
    stay."""
    style = replace(STYLES["jazz"], touch=(1.0, 1.0, 1.0))
    made = {}
    for touch in (1.0, 0.5):
        monkeypatch.setitem(STYLES, "jazz", replace(style, touch=(1.0, touch, 1.0)))
        made[touch] = piece("jazz").notes
    for note, shorter in zip(made[1.0], made[0.5], strict=True):
        kept = 1.0 if note.channel == DRUM_CHANNEL else 0.5
        assert shorter.seconds == pytest.approx(max(0.04, note.seconds * kept))
    calm, lively = STYLES["jazz"].touch[0], min(style.touch[2] for style in STYLES.values())
    assert calm == 1.0 > lively > 0.3


def test_a_singer_waits_for_the_intensity_that_wants_one(monkeypatch):
    singer = replace(STYLES["pop"].singer, from_intensity=1)
    monkeypatch.setitem(STYLES, "pop", replace(STYLES["pop"], singer=singer))
    calm, livelier = piece("pop", intensity="low"), piece("pop", intensity="medium")
    assert not calm.sung and calm.voice is None
    assert livelier.sung and livelier.voice == singer.voice


def test_rock_is_distorted_more_the_more_intense_it_is():
    calm, medium, wild = (piece("rock", intensity=level).mix.drive_db for level in INTENSITIES)
    assert calm < medium < wild


@pytest.mark.parametrize("genre", ["pop", "country", "classical", "dance"])
def test_the_third_tells_the_mode(genre):
    """Of the pitch classes over the tonic, the mode's own third is played more than the other's."""
    for mode, own, other in (("major", 4, 3), ("minor", 3, 4)):
        seconds_of = np.zeros(12)
        for seed in range(6):
            rng = np.random.default_rng(seed)
            made = compose(MusicCue(genre, 0, 40, mode=mode), rng)
            tonic = _tonic(genre, seed, mode)
            for note in made.notes:
                if note.channel != DRUM_CHANNEL:
                    seconds_of[(note.key - tonic) % 12] += note.seconds
        assert seconds_of[own] > seconds_of[other]


def _tonic(genre, seed, mode):
    from studio.composing import _Composer

    return _Composer(MusicCue(genre, 0, 40, mode=mode), np.random.default_rng(seed)).tonic


def test_the_kick_keeps_the_tempo():
    made = piece("dance", tempo_bpm=125.0, intensity="medium")
    kicks = sorted(n.start_s for n in made.notes if n.channel == DRUM_CHANNEL and n.key == KICK)
    gaps = np.diff(kicks)
    assert np.median(gaps) == pytest.approx(60 / 125, abs=0.01)


def test_swing_delays_the_off_beat():
    def offbeat_share(genre):
        made = piece(genre, tempo_bpm=100.0, intensity="high", seconds=30)
        beat_s = 0.6
        phases = np.array([(n.start_s / beat_s) % 1 for n in made.notes if n.channel == DRUM_CHANNEL])
        return np.median(phases[(phases > 0.4) & (phases < 0.8)])

    assert offbeat_share("blues") == pytest.approx(0.66, abs=0.03)
    assert offbeat_share("rock") == pytest.approx(0.5, abs=0.03)


def test_a_performance_has_the_length_asked_for():
    sound = perform(piece("jazz", seconds=5.0), 5.0, np.random.default_rng(0))
    assert sound.shape == (5 * PLAYED_HZ,)
    assert np.isfinite(sound).all()
    assert np.sqrt((sound**2).mean()) > 0.005


def test_a_piece_played_alone_has_one_instrument_and_nothing_else():
    for genre in ("hiphop", "blues", "pop"):
        made = piece(genre, seconds=4.0, intensity="high").alone(73)
        assert set(made.programs.values()) == {73}
        assert made.notes and all(note.channel in made.programs for note in made.notes)
        assert not (made.amplified or made.strings or made.sub or made.sung or made.rapped or made.voice)


def test_another_instrument_than_the_style_has_does_not_borrow_its_strings():
    guitar, harmonica = (piece("blues", lead_program=program) for program in (27, 22))
    assert max(guitar.programs) in guitar.strings and max(guitar.programs) in guitar.amplified
    assert max(harmonica.programs) not in harmonica.strings and max(harmonica.programs) not in harmonica.amplified
