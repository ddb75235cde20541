"""Match a file to a title: ranked candidates with a confidence, and whether to accept one automatically (thesis 2.2.2).

The evidence is the name (`matching_names`), the director (a folder, or "Director - Title"), the year and, if the file
is readable, the running time. Unclear cases are left to a person: a wrong match costs more than a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from db.titles import fold
from ingest.film_paths import FilmPath, read_path, says_nothing
from ingest.imdb_ids import imdb_id_of
from ingest.matching_directors import Directors
from ingest.matching_likeness import JOINED, ONE_SLIP, TWO_NAMES, likeness, similarity
from ingest.matching_names import Reading, readings, title_keys
from ingest.matching_prefixes import is_numbered
from ingest.matching_titles import Title, TitleIndex

ACCEPTANCE = 0.85
"""A first candidate of at least this confidence is accepted."""

MARGIN = 0.03
"""Candidates whose evidence differs by less than this are rivals, and none of them is accepted."""

_CANDIDATES_SHOWN = 5
_YEAR_OFF_BY_ONE = 0.94
"""Accepted together with the right director only: another film may have the title a year later."""
_CONTRADICTED = 0.5
_NO_DIRECTOR = 0.9
_UNKNOWN_DIRECTOR = 0.88
_IN_SERIES = 0.97
"""Weight of a name joined to that of the enclosing folder."""
_ONE_WITNESS = 0.9
_NAME_CONTRADICTS = 0.8
_HALF_AS_LONG = 0.5
"""A file of less than this share of the title's running time is a clip of it, or another film."""
_SURNAME_LENGTH = 5
_SAFE_LENGTH = 8
"""Letters from which a name with a slip in it is accepted by its year alone."""


@dataclass(frozen=True)
class FileName:
    """What a path says about a film; `folders` starts with the nearest."""

    path: Path
    stem: str
    folders: tuple[str, ...] = ()
    runtime_minutes: float | None = None
    imdb_id: str = ""
    """Id from the NFO file beside it; an id in the file's name takes precedence."""


@dataclass(frozen=True)
class Candidate:
    """A title that a file may be."""

    imdb_id: str
    title: str
    year: int | None
    confidence: float
    """0-1: how well all evidence agrees; rivals share it."""


@dataclass(frozen=True)
class Match:
    """The answer for one file, best candidate first."""

    path: Path
    query: str
    """The title as it was read from the name."""
    accepted: str | None
    """IMDb id, where no question is left."""
    candidates: tuple[Candidate, ...] = ()
    left_out: str = ""
    """Its kind if it is not a film: "trailer", "episode", ..."""


@dataclass(frozen=True)
class _Scored:
    title: Title
    score: float
    alike: float
    reading: Reading = field(compare=False)
    from_name: bool
    """The file's name was read so, not its folder."""


def match(name: FileName, index: TitleIndex) -> Match:
    """The titles that a file may be, with the one that it is where that is beyond doubt.

    An id in the name, in the film's own folder or in its NFO file decides. An extra or an episode is no title.
    """
    read = read_path(name.stem, name.folders)
    read = replace(read, imdb_id=read.imdb_id or name.imdb_id)
    if read.left_out:
        return Match(name.path, name.stem, None, left_out=read.left_out)
    hint = _director_hint(read, index.directors)
    runtime = None if read.part or read.on_disc else name.runtime_minutes
    best: dict[str, _Scored] = {}
    for reading, from_name in film_readings(read):
        for its_reading, its_hint in [(reading, hint), *_director_in_name(reading, index.directors, hint)]:
            its_hint = None if its_reading.with_series else its_hint
            for title in index.near(its_reading, its_hint.titles if its_hint else None):
                alike = likeness(its_reading, title)
                score = its_reading.weight * alike * _evidence(runtime, its_reading, title, its_hint, alike)
                if title.imdb_id not in best or best[title.imdb_id].score < score:
                    best[title.imdb_id] = _Scored(title, score, alike, its_reading, from_name)
    found = _doubted(list(best.values()))
    if read.own_folder:
        found = _contradicted_by_name(read.stem, found)
    return _answer(name.path, read, found, index.titles.get(read.imdb_id))


