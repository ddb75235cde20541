"""Discover: likes in, films with reasons out; the address is the question."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.home import Home
from errors import CatalogueError
from recommender import Filters, Question
from recommender.question import MIXED, mix_from_text
from service.questions.app_data import OpenCatalogue, answer_csv
from service.questions.link import from_params, to_params
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import frame
from views.question import page_words


def address(app: AppTest) -> dict[str, str]:
    """The parameters of the page's address."""
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def widget(kind: Iterable[Any], name: str) -> Any:
    """The widget of a part of the question; its key counts how often it was replaced."""
    (found,) = [one for one in kind if str(one.key).rpartition("-")[0] == name]
    return found


def test_rows_are_offered_until_something_is_liked(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root)
    said = words(app)
    assert "Start with a film you love" in said and not app.slider
    assert 'href="films?sort=calm"' in said and "The calmest music" in said
    assert re.search(r'href="\./\?like=\d+&amp;music=1', said), "a row like a film is a question of Discover"
    widget(app.multiselect, "likes").select(1).run()
    said = words(app)
    assert 'aria-label="Reasons"' in said and "The calmest music" not in said


def test_an_address_is_asked_as_it_stands(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1,7", music="0.8", genre="Drama", with_music="1")
    assert widget(app.multiselect, "likes").value == [1, 7]
    assert widget(app.slider, "music").value == 0.8
    assert widget(app.selectbox, "genre").value == "Drama"
    assert widget(app.toggle, "with_music").value
    assert address(app) == {"like": "1,7", "music": "0.8", "genre": "Drama", "with-music": "1"}


def test_what_is_chosen_goes_into_the_address(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root)
    widget(app.multiselect, "likes").select(3).run()
    widget(app.slider, "music").set_value(0.9).run()
    assert address(app)["like"] == "3"
    assert address(app)["music"] == "0.9"


def test_the_page_says_what_it_looks_for_and_switches_in_one_click(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1,7")
    switch = widget(app.button_group, "aim")
    assert switch.value == "like" and "These films resemble the ones you name" in words(app)
    switch.set_value("taste").run()
    assert address(app)["for"] == "taste" and "suit somebody who likes what you name" in words(app)
    assert widget(open_page(filled.root, like="1,2,3,7").button_group, "aim").value == "taste"


def test_a_link_to_films_that_are_gone_says_so_and_goes_on(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1,99999")
    assert "no longer in the catalogue" in words(app)
    assert widget(app.multiselect, "likes").value == [1]


def test_a_nonsense_address_is_the_plain_question(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="x,-1,;drop,3", music="nan", n="0x", year_from="9999", variety="")
    assert not app.exception
    assert widget(app.multiselect, "likes").value == [3]
    assert widget(app.slider, "music").value == 0.5


def test_a_card_can_be_set_aside_and_taken_back(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1")
    aside = next(one for one in app.button if str(one.key).startswith("card-dislikes-"))
    film = str(aside.key).rsplit("-", 1)[1]
    aside.click().run()
    assert address(app)["dislike"] == film
    assert f"card-dislikes-{film}" not in {one.key for one in app.button}
    app.button(key=f"back-{film}").click().run()
    assert "dislike" not in address(app)


def test_each_act_can_be_undone_by_one_button(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1")
    seen = next(one for one in app.button if str(one.key).startswith("card-seen-"))
    film_id = str(seen.key).rsplit("-", 1)[1]
    title = OpenCatalogue.open(filled).snapshot.film(int(film_id)).title
    seen.click().run()
    assert f">Seen: {title}</p>" in words(app) and address(app)["seen"] == film_id
    next(one for one in app.button if one.label == "Undo" and one.key is None).click().run()
    assert address(app) == {"like": "1"}
    assert f">Seen: {title}</p>" not in words(app)


def test_a_card_has_one_sentence_and_no_reasons_of_nothing(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1,7")
    cards = [one.proto.body for one in app.get("html") if '<details class="fs-why"' in one.proto.body]
    assert len(cards) == 10
    for card in cards:
        assert card.count('class="fs-sentence"') == 1 and "+0.00" not in card and "-0.00" not in card
        assert re.search(r'<p class="fs-sentence" dir="auto">[A-Z0-9].+\.</p>', card)


def test_a_reason_of_sound_names_the_scenes_that_sound_alike_and_plays_them(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(**asked: str) -> list[str]:
        bodies = [one.proto.body for one in open_page(filled.root, **asked).get("html")]
        return [body for body in bodies if 'class="fs-both"' in body]

    cards = told(like="1")
    assert cards and all(len(re.findall(r"<li>[^<]+, from \d+:\d\d</li>", card)) == 2 for card in cards)
    assert not any("<audio" in card for card in cards), "the films of this catalogue have no files"
    monkeypatch.setattr("views.scenes.why_not_heard", lambda film_ids: dict.fromkeys(film_ids, ""))
    assert all(card.count("<audio") == 2 and "excerpt?film=1&amp;" in card for card in told(like="1"))
    assert told(like="1", music="0") == [], "where sound is no reason, none is played"


@pytest.mark.fault("A full disk while a question is kept")
def test_a_question_that_cannot_be_kept_says_why(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CatalogueError("state.sqlite: the disk is full. Make room, then try again.")

    monkeypatch.setattr("views.saved_searches.save", full)
    app = open_page(filled.root, like="2")
    app.text_input(key="profile-name").set_value("rainy days").run()
    next(one for one in app.button if one.key == "profile-save").click().run()
    assert not app.exception and "the disk is full" in words(app)


def test_the_demo_catalogue_is_marked_and_leads_on(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root)
    assert "This is the demo catalogue: 35 films, 20 with music" in words(app)
    home = f"--home {shlex.quote(str(filled.root))}"
    verbs = ("ingest FOLDER", "metadata import CSV", "recommend --ratings FILE")
    expected = {f"filmscore {verb} {home}" for verb in verbs}
    assert expected == {code.value for code in app.code}


def test_a_command_for_the_usual_home_does_not_name_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("FILMSCORE_HOME", raising=False)
    assert frame.command("demo") == "filmscore demo"
    monkeypatch.setenv("FILMSCORE_HOME", str(tmp_path / "my films"))
    assert frame.command("demo") == f"filmscore demo --home '{tmp_path / 'my films'}'"


def test_settings_are_named_as_on_the_page(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="22", music="1")  # a film that was not heard
    (said,) = [one.value for one in app.info]
    assert said.replace("\\", "").startswith("Story / Sound 1: none of the liked films has music")
    app = open_page(filled.root, like="1", genre="Drama", director="Kabuki", year_from="1990")
    captions = [one.value.replace("\\", "") for one in app.caption]
    assert "No film passes director Kabuki. Take it away or change it." in captions
    mixed = "No film passes `with_music` and `year_from` 1990 together. Without `max_per_director` 2, `n` 5."
    expected = (
        "No film passes with music and year from 1990 together. Without at most per director 2, number of films 5."
    )
    assert page_words(mixed) == expected
    assert page_words("Run `filmscore doctor --repair`.") == "Run `filmscore doctor --repair`."


def test_the_mix_goes_into_the_address_and_the_slider_of_the_sound_ends_it(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, "discover", like="1")  # one film of the catalogue has a picture and subtitles
    shown = sum(widget(app.slider, f"mix-{name}").value for name in MIXED)
    assert shown == pytest.approx(100, abs=len(MIXED) / 2)  # each is rounded to whole percent
    widget(app.slider, "mix-picture").set_value(40).run()
    mix = dict(mix_from_text(address(app)["mix"]))
    assert mix["picture"] == pytest.approx(0.4, abs=1e-3) and sum(mix.values()) == pytest.approx(1, abs=1e-3)
    widget(app.slider, "music").set_value(0.9).run()
    assert address(app) == {"like": "1", "music": "0.9"}


def test_filters_go_into_the_question(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="1")
    widget(app.selectbox, "genre").select("Comedy").run()
    widget(app.selectbox, "country").select("UK").run()
    widget(app.slider, "years").set_value((1965, 1990)).run()
    widget(app.number_input, "max_per_director").set_value(1).run()
    widget(app.number_input, "n").set_value(4).run()
    widget(app.slider, "variety").set_value(0.5).run()
    expected = {"genre": "Comedy", "country": "UK", "year-from": "1965", "year-to": "1990", "n": "4"}
    assert address(app) == {"like": "1", "variety": "0.5", "max-per-director": "1"} | expected
    found = OpenCatalogue.open(filled)
    shown = [int(str(one.key).rsplit("-", 1)[1]) for one in app.button if str(one.key).startswith("card-seen-")]
    films = [found.snapshot.film(film_id) for film_id in shown]
    assert films and len(films) <= 4 and len({film.directors[0] for film in films}) == len(films)
    assert all("Comedy" in f.genres and "UK" in f.countries and 1965 <= (f.year or 0) <= 1990 for f in films)


def test_the_slider_changes_the_list(filled: Home, open_page: Open) -> None:
    def order(music: str) -> list[str]:
        app = open_page(filled.root, like="1", music=music)
        return [str(one.key) for one in app.button if str(one.key).startswith("card-seen-")]

    assert order("0") != order("1")


def test_a_question_can_be_kept_and_asked_again(filled: Home, open_page: Open) -> None:
    app = open_page(filled.root, like="2", music="0.3")
    app.text_input(key="profile-name").set_value("rainy days").run()
    next(one for one in app.button if one.key == "profile-save").click().run()
    app = open_page(filled.root, like="5")
    next(one for one in app.button if one.key == "profile-load").click().run()
    assert widget(app.multiselect, "likes").value == [2]
    assert widget(app.slider, "music").value == 0.3
    next(one for one in app.button if one.key == "profile-delete").click().run()
    assert "Deleted: rainy days" in words(app) and "profile-load" not in {one.key for one in app.button}
    next(one for one in app.button if one.label == "Undo").click().run()
    assert "profile-load" in {one.key for one in app.button}, "the search is saved again"


def test_the_csv_lists_what_is_shown_and_runs_no_formula(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    answer = found.recommender.recommend(Question(likes=(33,), n=30))
    rows = list(csv.DictReader(io.StringIO(answer_csv(answer))))
    assert len(rows) == len(answer.results)
    assert [row["film_id"] for row in rows] == [str(one.film.film_id) for one in answer.results]
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "@", "+"))]


def test_an_address_says_the_whole_question() -> None:
    filters = Filters(1950, 1999, "Drama", "UK", "A, B", "demo", True)
    question = Question((1, 2), (3,), (4,), 0.25, 0.6, 5, filters, 2)
    assert from_params(to_params(question), {1, 2, 3, 4}) == (question, ())
    assert to_params(Question()) == {}
