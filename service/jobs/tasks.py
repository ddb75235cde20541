"""The function that the worker runs for each kind of job."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.home import Home
from db.state.store import Job, State
from errors import FilmscoreError
from film import AnalysisStatus
from ingest.discover import FoundFilm, say_left_out
from ingest.film_parts import further_files
from ingest.hear import Outcome
from ingest.runner import Progress
from media.beneath import held
from models.training.from_manifest import train
from service.jobs.jobs import training_folder
from service.library.adding import StoppedError, ingest
from service.library.backups import back_up, restore
from service.library.corrections import write_corrections
from service.library.demo import build_demo
from service.library.ears import install
from service.library.metadata import import_metadata
from service.library.publishing import publish
from service.library.servers import connect_named, read_library, read_rules
from service.library.sources import load_imdb
from service.library.table_preview import preview_table
from service.rights.access import ADMIN, Actor
from service.rights.media_roots import allows, checked, media_roots

STAGES = ("decode", "activity", "attributes")
TOLD_EVERY_S = 0.5


class Report:
    """How a job reports its progress and learns that it should stop."""

    def __init__(self, state: State, job_id: int, shutting_down: Callable[[], bool]) -> None:
        self._state, self._job_id, self._shutting_down = state, job_id, shutting_down
        self._told = 0.0
        self.cancelled = False
        self.interrupted = False

    @property
    def job(self) -> Job:
        """The job's current record."""
        return self._state.get_job(self._job_id)

    @property
    def actor(self) -> Actor:
        """Who submitted the job. Only admins can submit jobs."""
        return Actor(ADMIN, self.job.actor)

    def stage(self, text: str, progress: float) -> None:
        """Report what the job does now and how much of it is done, from 0 to 1.

        Raises:
            StoppedError: the job was cancelled, or the worker is shutting down.
        """
        if time.monotonic() - self._told < TOLD_EVERY_S:
            return
        self._told = time.monotonic()
        self._state.update_job(self._job_id, stage=text, progress=min(1.0, max(0.0, progress)))
        self.cancelled = self._state.cancel_wanted(self._job_id)
        self.interrupted = self._shutting_down()
        if self.cancelled or self.interrupted:
            raise StoppedError

    def sum_up(self, text: str) -> None:
        """Set the summary that the list of jobs shows."""
        self._state.update_job(self._job_id, stage=text)

    def log(self, line: str) -> None:
        """Append a line to the job's log."""
        self._state.update_job(self._job_id, log=line.rstrip() + "\n")


Work = Callable[[Home, dict[str, Any], Report], Any]


