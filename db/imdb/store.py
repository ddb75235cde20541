"""Read IMDb's loaded files, for matching names and as metadata of films."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb

from db.imdb.format import first_line
from db.imdb.load import KEY_SQL
from db.imdb.title_words import find_ids, titled_ids
from errors import CatalogueError
from film import Film

CAST_SHOWN = 3
"""Number of actors in a film's metadata, as in the thesis's Table 17."""

_NEAR_YEARS = 1
_NEAR_EDITS = 2
_SHORTEST_BEGINNING = 2


@dataclass(frozen=True)
class ImdbTitle:
    """A title with all of its names and directors."""

    imdb_id: str
    names: tuple[str, ...]
    """The primary and original titles, then the alternative ones."""
    year: int | None
    directors: tuple[str, ...]
    runtime_minutes: int | None
    votes: int | None


class ImdbStore:
    """Read-only access to the loaded files. Each thread needs its own store."""

    def __init__(self, path: Path) -> None:
        """Open the loaded files.

        Raises:
            CatalogueError: nothing is loaded, or the file cannot be read.
        """
        if not path.exists():
            raise CatalogueError(
                f"{path}: no IMDb files are loaded. Run `filmscore imdb load DIR`, or give --titles CSV."
            )
        self._path = path
        try:
            self._con = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            raise _damaged(path, error) from error

    def __enter__(self) -> ImdbStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    def count(self) -> int:
        """Number of titles."""
        return int(self._con.execute("SELECT count(*) FROM films").fetchall()[0][0])

    def near(
        self,
        words: Sequence[str],
        keys: Sequence[str],
        keys_of_years: Sequence[tuple[str, int]],
        ids: Sequence[str] = (),
    ) -> list[ImdbTitle]:
        """Candidate titles for a batch of names.

        Args:
            words: folded last names: finds titles by directors with one of them as last (or whole) name.
            keys: titles reduced to letters and digits: finds titles with one of them as a name.
            keys_of_years: (key, year): finds titles within a year whose name differs by at most two letters, and titles
                of
                the same year whose name begins with the key ("Borat").
            ids: finds titles by their own id.
        """
        con = self._con
        con.execute("CREATE OR REPLACE TEMP TABLE asked_words AS SELECT unnest(?::VARCHAR[]) AS word", [list(words)])
        con.execute("CREATE OR REPLACE TEMP TABLE asked_keys AS SELECT unnest(?::VARCHAR[]) AS key", [list(keys)])
        con.execute(
            "CREATE OR REPLACE TEMP TABLE asked_years AS "
            "SELECT unnest(?::VARCHAR[]) AS key, unnest(?::SMALLINT[]) AS year",
            [[key for key, _ in keys_of_years], [year for _, year in keys_of_years]],
        )
        con.execute("CREATE OR REPLACE TEMP TABLE asked_ids AS SELECT unnest(?::VARCHAR[]) AS tconst", [list(ids)])
        con.execute(_NEAR)
        return self._titles("SELECT tconst FROM asked_titles UNION SELECT tconst FROM asked_ids")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turns the errors of damaged files, and of those that lack the index of titles, into one clear line."""
        try:
            yield
        except duckdb.CatalogException as error:
            raise CatalogueError(
                f"{self._path}: loaded by an earlier version, without an index of titles. "
                "Run `filmscore imdb load` again."
            ) from error
        except duckdb.Error as error:
            raise _damaged(self._path, error) from error

    def films(self, imdb_ids: Iterable[str]) -> dict[str, Film]:
        """Metadata by id. The official files contain no countries, locations or Metascore.

        Raises:
            CatalogueError: the files are damaged.
        """
        asked = sorted(set(imdb_ids))
        with self._reading():
            rows = self._con.execute(
                "SELECT tconst, title, original_title, year, runtime_minutes, genres, rating, votes "
                "FROM films WHERE tconst IN (SELECT unnest(?::VARCHAR[]))",
                [asked],
            ).fetchall()
            credits = self._con.execute(
                "SELECT tconst, role, name FROM credits WHERE tconst IN (SELECT unnest(?::VARCHAR[])) ORDER BY place",
                [asked],
            ).fetchall()
        people: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for tconst, role, name in credits:
            people[tconst][role].append(name)
        return {row[0]: _film(row, people[row[0]]) for row in rows}

    def search(self, typed: str, limit: int) -> list[Film]:
        """The titles that fit what is typed, as `db.imdb.title_words` orders them.

        Raises:
            CatalogueError: the files were loaded by an earlier filmscore, which made no index; or they are damaged.
        """
        with self._reading():
            ids = find_ids(self._con, typed, limit)
        films = self.films(ids)
        return [films[imdb_id] for imdb_id in ids if imdb_id in films]

    def titled(self, titles: Sequence[str], imdb_ids: Sequence[str]) -> list[Film]:
        """The films with one of the titles or ids, in the order of their ids.

        Raises:
            CatalogueError: as for `search`.
        """
        with self._reading():
            ids = titled_ids(self._con, titles)
        return [film for _, film in sorted(self.films([*ids, *imdb_ids]).items())]

    def most_voted(self, limit: int) -> list[Film]:
        """The titles with the most votes.

        Raises:
            CatalogueError: the files are damaged.
        """
        with self._reading():
            rows = self._con.execute(
                "SELECT tconst FROM films WHERE votes > 0 ORDER BY votes DESC, tconst LIMIT ?", [limit]
            ).fetchall()
        films = self.films([row[0] for row in rows])
        return [films[row[0]] for row in rows]

    def _titles(self, ids_sql: str) -> list[ImdbTitle]:
        rows = self._con.execute(
            "SELECT f.tconst, f.title, f.original_title, f.year, f.runtime_minutes, f.votes, "
            "(SELECT list(name ORDER BY place) FROM credits c WHERE c.tconst = f.tconst AND role = 'director'), "
            "(SELECT list(title ORDER BY title) FROM names n WHERE n.tconst = f.tconst) "
            f"FROM films f WHERE f.tconst IN ({ids_sql}) ORDER BY f.tconst"
        ).fetchall()
        return [
            ImdbTitle(
                imdb_id=tconst,
                names=tuple(dict.fromkeys(name for name in (title, original, *(others or ())) if name)),
                year=year,
                directors=tuple(dict.fromkeys(directors or ())),
                runtime_minutes=runtime,
                votes=votes,
            )
            for tconst, title, original, year, runtime, votes, directors, others in rows
        ]


