"""The films to look through: each filter, each order, letters and pages, against a slow obvious version."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.home import Home
from db.state.store import State
from db.titles import title_key
from film import Film, FilmSummary
from service.library.publishing import publish
from service.questions import browsing
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import SORTS, Shelf, Wanted, first_letter
from tests.views.catalogue import build


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> OpenCatalogue:
    return OpenCatalogue.open(build(tmp_path_factory.mktemp("shelf")))


@pytest.fixture(scope="module")
def shelf(found: OpenCatalogue) -> Shelf:
    return Shelf(found)


WANTED = st.builds(
    Wanted,
    text=st.sampled_from(["", "corridor", "SALT and", "zzz"]),
    genre=st.sampled_from(["", "Drama", "Comedy"]),
    country=st.sampled_from(["", "UK"]),
    person=st.sampled_from(["", "A. Player", "Woody Allen"]),
    collection=st.sampled_from(["", "demo"]),
    decade=st.sampled_from([None, 1950, 1990]),
    letter=st.sampled_from(["", "A", "U", "#"]),
    heard=st.booleans(),
    sort=st.sampled_from(list(SORTS)),
    page=st.integers(1, 4),
)


Known = dict[int, tuple[Film, FilmSummary | None]]


@pytest.fixture(scope="module")
def known(found: OpenCatalogue) -> Known:
    """film_id -> what is known of it and its summary, one by one."""
    return {one: (found.snapshot.film(one), found.snapshot.summary(one)) for one in found.names}


def _value(known: Known, film_id: int, sort: str) -> float | str:
    """What a film is sorted by, NaN where it is not known."""
    film, summary = known[film_id]
    if sort == "added":
        return film.added_at
    if sort == "rated":
        return film.rating if film.rating is not None else math.nan
    if sort in ("newest", "oldest"):
        return float(film.year) if film.year is not None else math.nan
    if summary is None or not summary.has_music:
        return math.nan
    if sort in ("calm", "energetic"):
        return (summary.energy["medium"] + 2 * summary.energy["high"]) / 100
    return summary.presence["music_present"] if sort == "music" else summary.further.get("tempo_bpm", math.nan)


def _passes(known: Known, film_id: int, wanted: Wanted) -> bool:
    film, summary = known[film_id]
    return (
        title_key(wanted.text) in title_key(film.title)
        and wanted.genre in (*film.genres, "")
        and wanted.country in (*film.countries, "")
        and wanted.person in (*film.directors, *film.cast, *film.writers, *film.composers, "")
        and wanted.collection in (film.collection, "")
        and (wanted.decade is None or (film.year or 0) // 10 * 10 == wanted.decade)
        and (not wanted.letter or first_letter(title_key(film.title)) == wanted.letter)
        and (not (wanted.heard or wanted.sort in browsing.HEARD_SORTS) or bool(summary and summary.has_music))
    )


@given(wanted=WANTED)
@settings(max_examples=60, deadline=None)
def test_a_page_is_what_was_asked_for(wanted: Wanted, known: Known, shelf: Shelf) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(browsing, "PAGE_FILMS", 7)
        pages = [shelf.page(wanted.but(page=number)) for number in range(1, shelf.page(wanted).pages + 1)]
        asked = shelf.page(wanted)
    shown = [film_id for page in pages for film_id in page.film_ids]
    assert sorted(shown) == [film_id for film_id in known if _passes(known, film_id, wanted)]
    assert asked == pages[min(wanted.page, len(pages)) - 1]
    assert all(len(page.film_ids) == 7 for page in pages[:-1]) and asked.total == len(shown)
    if wanted.sort == "title":
        keys: list[Any] = [title_key(known[one][0].title) for one in shown]
        assert keys == sorted(keys)
    else:
        values = [_value(known, one, wanted.sort) for one in shown]
        told = [one for one in values if one == one]
        assert told == sorted(told, reverse=not SORTS[wanted.sort][1])  # type: ignore[type-var]
        assert values[: len(told)] == told, "films without a value come last"


@given(wanted=WANTED)
def test_an_address_says_what_is_looked_at(wanted: Wanted) -> None:
    assert Wanted.from_params(wanted.params()) == wanted


def test_a_nonsense_address_is_all_films() -> None:
    assert Wanted.from_params({"decade": "x", "page": "-1", "sort": "by magic", "letter": "ab"}) == Wanted()
    assert Wanted.from_params({"decade": "9999"}).decade is None


def test_rows_have_no_film_twice_and_each_is_the_answer_of_its_question(found: OpenCatalogue, shelf: Shelf) -> None:
    films = [film_id for row in shelf.rows for film_id in row.film_ids]
    assert len(films) == len(set(films)) and len(shelf.rows) > 3
    for row in shelf.rows:
        if row.page == "films":
            wanted = Wanted.from_params(row.params)
            everything = {one for number in (1, 2) for one in shelf.page(wanted.but(page=number)).film_ids}
            assert set(row.film_ids) <= everything, row.name
    demo = [[bool(shelf.table.at[one, "demo"]) for one in row.film_ids] for row in shelf.rows]
    assert all(row == sorted(row) for row in demo), "what was rendered for the demo comes after real films"
    assert shelf.table.loc[list(shelf.rows[0].film_ids), "heard"].all(), "the first films have something to look at"


def test_no_unrated_film_is_best_loved(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with State.open(home) as state:
        rated = [state.add_film(Film(f"Rated {place}", rating=6.0 + place)) for place in range(4)]
        state.add_films([Film(f"Unrated {place}") for place in range(4)])
    publish(home)
    loved = [row.film_ids for row in Shelf(OpenCatalogue.open(home)).rows if row.name == "loved"]
    assert [set(films) for films in loved] == [set(rated)]


def test_letters() -> None:
    assert [first_letter(key) for key in ("élan", "2001", "", "ночь", "zorro")] == ["E", "#", "#", "#", "Z"]
