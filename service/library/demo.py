"""The demo catalogue: metadata of the thesis's films, and rendered films that can be analysed.

The 144 films of the thesis have no media until somebody ingests their files. The 36 demo films are rendered (studio),
so that the real pipeline has something to analyse. Their directors are styles ("The Slow Strings"), not people, and
their plots say that everything about them is invented.
"""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path

from db.faults import disk_faults
from db.home import Home
from db.state.store import State
from durable import write_text
from errors import CatalogueError
from film import AnalysisStatus, Film
from ingest.hear import Outcome
from ingest.metadata_csv import read_films
from service.figures.validity import run_validity, validity_path
from service.library.adding import ingest
from service.rights.access import LOCAL
from studio import HABITS, film_script, render, write_media
from studio.extra import require
from studio.pictures import habit_pictures
from studio.script import FilmScript
from studio.subtitling import TextStream, write_srt

DEMO, THESIS = "demo", "thesis"
"""Names of the two collections."""
VERSION = "2"
"""Version of the demo catalogue: of its films and of how they are rendered. A home with a complete demo of this version
is not changed; one of another version is rendered and heard again."""
SEED = 5_2020
FILM_S = (120, 165)
"""Length in seconds of the shortest and the longest demo film."""
SILENT = "Eleven Angry Letters"
"""The only demo film without music, which shows what an empty sound print looks like."""

OnProgress = Callable[[str, int, int], None]
"""Called with the stage ("render", "hear" or "validity"), the number of films that have passed it, and the total."""


@dataclass(frozen=True)
class DemoReport:
    """The result of `build_demo`."""

    existed: bool
    """Whether the demo catalogue already existed, so that nothing was done."""
    thesis_films: int
    """Number of the thesis's films added in this call."""
    rendered: int
    """Number of demo films rendered in this call."""
    heard: int
    """Number of demo films analysed in this call."""
    failures: tuple[str, ...] = ()
    """One reason per film that could not be analysed."""
    snapshot: str = ""
    replaced: bool = False
    """Whether films of another version of the demo were there, and these take their place."""


def _read(name: str) -> list[Film]:
    with as_file(files("service") / "data" / name) as path:
        return read_films(path)


def thesis_films() -> list[Film]:
    """The 144 films of the thesis's Table 1, in its order."""
    return [replace(film, collection=THESIS) for film in _read("thesis_films.csv")]


def demo_films() -> list[Film]:
    """The 36 demo films, three for each of studio.HABITS, in that order."""
    return _read("demo_films.csv")


def media_dir(home: Home) -> Path:
    """Folder of the demo films, as `<habit>/<title> (<year>).mkv`. They are kept so that they can be analysed again."""
    return home.root / "media" / "demo"


def _marker(home: Home) -> Path:
    return media_dir(home) / "complete.json"


def is_complete(home: Home) -> bool:
    """Whether this version of the demo catalogue was built and published here."""
    marker = _marker(home)
    if not (marker.is_file() and home.manifest_path.exists()):
        return False
    return _stored_version(marker) == VERSION


def _version_path(home: Home) -> Path:
    """Says of which version the demo films are whose files exist."""
    return media_dir(home) / "version.json"


def _stored_version(path: Path) -> str:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or truncated by a full disk
        return ""


def _replace_other_version(home: Home, films: Sequence[Film]) -> bool:
    """Remove what another version of the demo rendered, so that it is rendered again; whether there was any."""
    if _stored_version(_version_path(home)) == VERSION:
        return False
    media = [_path(home, film) for film in films]
    old = [path for path in media if path.is_file()]
    if old:
        require()
        for path in (*old, *(path.with_suffix(".srt") for path in media), validity_path(home)):
            path.unlink(missing_ok=True)
    write_text(_version_path(home), json.dumps({"version": VERSION}))
    return bool(old)


def _path(home: Home, film: Film) -> Path:
    return media_dir(home) / film.directors[0] / f"{film.title} ({film.year}).mkv"


