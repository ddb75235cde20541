"""Import metadata into the library: from a CSV, or from the titles that files were matched to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import BinaryIO

import durable
from db.home import Home
from db.imdb.store import ImdbStore
from db.state.films import SOURCES
from db.state.store import State
from errors import MetadataError
from film import Film
from ingest.discover import describe
from ingest.matching import FileName, Match
from ingest.matching_folder import decision_name, match_names
from ingest.matching_titles import titles_of_csv
from ingest.metadata_csv import faultless, read_films
from service.library.publishing import publish
from service.rights.access import Actor
from service.rights.media_roots import safe_name, uploads
from service.rights.upload_limits import MB, SHEET_MB

_KEPT = frozenset({"film_id", "media_path", "media_sha256", "added_at"})
"""Fields of a film that metadata imports never change."""


@dataclass(frozen=True)
class ImportReport:
    """The result of an import, and the snapshot that readers now see."""

    added: int
    updated: int
    unchanged: int
    snapshot: str
    unclear: tuple[str, ...] = ()
    """Titles of rows that fit several films of the library; left out."""
    no_films: int = 0
    """Rows that are series, episodes or games; left out."""
    unused: tuple[str, ...] = ()
    """Columns that the import does not use."""


def keep_sheet(home: Home, actor: Actor, name: str, stream: BinaryIO) -> Path:
    """Store an uploaded CSV where a job can read it.

    Raises:
        AccessError: not an admin.
        MetadataError: the file name is not that of a table, or the file is too large.
    """
    actor.require_admin("import metadata")
    safe = safe_name(name)
    if not safe.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".txt")):
        raise MetadataError(f"{safe}: not a table by its name. Upload a .csv, .tsv or .txt, or one of them as .gz.")
    path = uploads(home) / safe
    taken = 0
    with durable.whole(path, private=True) as arriving, arriving.open("wb") as out:
        while piece := stream.read(1 << 20):
            taken += out.write(piece)
            if taken > SHEET_MB * MB:
                raise MetadataError(
                    f"{safe}: larger than {SHEET_MB} MB. Import it in a terminal: filmscore metadata import."
                )
    return path


def import_metadata(home: Home, actor: Actor, path: Path) -> ImportReport:
    """Add the films of a metadata table to the library, or complete those that exist, and publish.

    A film is matched by its IMDb id, else by title, director and year. Empty cells change nothing. Matching and adding
    happen in one transaction, so that importing a table twice, even at the same time, adds no film twice.

    Raises:
        AccessError, MetadataError: not an admin; the table is invalid, and then nothing changes.
    """
    actor.require_admin("import metadata")
    table = faultless(path)
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    unclear: list[str] = []
    with State.open(home) as state, state.transaction():
        for film in table.films:
            found = likeness(state, film)
            if len(found) > 1 and not film.imdb_id:
                unclear.append(f"{film.title} ({film.year})" if film.year else film.title)
            elif len(found) != 1:
                state.add_film(replace(film, film_id=None), "table")
                counts["added"] += 1
            else:
                counts["updated" if complete(state, found[0], film) else "unchanged"] += 1
        state.audit("metadata import", actor.name, {"file": path.name, **counts})
    return ImportReport(
        **counts,
        snapshot=publish(home),
        unclear=tuple(dict.fromkeys(unclear)),
        no_films=table.no_films,
        unused=table.unused,
    )


def likeness(state: State, film: Film) -> list[Film]:
    """Films of the library that a described film may be; only the first of several with the same id or name."""
    if film.imdb_id and (of_id := state.find_imdb(film.imdb_id)):
        return of_id[:1]
    director = film.directors[0] if film.directors else None
    same = state.find(film.title, director, film.year)
    found = [one for one in same if not (one.imdb_id and film.imdb_id and one.imdb_id != film.imdb_id)]
    if len(found) > 1:
        very = [one for one in found if one.year == film.year and bool(one.directors) == bool(film.directors)]
        return very[:1] or found
    return found


def _known(state: State, film: Film) -> Film | None:
    found = likeness(state, film)
    return found[0] if len(found) == 1 else None


def complete(state: State, known: Film, film: Film, source: str = "table") -> bool:
    """Copy the metadata in `film` to a stored film, except where a more trusted source set the field. Returns whether
    anything changed.

    The title is copied only from an NFO file or from a film with the same IMDb id: a film that was matched by name
    keeps its spelling.
    """
    if known.film_id is None:
        return False
    kept = _KEPT if film.imdb_id or source == "nfo" else _KEPT | {"title"}
    rank = SOURCES.index(source)
    with state.transaction():  # an edit made meanwhile must not be overwritten
        known = state.get_film(known.film_id)
        said_by = state.sources(known.film_id or 0)
        kept |= {name for name, said in said_by.items() if SOURCES.index(said) > rank}
        changes = {
            one.name: getattr(film, one.name)
            for one in fields(Film)
            if one.name not in kept
            and getattr(film, one.name) not in (None, "", ())
            and getattr(film, one.name) != getattr(known, one.name)
        }
        if changes:
            state.update_film(known.film_id or 0, source=source, **changes)
    return bool(changes)


def match_folder(
    home: Home,
    folder: Path,
    names: Sequence[FileName],
    titles: Path | None,
    on_progress: Callable[[int], None] | None = None,
) -> list[Match]:
    """Match the films of a folder against a titles CSV or the loaded IMDb files. Earlier decisions are kept.

    Raises:
        MetadataError: the CSV is invalid.
        CatalogueError: no CSV is given and no IMDb files are loaded.
    """
    decided: dict[Path, str] = {}
    if home.state_path.exists():
        with State.open(home) as state:
            remembered = {decision.name: decision.imdb_id for decision in state.decisions() if decision.imdb_id}
        decided = {
            name.path: remembered[key] for name in names if (key := decision_name(name.path, folder)) in remembered
        }
    if titles is not None:
        return match_names(names, titles_of_csv(titles), decided, on_progress)
    with ImdbStore(home.imdb) as store:
        return match_names(names, store, decided, on_progress)


def decide(home: Home, actor: Actor, name: str, imdb_id: str) -> None:
    """Record which title a file is. `name` is its path below the folder, without the suffix.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("decide titles")
    with State.open(home) as state, state.transaction():
        state.decide(name, imdb_id=imdb_id, actor=actor.name)
        state.audit("imdb match", actor.name, {"name": name, "imdb_id": imdb_id})


