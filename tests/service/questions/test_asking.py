from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from commands.common import option_words
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import CatalogueError, MetadataError, ParameterError
from film import Film
from recommender import Filters, Question, Recommender
from recommender.question import Effect, mix_of
from recommender.weights import LIKE_WEIGHTS
from service.api.asked import Asked
from service.library.editing import delete_film
from service.library.publishing import publish
from service.questions.asking import Wish, answer_document, ask, effect_words, find_film, question_of
from service.questions.link import from_params, to_params
from service.questions.profiles import add_taste, export_profile, import_profile, profile_question, save, together
from service.questions.ratings_export import read_ratings
from service.questions.ratings_import import liked_films
from service.rights.access import LOCAL
from tests.service.heard_home import make_home
from views.question import page_words


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def snapshot(home: Home) -> Iterator[Snapshot]:
    with Snapshot.open(home) as opened:
        yield opened


@pytest.mark.parametrize(
    ("wanted", "year"),
    [
        ("amelies clock", 1958),
        ("Quiet Sea, The (1999)", 1999),
        ("the quiet sea (1955)", 1955),
        ("tt0000002", 1999),
        ("Rod Hamn", 1961),
        ("The Quiet Sea 1999", 1999),
        ("the quiet sea, 1955", 1955),
        ("The Quiet Sea [1999]", 1999),
        ("TT0000002", 1999),
        ("https://www.imdb.com/title/tt0000002/?ref_=nv_sr_1", 1999),
        ("m.IMDb.com/de/title/TT0000001", 1955),
        (6, 1957),
    ],
)
def test_a_title_is_found_by_its_words(snapshot: Snapshot, wanted: str | int, year: int) -> None:
    assert find_film(snapshot, wanted).year == year


TITLES = st.sampled_from([("The Quiet Sea", 1955, "tt0000001"), ("The Quiet Sea", 1999, "tt0000002")])