def script_of(index: int, title: str, seed: int = SEED) -> FilmScript:
    """The script of demo film `index`; it is rendered with the seed SEED + index. Another seed: other films of the
    same styles."""
    seconds = FILM_S[0] + (index * 29) % (FILM_S[1] - FILM_S[0] + 1)
    return film_script(HABITS[index // 3], title, seconds, seed + index, music=title != SILENT)


def _render_one(index: int, title: str, path: Path) -> int:
    """Render demo film `index` and write its file. Runs in a worker process."""
    habit, script = HABITS[index // 3], script_of(index, title)
    path.parent.mkdir(parents=True, exist_ok=True)
    rendered = render(script, SEED + index)
    inside = index % 2 == 0
    # FLAC takes an eighth of Opus's encoding time, and being lossless it keeps the ground truth exact
    write_media(
        rendered,
        path,
        codec="flac",
        texts=[TextStream(rendered.subtitles())] if inside else (),
        picture=habit_pictures(habit, script.seconds, SEED + index),
    )
    if not inside:
        write_srt(rendered.subtitles(), path.with_suffix(".srt"))
    return index


def _leave_ctrl_c() -> None:
    """Ignore Ctrl-C: the parent process handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Allow one builder at a time. Another one waits, and then finds the demo complete."""
    with disk_faults(str(media_dir(home))):
        media_dir(home).mkdir(parents=True, exist_ok=True)
        stream = (media_dir(home) / ".lock").open("w")
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _render(home: Home, films: Sequence[Film], workers: int, tell: OnProgress) -> int:
    """Render the films whose files are missing, and return how many were rendered."""
    todo = [(index, film) for index, film in enumerate(films) if not _path(home, film).is_file()]
    for left in media_dir(home).glob("*/.*.unfinished.*"):
        left.unlink(missing_ok=True)
    done = len(films) - len(todo)
    tell("render", done, len(films))
    if not todo:
        return 0
    require()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=context, initializer=_leave_ctrl_c) as pool:
        waiting = [pool.submit(_render_one, index, film.title, _path(home, film)) for index, film in todo]
        try:
            for future in as_completed(waiting):
                future.result()
                done += 1
                tell("render", done, len(films))
        except BrokenProcessPool as error:
            raise CatalogueError(
                "demo: a rendering process was killed, perhaps because memory ran out. "
                "Run `filmscore demo --workers 1`; it resumes where it stopped."
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)
    return len(todo)


def _add_missing(state: State, films: Sequence[Film]) -> int:
    """Add the films that the catalogue lacks, compared by IMDb id or else by title and director."""
    known = state.films()
    ids = {film.imdb_id for film in known if film.imdb_id}
    names = {(film.title.casefold(), film.directors[:1], film.year) for film in known}
    new = [
        film
        for film in films
        if film.imdb_id not in ids and (film.title.casefold(), film.directors[:1], film.year) not in names
    ]
    state.add_films(new)
    return len(new)


def build_demo(
    home: Home,
    *,
    workers: int = 2,
    architecture: str = "default",
    on_progress: OnProgress | None = None,
) -> DemoReport:
    """Build the demo catalogue. Do nothing if it exists; resume if an earlier build was interrupted. If its films are
    of another version, render and hear them again.

    Args:
        home: where to build the demo catalogue; other films there stay.
        workers: number of processes that render and analyse.
        architecture: which ear analyses the films.
        on_progress: called for every film.

    Returns:
        What was done. The demo counts as complete when every demo film could be analysed.

    Raises:
        ModelError: the extra `studio` or the ear is missing.
        CatalogueError: the home cannot be used.
    """
    if is_complete(home):
        return DemoReport(True, 0, 0, 0)
    with _alone(home):
        if is_complete(home):
            return DemoReport(True, 0, 0, 0)
        return _build(home, workers, architecture, on_progress or (lambda stage, done, total: None))


def _build(home: Home, workers: int, architecture: str, tell: OnProgress) -> DemoReport:
    films = demo_films()
    with disk_faults(str(media_dir(home))):
        replaced = _replace_other_version(home, films)
        rendered = _render(home, films, workers, tell)
    with State.open(home) as state:
        added = _add_missing(state, thesis_films())
        state.audit("demo", LOCAL.name, {"films": added + _add_missing(state, films)})
    through = 0
    tell("hear", 0, len(films))

    def ended(_: Outcome) -> None:
        nonlocal through
        through += 1
        tell("hear", through, len(films))

    report = ingest(
        home,
        [media_dir(home)],
        collection=DEMO,
        architecture=architecture,
        workers=workers,
        on_outcome=ended,
    )
    failures = tuple(film.reason for film in report.films if film.film_id is None)
    if not validity_path(home).exists():
        tell("validity", 0, 1)
        run_validity(home, architecture=architecture)
        tell("validity", 1, 1)
    if not failures:
        write_text(_marker(home), json.dumps({"version": VERSION, "films": len(films)}))
    heard = sum(film.status == AnalysisStatus.ANALYSED for film in report.films)
    return DemoReport(False, added, rendered, heard, failures, report.snapshot, replaced)