def apply_matches(
    home: Home, actor: Actor, folder: Path, matches: Sequence[Match], films: Mapping[str, Film]
) -> ImportReport:
    """Give the library's films the metadata of the titles that their files were matched to, and publish.

    A matched file that is not in the library yet becomes a film without media. `ingest` later finds its id through the
    decision.

    Args:
        films: metadata by IMDb id.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("give films their titles")
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    with State.open(home) as state, state.transaction():
        by_path = {film.media_path: film for film in state.films() if film.media_path}
        for match in matches:
            film = films.get(match.accepted or "")
            if film is None:
                continue
            known = by_path.get(str(match.path.resolve())) or _known(state, film) or _named(state, match.path, folder)
            if known is None or known.film_id is None:
                film_id = state.add_film(replace(film, film_id=None), "table")
                counts["added"] += 1
            else:
                film_id = known.film_id
                counts["updated" if complete(state, known, film) else "unchanged"] += 1
            state.decide(decision_name(match.path, folder), imdb_id=film.imdb_id, film_id=film_id, actor=actor.name)
        state.audit("imdb apply", actor.name, {"folder": folder.name, **counts})
    return ImportReport(counts["added"], counts["updated"], counts["unchanged"], publish(home))


def _named(state: State, path: Path, folder: Path) -> Film | None:
    """The one film that was ingested under this path's name and has no IMDb id yet."""
    found = describe(path, folder)
    films = [film for film in state.find(found.title, found.director or None, found.year) if not film.imdb_id]
    return films[0] if len(films) == 1 else None


def films_by_id(home: Home, titles: Path | None, imdb_ids: Sequence[str]) -> dict[str, Film]:
    """Metadata of matched titles, from the CSV used for matching or from the loaded files."""
    if titles is not None:
        return {film.imdb_id: film for film in read_films(titles) if film.imdb_id in set(imdb_ids)}
    with ImdbStore(home.imdb) as store:
        return store.films(imdb_ids)
