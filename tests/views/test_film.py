"""Film: director, film and layer; what is drawn says what was heard."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.publish import attach_generated, generated_film
from db.catalogue.parts import read_part, write_part
from db.catalogue.stored_runs import StoredRun
from db.home import Home
from db.state.store import State
from film import GENRES, LABELS, SURE_OF_KEY, Film, FilmSummary, MusicRun
from ingest.summarise import summarise
from service.languages import VARIABLE, Language
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue, energy_curve, segment_table
from tests.views.catalogue import HABITS
from tests.views.conftest import Open
from tests.views.test_discover import address
from tests.views.test_pages import words
from views.film_figures import (
    clock,
    description,
    further_words,
    loudness_words,
    presence_words,
    span,
    timeline,
    two_level_pie,
)
from views.film_scenes import _scene_rows
from views.sound_print import whole_percentages
from views.theme import DARK

I_CONFESS = FilmSummary(
    dict(zip(GENRES, (14.0, 2.0, 0.0, 0.0, 31.0, 51.0, 1.0, 0.0, 1.0, 0.0), strict=True)),
    {"low": 67.0, "medium": 31.0, "high": 2.0},
    {"negative": 80.0, "neutral": 20.0, "positive": 0.0},
    {"low": 60.0, "medium": 15.0, "high": 25.0},
    31.0,
    63.0,
    6.0,
)


def test_scenes_are_one_line_each(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="3", layer="segments")
    (table,) = [one.proto.body for one in app.get("html") if '<div class="fs-scenes"' in one.proto.body]
    runs = OpenCatalogue.open(filled).snapshot.runs(3)
    rows = re.findall(r"<tr><th scope=.row.>(.+?)</th><td class=..>(.+?)</td>.*?<td class=.fs-num.>(\d+) %", table)
    assert rows == [(span(run), run.genre, f"{100 * run.genre_p:.0f}") for run in runs]


def test_what_is_known_of_a_film_leads_to_films_that_share_it(filled: Home, open_page: Open) -> None:
    said = words(open_page(filled.root, "film", film="1"))
    for params in ("decade=1960", "person=Slow+strings", "genre=Crime", "country=USA", "person=A.+Player"):
        assert f'href="films?{params}"' in said


def test_a_film_is_liked_on_its_page_and_the_answers_know(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="3", like="1", music="0.8")
    assert 'href="./?like=1&amp;music=0.8"' in words(app), "the way back is the question"
    app.button(key="film-likes-3").click().run()
    assert address(app) == {"film": "3", "like": "1,3", "music": "0.8"}
    assert 'href="./?like=1%2C3&amp;music=0.8"' in words(app)
    app.button(key="film-likes-3").click().run()
    assert address(app) == {"film": "3", "like": "1", "music": "0.8"}, "pressed again it is taken back"


def test_a_film_leads_to_others_with_music_by_its_composer(tmp_path: Path, open_page: Open) -> None:
    home = Home.at(tmp_path)
    with State.open(home) as state:
        for title, rating in (("First", 6.0), ("Second", 8.0), ("Third", 7.0)):
            state.add_film(
                Film(title, rating=rating, composers=("Nino & Rota", "Solo")[: 2 if title == "First" else 1])
            )
    publish(home)
    said = words(open_page(home.root, "film", film="1"))
    row = said[said.index("More with music by Nino &amp; Rota") :]
    assert row.index("Second") < row.index("Third"), "the best rated first, and not the film itself"
    assert '<b dir="auto">First' not in said
    assert 'href="films?person=Nino+%26+Rota&amp;sort=rated"' in row
    assert "music by Solo" not in said, "who wrote the music of no other film has no row"


def test_without_a_film_one_is_found_by_its_title(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film")
    app.selectbox(key="film-find").select(5).run()
    assert address(app)["film"] == "5"
    assert OpenCatalogue.open(filled).snapshot.film(5).title in words(app)


def test_a_film_that_was_not_heard_says_how_to_hear_it(filled: Home, open_page: Open) -> None:
    assert "Not analysed yet" in words(open_page(filled.root, "film", film="25"))
    assert "No music of ten seconds" in words(open_page(filled.root, "film", film="21"))


def test_visitors_from_elsewhere_are_not_told_commands(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "filmscore ingest FILE" in words(open_page(filled.root, "film", film="25"))
    monkeypatch.setattr("views.share.on_this_machine", lambda: False)
    said = words(open_page(filled.root, "film", film="25"))
    assert "how it sounds is not known" in said and "ingest FILE" not in said


def test_a_link_to_a_film_that_is_gone_says_so(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="999")
    assert "no longer in the catalogue" in words(app) and app.title[0].value == "Film"
    assert not app.exception


def test_the_pie_of_i_confess_is_the_thesis_s_table_16() -> None:
    pie = two_level_pie(I_CONFESS, DARK).data[0]
    values = dict(zip(pie.ids, pie.values, strict=True))
    assert [values[label] for label in LABELS] == [31, 63, 6]
    assert sum(value for name, value in values.items() if name.startswith("music/")) == pytest.approx(31)
    assert values["music/classical"] == pytest.approx(31 * 0.51)
    assert set(pie.parents) == {"", "music"}


def test_the_levels_are_told_beside_their_bars(filled: Home, open_page: Open) -> None:
    said = words(open_page(filled.root, "film", film="1"))
    summary = OpenCatalogue.open(filled).snapshot.summary(1)
    assert summary is not None
    for attribute in ("energy", "valence", "danceability"):
        shares = whole_percentages(getattr(summary, attribute))
        assert ", ".join(f"{level} {share} %" for level, share in shares.items()) in said


def test_the_timeline_puts_each_run_in_its_place(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    heard, runs = found.snapshot.activity(1), found.snapshot.runs(1)
    assert heard is not None
    figure = timeline(heard, runs, DARK)
    bars = [bar for bar in figure.data if bar.type == "bar"]
    placed = sorted((base * 60, length * 60) for bar in bars for base, length in zip(bar.base, bar.x, strict=True))
    assert placed == [pytest.approx((run.start_s, run.seconds)) for run in runs]


def test_the_energy_curve_is_the_mean_level_of_each_window(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    runs = found.snapshot.runs(1)
    curve = energy_curve(found, 1)
    assert curve is not None
    # the catalogue's windows are .7 sure of their level and .15 of each other: .15 + .3, .7 + .3, .15 + 1.4; six a run
    by_level = {"low": 0.45, "medium": 1.0, "high": 1.55}
    expected = [(run.start_s + 5 + place, by_level[run.energy]) for run in runs for place in range(6)]
    assert list(curve["second"]) == [second for second, _ in expected]
    assert list(curve["energy"]) == pytest.approx([level for _, level in expected])
    heard = found.snapshot.activity(1)
    assert heard is not None
    *_, bold, thin = timeline(heard, runs, DARK, curve).data
    assert [x * 60 for x in bold.x if x is not None] == pytest.approx(
        [t for run in runs for t in (run.start_s, run.end_s)]
    )
    drawn = {round(60 * x): y for x, y in zip(thin.x, thin.y, strict=True) if not np.isnan(y)}
    assert drawn == {second: pytest.approx(level) for second, level in expected}


def test_without_its_part_a_film_has_the_levels_of_its_runs_alone(filled: Home, tmp_path: Path) -> None:
    shutil.copytree(filled.root, tmp_path / "copy")
    home = Home.at(tmp_path / "copy")
    shutil.rmtree(home.parts)
    assert energy_curve(OpenCatalogue.open(home), 1) is None


def test_a_film_of_the_measurements_is_heard_as_an_ear_hears(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    rng = np.random.default_rng(0)
    with State.open(home) as state:
        state.add_films(generated_film(rng, number) for number in range(3))
        attach_generated(home, state, rng, 1, 1)
    publish(home)
    found = OpenCatalogue.open(home)
    curve, runs = energy_curve(found, 1), found.snapshot.runs(1)
    assert curve is not None and len(curve) == sum(run.seconds - 9 for run in runs)
    part = read_part(next(home.parts.rglob("*.parquet")))
    assert found.snapshot.summary(1) == summarise(part.activity, part.runs)
    write_part(home, replace(part, windows=part.windows[1:]))
    assert energy_curve(found, 1) is None, "a part whose windows are not those of its runs draws no curve"


def test_a_corrected_value_stands_beside_what_was_heard() -> None:
    run = StoredRun(17, 44, "jazz", 0.54, "low", 0.6, "positive", 0.37, "low", 0.6, corrections={"genre": "blues"})
    (row,) = segment_table([run]).to_dict("records")
    assert (row["start_s"], row["end_s"], row["genre"]) == (17, 44, "blues") and pd.isna(row["genre_p"])
    assert row["energy_p"] == 60, "a person's value has no probability"
    assert row["as heard"] == "genre jazz"
    assert list(segment_table([]).columns) == list(segment_table([run]).columns)


def test_further_attributes_are_told_with_their_units() -> None:
    heard = {"tempo_bpm": 116.7, "tempo_confidence": 0.36, "acousticness": 0.7, "instrumentalness": 0.25}
    assert further_words(heard) == "117 BPM, beat regularity 0.36, acousticness 0.70, instrumentalness 0.25"
    assert further_words({}) == ""


@pytest.mark.parametrize(("confidence", "shown"), [(SURE_OF_KEY, True), (SURE_OF_KEY - 0.01, False)])
def test_a_scene_tells_its_key_if_it_is_sure(confidence: float, shown: bool) -> None:
    run = MusicRun(0, 10, "jazz", 0.5, "low", 0.5, "neutral", 0.5, "high", 0.5)
    assert "minor" not in description(run)
    keyed = replace(run, further={"key": 21.0, "key_confidence": confidence, "minor": 0.9})
    assert ("A minor" in description(keyed)) is shown


def test_the_table_of_scenes_has_a_column_of_keys_if_one_is_sure() -> None:
    plain = StoredRun(0, 10, "jazz", 0.5, "low", 0.5, "neutral", 0.5, "high", 0.5)
    keyed = replace(plain, further={"key": 4.0, "key_confidence": SURE_OF_KEY, "minor": 0.1})
    assert "Key" not in _scene_rows([plain])
    table = _scene_rows([plain, keyed])
    assert re.findall(r'<td class="fs-wide">([^<]*)</td><td class="fs-num">', table) == ["", "E major"]
    assert table.count('<th scope="col"') == 7 and ">Key</th>" in table


def test_more_scenes_lead_to_their_films(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="1")
    found = OpenCatalogue.open(filled)
    said = words(app)
    for match in found.recommender.scenes_like(1, 0, n=6):
        assert f"of {clock(found.length_s(match.film_id))} · likeness {match.score:.2f}" in said
    assert " · both " in said


def test_clock() -> None:
    assert (clock(9), clock(75), clock(3725)) == ("0:09", "1:15", "1:02:05")


def test_habits_keep_their_colours_on_every_page(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    assert found.directors[:4] == tuple(sorted(HABITS))


def test_loudness_is_told_of_the_film_and_of_its_music() -> None:
    assert loudness_words({}) == ""
    assert loudness_words({"loudness_lufs": -23.4}) == "The film's loudness is -23 LUFS."
    both = loudness_words({"loudness_lufs": -23.4, "music_loudness_lufs": -26.6})
    assert both == "The film's loudness is -23 LUFS; of its music where nobody speaks, -27 LUFS."


def test_presence_is_told_beside_the_labels() -> None:
    said = presence_words({"music_present": 68.2, "speech_present": 64.0, "music_under_speech": 33.6})
    assert said.startswith("Music in 68 % of the film, speech in 64 %, both at once in 34 %")
    assert presence_words({}) == ""


def test_more_and_less_beside_a_film_and_a_scene_say_what_they_changed(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "film", film="3")
    assert "on average" not in words(app)
    app.multiselect(key="near-more").select("energy")
    app.multiselect(key="scene-less").select("energy").run()
    said = words(app).replace("\\", "")
    assert not app.exception
    assert "more energy: on average" in said and "less energy: on average" in said
    app.multiselect(key="near-more").set_value([]).run()
    assert "more energy" not in words(app)


def test_a_wish_of_which_nothing_is_known_is_said_in_german(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, Language.GERMAN)
    app = open_page(filled.root, "film", film="3")
    app.multiselect(key="near-more").select("tempo").run()
    assert "Mehr von tempo\\: Davon ist hier bei keinem Film etwas bekannt" in words(app)
