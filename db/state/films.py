"""Films in the state: metadata, identification decisions, corrections and deletions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from db.clock import now
from db.state.ledger import Ledger
from db.titles import title_key
from errors import ParameterError
from film import ATTRIBUTES, BOUNDS, GENRES, LEVELS, Film

LISTS = ("directors", "countries", "languages", "locations", "genres", "cast", "writers", "composers", "tags")
"""Fields of a Film that hold several values."""

SOURCES = ("name", "table", "nfo", "edit")
"""Where metadata of a film comes from, least trusted first: the file name; a table, IMDb's files or a server; the
film's NFO file; a curator. A less trusted source never overwrites a more trusted one."""

_MEDIA_FIELDS = ("media_path", "media_sha256")
_COLUMNS = tuple(f.name for f in fields(Film) if f.name not in ("film_id", *_MEDIA_FIELDS))
_SELECT = """
    SELECT f.*, coalesce(m.path, '') AS media_path, coalesce(m.media_sha256, '') AS media_sha256
    FROM films f LEFT JOIN media m USING (film_id)
"""


@dataclass(frozen=True)
class Correction:
    """A person's correction of a music run. The run is identified by its start and end second, so that the correction
    survives a new analysis."""

    film_id: int
    start_s: int
    end_s: int
    attribute: str
    value: str
    corrected_at: str


@dataclass(frozen=True)
class Decision:
    """Which film a name (of a file, a folder, a title) was decided to mean."""

    name: str
    imdb_id: str
    film_id: int | None
    actor: str
    decided_at: str


def film_of(row: sqlite3.Row) -> Film:
    """A row of `films` as a Film."""
    kept = set(row.keys())  # a read-only state may be older than the last migration
    values: dict[str, Any] = {name: row[name] for name in ("film_id", *_COLUMNS, *_MEDIA_FIELDS) if name in kept}
    for name in kept.intersection(LISTS):
        values[name] = tuple(json.loads(values[name]))
    return Film(**values)


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = {name: json.dumps(list(v), ensure_ascii=False) if name in LISTS else v for name, v in values.items()}
    for name in ("title", "other_title"):
        if name in stored:
            stored[f"{name}_key"] = title_key(stored[name])
    return stored