@given(
    TITLES,
    st.sampled_from(["{title} ({year})", "{title} {year}", "{title}, {year}", "{bare}, The ({year})", "{bare} ({year})",
                     "{id}", "https://www.imdb.com/title/{id}/", "imdb.com/de/title/{id}/reference?x=1"]),
    st.sampled_from([str.lower, str.upper, str.title, str.swapcase]),
    st.sampled_from(["{}", "  {} ", "{}\t"]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_one_film_is_found_however_it_is_written(
    snapshot: Snapshot, film: tuple[str, int, str], form: str, case: Callable[[str], str], around: str
) -> None:
    title, year, imdb_id = film
    typed = around.format(case(form.format(title=title, bare=title[4:], year=year, id=imdb_id)))
    assert find_film(snapshot, typed).year == year


def test_an_unknown_title_comes_with_the_three_nearest(snapshot: Snapshot) -> None:
    with pytest.raises(ParameterError, match=r"Red Harbor: no such title.*Nearest: Red Harbour \(1961\); .*; "):
        find_film(snapshot, "Red Harbor")
    with pytest.raises(ParameterError, match="no such title"):
        find_film(snapshot, "Night Letters (1999)")


def test_a_year_hides_no_near_title(snapshot: Snapshot) -> None:
    with pytest.raises(ParameterError, match=r"Nearest: Red Harbour \(1961\)"):
        find_film(snapshot, "Red Harbor 1961")


@pytest.mark.parametrize("wanted", ["Сталкер", "七人の侍", "qqqqq wwwww"])
def test_what_nothing_is_like_names_no_film(snapshot: Snapshot, wanted: str) -> None:
    with pytest.raises(ParameterError, match=r"no such title in the catalogue\. No title is similar"):
        find_film(snapshot, wanted)


def test_an_id_of_ten_digits_is_an_id(snapshot: Snapshot) -> None:
    with pytest.raises(ParameterError, match="tt1234567890: no film with this IMDb id"):
        find_film(snapshot, "tt1234567890")


def test_an_article_tells_two_titles_apart(tmp_path: Path) -> None:
    home = home_of(tmp_path, Film("The Arrival", year=1996), Film("Arrival", year=2016), Film("2012", year=2009))
    with Snapshot.open(home) as opened:
        assert find_film(opened, "Arrival").year == 2016
        assert find_film(opened, "the arrival").year == 1996 == find_film(opened, "Arrival, The").year
        assert find_film(opened, "2012").year == 2009 and find_film(opened, "arrival 2016").year == 2016


def test_sequels_and_short_forms_are_found_where_no_title_is_the_same(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    titles = {
        "Rocky": 1976, "Rocky II": 1979, "The Godfather": 1972, "The Godfather: Part II": 1974, "Her Smell": 2018,
        "Birdman of Alcatraz": 1962, "Birdman or (The Unexpected Virtue of Ignorance)": 2014,
        "E.T. the Extra-Terrestrial": 1982,
    }  # fmt: skip
    with State.open(home) as state:
        for title, year in titles.items():
            state.add_film(Film(title=title, year=year))
    publish(home)
    with Snapshot.open(home) as snapshot:
        typed = {
            "Rocky 2": 1979,
            "Rocky": 1976,
            "Godfather 2": 1974,
            "Birdman": 2014,
            "E.T.": 1982,
            "rocky 2 1979": 1979,
        }
        assert {title: find_film(snapshot, title).year for title in typed} == typed
        for unknown in ("Her", "Rocky 3", "Birdman 1962 2"):
            with pytest.raises(ParameterError, match="no such title"):
                find_film(snapshot, unknown)


def test_an_ambiguous_title_asks_for_the_year(snapshot: Snapshot) -> None:
    with pytest.raises(ParameterError, match=r"2 films have this title.*\(1955\).*\(1999\)"):
        find_film(snapshot, "The Quiet Sea")


def test_liked_and_disliked_at_once_is_refused_by_name(snapshot: Snapshot) -> None:
    with pytest.raises(ParameterError, match=r"Red Harbour \(1961\): both liked and disliked"):
        question_of(snapshot, Wish(likes=("Red Harbour",), dislikes=("red harbour (1961)",)))


def home_of(root: Path, *films: Film) -> Home:
    """A published home of some films, none of them heard."""
    home = Home.at(root)
    with State.open(home) as state:
        state.add_films(films)
    publish(home)
    return home


def vectors_in_duckdb(snapshot: Snapshot) -> dict[int, dict[str, np.ndarray]]:
    """What DuckDB itself reads from the published vectors, in float64, past all of the scorer's code."""
    found: dict[int, dict[str, np.ndarray]] = {}
    with duckdb.connect() as con:
        pattern = str(snapshot.directory / "segments" / "*vectors*.parquet")
        for film_id, block, vector in con.execute(
            "SELECT film_id, block, vector FROM read_parquet(?)", [pattern]
        ).fetchall():
            found.setdefault(film_id, {})[block] = np.array(vector, np.float64)
    names = """SELECT film_id, lower(trim(name)) AS name, max(weight) AS weight FROM (
        SELECT film_id, unnest(directors) AS name, 1.5 AS weight FROM films
        UNION ALL SELECT film_id, unnest("cast"), 1.0 FROM films
        UNION ALL SELECT film_id, 'series: ' || title, 1.5 FROM films WHERE len(directors) + len("cast") > 0)
        GROUP BY ALL"""
    with duckdb.connect(str(snapshot.directory / "catalogue.duckdb"), read_only=True, config={"threads": 1}) as con:
        table = con.execute(names).df().pivot(index="film_id", columns="name", values="weight").fillna(0.0)
    for film_id, row in table.iterrows():  # people and titles are compared by name
        found[int(str(film_id))]["people"] = row.to_numpy() / np.linalg.norm(row)
    return found


@pytest.mark.parametrize("music", [0.0, 0.5, 0.8])
def test_every_reason_sums_to_its_score_recomputed_from_the_vectors_in_duckdb(snapshot: Snapshot, music: float) -> None:
    answer = ask(snapshot, Recommender(snapshot), Wish(likes=(1, 3), dislikes=(5,), music=music, n=6))
    stored = vectors_in_duckdb(snapshot)
    with duckdb.connect(str(snapshot.directory / "catalogue.duckdb"), read_only=True, config={"threads": 1}) as con:
        prior = dict(con.execute("SELECT film_id, prior FROM located").fetchall())

    def weights_of(blocks: set[str]) -> dict[str, float]:
        weight = {}
        for block in blocks:
            heard = block in ("music", "embedding")
            group = [b for b in blocks if (b in ("music", "embedding")) is heard]
            amount = (music if heard else 1 - music) * LIKE_WEIGHTS.blocks[block]
            weight[block] = amount / sum(LIKE_WEIGHTS.blocks[b] for b in group)
        return {block: w for block, w in weight.items() if w > 0}

    def likeness(other: int, x: dict[str, np.ndarray]) -> dict[str, float]:
        weight = weights_of(set(stored[other]))
        common = [block for block in weight if block in x]
        counted = [block for block in weight if block in x or block in ("music", "embedding")]
        w = max(sum(weight[b] for b in counted), sum(weight.values()) / 2)
        length = {b: np.linalg.norm(stored[other][b]) for b in common}
        return {b: float(weight[b] * stored[other][b] @ x[b] / (length[b] * w)) for b in common}

    heard = {"music", "embedding"} & {*stored[1], *stored[3]}
    prior_weight = LIKE_WEIGHTS.prior * (1 - music if heard else 1)
    assert answer.results
    for result in answer.results:
        x = stored[result.film.film_id or 0]
        alike = {film_id: likeness(film_id, x) for film_id in (1, 3)}
        expected = {b: sum(a.get(b, 0) for a in alike.values()) / 2 for a in alike.values() for b in a}
        expected["dislikes"] = -LIKE_WEIGHTS.dislike * sum(likeness(5, x).values())
        expected["prior"] = prior_weight * prior[result.film.film_id]
        if not expected.get("people", 1):
            del expected["people"]  # nobody in common is no reason
        shares = {reason.block: reason.share for reason in result.reasons}
        if by_title := shares.pop("series", 0.0):
            shares["people"] = shares.get("people", 0.0) + by_title
        assert shares == pytest.approx(expected, abs=1e-6)
        assert sum(expected.values()) == pytest.approx(result.score, abs=1e-6)
        causes = {cause.film.film_id: cause.share for cause in result.because}
        assert causes == pytest.approx({i: sum(a.values()) / 2 for i, a in alike.items()}, abs=1e-6)


def run(home: Home, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home.root)])
    code = result.exit_code
    if result.exception is not None and hasattr(result.exception, "exit_code"):
        code = result.exception.exit_code
    return code, result.stdout


def test_the_command_prints_the_document(home: Home) -> None:
    code, out = run(home, "recommend", "--like", "Red Harbour", "--dislike", "Steel Birds", "-n", "2", "--json")
    document = json.loads(out)
    assert code == 0
    assert [film["title"] for film in document["likes"]] == ["Red Harbour"]
    assert len(document["results"]) == 2
    for result in document["results"]:
        assert set(result) >= {"film_id", "title", "year", "directors", "score", "reasons"}
        assert sum(reason["share"] for reason in result["reasons"]) == pytest.approx(result["score"], abs=1e-6)


def test_what_is_asked_for_is_said_and_kept(home: Home, snapshot: Snapshot) -> None:
    def asked(*more: str) -> str:
        answered = json.loads(run(home, "recommend", "--like", "Red Harbour", *more, "--json")[1])["for"]
        return str(answered)

    assert asked() == "like" and asked("--for", "taste") == "taste"
    assert asked("--for", "taste", "--save-profile", "mine") == asked("--profile", "mine") == "taste"
    save(home, "few", Question(likes=(1,)))
    assert asked("--profile", "few") == "taste", "a profile is a taste"
    assert asked("--profile", "few", "--for", "like") == "like"
    assert run(home, "recommend", "--like", "Red Harbour", "--for", "me")[0] == 2
    kept = Question(likes=(1,), aim="taste")
    assert from_params(to_params(kept), {1}) == (kept, ())
    assert from_params({"like": "1", "for": "nothing"}, {1})[0].aim is None
    for name in ("mine", "few"):
        run(home, "profiles", "delete", name)


def test_an_address_says_how_many_films_it_has_too_many() -> None:
    params = to_params(Question(likes=tuple(range(1, 204)), seen=tuple(range(300, 505))))
    question, notices = from_params(params, range(1, 1_000))
    assert (len(question.likes), len(question.seen)) == (200, 200)
    assert notices == ("8 films of this link are left out: it may have 200 of a kind.",)


def test_a_profile_keeps_more_films_than_an_address(tmp_path: Path) -> None:
    home, question = make_home(tmp_path), Question(likes=(1,), seen=tuple(range(-1, -301, -1)))
    save(home, "many", question)
    with State.open(home) as state:
        add_taste(state, "many", {2: 9.0})
    with Snapshot.open(home) as snapshot:
        kept = profile_question(home, snapshot, "many")
    assert kept.likes == (1, 2) and len(kept.seen) == 301


def test_wrong_titles_end_with_two(home: Home) -> None:
    assert run(home, "recommend", "--like", "Nowhere")[0] == 2
    assert run(home, "recommend", "--like", "The Quiet Sea")[0] == 2
    assert run(home, "recommend", "--like", "Red Harbour", "--dislike", "Red Harbour")[0] == 2
    assert run(home, "recommend", "--like", "Red Harbour", "--music", "2")[0] == 2


def test_each_front_door_names_the_settings_in_its_own_way(home: Home) -> None:
    with pytest.raises(ParameterError, match="`year_from` 2000 is after `year_to` 1990") as refused:
        Question(filters=Filters(year_from=2000, year_to=1990))
    message = str(refused.value)
    assert option_words(message) == "--year-from 2000 is after --year-to 1990: no film fits. Swap them."
    assert page_words(message) == "year from 2000 is after year to 1990: no film fits. Swap them."
    assert option_words("`n` 0: no. Run `filmscore doctor`.") == "-n 0: no. Run `filmscore doctor`."
    found = CliRunner().invoke(app, ["recommend", "--genre", "Kabuki", "--home", str(home.root)])
    assert "No film passes --genre Kabuki." in found.output


def test_films_by_one_composer(tmp_path: Path) -> None:
    films = [Film(f"Film {i}", year=1990 + i, genres=("Drama",), composers=(name,)) for i, name in enumerate("ABAB")]
    home = home_of(tmp_path, *films)
    asked = ("recommend", "--like", "Film 0", "--json")
    found = json.loads(run(home, *asked, "--composer", "a")[1])["results"]
    assert [result["title"] for result in found] == ["Film 2"]
    assert any("A" in reason["words"] for reason in found[0]["reasons"] if reason["block"] == "people")
    question = Question(likes=(1,), filters=Filters(composer="B"))
    assert from_params(to_params(question), {1})[0] == question
    assert Asked.model_validate({"likes": [1], "composer": "B"}).wish().filters == question.filters


def test_without_likes_there_are_starters(home: Home) -> None:
    document = json.loads(run(home, "recommend", "-n", "3", "--json")[1])
    assert document["likes"] == [] and len(document["results"]) == 3


def test_a_profile_goes_to_a_file_and_comes_back(home: Home, snapshot: Snapshot, tmp_path: Path) -> None:
    question = Question(likes=(1, 3), dislikes=(5,), music=0.8, max_per_director=2)
    save(home, "sea", question)
    exported = export_profile(home, snapshot, "sea")
    assert "Amélie's Clock" in exported
    (tmp_path / "sea.json").write_text(exported.replace('"sea"', '"again"'), "utf-8")
    assert import_profile(home, snapshot, tmp_path / "sea.json") == ("again", ())
    assert profile_question(home, snapshot, "again") == question
    joined = together(question, Question(likes=(5,), music=0.2), ["music"])
    assert joined.likes == (1, 3, 5) and joined.dislikes == () and joined.music == 0.2
    assert joined.max_per_director == 2, "what is not asked now stays as the profile has it"
    assert together(question, Question(), ["music"]).music == 0.5, "a default that is asked for by name wins too"
    code, out = run(home, "recommend", "--profile", "sea", "--json")
    assert code == 0 and len(json.loads(out)["likes"]) == 2
    assert run(home, "recommend", "--like", "Steel Birds", "--save-profile", "steel", "--json")[0] == 0
    assert json.loads(run(home, "profiles", "list", "--json")[1])["profiles"] == ["again", "sea", "steel"]
    assert run(home, "profiles", "export", "steel", str(tmp_path / "sea.json" / "steel.json"))[0] == 2
    assert run(home, "profiles", "export", "steel", str(tmp_path / "steel.json"))[0] == 0
    assert run(home, "profiles", "delete", "steel")[0] == 0
    assert run(home, "profiles", "export", "steel")[0] == 2
    assert run(home, "profiles", "import", str(tmp_path / "steel.json"))[0] == 0
    (tmp_path / "wrong.json").write_text("[1]")
    with pytest.raises(MetadataError, match="not a taste profile"):
        import_profile(home, snapshot, tmp_path / "wrong.json")


IMDB = """Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres
tt0000001,9,2024-01-01,The Quiet Sea,The Quiet Sea,,Movie,7.1,90,1955,Drama
tt0000002,3,2024-01-01,The Quiet Sea,The Quiet Sea,,Movie,6.2,90,1999,Thriller
tt9999999,8,2024-01-01,"Amelie's Clock",x,,Movie,8,90,1959,Drama
tt0000009,8,2024-01-01,Unknown,x,,Movie,8,90,1959,Drama
tt0000010,10,2024-01-01,A Series,x,,TV Series,8,90,1959,Drama
"""
LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-01,Red Harbour,1961,https://x,4.5
2024-01-01,Steel Birds,2001,https://x,1
2024-01-01,Night Letters,1957,https://x,3
"""


@pytest.fixture
def own(tmp_path: Path) -> Home:
    """A home that may be changed."""
    return make_home(tmp_path / "own", heard=False)


def test_a_deleted_film_leaves_profiles(own: Home) -> None:
    save(own, "mine", Question(likes=(1, 2, 12), dislikes=(3,), seen=(2,), music=0.7))
    save(own, "theirs", Question(likes=(3,)))
    delete_film(own, LOCAL, 2)
    with State.open(own) as state:
        assert state.get_profile("mine") == {"like": "1,12", "dislike": "3", "music": "0.7"}
        assert state.get_profile("theirs") == {"like": "3"}


@pytest.mark.fault("A full disk while a film is deleted")
def test_a_film_that_cannot_be_taken_out_of_profiles_is_not_deleted(own: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(state: State, film_id: int) -> None:
        raise CatalogueError("the disk is full. Make room.")

    monkeypatch.setattr("service.library.editing.forget_film", fails)
    with pytest.raises(CatalogueError):
        delete_film(own, LOCAL, 2)
    with State.open(own) as state:
        assert state.get_film(2) and state.deletions() == [] and state.audit_log() == []


def test_ratings_exports_become_likes(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "imdb.csv").write_text(IMDB, "utf-8-sig")
    found = liked_films(snapshot, tmp_path / "imdb.csv")
    assert (found.likes, found.dislikes, found.unmatched) == ((1, 3), (2,), ("Unknown (1959)",))
    (tmp_path / "letterboxd.csv").write_text(LETTERBOXD)
    found = liked_films(snapshot, tmp_path / "letterboxd.csv")
    assert (found.likes, found.dislikes, found.seen) == ((4,), (5,), (4, 5, 6))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "not a ratings export"),
        (b"", "not a ratings export"),
        (b"\x00\x01\x02", "not text"),
        (b"Name,Year,Rating\nX,2000,11\n", "line 2: rating 11 is not between 0 and 5"),
    ],
)
def test_a_wrong_file_as_a_ratings_export_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "wrong.csv").write_bytes(content)
    with pytest.raises(MetadataError, match=message):
        read_ratings(tmp_path / "wrong.csv")


def test_the_document_is_plain_json(snapshot: Snapshot) -> None:
    answer = ask(snapshot, Recommender(snapshot), Wish(likes=(1,)))
    assert json.loads(json.dumps(answer_document(answer), allow_nan=False))["results"]


def test_a_mix_is_kept_by_links_profiles_and_the_api() -> None:
    mix = mix_of({"sound": 4, "about": 4, "picture": 1, "dialogue": 1})
    question = Question(likes=(1,), mix=mix)
    params = to_params(question)
    assert params == {"like": "1", "mix": "sound=0.4,about=0.4,picture=0.1,dialogue=0.1"}
    assert from_params(params, {1})[0] == question
    assert from_params({"like": "1", "mix": "nonsense"}, {1})[0] == Question(likes=(1,))
    asked = Asked.model_validate({"likes": [1], "mix": {"sound": 4, "about": 4, "picture": 1, "dialogue": 1}})
    assert asked.wish().mix == mix
    kept = together(question, Question(likes=(1,), music=0.9), {"music", "mix"})
    assert (kept.music, kept.mix) == (0.9, None)


def test_more_and_less_travel_through_the_document_and_the_address(home: Home) -> None:
    wish = Wish(likes=("Red Harbour",), more=("Drama", "zither"), less=("Director",))
    with Snapshot.open(home) as snapshot:
        question = question_of(snapshot, wish)
        document = answer_document(ask(snapshot, Recommender(snapshot), wish))
    assert [(one["name"], one["more"]) for one in document["effects"]] == [("drama", True), ("director", False)]
    assert all(one["after"] is not None and one["before"] is not None for one in document["effects"])
    assert any("zither" in notice for notice in document["notices"])
    assert from_params(to_params(question), set(range(1, 7)))[0] == question


def test_what_more_or_less_changed_is_told_as_people_say_it() -> None:
    told = [
        effect_words(one)
        for one in (
            Effect("energy", True, 0.97, 1.4),
            Effect("country", False, 0.0, 0.0),
            Effect("director", False, 1.0, 0.2),
            Effect("energy", False, None, 0.5),
            Effect("tempo_bpm", True, 98.4, 117.2),
            Effect("jazz", True, 12.0, 100.0),
        )
    ]
    assert told == [
        "more energy: on average 1.4 instead of 0.97",
        "less country: on average 0, as before",
        "less director: 20 % of the films instead of 100 %",
        "less energy: on average 0.5 instead of unknown",
        "more tempo: on average 117 BPM instead of 98 BPM",
        "more jazz: on average 100 instead of 12",
    ]
