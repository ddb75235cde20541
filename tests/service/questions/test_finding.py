"""Words about sound: what is understood, what is named as not understood, and which scenes come first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from db.catalogue.parts import write_part
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import ATTRIBUTES, GENRES, LEVELS, Film
from models.ears.instruments import INSTRUMENTS
from models.ears.musicnn import MSD_TAGS
from recommender import Recommender
from service.api.routes import create_app
from service.library.publishing import publish
from service.questions.finding import find, find_document
from service.questions.sound_words import GENRE, LEVEL, MEANINGS, TAG, read_question
from tests.service.heard_home import analysis, tone


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three films of one scene each: slow sad jazz; fast happy jazz; slow happy rock, corrected to be negative."""
    home = Home.at(tmp_path / "home")
    scenes = (
        ("Blue", "jazz", "negative", 60.0, {"sad": 0.3, "jazz": 0.6, "piano": 0.2}),
        ("Swing", "jazz", "positive", 150.0, {"happy": 0.4, "jazz": 0.8}),
        ("Stone", "rock", "positive", 65.0, {"rock": 0.9}),
    )
    with State.open(home) as state:
        for place, (title, genre, valence, bpm, tags) in enumerate(scenes):
            heard = analysis(tone(300, 20), title, f"{place:064x}")
            further = {"tempo_bpm": bpm, "instrumentalness": 0.9 - 0.4 * place, "minor": (0.9, 0.2, 0.1)[place]}
            run = replace(
                heard.runs[0], genre=genre, genre_p=0.8, valence=valence, valence_p=0.7, further=further, tags=tags
            )
            [film_id] = state.add_films([Film(title)])
            write_part(home, replace(heard, runs=(run,)))
            state.attach_media(film_id, heard.media_sha256, 0, title, heard.model_version)
        state.correct_run(3, (run.start_s, run.end_s), "valence", "negative")
    publish(home)
    return home


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("slow sad jazz", "Blue"),
        ("FAST, happy; jazz!", "Swing"),
        ("slow rock", "Stone"),
        ("jazz, not slow", "Swing"),
        ("gloomy but not jazz", "Stone"),
        ("music without singing", "Blue"),
        ("singing", "Stone"),
        ("Piano!", "Blue"),
        ("in a minor key", "Blue"),
        ("something in major", "Stone"),
        ("like Blue, but faster and happier", "Swing"),
        ("something like Swing but sadder, with piano", "Blue"),
    ],
)
def test_the_scene_that_fits_comes_first(home: Home, question: str, first: str) -> None:
    with Snapshot.open(home) as snapshot:
        found = find(snapshot, Recommender(snapshot), question)
        assert found.scenes[0].title == first and found.films[0][1] == first
        assert len(find(snapshot, Recommender(snapshot), question, n=1).scenes) == 1


def test_what_matched_is_said_and_what_was_not_understood_is_named(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        found = find(snapshot, Recommender(snapshot), "slow sad organ jazz")
    assert [one.said for one in found.scenes[0].matches] == ["60 bpm", "sad .30", "jazz .80"]
    assert found.notices == ("Not understood, and left out: organ.",)
    assert found.scenes[0].score == pytest.approx(np.prod([one.fit for one in found.scenes[0].matches]) ** (1 / 3))
    assert found.films[0][2] == pytest.approx(found.scenes[0].score)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "has no words"),
        ("  ,.;-  ", "has no words"),
        ("sad " * 2500, "has 10000 characters. Give at most 200"),
        ("悲しい ピアノ", r"none of these words is understood \(悲しい, ピアノ\)"),
        ("the a of", "none of these words is understood. Say"),
        ("'; DROP TABLE films; --", "none of these words is understood"),
    ],
)
def test_what_says_nothing_about_sound_is_one_clear_line(question: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said) as caught:
        read_question(question)
    assert "\n" not in str(caught.value)


def test_the_longest_group_of_words_counts_and_not_reaches_to_the_next_word_only() -> None:
    reading = read_question("hard rock, no sad female vocals")
    assert [(one.words, one.is_unwanted) for one in reading.wanted] == [
        ("hard rock", False),
        ("sad", True),
        ("female vocals", False),
    ]


def test_every_meaning_names_what_is_measured() -> None:
    for measures in MEANINGS.values():
        for one in measures:
            if one.kind == TAG:
                assert one.name in (*MSD_TAGS, *INSTRUMENTS)
            elif one.kind == GENRE:
                assert one.name in GENRES
            elif one.kind == LEVEL:
                assert one.name in ATTRIBUTES and one.level in LEVELS[one.name]
    assert {one.name for measures in MEANINGS.values() for one in measures if one.kind == TAG} == {
        *MSD_TAGS,
        *INSTRUMENTS,
    }


def test_a_catalogue_without_music_says_so(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        state.add_films([Film("Silent")])
    publish(home)
    with Snapshot.open(home) as snapshot:
        found = find(snapshot, Recommender(snapshot), "sad")
    assert found.scenes == () and found.films == () and "No film with music" in found.notices[0]


def test_the_api_answers_alike(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        expected = find_document(find(snapshot, Recommender(snapshot), "slow sad jazz", 2))
    with TestClient(create_app(home)) as client:
        assert client.get("/find", params={"words": "slow sad jazz", "n": 2}).json() == expected
        refused = client.get("/find", params={"words": "ピアノ"})
        assert refused.status_code == 400 and "none of these words" in refused.json()["error"]


def test_a_film_and_changes_say_what_is_not_known_and_what_they_changed(home: Home) -> None:
    with Snapshot.open(home) as snapshot:
        recommender = Recommender(snapshot)
        found = find(snapshot, recommender, "like “Blue” but faster and more zither")
        assert found.reading.not_understood == ("zither",)
        assert found.notices[0] == "Not understood, and left out: zither."
        assert any(one.startswith("more tempo: on average") for one in found.notices)
        with pytest.raises(ParameterError, match="Vertigo: no such title"):
            find(snapshot, recommender, "like Vertigo but calmer")
        assert find(snapshot, recommender, "music like jazz").reading.wanted[0].words == "jazz"
        assert find(snapshot, recommender, "like Stone").films[0][1] in ("Blue", "Swing")


def test_a_film_that_was_not_heard_is_no_example_of_sound(home: Home) -> None:
    with State.open(home) as state:
        state.add_films([Film("Vertigo")])
    publish(home)
    with Snapshot.open(home) as snapshot, pytest.raises(ParameterError, match="no music of Vertigo was heard"):
        find(snapshot, Recommender(snapshot), "like Vertigo but calmer")