class _Films:
    """Progress of an ingest over all of its films."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.began = time.monotonic()
        self.total = 1
        self.ended: Counter[str] = Counter()
        self.heard_s = 0.0
        self.under_way: dict[Path, float] = {}

    def found(self, films: Sequence[FoundFilm]) -> None:
        self.total = max(1, len(films))
        self.report.log(f"{len(films)} films found")

    def advance(self, event: Progress) -> None:
        self.under_way[event.path] = (STAGES.index(event.stage) + event.fraction) / len(STAGES)
        self._tell(f"{event.path.name}: {event.stage}")

    def outcome(self, outcome: Outcome) -> None:
        self.ended[outcome.status] += 1
        self.under_way.pop(outcome.path, None)
        self.heard_s += outcome.duration_s
        note = f": {outcome.reason}" if outcome.reason and outcome.status != AnalysisStatus.FAILED else ""
        line = (
            outcome.reason
            if outcome.status == AnalysisStatus.FAILED
            else f"{outcome.path.name}: {outcome.status}{note}"
        )
        self.report.log("\n".join([line, *outcome.notes]))
        self._tell(outcome.path.name)

    def _tell(self, what: str) -> None:
        spent = max(1e-3, time.monotonic() - self.began)
        rate = f", {self.heard_s / spent:.0f} times real time" if self.heard_s else ""
        ended = self.ended.total()
        failed = f", {self.ended[AnalysisStatus.FAILED]} failed" if self.ended[AnalysisStatus.FAILED] else ""
        share = (ended + sum(self.under_way.values())) / self.total
        self.report.stage(f"{ended} of {self.total} films{failed}{rate}; {what}", share)

    def sum_up(self) -> None:
        self.report.sum_up(", ".join(f"{count} {status}" for status, count in self.ended.most_common()))


def _outside(home: Home) -> Callable[[Path], str]:
    def refused(path: Path) -> str:
        try:
            checked(home, path)
        except FilmscoreError as error:
            return str(error).partition(": ")[2] or str(error)
        return ""

    return refused


def _ingest(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    films = _Films(report)
    paths = [Path(path) for path in arguments["paths"]]
    # Known films may be outside the media roots, but they were opened there without following symbolic links.
    known = bool(arguments.get("known"))
    places = {file.parent for path in paths for file in (path, *further_files(path))} if known else media_roots(home)
    done = ingest(
        home,
        paths,
        collection=arguments.get("collection", ""),
        architecture=arguments["architecture"],
        only=[Path(path) for path in arguments["only"]] if "only" in arguments else None,
        on_found=films.found,
        on_progress=films.advance,
        on_outcome=films.outcome,
        actor=report.actor,
        refused=None if known else _outside(home),
        beneath=tuple(places),
    )
    films.sum_up()
    if done.left_out:
        report.log(f"no films, and left out: {say_left_out(done.left_out)}")
    return {"films": [asdict(film) for film in done.films], "snapshot": done.snapshot}


def _server(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    heard: dict[str, Any] = {"films": []}

    def hear(paths: Sequence[Path]) -> None:
        heard.update(_ingest(home, {"paths": [str(path) for path in paths], "architecture": "default"}, report))

    kind = arguments["server"]
    with connect_named(kind, arguments["address"]) as server:
        films = []
        for film in server.films(server.user_id(arguments["user"])):
            films.append(film)
            report.stage(f"{len(films)} films read from {server.name}", 0.0)
    done = read_library(
        home,
        report.actor,
        films,
        read_rules(arguments["rules"]),
        arguments["profile"],
        hear if arguments["ingest"] else None,
        kind=kind,
        allowed=lambda path: allows(home, path),
    )
    report.log(done.summary)
    if done.unclear:
        report.log(f"left out, because several films fit: {'; '.join(done.unclear)}")
    report.sum_up(done.summary)
    return {"films": heard["films"], "summary": done.summary, "snapshot": done.snapshot}


def _reanalyse(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    with State.open(home) as state:
        media = state.media(arguments["film_ids"])
    report.log(f"{len(media)} films have media")
    if not media:
        return {"films": [], "snapshot": ""}
    wanted = {"paths": [one.path for one in media], "architecture": arguments["architecture"], "known": True}
    return _ingest(home, wanted, report)


def _train(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    out = training_folder(home, report.job)

    def step(what: str, done: int, total: int) -> None:
        report.stage(f"{what}, {done} of {total}", done / max(1, total))

    roots = media_roots(home)
    if arguments.get("from_corrections"):
        manifest, roots = out / "corrections.csv", (*roots, (home.root / "media").resolve(), out.resolve())
        for film in write_corrections(home, report.actor, arguments["model"], manifest, roots).left_out:
            report.log(f"left out: {film}")
    else:
        manifest = checked(home, arguments["manifest"])
    trained, _ = train(
        arguments["model"], manifest, out, seed=arguments["seed"], figures=False, on_step=step, beneath=roots
    )
    version = install(home, report.actor, out)
    metrics = trained.clip_metrics
    report.log(f"installed as {version}; use it on the page Models")
    return {"version": version, "accuracy": metrics["accuracy"], "balanced_accuracy": metrics["balanced_accuracy"]}


def _imdb_load(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    folder = checked(home, arguments["path"])
    done = load_imdb(home, report.actor, folder, on_progress=report.stage, beneath=media_roots(home))
    for file in done.files:
        report.log(str(file))
    return {"films": done.films, "missing": list(done.missing)}


def _metadata(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    with held([checked(home, arguments["path"])], media_roots(home), home.scratch) as (sheet,):
        if arguments.get("dry_run"):
            return asdict(preview_table(report.actor, sheet))
        return asdict(import_metadata(home, report.actor, sheet))


def _backup(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    home.backups.mkdir(mode=0o700, exist_ok=True)
    path = home.backups / f"filmscore-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    return {"name": path.name, **asdict(back_up(home, report.actor, path))}


def _restore(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    held, snapshot = restore(home, report.actor, home.backups / arguments["name"])
    for thing in held.left:
        report.log(f"left: {thing}")
    return {"snapshot": snapshot, **asdict(held)}


def _publish(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    return {"snapshot": publish(home, full=True)}


_DEMO_STAGES = {
    "render": (0.0, 0.35, "rendering"),
    "hear": (0.35, 0.6, "listening"),
    "validity": (0.95, 0.05, "checking"),
}
"""Stage of the demo -> where it begins, its share of the whole, and its word."""


def _demo(home: Home, arguments: dict[str, Any], report: Report) -> Any:
    def step(stage: str, done: int, total: int) -> None:
        begin, share, word = _DEMO_STAGES[stage]
        report.stage(f"{word}: {done} of {total}", begin + share * done / max(total, 1))

    return asdict(build_demo(home, on_progress=step))


WORK: dict[str, Work] = {
    "demo": _demo,
    "ingest": _ingest,
    "server": _server,
    "reanalyse": _reanalyse,
    "train": _train,
    "imdb_load": _imdb_load,
    "metadata_import": _metadata,
    "backup": _backup,
    "restore": _restore,
    "publish": _publish,
}
