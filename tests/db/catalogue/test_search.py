"""Search as you type."""

import string
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import titles
from db.catalogue import search
from db.catalogue.search import TitleIndex
from db.titles import is_short_form, sequel_key, series_key, series_name, title_key

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
    keys = [title_key(title) for title in TITLES]
    return TitleIndex(keys, [""] * 7 + ["otto e mezzo"], np.array([9.0, 8, 7, 1, 5, 4, 3, 2]))


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


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("The Lady Vanish", "The Lady Vanishes"), ("Vertgio", "Vertigo"), ("Rera Windwo", "Rear Window"),
        ("Hte Lady Vanishes", "The Lady Vanishes"), ("Windwo too", "Window to Paris"), ("vani", "The Lady Vanishes"),
        ("Amleie", "Amélie"), ("ottoe mezo", "8½"), ("Smith", "Mr. & Mrs. Smith"),
    ],
)  # fmt: skip
def test_three_are_named_if_the_first_is_near(index, typed, first):
    near = index.nearest(typed, 3)
    assert TITLES[near[0]] == first and len(near) == 3


def test_a_title_that_only_contains_the_letters_typed_is_not_near():
    films = ["Operation Dumbo Drop", "Vertigo", "Mansfield Park"]
    index = TitleIndex([title_key(title) for title in films], [""] * 3, np.array([9.0, 1.0, 9.0]))
    assert films[index.nearest("Vertgio", 1)[0]] == "Vertigo"
    assert index.nearest("asdf", 3) == [], "Mansfield has all four letters, in this order"


@pytest.mark.parametrize(
    "typed", ["", "!", "zzz", "qqqqqqqq", "Сталкер", "七人の侍", "Nobody Knows Such a Film", "My Window Cleaning"]
)
def test_where_nothing_is_alike_nothing_is_named(index, typed):
    assert index.nearest(typed, 3) == []


@pytest.mark.stress  # a processor's speed is no rule of the code; `bench` measures it
def test_a_hundred_thousand_titles_are_searched_fast():
    rng = np.random.default_rng(4)
    syllables = ["ba", "ko", "ri", "ten", "mo", "la", "su", "vi", "dor", "an"]
    titles = [" ".join("".join(rng.choice(syllables, 3)) for _ in range(3)) for _ in range(100_000)]
    index = TitleIndex([title_key(one) for one in titles], [""] * len(titles), np.zeros(len(titles)))
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


@given(st.text(st.sampled_from(string.printable + "''``&&++,,__  "), max_size=24))
def test_the_short_way_for_ascii_titles_gives_the_same_words(title: str) -> None:
    assert titles.fold(title) == titles._folded(title)


def test_articles_count_for_nothing_before_and_behind() -> None:
    assert title_key("Lady Vanishes, The") == title_key("The lady vanishes") == "lady vanishes"
    assert title_key("Émigré, L'") == "emigre l"
    assert title_key("The") == "the" and title_key("!?") == "!?"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Rocky 2", "Rocky II"),
        ("Godfather 2", "The Godfather: Part II"),
        ("Kill Bill 2", "Kill Bill: Vol. 2"),
        ("rocky iii", "Rocky 3"),
        ("Star Wars Episode 5", "Star Wars: Episode V"),
    ],
)
def test_a_number_of_a_series_may_be_written_otherwise(typed: str, title: str) -> None:
    assert sequel_key(typed) == sequel_key(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rocky 2", "Rocky III"), ("Rocky", "Rocky II"), ("V", "5"), ("Part 2", "2"), ("X-Men", "10 Men")],
)
def test_other_numbers_are_other_films(one: str, other: str) -> None:
    assert sequel_key(one) != sequel_key(other)


@pytest.mark.parametrize(
    ("title", "key", "name"),
    [
        ("Rocky", "rocky", "Rocky"),
        ("Rocky III", "rocky", "Rocky"),
        ("Star Wars: Episode IV - A New Hope", "star wars", "Star Wars"),
        ("Kill Bill: Vol. 2", "kill bill", "Kill Bill"),
        ("Shanghai Vol. 2 Uncut", "shanghai", "Shanghai"),
        ("Godfather, The: Part II", "godfather", "Godfather"),
        ("The Godfather: Part II", "godfather", "The Godfather"),
        ("Blade Runner 2049", "blade runner", "Blade Runner"),
        ("2001: A Space Odyssey", "2001", "2001"),
        ("Se7en", "se7en", "Se7en"),
        ("Part 2", "part", "Part"),
        ("V", "v", "V"),
        ("", "", ""),
        ("???", "???", "???"),
    ],
)
def test_the_name_of_a_series_lacks_number_and_subtitle(title: str, key: str, name: str) -> None:
    assert (series_key(title), series_name(title)) == (key, name)


@pytest.mark.parametrize(
    ("typed", "title", "short"),
    [
        ("Birdman", "Birdman or (The Unexpected Virtue of Ignorance)", True),
        ("Birdman", "Birdman of Alcatraz", False),
        ("E.T.", "E.T. the Extra-Terrestrial", True),
        ("Dr. Strangelove", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", True),
        ("borat", "Borat: Cultural Learnings of America", True),
        ("Her", "Her Smell", False),
        ("Matrix", "The Matrix", False),
        ("", "Anything: At All", False),
        ("M", "M Butterfly", False),
    ],
)
def test_a_short_form_is_a_title_without_its_subtitle_or_its_initials(typed: str, title: str, short: bool) -> None:
    assert is_short_form(typed, title) is short


@pytest.mark.forbidden("A title of megabytes that is searched for")
def test_of_a_long_text_its_beginning_is_searched_for(index: TitleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    monkeypatch.setattr(search, "title_key", lambda text: lengths.append(len(text)) or title_key(text))
    index.find("window " * 500_000, 5)
    index.nearest("window " * 500_000, 5)
    assert lengths == [search.LONGEST] * 2


def test_an_index_whose_titles_stay_only_weighs_them_anew() -> None:
    films = pd.DataFrame({"title": ["Window", "Rear Window"], "other_title": ["", ""], "votes": [5, 1]})
    keys = np.array([title_key(title) for title in films["title"]], object)
    before, changed = TitleIndex.of_films(films, keys), np.array([0, -1])
    voted = films.assign(votes=[5, 10])
    followed = before.followed(voted, keys, films, changed)
    assert followed._text is before._text and followed.find("w", 2) == TitleIndex.of_films(voted, keys).find("w", 2)
    assert followed.find("indow", 2) == [1, 0] and before.find("indow", 2) == [0, 1]
    named = films.assign(other_title=["", "Das Fenster"])
    assert before.followed(named, keys, films, changed).find("fenster", 2) == [1]
    longer = pd.concat([films, films.assign(title="Door")], ignore_index=True)
    all_keys = np.array([title_key(title) for title in longer["title"]], object)
    assert before.followed(longer, all_keys, films, np.array([0, 1, -1, -1])).find("door", 4) == [2, 3]
