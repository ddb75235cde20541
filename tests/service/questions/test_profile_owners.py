"""A browser's saved searches are its own, and bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.home import Home
from db.state.ledger import Ledger, migrations
from db.state.store import State
from errors import ParameterError
from recommender import Question
from service.questions import profiles
from service.questions.app_data import profile
from service.questions.app_data import profiles as names
from service.questions.profiles import forget, forget_film, save


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.mark.forbidden("A visitor reads, replaces or deletes what another browser saved")
def test_each_browser_has_its_own(home: Home) -> None:
    save(home, "mine", Question(likes=(1,)))
    save(home, "mine", Question(likes=(2,)), "one")
    save(home, "mine", Question(likes=(3,)), "another")
    save(home, "theirs", Question(likes=(4,)), "another")
    assert (names(home, ""), names(home, "one"), names(home, "another")) == (["mine"], ["mine"], ["mine", "theirs"])
    assert [profile(home, "mine", owner)["like"] for owner in ("", "one", "another")] == ["1", "2", "3"]
    with pytest.raises(ParameterError, match="no taste profile"):
        profile(home, "theirs", "one")
    forget(home, "mine", "one")
    assert names(home, "one") == [] and names(home, "another") == ["mine", "theirs"]
    with State.open(home) as state:
        forget_film(state, 3)
    assert "like" not in profile(home, "mine", "another")


@pytest.mark.fault("One visitor saves many searches, long ones, and from many browsers", by_case=True)
@pytest.mark.parametrize("what", ["many", "a long name", "a long question", "no name"])
def test_what_a_browser_saves_is_bounded(home: Home, what: str) -> None:
    question, name = Question(likes=(1,)), "one more"
    for number in range(profiles.MOST_PROFILES if what == "many" else 1):
        save(home, f"search {number}", question, "one")
    if what == "a long question":
        question = Question(likes=tuple(range(1, 5000)))
    name = {"a long name": "x" * 81, "no name": " "}.get(what, name)
    with pytest.raises(ParameterError):
        save(home, name, question, "one")
    save(home, "search 0", Question(likes=(2,)), "one")  # one that is there already may change
    save(home, "one more", Question(likes=(1,)), "another")


def test_of_all_browsers_searches_the_oldest_go_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "MOST_TOGETHER", 3)
    save(home, "the admin's", Question(likes=(1,)))
    for number in range(5):
        save(home, "mine", Question(likes=(1,)), f"browser {number}")
    assert [names(home, f"browser {number}") for number in range(5)] == [[], [], ["mine"], ["mine"], ["mine"]]
    assert names(home, "") == ["the admin's"]


def test_profiles_of_before_are_the_terminal_s(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [one for one in migrations() if one[0] < 6]
    monkeypatch.setattr("db.state.ledger.migrations", lambda: before)
    with Ledger(home.state_path) as old:
        old.write("INSERT INTO profiles VALUES ('rainy days', '{\"like\": \"1\"}', '2026-01-01')")
    monkeypatch.undo()
    assert profile(home, "rainy days", "") == {"like": "1"} and names(home, "one") == []
