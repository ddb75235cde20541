"""The films of a question are found together, and a question that names very many films costs little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from db.catalogue.snapshot import Snapshot
from errors import ParameterError
from service.api.asked import Asked
from service.questions import naming
from service.questions.asking import Wish, find_film, named_films, question_of
from service.questions.evening import tonight_document
from tests.service.heard_home import make_home


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with Snapshot.open(make_home(tmp_path_factory.mktemp("home"))) as opened:
        yield opened


@pytest.fixture
def searches(snapshot: Snapshot) -> Iterator[mock.Mock]:
    with mock.patch.object(snapshot, "find_titles", wraps=snapshot.find_titles) as searched:
        yield searched


def test_names_of_every_kind_are_the_films_that_each_alone_is(snapshot: Snapshot) -> None:
    names = ("Red Harbour", 5, "tt0000001", "The Quiet Sea (1999)", "https://www.imdb.com/title/tt0000002/", 4)
    alone = dict.fromkeys(find_film(snapshot, name) for name in names)
    assert named_films(snapshot).films(names) == tuple(alone) and len(alone) == 4


@pytest.mark.parametrize("name", [99, "tt9999999", "No such film", ""])
def test_what_is_not_there_is_said_as_for_one_film(snapshot: Snapshot, name: str | int) -> None:
    with pytest.raises(ParameterError) as alone:
        find_film(snapshot, name)
    with pytest.raises(ParameterError) as together:
        named_films(snapshot).films(["Red Harbour", name])
    assert str(together.value) == str(alone.value)


@pytest.mark.forbidden("A question that names thousands of films")
def test_thousands_of_names_are_looked_up_once(snapshot: Snapshot, searches: mock.Mock) -> None:
    seen = ("Steel Birds",) * 3000 + (4, "tt0000001") * 1000
    with mock.patch.object(snapshot, "films_by_id", wraps=snapshot.films_by_id) as read:
        question = question_of(snapshot, Wish(likes=("Red Harbour",) * 500, dislikes=("Night Letters",), seen=seen))
    assert len(question.seen) == 3 and searches.call_count == 3 and read.call_count < 20


@pytest.mark.forbidden("A question that names very many films by title")
def test_more_titles_than_a_question_may_name_are_refused(snapshot: Snapshot, monkeypatch: Any) -> None:
    monkeypatch.setattr(naming, "MOST_TITLES", 4)
    spellings = ["Red Harbour", "red harbour", "RED HARBOUR", "Red harbour", "red Harbour"]
    assert len(named_films(snapshot).films(spellings[:4])) == 1
    with pytest.raises(ParameterError, match="more than 4 films are named by title"):
        named_films(snapshot).films(spellings)
    people = {name: Wish(likes=tuple(spellings[at : at + 3])) for at, name in enumerate(("Ann", "Bo", "Cy"))}
    with pytest.raises(ParameterError, match="more than 4 films"):
        tonight_document(snapshot, mock.Mock(), people, 10, None)


def test_the_api_takes_no_more_films_than_it_says() -> None:
    limits = {name: Asked.model_json_schema()["properties"][name]["maxItems"] for name in ("likes", "dislikes", "seen")}
    assert limits == {"likes": 500, "dislikes": 500, "seen": 5000}