class FilmsState(Ledger):
    """The part of the state that holds the films."""

    def add_film(self, film: Film, source: str = "name") -> int:
        """Store a new film and return its permanent film_id. Attach media separately."""
        return self.add_films([film], source)[0]

    def add_films(self, films: Iterable[Film], source: str = "name") -> list[int]:
        """Store many new films in one transaction and return their ids in the same order. `source` says where the
        metadata comes from."""
        ids = []
        with self.transaction() as con:
            revision = self.next_revision(con)
            for film in films:
                if not film.title.strip():
                    raise ParameterError("the film has no title. Give it one.")
                values = {name: value for name, value in asdict(film).items() if name in _COLUMNS}
                said = {} if source == "name" else {name: source for name, value in values.items() if value}
                row = {
                    **_stored(values),
                    "added_at": film.added_at or now(),
                    "sources": json.dumps(said),
                    "metadata_revision": revision,
                }
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                ids.append(con.execute(f"INSERT INTO films ({names}) VALUES ({marks})", tuple(row.values())).lastrowid)
        return [int(i or 0) for i in ids]

    def update_film(self, film_id: int, /, *, source: str = "edit", **values: Any) -> None:
        """Change metadata fields of a film. The state records `source`, one of SOURCES, for every field that changes.

        Raises:
            ParameterError: no such film, no such field (`attach_media` changes media), or a number outside
                `film.BOUNDS`.
        """
        unknown = sorted(set(values) - set(_COLUMNS))
        if unknown:
            raise ParameterError(
                f"{', '.join(unknown)}: not a field that can be edited. Fields: {', '.join(_COLUMNS)}."
            )
        if "title" in values and not str(values["title"]).strip():
            raise ParameterError("a film cannot lose its title. Give it one.")
        for name, (low, high) in BOUNDS.items():
            if (value := values.get(name)) is not None and not low <= value <= high:
                raise ParameterError(f"{name.replace('_', ' ')} {value}: not between {low} and {high}. Correct it.")
        with self.transaction() as con:
            before = self.get_film(film_id)
            changed = {name: source for name, value in values.items() if getattr(before, name) != value}
            sources = json.dumps(self.sources(film_id) | changed)
            row = {**_stored(values), "sources": sources, "metadata_revision": self.next_revision(con)}
            sets = ", ".join(f'"{name}" = ?' for name in row)
            con.execute(f"UPDATE films SET {sets} WHERE film_id = ?", (*row.values(), film_id))

    def sources(self, film_id: int) -> dict[str, str]:
        """Field -> its source, one of SOURCES. Fields that are missing here come from the file name."""
        rows = self.rows("SELECT sources FROM films WHERE film_id = ?", (int(film_id),))
        said = json.loads(rows[0][0]) if rows else {}
        return {name: source for name, source in said.items() if source in SOURCES}

    def get_film(self, film_id: int) -> Film:
        """The film with this id.

        Raises:
            ParameterError: no such film, or no longer.
        """
        rows = self.rows(_SELECT + " WHERE film_id = ?", (int(film_id),))
        if not rows:
            raise ParameterError(f"film {film_id}: not in the library. It may have been deleted.")
        return film_of(rows[0])

    def films(self) -> list[Film]:
        """All films, ordered by film_id."""
        return [film_of(row) for row in self.rows(_SELECT + " ORDER BY film_id")]

    def film_counts(self) -> tuple[int, int]:
        """How many films there are, and how many of them have media."""
        row = self.rows("SELECT (SELECT count(*) FROM films), (SELECT count(*) FROM media)")[0]
        return int(row[0]), int(row[1])

    def titles(self) -> list[tuple[int, str, int | None]]:
        """(film_id, title, year) of all films, ordered by film_id."""
        return [tuple(row) for row in self.rows("SELECT film_id, title, year FROM films ORDER BY film_id")]  # type: ignore[misc]

    def films_of(self, film_ids: Sequence[int]) -> list[Film]:
        """The films with these ids, ordered by film_id. Deleted films are left out."""
        listed = json.dumps([int(i) for i in film_ids])
        sql = _SELECT + " WHERE film_id IN (SELECT value FROM json_each(?)) ORDER BY film_id"
        return [film_of(row) for row in self.rows(sql, (listed,))]

    def film_columns(self, film_ids: Sequence[int]) -> dict[str, Sequence[Any]]:
        """Field of a Film -> its stored values, of the films with these ids, ordered by film_id. Lists are JSON texts;
        what this state does not know is empty. Deleted films are left out."""
        sql = _SELECT + " WHERE film_id IN (SELECT value FROM json_each(?)) ORDER BY film_id"
        rows = self.rows(sql, (json.dumps([int(i) for i in film_ids]),))
        return {name: [row[name] for row in rows] for name in ("film_id", *_COLUMNS, *_MEDIA_FIELDS)}

    def plots(self, after: int) -> list[str]:
        """The distinct plots of the films whose metadata changed after a revision."""
        sql = "SELECT DISTINCT plot FROM films WHERE metadata_revision > ? AND plot <> ''"
        return [str(row[0]) for row in self.rows(sql, (after,))]

    def find(self, title: str, director: str | None = None, year: int | None = None) -> list[Film]:
        """Films with this title, ignoring case, accents, punctuation and articles; if there are none, films with this
        other title.

        `director` and `year`, where given, exclude films for which another one is known.
        """
        key = title_key(title)
        for column in ("title_key", "other_title_key"):
            found = [film_of(row) for row in self.rows(_SELECT + f" WHERE {column} = ? ORDER BY film_id", (key,))]
            if director:
                wanted = title_key(director)
                found = [f for f in found if not f.directors or wanted in map(title_key, f.directors)]
            if year:
                found = [f for f in found if f.year is None or f.year == year]
            if found:
                return found
        return []

    def find_imdb(self, imdb_id: str) -> list[Film]:
        """Films with this IMDb id. There are several only if somebody created a duplicate."""
        return [film_of(row) for row in self.rows(_SELECT + " WHERE imdb_id = ? ORDER BY film_id", (imdb_id,))]

    def delete_film(self, film_id: int) -> None:
        """Delete a film and everything that belongs to it. The next publish deletes its part. The id is never
        reused."""
        with self.transaction() as con:
            film = self.get_film(film_id)
            gone = (film_id, film.title, film.media_sha256, now(), self.next_revision(con))
            con.execute("INSERT OR REPLACE INTO deletions VALUES (?, ?, ?, ?, ?)", gone)
            con.execute("DELETE FROM films WHERE film_id = ?", (film_id,))
            for table in ("copies", "chosen_tracks"):
                con.execute(f"DELETE FROM {table} WHERE media_sha256 NOT IN (SELECT media_sha256 FROM media)")

    def deletions(self, after: int = -1) -> list[tuple[int, str]]:
        """(film_id, media hash) of the films deleted after a revision."""
        sql = "SELECT film_id, media_sha256 FROM deletions WHERE revision > ? ORDER BY film_id"
        return [(int(row[0]), str(row[1])) for row in self.rows(sql, (after,))]

    def changed(self, after: int) -> tuple[set[int], set[int]]:
        """Ids of the films whose metadata changed after a revision, and ids of those whose media or corrections
        changed."""
        return tuple(  # type: ignore[return-value]
            {int(row[0]) for row in self.rows(f"SELECT film_id FROM films WHERE {column} > ?", (after,))}
            for column in ("metadata_revision", "heard_revision")
        )

    def correct_run(
        self, film_id: int, run: tuple[int, int], attribute: str, value: str | None, actor: str = ""
    ) -> None:
        """Correct an attribute of a run. The model's value is kept as well. None removes the correction.

        Args:
            film_id: the film.
            run: (start_s, end_s) of the run.
            attribute: "genre" or one of ATTRIBUTES.
            value: one of GENRES, or of the attribute's LEVELS.
            actor: who makes the correction.

        Raises:
            ParameterError: unknown film, attribute or value.
        """
        values = GENRES if attribute == "genre" else LEVELS.get(attribute)
        if values is None:
            raise ParameterError(f"{attribute}: not an attribute of music. One of: genre, {', '.join(ATTRIBUTES)}.")
        if value is not None and value not in values:
            raise ParameterError(f"{value}: not a value of {attribute}. One of: {', '.join(values)}.")
        start_s, end_s = run
        with self.transaction() as con:
            self.get_film(film_id)
            key = (film_id, int(start_s), int(end_s), attribute)
            if value is None:
                con.execute(
                    "DELETE FROM corrections WHERE film_id = ? AND start_s = ? AND end_s = ? AND attribute = ?", key
                )
            else:
                con.execute(
                    "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?)", (*key, value, actor, now())
                )
            con.execute("UPDATE films SET heard_revision = ? WHERE film_id = ?", (self.next_revision(con), film_id))

    def corrections(self, film_ids: Sequence[int] | None = None) -> list[Correction]:
        """All corrections, or those of these films."""
        sql = "SELECT film_id, start_s, end_s, attribute, value, corrected_at FROM corrections"
        if film_ids is None:
            return [Correction(*row) for row in self.rows(sql + " ORDER BY film_id, start_s")]
        sql += " WHERE film_id IN (SELECT value FROM json_each(?)) ORDER BY film_id, start_s"
        return [Correction(*row) for row in self.rows(sql, (json.dumps([int(i) for i in film_ids]),))]

    def decide(self, name: str, *, imdb_id: str = "", film_id: int | None = None, actor: str = "") -> None:
        """Record which film a name means. A later decision replaces an earlier one."""
        sql = "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?)"
        self.write(sql, (name, imdb_id, film_id, actor, now()))

    def decision(self, name: str) -> Decision | None:
        """The decision for a name, or None."""
        rows = self.rows("SELECT * FROM decisions WHERE name = ?", (name,))
        return Decision(*rows[0]) if rows else None

    def decisions(self) -> list[Decision]:
        """All decisions, ordered by name."""
        return [Decision(*row) for row in self.rows("SELECT * FROM decisions ORDER BY name")]
