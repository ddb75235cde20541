"""A rendered film is what its script says, second by second, and the same film every time."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import ModelError, ParameterError
from film import GENRES, MUSIC, OTHER, SPEECH
from studio import (
    EFFECTS,
    HABITS,
    RATE_HZ,
    EffectCue,
    FilmScript,
    MusicCue,
    SpeechCue,
    film_script,
    render,
    short_film,
    validity_script,
)
from studio import extra as studio_extra
from studio.truth import danceability_level, presence, valence_level

SILENCE = float("-inf")
MIXED = FilmScript(
    "Mixed",
    30,
    (MusicCue("pop", 4, 20, 120.0, "major"),),
    (SpeechCue(12, 10, voices=("en-us+f2", "de+m3")),),
    (EffectCue("rain", 20, 10, -8.0),),
)


def second_rms(samples: np.ndarray) -> np.ndarray:
    whole = samples[: len(samples) // RATE_HZ * RATE_HZ].astype(float) / 32768
    return np.sqrt((whole.reshape(-1, RATE_HZ) ** 2).mean(axis=1))


def flatness(samples: np.ndarray) -> float:
    """Spectral flatness: 1 for white noise, near 0 for tones."""
    frames = samples[: len(samples) // 1024 * 1024].astype(float).reshape(-1, 1024) * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2)[:, 4:400] + 1e-3
    return float(np.median(np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)))


def centroid_hz(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / RATE_HZ) * power).sum() / power.sum())


def _bytes(seed: int) -> bytes:
    return render(MIXED, seed).samples.tobytes()


def test_a_seed_gives_the_same_samples_in_every_process():
    here = _bytes(3)
    assert here == _bytes(3)
    assert here != _bytes(4)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_bytes, (3,)) == here


def test_what_was_rendered_before_changes_nothing():
    first = render(MIXED, 1).samples
    render(FilmScript("Other", 5, speech=(SpeechCue(0, 5, voices=("fr+f1",)),)), 9)
    assert np.array_equal(first, render(MIXED, 1).samples)


def test_sound_and_truth_have_the_length_of_the_script():
    film = render(MIXED, 0)
    assert film.samples.dtype == np.int16
    assert film.samples.shape == (30 * RATE_HZ,)
    assert film.music.shape == film.speech.shape == film.label.shape == (30,)
    assert film.seconds == 30


def test_an_empty_script_is_digital_silence():
    film = render(FilmScript("Nothing", 3, floor_db=SILENCE), 0)
    assert not film.samples.any()
    assert (film.label == OTHER).all()
    assert film.segments == ()


@pytest.mark.parametrize("genre", GENRES)
def test_music_sounds_where_the_truth_says_so_and_nowhere_else(genre):
    film = render(FilmScript("Cue", 20, (MusicCue(genre, 4, 12, fade_out_s=0.5),), floor_db=SILENCE), 2)
    assert list(np.flatnonzero(film.music)) == list(range(4, 16))
    assert (film.label == np.where(film.music, MUSIC, OTHER)).all()
    rms = second_rms(film.samples)
    assert rms[film.music].min() > 10 ** (-52 / 20)
    assert not rms[~film.music].any()
    [segment] = film.segments
    assert (segment.genre, segment.start_s, segment.end_s) == (genre, 4, 16)


@pytest.mark.parametrize("voice", ["en+m3", "en-us+f2", "de+f2", "fr+m2", "es+f3", "it+m2"])
def test_speech_is_present_where_somebody_speaks(voice):
    film = render(FilmScript("Talk", 16, speech=(SpeechCue(3, 10, voices=(voice,)),), floor_db=SILENCE), 0)
    assert not film.speech[:3].any() and not film.speech[13:].any()
    assert film.speech[3:13].mean() >= 0.7
    assert (film.label[film.speech] == SPEECH).all()
    assert not film.music.any()


def test_of_both_present_the_louder_gives_the_label():
    loud, soft = (
        render(FilmScript("Both", 12, (MusicCue("rock", 0, 12, level_db=level),), (SpeechCue(0, 12, pause_s=0.05),)), 0)
        for level in (20.0, -20.0)
    )
    both = loud.music & loud.speech
    assert both.sum() >= 8
    assert (loud.label[both] == MUSIC).all()
    assert (soft.label[soft.music & soft.speech] == SPEECH).all()


@given(level_db=st.floats(-20, 0))
@settings(max_examples=5, deadline=None)
def test_a_level_is_decibels_relative_to_speech(level_db):
    cue = MusicCue("electronic", 0, 8, 120.0, "minor", "high", level_db, fade_in_s=0, fade_out_s=0)
    film = render(FilmScript("Level", 8, (cue,), floor_db=SILENCE), 0)
    measured = 20 * np.log10(np.sqrt(((film.samples / 32768.0) ** 2).mean()))
    assert measured == pytest.approx(-24.0 + level_db, abs=1.5)


def test_music_is_turned_down_while_somebody_speaks():
    script = FilmScript(
        "Duck", 20, (MusicCue("electronic", 0, 20, intensity="high"),), (SpeechCue(10, 8, level_db=-60),)
    )
    flat, ducked = (second_rms(render(replace(script, duck_db=db), 0).samples) for db in (0.0, -12.0))
    assert ducked[2:9] == pytest.approx(flat[2:9], rel=0.01)
    assert 20 * np.log10(ducked[12:17] / flat[12:17]) == pytest.approx(-12.0, abs=1.0)


def test_nothing_clips_and_a_loud_mix_is_limited():
    cues = tuple(MusicCue("metal", 0, 6, intensity="high", level_db=20.0) for _ in range(3))
    samples = render(FilmScript("Loud", 6, cues), 0).samples
    assert np.abs(samples.astype(int)).max() <= 0.98 * 32767
    assert np.mean(np.abs(samples.astype(int)) > 0.969 * 32767) < 0.2


def test_music_is_tonal_and_rain_is_noise():
    def of(**cues):
        return render(FilmScript("Spectrum", 8, floor_db=SILENCE, **cues), 0).samples

    rain = of(effects=(EffectCue("rain", 0, 8),))
    assert flatness(of(music=(MusicCue("classical", 0, 8),))) < 0.1 < flatness(rain)
    assert centroid_hz(of(effects=(EffectCue("engine", 0, 8),))) < 800 < 1_500 < centroid_hz(rain)


@pytest.mark.parametrize("kind", EFFECTS)
def test_an_effect_is_other(kind):
    film = render(FilmScript("Effect", 8, effects=(EffectCue(kind, 0, 8),)), 0)
    assert (film.label == OTHER).all()
    assert np.abs(film.samples.astype(int)).max() > 500


def test_subtitles_caption_each_piece_of_music_among_what_is_said():
    rendered = render(MIXED, 3)
    captions = [cue for cue in rendered.subtitles() if cue.text == "[music]"]
    assert [round(cue.start_s) for cue in captions] == [one.start_s for one in rendered.segments] != []
    assert all(0 < cue.end_s - cue.start_s <= 4 for cue in captions)
    assert set(rendered.subtitles()) - set(captions) == set(rendered.said) != set()


def test_cues_beyond_the_end_are_cut():
    film = render(FilmScript("Cut", 5, (MusicCue("pop", 3, 30), MusicCue("jazz", 9, 4)), floor_db=SILENCE), 0)
    assert len(film.samples) == 5 * RATE_HZ
    assert [(s.genre, s.start_s, s.end_s) for s in film.segments] == [("pop", 3, 5)]


def test_the_validity_file_is_speech_seven_songs_and_sounds():
    film = render(validity_script(), 1)
    assert film.seconds == 260
    assert [s.genre for s in film.segments] == ["blues", "classical", "country", "hiphop", "jazz", "pop", "rock"]
    assert all(s.end_s - s.start_s == 20 for s in film.segments)
    assert not (film.music & film.speech).any()
    for attribute, needed in (("energy", 3), ("valence", 2), ("danceability", 3)):
        assert len({getattr(s, attribute) for s in film.segments}) >= needed


def test_the_short_film_has_every_kind_of_second():
    film = short_film(5, 40)
    kinds = {(bool(m), bool(s)) for m, s in zip(film.music, film.speech, strict=True)}
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}


@given(habit=st.sampled_from(HABITS), seed=st.integers(0, 10_000), seconds=st.integers(30, 240))
def test_a_habit_gives_a_script_that_keeps_to_its_time_and_share(habit, seed, seconds):
    script = film_script(habit, "Any", seconds, seed)
    assert script == film_script(habit, "Any", seconds, seed)
    ends = [cue.start_s + cue.seconds for cue in script.music]
    assert all(end <= seconds + 1e-6 for end in ends)
    assert all(end <= cue.start_s + 1e-6 for end, cue in zip(ends, script.music[1:], strict=False))
    share = sum(cue.seconds for cue in script.music) / seconds
    assert share >= habit.music_share - 0.01
    assert {cue.genre for cue in script.music} <= {genre for genre, _ in habit.genres}
    assert not film_script(habit, "Any", seconds, seed, music=False).music


def test_the_rules_of_truth():
    assert valence_level("major", 100) == "positive"
    assert valence_level("major", 99) == valence_level("minor", 100) == "neutral"
    assert valence_level("minor", 99) == "negative"
    assert danceability_level("dance", 126, "high") == "high"
    assert danceability_level("dance", 126, "low") == "medium"
    assert danceability_level("classical", 126, "high") == "low"
    assert danceability_level("rock", 126, "high") == "medium"


def test_short_rests_do_not_interrupt_music():
    stem = np.full(4 * RATE_HZ, 0.1)
    stem[RATE_HZ : 2 * RATE_HZ] = 0
    assert presence(stem, 1.0).tolist() == [True] * 4
    assert presence(stem, 0.3).tolist() == [True, False, True, True]


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setattr(studio_extra, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"tinysoundfont.*pip install 'filmscore\[studio\]'"):
        render(MIXED, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: MusicCue("polka", 0, 5),
        lambda: MusicCue("pop", -1, 5),
        lambda: MusicCue("pop", 0, 0),
        lambda: MusicCue("pop", 0, 5, tempo_bpm=1_000),
        lambda: MusicCue("pop", 0, 5, mode="dorian"),
        lambda: MusicCue("pop", 0, 5, intensity="extreme"),
        lambda: EffectCue("laughter", 0, 5),
        lambda: SpeechCue(0, 5, voices=()),
        lambda: FilmScript("Short", 0),
        lambda: render(FilmScript("Voice", 3, speech=(SpeechCue(0, 3, voices=("xx-nobody",)),)), 0),
    ],
)
def test_what_cannot_be_rendered_is_refused(wrong):
    with pytest.raises(ParameterError):
        wrong()