_NEAR = f"""
CREATE OR REPLACE TEMP TABLE asked_titles AS
SELECT tconst FROM credits WHERE role = 'director' AND (
    regexp_extract({KEY_SQL.format("name", " ")}, '([^ ]+)( brothers)? *$', 1) IN (SELECT word FROM asked_words)
    OR {KEY_SQL.format("name", " ")} IN (SELECT word FROM asked_words))
UNION
SELECT tconst FROM names WHERE key IN (SELECT key FROM asked_keys)
UNION
SELECT n.tconst FROM asked_years a JOIN films f ON f.year BETWEEN a.year - {_NEAR_YEARS} AND a.year + {_NEAR_YEARS}
    JOIN names n ON n.tconst = f.tconst
    WHERE (abs(length(n.key) - length(a.key)) <= {_NEAR_EDITS} AND levenshtein(n.key, a.key) <= {_NEAR_EDITS})
    OR (f.year = a.year AND length(a.key) >= {_SHORTEST_BEGINNING} AND starts_with(n.key, a.key))
"""

_Row = tuple[str, str, str | None, int | None, int | None, str | None, float | None, int | None]


def _damaged(path: Path, error: duckdb.Error) -> CatalogueError:
    return CatalogueError(f"{path}: cannot be read ({first_line(error)}). Run `filmscore imdb load` again.")


def _film(row: _Row, people: Mapping[str, Sequence[str]]) -> Film:
    imdb_id, title, original, year, runtime, genres, rating, votes = row
    return Film(
        title=title,
        other_title=original if original and original != title else "",
        directors=tuple(dict.fromkeys(people.get("director", ()))),
        year=year,
        imdb_id=imdb_id,
        rating=None if rating is None else float(rating),
        votes=votes,
        runtime_minutes=runtime or None,
        genres=tuple(genres.split(",")) if genres else (),
        cast=tuple(dict.fromkeys(people.get("cast", ())))[:CAST_SHOWN],
        composers=tuple(dict.fromkeys(people.get("composer", ()))),
    )