def film_readings(read: FilmPath) -> Iterator[tuple[Reading, bool]]:
    """The readings of a film's own folder, then those of the file's name; and whether each comes from the file's name.

    A name without a year gets the folder's year. Each reading is also tried with the name of the enclosing folder in
    front, which may be a series ("Star Wars/Episode IV - A New Hope").
    """
    series = _series(read)
    for reading, from_name in _own_readings(read):
        yield reading, from_name
        if series and reading.year is not None:
            title = f"{series} - {reading.title}"
            yield replace(reading, title=title, weight=_IN_SERIES * reading.weight, with_series=True), from_name


def _own_readings(read: FilmPath) -> Iterator[tuple[Reading, bool]]:
    year = None
    for reading in readings(read.own_folder) if read.own_folder else ():
        year = year or reading.year
        yield reading, False
    if not (read.own_folder and (read.on_disc or says_nothing(read.stem))):
        for reading in readings(read.stem):
            yield (replace(reading, year=year) if reading.year is None else reading), True


def _series(read: FilmPath) -> str:
    """The name of the series according to the folder that encloses a film; "" for a shelf, and for the folder given by
    the user."""
    folder = read.outer_folders[0] if len(read.outer_folders) > 1 else ""
    return "" if not folder or Directors.is_shelf(folder) else Directors.set_name(folder)


def _answer(path: Path, read: FilmPath, found: list[_Scored], by_id: Title | None) -> Match:
    ranked = sorted(found, key=lambda one: (-one.score, -(one.title.votes or 0), one.title.imdb_id))
    candidates = _confidences(ranked[: 2 * _CANDIDATES_SHOWN])[:_CANDIDATES_SHOWN]
    query = (
        ranked[0].reading.title if ranked else next((reading.title for reading, _ in film_readings(read)), read.stem)
    )
    if by_id is not None:
        first = Candidate(by_id.imdb_id, by_id.names[0], by_id.year, 1.0)
        others = [one for one in candidates if one.imdb_id != by_id.imdb_id][: _CANDIDATES_SHOWN - 1]
        return Match(path, query, by_id.imdb_id, (first, *others))
    clear = bool(candidates) and candidates[0].confidence >= ACCEPTANCE
    if clear and read.imdb_id:  # a row of a table without ids does not contradict the name's
        clear = not imdb_id_of(candidates[0].imdb_id)
    return Match(path, query, candidates[0].imdb_id if clear else None, tuple(candidates))


def _contradicted_by_name(stem: str, found: list[_Scored]) -> list[_Scored]:
    """Every title is in doubt where the folder means one and the name in it is another's: what of it is true?"""
    if len(title_keys(stem).compact) < _SAFE_LENGTH or not found:
        return found
    named = {one.title.imdb_id for one in found if similarity(stem, one.title) >= TWO_NAMES}
    best = max(found, key=lambda one: one.score)
    if not named or best.title.imdb_id in named or best.from_name:
        return found
    return [replace(one, score=one.score * _NAME_CONTRADICTS) for one in found]


def _doubted(found: list[_Scored]) -> list[_Scored]:
    """Near names count less where another title has the very name: is "Ridley Scott/Aliens" *Alien*, or misplaced?"""
    if not any(one.alike >= TWO_NAMES and one.reading.weight >= TWO_NAMES for one in found):
        return found
    return [
        replace(one, score=one.score * _ONE_WITNESS)
        if one.alike < JOINED and (one.reading.year is None or one.reading.year != one.title.year)
        else one
        for one in found
    ]


@dataclass(frozen=True)
class _Hint:
    """A director named next to the title; `titles` empty: no known director has this name."""

    titles: dict[str, float]
    """Index of a title -> how surely it is by the one named."""
    of_set: bool = False
    """The name denotes a set of films, perhaps a director's: it supports titles and contradicts none."""
    full_name: bool = False
    """The unknown name is one of several words, as people's are, not one like "Pixar"."""


