"""What is said and seen goes from the parts into the catalogue, and out again."""

from __future__ import annotations

import csv
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from db.catalogue.export import export
from db.catalogue.parts import write_part
from db.catalogue.publish import publish
from db.catalogue.senses import read_dialogues, read_pictures
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import Film
from senses import Dialogue, Picture, dialogue_of
from tests.db.sample import PlainEncoding, analysis_of
from tests.views.catalogue import SAID, SEEN, SHOWN


def hear(home: Home, state: State, name: str, said: Dialogue | None, seen: Picture | None) -> int:
    heard = replace(analysis_of(name), dialogue=said, picture=seen, faces=SHOWN if seen else None)
    write_part(home, heard)
    known = state.media_of(heard.media_sha256)
    film_id = known or state.add_film(Film(name))
    state.attach_media(film_id, heard.media_sha256, 0, heard.media, heard.model_version, renewed=known is not None)
    return film_id


def test_senses_of_films_come_back_and_follow_their_parts(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        told = replace(SAID, music_caption_spans=((10.0, 14.5), (60.0, 61.0)))
        both, silent = hear(home, state, "both", told, SEEN), hear(home, state, "silent", None, SEEN)
        hear(home, state, "neither", None, None)
        publish(home, PlainEncoding())
        with Snapshot.open(home) as snapshot:
            assert snapshot.dialogues() == {both: told}
            assert snapshot.pictures() == {both: SEEN, silent: SEEN}
            assert snapshot.pictures([both]) == {both: SEEN}
            assert snapshot.faces() == {both: SHOWN, silent: SHOWN}
        brighter = replace(SEEN, brightness=0.9)
        hear(home, state, "both", None, brighter)  # its subtitles are gone
        publish(home, PlainEncoding())
        with Snapshot.open(home) as snapshot:
            assert snapshot.dialogues() == {}
            assert snapshot.pictures() == {both: brighter, silent: SEEN}
        state.delete_film(both)
        publish(home, PlainEncoding())
        with Snapshot.open(home) as snapshot:
            assert snapshot.pictures() == {silent: SEEN}


def test_dialogue_that_was_read_before_captions_had_times_has_none() -> None:
    document = {**asdict(SAID), "sentiment_curve": [None] * 20}
    del document["music_caption_spans"]
    assert dialogue_of(document) == SAID and dialogue_of({**document, "music_caption_spans": None}) == SAID


def test_a_catalogue_published_before_the_senses_has_none() -> None:
    with duckdb.connect() as con:
        assert read_dialogues(con, [1]) == {} == read_pictures(con)


def test_the_export_names_the_senses_after_what_it_had(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with State.open(home) as state:
        hear(home, state, "both", SAID, SEEN)
        hear(home, state, "neither", None, None)
    publish(home, PlainEncoding())
    with Snapshot.open(home) as snapshot:
        export(snapshot, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    before = header.index("Music Under Speech")
    assert header[before + 1] == "Dialogue Language"
    table = pd.read_csv(tmp_path / "x.csv")
    first = table.iloc[0]
    assert (first["Dialogue"], first["Words Per Minute"], first["Sentiment"]) == (40.0, 80.5, -0.3)
    assert (first["Brightness"], first["Cuts Per Minute"], first["Palette"]) == (0.3, 6.0, "#010203 #fa0009")
    assert (first["Frames With Faces"], first["Faces Happy"], first["Close-ups"]) == (60.0, 30.0, 20.0)
    assert first["Black And White"] in (False, "False") and first["Dark Frames"] == pytest.approx(25)
    assert table.loc[1, header[before + 1 :]].isna().all()
