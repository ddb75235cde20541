"""The question never changes by itself: the address always says what was asked, and a reload asks it again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from db.home import Home
from recommender import Question
from service.questions.link import to_params
from tests.views.conftest import Open
from tests.views.test_discover import address, widget

SHARES = st.sampled_from([0.0, 0.3, 0.5, 0.85, 1.0])
ACTS = st.one_of(
    st.tuples(st.sampled_from(["music", "variety"]), SHARES),
    st.tuples(st.just("n"), st.integers(1, 12)),
    st.tuples(st.just("max_per_director"), st.integers(0, 3)),
    st.tuples(st.just("genre"), st.sampled_from(["any", "Drama", "Crime"])),
    st.tuples(st.just("director"), st.sampled_from(["any", "Smoky jazz"])),
    st.tuples(st.just("with_music"), st.booleans()),
    st.tuples(st.just("years"), st.sampled_from([(1950, 2020), (1960, 2000), (1975, 2020)])),
    st.tuples(st.just("likes"), st.lists(st.integers(1, 35), min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("card"), st.sampled_from(["likes", "dislikes", "seen"])),
    st.tuples(st.sampled_from(["rerun", "reload", "back", "take back"]), st.none()),
)
SPAN = (1950, 2020)
"""The years of the fixture's films."""


def _put(question: Question, name: str, value: Any) -> Question:
    """What an act on a widget asks, written down a second time."""
    if name == "likes":
        others = {key: tuple(one for one in getattr(question, key) if one not in value) for key in ("dislikes", "seen")}
        return replace(question, likes=tuple(value), **others)
    if name in ("genre", "director"):
        return replace(question, filters=replace(question.filters, **{name: None if value == "any" else value}))
    if name == "with_music":
        return replace(question, filters=replace(question.filters, with_music=value))
    if name == "years":
        first, last = (None if year in SPAN else year for year in value)
        return replace(question, filters=replace(question.filters, year_from=first, year_to=last))
    if name == "max_per_director":
        return replace(question, max_per_director=value or None)
    return replace(question, **{name: value})


def _moved(question: Question, film_id: int, kind: str) -> Question:
    lists = {
        name: tuple(one for one in getattr(question, name) if one != film_id) + ((film_id,) if name == kind else ())
        for name in ("likes", "dislikes", "seen")
    }
    return replace(question, **lists)


def _press(app: AppTest, start: str) -> int | None:
    """Press the first button whose key begins so; the film it is about."""
    button = next((one for one in app.button if str(one.key).startswith(start)), None)
    if button is None:
        return None
    button.click().run()
    return int(str(button.key).rsplit("-", 1)[1])


KINDS = {
    "music": "slider",
    "variety": "slider",
    "years": "slider",
    "n": "number_input",
    "max_per_director": "number_input",
    "genre": "selectbox",
    "director": "selectbox",
    "with_music": "toggle",
    "likes": "multiselect",
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=2, max_size=7))
def test_the_question_is_what_was_asked(acts: list[tuple[str, Any]], filled: Home, open_page: Open) -> None:
    question = Question(likes=(1,))
    before = [question]
    app = open_page(filled.root, **to_params(question))
    for act, value in acts:
        asked = question
        if act == "rerun":
            app.run()
        elif act == "reload":
            app = open_page(filled.root, **to_params(question))
        elif act == "back":  # the browser's button: the page runs again on an address of before
            asked = before[-1]
            app.query_params.clear()
            for name, param in to_params(asked).items():
                app.query_params[name] = param
            app.run()
        elif act in ("card", "take back"):
            kind = value if act == "card" else ""
            film_id = _press(app, f"card-{kind}-" if kind else "back-")
            asked = _moved(question, film_id, kind or "") if film_id else question
        else:
            widget(getattr(app, KINDS[act]), act).set_value(value).run()
            asked = _put(question, act, value)
        if act != "back":
            before.append(question)
        question = asked
        assert not app.exception
        assert address(app) == to_params(question), act
        shown = widget(app.number_input, "n").value, widget(app.multiselect, "likes").value
        assert shown == (question.n, list(question.likes)), act
