"""Search as you type."""

import string
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import titles
from db.search import TitleIndex
from db.titles import title_key

TITLES = [
    "Vertigo",
    "The Lady Vanishes",
    "Rear Window",
    "Window",
    "Amélie",
    "Mr. & Mrs. Smith",
    "Window to Paris",
    "8½",
]


@pytest.fixture(scope="module")
def index():
    return TitleIndex(TITLES, [""] * 7 + ["Otto e mezzo"], np.array([9.0, 8, 7, 1, 5, 4, 3, 2]))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("vert", "Vertigo"), ("vertgo", "Vertigo"), ("vretigo", "Vertigo"), ("lady v", "The Lady Vanishes"),
        ("the lady", "The Lady Vanishes"), ("Lady Vanishes, The", "The Lady Vanishes"), ("window", "Window"),
        ("amelie", "Amélie"), ("mr and mrs smith", "Mr. & Mrs. Smith"), ("rear windwo", "Rear Window"),
        ("otto", "8½"), ("8 1/2", "8½"), ("lady vanihses", "The Lady Vanishes"), ("ndow to", "Window to Paris"),
    ],
)  # fmt: skip
def test_the_meant_title_comes_first(index, typed, first):
    assert TITLES[index.find(typed, 5)[0]] == first


def test_whole_titles_come_before_beginnings_before_words(index):
    assert [TITLES[i] for i in index.find("window", 5)] == ["Window", "Window to Paris", "Rear Window"]


@pytest.mark.parametrize("typed", ["", "   ", "qqqqqqqq", "\n", "!!"])
def test_nothing_is_found_for_nothing(index, typed):
    assert index.find(typed, 5) == []


def test_the_nearest_are_given_if_any_is_alike(index):
    near = index.nearest("the ladies vanish", 3)
    assert TITLES[near[0]] == "The Lady Vanishes" and len(near) == 3


@pytest.mark.parametrize("typed", ["zzz", "qqqqqqqq", "Сталкер", "七人の侍", "Nobody Knows Such a Film"])
def test_where_nothing_is_alike_nothing_is_named(index, typed):
    assert index.nearest(typed, 3) == []


def test_a_hundred_thousand_titles_are_searched_fast():
    rng = np.random.default_rng(4)
    syllables = ["ba", "ko", "ri", "ten", "mo", "la", "su", "vi", "dor", "an"]
    titles = [" ".join("".join(rng.choice(syllables, 3)) for _ in range(3)) for _ in range(100_000)]
    index = TitleIndex(titles, [""] * len(titles), np.zeros(len(titles)))
    taken = []
    for typed in (titles[5], titles[77][:7], titles[9][:4] + "x" + titles[9][5:], "zzyzx", "a"):
        started = time.process_time()
        found = index.find(typed, 20)
        taken.append(time.process_time() - started)
        assert len(found) <= 20
    assert 9 in index.find(titles[9][:4] + "x" + titles[9][5:], 20)
    assert np.median(taken) < 0.15, taken


def test_keys_of_titles_do_not_depend_on_case_accents_marks_or_article():
    assert title_key("LADY VANISHES, THE") == title_key("The lady—vanishes!") == "lady vanishes"
    assert title_key("🎬") == "🎬"
    assert title_key("Æon Flux") == title_key("aeon flux") and title_key("Brødre") == title_key("Brodre")


@given(st.text(st.sampled_from(string.printable + "''``&&,,__  "), max_size=24))
def test_the_short_way_for_ascii_titles_gives_the_same_words(title: str) -> None:
    assert titles._ascii_words(title) == titles._words(title)


def test_articles_count_for_nothing_before_and_behind() -> None:
    assert title_key("Lady Vanishes, The") == title_key("The lady vanishes") == "lady vanishes"
    assert title_key("Émigré, L'") == "emigre l"
    assert title_key("The") == "the" and title_key("!?") == "!?"
