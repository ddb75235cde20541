"""IMDb's official files into DuckDB."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from db.imdb.load import load
from db.imdb.store import ImdbStore
from errors import CatalogueError, MetadataError
from ingest.matching import FileName
from ingest.matching_folder import match_names

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")) / "imdb"
BASICS = "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
PRINCIPALS = "tconst\tordering\tnconst\tcategory\tjob\tcharacters\n"
FILES = {
    "title.basics": BASICS
    + 'tt0000001\tmovie\tThe "Quoted" Man\tL\'homme\t0\t1956\t\\N\t120\tCrime,Drama\n'
    + "tt0000002\tmovie\tFrankenweenie\tFrankenweenie\t0\t2012\t\\N\t87\tAnimation\n"
    + "tt0000003\tshort\tFrankenweenie\tFrankenweenie\t0\t1984\t\\N\t29\tShort\n"
    + "tt0000004\ttvEpisode\tAn Episode\tAn Episode\t0\t1990\t\\N\t\\N\t\\N\n"
    + "tt0000005\ttvMovie\tDuel, the First\tDuel\t0\t1971\t\\N\t90\tThriller\n",
    "title.ratings": "tconst\taverageRating\tnumVotes\ntt0000001\t7.5\t100\ntt0000004\t9.0\t5\n",
    "title.crew": "tconst\tdirectors\twriters\ntt0000001\tnm1,nm2\t\\N\ntt0000002\tnm3\t\\N\ntt0000003\tnm3\t\\N\n",
    "title.principals": PRINCIPALS
    + 'tt0000001\t1\tnm4\tactor\t\\N\t["The \\"Man\\""]\n'
    + 'tt0000001\t2\tnm5\tactress\t\\N\t["Añna"]\n'
    + "tt0000001\t3\tnm1\tdirector\t\\N\t\\N\n"
    + "tt0000001\t4\tnm6\tcomposer\t\\N\t\\N\n",
    "title.akas": "titleId\tordering\ttitle\tregion\tlanguage\ttypes\tattributes\tisOriginalTitle\n"
    "tt0000001\t1\tEl hombre citado\tES\t\\N\t\\N\t\\N\t0\n",
    "name.basics": "nconst\tprimaryName\tbirthYear\tdeathYear\tprimaryProfession\tknownForTitles\n"
    "nm1\tJoel Coen\t\\N\t\\N\t\\N\t\\N\nnm2\tEthan Coen\t\\N\t\\N\t\\N\t\\N\nnm3\tTim Burton\t\\N\t\\N\t\\N\t\\N\n"
    "nm4\tÅke Ö\t\\N\t\\N\t\\N\t\\N\nnm5\tAnna B\t\\N\t\\N\t\\N\t\\N\n"
    "nm6\tCarla C\t\\N\t\\N\t\\N\t\\N\n",
}


@pytest.fixture
def official(tmp_path: Path) -> Path:
    folder = tmp_path / "official"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode()))
    return folder


def test_films_come_with_directors_cast_and_rating(official: Path, tmp_path: Path) -> None:
    report = load(official, tmp_path / "imdb.duckdb")
    assert (report.films, report.missing) == (2, ())
    assert sum(file.rejected for file in report.files) == 0
    with ImdbStore(tmp_path / "imdb.duckdb") as store:
        film = store.films(["tt0000001"])["tt0000001"]
    assert film.title == 'The "Quoted" Man'
    assert film.other_title == "L'homme"
    assert film.directors == ("Joel Coen", "Ethan Coen")
    assert film.cast == ("Åke Ö", "Anna B")
    assert film.composers == ("Carla C",)
    assert (film.year, film.runtime_minutes, film.rating, film.votes) == (1956, 120, 7.5, 100)
    assert film.genres == ("Crime", "Drama")


def test_tv_movies_and_shorts_come_by_option(official: Path, tmp_path: Path) -> None:
    assert load(official, tmp_path / "imdb.duckdb", kinds=("movie", "tvMovie", "short")).films == 4


def test_only_movies_has_no_header_and_commas(official: Path, tmp_path: Path) -> None:
    load(official, tmp_path / "imdb.duckdb", kinds=("movie", "short"), only_movies=tmp_path / "onlyMovies.csv")
    lines = (tmp_path / "onlyMovies.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "tt0000002,movie,Frankenweenie,Frankenweenie,0,2012,\\N,87,Animation"
    assert len(lines) == 2


def test_progress_ends_at_one_for_every_file(official: Path, tmp_path: Path) -> None:
    last: dict[str, float] = {}
    load(official, tmp_path / "imdb.duckdb", on_progress=lambda name, share: last.__setitem__(name, share))
    assert last == dict.fromkeys(FILES, 1.0)


def test_broken_rows_are_counted_named_by_line_and_left_out(official: Path, tmp_path: Path) -> None:
    good = FILES["title.basics"].encode()
    broken = (
        b"tt0000011\tmovie\tToo few\n"
        b"tt0000012\tmovie\tA stray\ttab\tin it\t0\t1990\t\\N\t90\tDrama\n"
        b"tt0000013\tmovie\tBad year\tBad year\t0\t19x0\t\\N\t90\tDrama\n"
        b"\n"
        b"tt0000014\tmovie\tNot UTF-8 \xff\xfe\tx\t0\t1990\t\\N\t90\tDrama\n"
        b"tt0000015\tmovie\tYear 3990\tYear\t0\t3990\t\\N\t90\tDrama\n"
        b"tt0000016\tmovie\tGood again \xc3\xa9\tGood\t0\t1990\t\\N\t90\tDrama\n"
    )
    (official / "title.basics.tsv.gz").write_bytes(gzip.compress(good + broken))
    principals = FILES["title.principals"] + 'tt0000002\t1\tnm4\tactor\t\\N\t["Broken "quotes""]\n'
    (official / "title.principals.tsv.gz").write_bytes(gzip.compress(principals.encode()))
    report = load(official, tmp_path / "imdb.duckdb")
    files = {file.file: file for file in report.files}
    basics = files["title.basics.tsv.gz"]
    assert report.films == 3
    assert basics.rejected == 5, basics
    first = good.count(b"\n") + 1
    assert [reject.line - first for reject in basics.rejects] == [0, 1, 2, 4, 5]
    assert [reject.reason for reject in basics.rejects] == [
        "missing columns",
        "too many columns (a stray tab)",
        "bad value in startYear",
        "not UTF-8",
        "bad value in startYear",
    ]
    [quotes] = files["title.principals.tsv.gz"].rejects
    assert (quotes.line, quotes.reason) == (6, "bad value in characters")


def test_rows_that_are_no_titles_are_counted_too_and_fields_may_begin_with_a_quote(
    official: Path, tmp_path: Path
) -> None:
    good = FILES["title.basics"]
    (official / "title.basics.tsv.gz").unlink()
    (official / "title.basics.tsv").write_text(
        good
        + "\\N\tmovie\tNo id\tNo id\t0\t1990\t\\N\t90\tDrama\n"
        + "nm0000021\tmovie\tAnother id\tx\t0\t1990\t\\N\t90\tDrama\n"
        + "tt0000022\tmovie\t\\N\tNo title\t0\t1990\t\\N\t90\tDrama\n"
        + "tt0000001\tmovie\tId of another\tx\t0\t1990\t\\N\t90\tDrama\n"
        + 'tt0000023\tmovie\t"Begins, and\t"Both"\t0\t1990\t\\N\t90\tDrama\n'
        + "tt0000024\tmovie\tA stray tab at the end\tx\t0\t1990\t\\N\t90\tDrama\t\n",
        encoding="utf-8",
    )
    ratings = FILES["title.ratings"] + "tt0000001\t7.5\t100\n"
    (official / "title.ratings.tsv.gz").write_bytes(gzip.compress(ratings.encode()))
    report = load(official, tmp_path / "imdb.duckdb")
    basics = report.files[0]
    first = good.count("\n") + 1
    assert [(reject.line - first, reject.reason) for reject in basics.rejects] == [
        (0, "bad value in tconst"),
        (1, "bad value in tconst"),
        (2, "no title"),
        (3, "the id of another row"),
        (5, "too many columns (a stray tab)"),
    ]
    assert (basics.rejected, basics.kept, report.films) == (5, 3, 3)
    with ImdbStore(tmp_path / "imdb.duckdb") as store:
        film = store.films(["tt0000023"])["tt0000023"]
    assert (film.title, film.other_title) == ('"Begins, and', '"Both"')


@pytest.mark.fault("A damaged file of IMDb")
def test_a_damaged_gz_is_no_file_of_broken_rows(official: Path, tmp_path: Path) -> None:
    load(official, tmp_path / "imdb.duckdb")
    before = (tmp_path / "imdb.duckdb").read_bytes()
    text = FILES["title.basics"] + "".join(
        f"tt{row:07}\tmovie\tFilm {row}\tFilm\t0\t1990\t\\N\t90\tDrama\n" for row in range(100, 3000)
    )
    whole = bytearray(gzip.compress((text + "broken\n").encode()))
    whole[-8] ^= 1  # the checksum
    (official / "title.basics.tsv.gz").write_bytes(whole)
    with pytest.raises(MetadataError, match=r"title\.basics\.tsv\.gz: truncated or damaged"):
        load(official, tmp_path / "imdb.duckdb")
    assert (tmp_path / "imdb.duckdb").read_bytes() == before


def test_a_file_without_a_film_is_an_error_and_the_data_before_stay(official: Path, tmp_path: Path) -> None:
    load(official, tmp_path / "imdb.duckdb")
    before = (tmp_path / "imdb.duckdb").read_bytes()
    (official / "title.basics.tsv.gz").write_bytes(gzip.compress(BASICS.encode()))
    with pytest.raises(MetadataError, match="none of the requested titles"):
        load(official, tmp_path / "imdb.duckdb")
    assert (tmp_path / "imdb.duckdb").read_bytes() == before


@pytest.mark.fault("A truncated file of IMDb")
@pytest.mark.parametrize("name", ["title.basics", "name.basics", "title.akas"])
def test_a_truncated_file_is_an_error_and_the_data_before_stay(official: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "imdb.duckdb"
    load(official, target)
    before = target.read_bytes()
    rows = FILES[name] + "".join(f"x{os.urandom(9).hex()}\tmovie\n" for _ in range(20_000))
    whole = gzip.compress(rows.encode())
    (official / f"{name}.tsv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MetadataError, match=rf"{name}\.tsv\.gz: .*(GZIP|truncated).*data loaded before stay"):
        load(official, target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["imdb.duckdb", "official"]


def test_missing_files_and_foreign_headers_are_named(official: Path, tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"no title\.basics\.tsv"):
        load(tmp_path, tmp_path / "imdb.duckdb")
    (official / "title.ratings.tsv.gz").write_bytes(gzip.compress(b"id\tstars\n1\t2\n"))
    with pytest.raises(MetadataError, match=r"title\.ratings\.tsv\.gz: no column tconst"):
        load(official, tmp_path / "imdb.duckdb")
    (official / "title.ratings.tsv.gz").unlink()
    assert load(official, tmp_path / "imdb.duckdb").missing == ("title.ratings",)


def test_without_loaded_files_the_way_is_shown(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="filmscore imdb load DIR"):
        ImdbStore(tmp_path / "imdb.duckdb")


@pytest.mark.parametrize(
    ("folder", "stem", "accepted"),
    [
        ("Coen Brothers", "The Quoted Man", "tt0000001"),
        ("Joel Coen", "El hombre citado", "tt0000001"),
        ("films", "L'homme (1956)", "tt0000001"),
        ("Tim Burton", "Frankenweenie", None),
        ("Tim Burton", "Frankenweenie (1984)", "tt0000003"),
        ("Tim Burton", "Frankenweeni 2012 1080p", "tt0000002"),
        ("films", "whatever [imdbid-tt0000003]", "tt0000003"),
        ("The Quoted Man {imdb-tt0000003}", "x", "tt0000003"),
        ("Frankenweenie (1984)", "x", "tt0000003"),
    ],
)
def test_names_are_matched_against_the_loaded_files(
    official: Path, tmp_path: Path, folder: str, stem: str, accepted: str | None
) -> None:
    load(official, tmp_path / "imdb.duckdb", kinds=("movie", "short"))
    with ImdbStore(tmp_path / "imdb.duckdb") as store:
        folders = (folder, "collection") if folder != "films" else ("films",)
        [answer] = match_names([FileName(Path(stem), stem, folders)], store)
    assert answer.accepted == accepted


def test_short_forms_are_matched_against_the_loaded_files(official: Path, tmp_path: Path) -> None:
    row = "tt0000006\tmovie\tBragg: A Tale of Two Harbours\t\\N\t0\t1999\t\\N\t99\tDrama\n"
    (official / "title.basics.tsv.gz").write_bytes(gzip.compress((FILES["title.basics"] + row).encode()))
    load(official, tmp_path / "imdb.duckdb")
    with ImdbStore(tmp_path / "imdb.duckdb") as store:
        names = [FileName(Path(stem), stem, ("films",)) for stem in ("Bragg (1999)", "Bragg (1998)")]
        assert [answer.accepted for answer in match_names(names, store)] == ["tt0000006", None]


@pytest.mark.parametrize(("folder", "films"), [("full_small", 9), ("basics_2017", 18_199), ("people", 2_000)])
def test_the_real_excerpts_load_without_a_broken_row(tmp_path: Path, folder: str, films: int) -> None:
    if not (DATA / folder).exists():
        pytest.skip(f"{DATA / folder} is not here")
    report = load(DATA / folder, tmp_path / "imdb.duckdb")
    assert sum(file.rejected for file in report.files) == 0
    assert report.films == films
