"""The default ear as a whole: shapes, levels, short clips, and what its features promise."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from film import GENRES
from media.geometry import SECOND_SAMPLES
from models.ears.default_ear import UNDER_SPEECH, DefaultEar, activity_of, further_attributes, strongest_tags
from models.ears.default_features import (
    HEARD_WHOLE_S,
    PATCH_STEP_S,
    patch_starts,
    patch_weights,
    window_statistics,
)
from models.ears.heads import load_heads
from models.ears.instruments import INSTRUMENTS
from models.ears.key import key_attributes
from models.ears.musicnn import MSD_TAGS
from models.ears.pace import Pace, chosen
from models.ears.store import load_weights
from models.features import activity_mel, signal_features
from models.features.levelling import Levelled
from models.features.short_term import mid_term_statistics, short_term_features

RATE = 8_000


def melody(seconds: int, amplitude: float = 0.2, seed: int = 0) -> np.ndarray:
    """Chords of decaying partials on a beat of 0.5 s, int16."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(seconds * RATE)
    t = np.arange(RATE) / RATE
    for beat in range(2 * seconds - 2):
        for note in rng.choice([220, 262, 330, 392, 440], 3, replace=False):
            tone = sum(np.sin(2 * np.pi * note * k * t) / k for k in (1, 2, 3)) * np.exp(-3 * t)
            sound[beat * RATE // 2 :][:RATE] += tone
    return (sound / np.abs(sound).max() * amplitude * 32_767).astype(np.int16)


def test_every_further_attribute_is_defined_in_the_design() -> None:
    design = (Path(__file__).parents[3] / "docs" / "design.md").read_text(encoding="utf-8")
    blocks = {"tags": np.zeros((1, 50)), "beats_bpm": np.full((1, 4), 100.0), "beats_strength": np.ones((1, 4))}
    blocks["beats_between"] = np.zeros((1, 4))
    named = further_attributes(blocks, Pace(np.zeros(50), 7.0)) | key_attributes(np.zeros(8_000))
    assert [name for name in named if f"| `{name}` |" not in design] == []


@pytest.fixture(scope="module")
def ear() -> DefaultEar:
    return DefaultEar.load()


def test_a_run_of_n_seconds_has_n_minus_9_windows_of_probabilities(ear: DefaultEar) -> None:
    samples = melody(30)
    twelve, ten = ear.attributes(samples, [(5, 17), (20, 30)], None)
    assert twelve.genre.shape == (3, len(GENRES))
    assert ten.genre.shape == (1, len(GENRES))
    for run in (twelve, ten):
        for p in (run.genre, run.danceability, run.valence, run.energy):
            assert np.allclose(p.sum(axis=1), 1, atol=1e-5)
            assert p.dtype == np.float32
        heard = {"acousticness", "instrumentalness", "tempo_bpm", "tempo_confidence", "key", "key_confidence", "minor"}
        assert set(run.further) == heard
        for name in ("acousticness", "instrumentalness", "tempo_confidence", "key_confidence", "minor"):
            assert ((run.further[name] >= 0) & (run.further[name] <= 1)).all()
        for name in ("key", "key_confidence", "minor"):
            assert run.further[name].shape == (len(run.genre),) and np.ptp(run.further[name]) == 0
        assert run.embedding.shape[0] == len(run.genre)


def test_the_tags_of_a_run_are_its_likeliest_by_mean_probability(ear: DefaultEar) -> None:
    p = np.full((2, len(MSD_TAGS)), 0.0004)
    p[:, :9] = np.linspace(0.5, 0.1, 9)
    p[:, 30] = [0.9, 0.4]
    found = strongest_tags(np.log(p / (1 - p)))
    assert found == {MSD_TAGS[30]: 0.65} | {MSD_TAGS[k]: pytest.approx(0.5 - 0.05 * k, abs=5e-4) for k in range(7)}
    assert list(found) == [MSD_TAGS[k] for k in (30, 0, 1, 2, 3, 4, 5, 6)]
    p[:, 3:] = 0.0004
    assert list(strongest_tags(np.log(p / (1 - p)))) == list(MSD_TAGS[:3])  # what rounds to 0 is left out
    (run,) = ear.attributes(melody(12), [(0, 12)], None)
    played = [name for name in run.tags if name in INSTRUMENTS]
    assert len(run.tags) == 8 + len(played) and set(run.tags) <= {*MSD_TAGS, *INSTRUMENTS}
    assert 1 <= len(played) <= 4 and list(run.tags.values()) == sorted(run.tags.values(), reverse=True)


def test_genre_is_said_by_the_head_for_speech_where_somebody_speaks(ear: DefaultEar) -> None:
    features = ear.window_features(melody(30), 0, 30)
    heads = load_heads(load_weights("default_heads"))
    alone, under = (heads[name].probabilities(features) for name in ("genre", UNDER_SPEECH))
    spoken = np.arange(30) >= 18
    (run,) = ear.attributes(melody(30), [(0, 30)], spoken)
    np.testing.assert_allclose(run.genre[:9], alone[:9], atol=1e-6)  # windows up to second 18
    np.testing.assert_allclose(run.genre[11:], under[11:], atol=1e-6)  # three seconds of speech and more
    np.testing.assert_allclose(run.genre[9], (2 * alone[9] + under[9]) / 3, atol=1e-6)
    (silent,) = ear.attributes(melody(30), [(0, 30)], None)
    np.testing.assert_allclose(silent.genre, alone, atol=1e-6)
    assert np.abs(alone - under).max() > 0.01


def test_attributes_do_not_depend_on_the_level(ear: DefaultEar) -> None:
    loud, soft = (ear.attributes(melody(14, a), [(0, 14)], None)[0] for a in (0.8, 0.05))
    assert np.abs(loud.genre - soft.genre).max() < 0.05
    assert np.abs(loud.energy - soft.energy).max() < 0.05
    assert np.abs(loud.danceability - soft.danceability).max() < 0.08


def test_activity_does_not_depend_on_the_level(ear: DefaultEar) -> None:
    (loud, _), (soft, _) = (ear.activity(melody(40, a)) for a in (0.8, 0.08))
    assert np.abs(loud.music - soft.music).max() < 0.05


@pytest.mark.parametrize("seconds", [1, 3, 25, 131])
def test_activity_has_a_value_for_every_whole_second(ear: DefaultEar, seconds: int) -> None:
    samples = np.resize(melody(20), seconds * SECOND_SAMPLES + 4_000)
    activity, _ = ear.activity(samples)
    for row in (activity.music, activity.speech, activity.label, activity.present):
        assert row.shape == (seconds,)
    assert np.array_equal(activity.present, activity.music >= 0.5)


def test_activity_of_nothing_is_empty_and_of_silence_is_other(ear: DefaultEar) -> None:
    nothing, _ = ear.activity(np.zeros(100, np.int16))
    assert nothing.label.shape == (0,)
    silence, _ = ear.activity(np.zeros(30 * RATE, np.int16))
    assert (silence.label == 2).all()


def test_pieces_of_a_film_join_without_seams(ear: DefaultEar, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = np.concatenate([melody(50), np.zeros(20 * RATE, np.int16), melody(60, seed=1)])
    whole, _ = ear.activity(samples)
    monkeypatch.setattr("models.ears.activity_net.CHUNK_S", 40)
    pieces, _ = ear.activity(samples)
    assert np.abs(whole.music - pieces.music).max() < 0.02


@given(st.integers(HEARD_WHOLE_S + 1, 400))
def test_a_window_of_a_long_run_lies_between_two_patches(length_s: int) -> None:
    starts = patch_starts(length_s)
    weights = patch_weights(length_s, starts)
    assert weights.shape == (length_s - 9, starts.size)
    assert np.allclose(weights.sum(axis=1), 1) and (weights >= 0).all()
    assert length_s - PATCH_STEP_S <= starts.max() <= length_s - 3 and (np.diff(starts) > 0).all()
    middles = np.clip(np.arange(length_s - 9) + 5.0, 1.5, starts.max() + 1.5)
    assert np.allclose(weights @ (starts + 1.5), middles)


@given(st.integers(10, HEARD_WHOLE_S))
def test_every_window_of_a_short_run_averages_the_patches_it_overlaps(length_s: int) -> None:
    starts = patch_starts(length_s)
    weights = patch_weights(length_s, starts)
    assert weights.shape == (length_s - 9, starts.size)
    assert np.allclose(weights.sum(axis=1), 1)
    assert starts.max() + 3 <= length_s
    window = np.arange(length_s - 9)[:, None]
    apart = (starts + 3 <= window) | (starts >= window + 10)
    assert (weights[apart] == 0).all()


def test_window_statistics_equal_those_of_each_window_alone() -> None:
    rng = np.random.default_rng(0)
    sound = (rng.standard_normal(RATE * 13) * np.repeat(rng.uniform(0.01, 0.2, 13), RATE)).astype(np.float32)
    windows = [sound[s * RATE : (s + 10) * RATE] for s in range(4)]
    peaks = np.array([float(np.abs(w).max()) for w in windows])
    found = window_statistics(short_term_features(sound, "fixed"), peaks)
    alone = [mid_term_statistics(short_term_features(w - w.mean(), "file"), 200) for w in windows]
    assert np.abs(found - np.concatenate(alone)).max() < 5e-3


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([70, 84, 96, 110, 120, 132]))
def test_the_tempo_of_clicks_is_found(bpm: int) -> None:
    rng = np.random.default_rng(bpm)
    sound = rng.standard_normal(RATE * 10) * 1e-4
    for at in np.arange(0.2, 9.8, 60 / bpm):
        click = rng.standard_normal(400) * np.exp(-np.arange(400) / 100) * 0.3
        sound[int(at * RATE) : int(at * RATE) + 400] += click
    beats = signal_features.beats(signal_features.window_log_mels(signal_features.fine_power_mel(sound), 1))
    found, confidence = chosen(np.array([110.0]), *beats)
    assert found[0] == pytest.approx(bpm, rel=0.03)
    assert confidence[0] > 0.5


def test_noise_has_no_pulse() -> None:
    sound = np.random.default_rng(0).standard_normal(RATE * 10) * 0.1
    log_mels = signal_features.window_log_mels(signal_features.fine_power_mel(sound), 1)
    assert signal_features.beats(log_mels)[1].max() < 0.45
    assert signal_features.pulse_features(log_mels).shape == (1, signal_features.N_FEATURES)


def test_pulse_features_do_not_depend_on_the_level() -> None:
    sound = melody(10).astype(np.float64) / 32_768
    found = [
        signal_features.pulse_features(signal_features.window_log_mels(signal_features.fine_power_mel(sound * g), 1))
        for g in (1.0, 0.25)
    ]
    assert np.allclose(found[0], found[1], rtol=1e-3, atol=1e-3)


def test_the_activity_mel_equals_librosa() -> None:
    sound = np.random.default_rng(2).standard_normal(3 * RATE).astype(np.float32) * 0.1
    expected = librosa.feature.melspectrogram(
        y=sound, sr=RATE, n_fft=512, win_length=400, hop_length=160, n_mels=48, pad_mode="constant"
    )
    found = activity_mel.network_input(Levelled(sound, np.ones(3, np.float32), slice(0, 3)), 0, 3)
    assert np.allclose(found, activity_mel.scale(expected.T[:150]), atol=1e-3)


def test_strong_evidence_survives_smoothing() -> None:
    logits = np.full((60, 2), -6.0)
    logits[20:40, 0] = 6.0
    activity = activity_of(logits)
    assert activity.present[21:39].all()
    assert not activity.present[:18].any()
    assert not activity.present[42:].any()