def _director_hint(read: FilmPath, directors: Directors) -> _Hint | None:
    """The director whom a folder names. A folder that belongs to the film alone, a shelf ("Movies"), a set, or a folder
    whose films are numbered names none."""
    names = [read.stem, read.own_folder] if read.own_folder else [read.stem]
    own = {title_keys(reading.title).compact for name in names for reading in readings(name)}
    unknown = ""
    in_set = any(is_numbered(name) for name in names)
    for place, folder in enumerate(read.outer_folders):
        titles = directors.titles_by(folder)
        if titles:
            return _Hint(titles, of_set=in_set or directors.is_set(folder))
        is_own = bool(own & {title_keys(reading.title).compact for reading in readings(folder)})
        is_set = in_set or directors.is_shelf(folder) or directors.is_set(folder)
        if place < len(read.outer_folders) - 1 and not is_own and not is_set:
            unknown = unknown or folder
    if not unknown:
        return None
    words = {word for name in names for word in fold(name).split()}  # "Harry Potter" shares words with its films
    return _Hint({}, full_name=directors.is_full_name(unknown) and not words & set(fold(unknown).split()))


def _director_in_name(reading: Reading, directors: Directors, hint: _Hint | None) -> list[tuple[Reading, _Hint | None]]:
    """ "Alfred Hitchcock - Vertigo" and "Vertigo - Alfred Hitchcock", where the folders name no director."""
    pieces = [piece.strip() for piece in re.split(r"(?:\s+[-\u2013])+\s+", reading.title)]
    if len(pieces) < 2 or (hint and hint.titles):
        return []
    found: list[tuple[Reading, _Hint | None]] = []
    for who, rest in ((pieces[0], pieces[1:]), (pieces[-1], pieces[:-1])):
        titles = directors.titles_by(who) if len(who) >= _SURNAME_LENGTH else {}
        if titles:
            found.append((replace(reading, title=" - ".join(rest)), _Hint(titles)))
    return found


def _evidence(runtime_minutes: float | None, reading: Reading, title: Title, hint: _Hint | None, alike: float) -> float:
    """Factor in (0, 1] that the director, the year and the running time give a title whose name is `alike`."""
    factor = 1.0
    year_agrees = reading.year is not None and reading.year == title.year
    if reading.year is not None and title.year is not None and not year_agrees:
        factor *= _YEAR_OFF_BY_ONE if abs(reading.year - title.year) == 1 else _CONTRADICTED
    if alike < ONE_SLIP and not (year_agrees and hint and hint.titles):
        factor *= _ONE_WITNESS
    if hint is None or (hint.of_set and title.imdb_id not in hint.titles):
        safe = year_agrees and (alike >= JOINED or len(title_keys(reading.title).compact) >= _SAFE_LENGTH)
        factor *= 1.0 if safe else _NO_DIRECTOR
    elif not hint.titles:
        # The catalogue knows nobody of that name: only the very title and year speak louder, and not than a full name.
        spoken_for = year_agrees and alike > TWO_NAMES and not hint.full_name
        factor *= _UNKNOWN_DIRECTOR if spoken_for else _UNKNOWN_DIRECTOR**2
    else:
        factor *= hint.titles.get(title.imdb_id, _CONTRADICTED)
    if runtime_minutes and title.runtime_minutes:
        apart = abs(runtime_minutes - title.runtime_minutes)
        if runtime_minutes < _HALF_AS_LONG * title.runtime_minutes:
            factor *= _CONTRADICTED
        elif apart > max(5.0, 0.08 * title.runtime_minutes):
            factor *= _ONE_WITNESS
    return factor


def _confidences(ranked: Sequence[_Scored]) -> list[Candidate]:
    """Scores as confidences, falling: a candidate with rivals within MARGIN shares its score with them."""
    found: list[Candidate] = []
    for one in ranked:
        rivals = sum(abs(other.score - one.score) < MARGIN for other in ranked)
        confidence = min(one.score / rivals, found[-1].confidence if found else 1.0)
        found.append(Candidate(one.title.imdb_id, one.title.names[0], one.title.year, round(confidence, 4)))
    return found
