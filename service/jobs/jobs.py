"""The kinds of jobs; submitting, cancelling and retrying one. The table of jobs in state.sqlite is the queue."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db import clock
from db.home import Home
from db.state.store import Job, State, WholeJob
from errors import ParameterError
from film import JobStatus
from models.kinds import ARCHITECTURES
from models.kinds import KINDS as MODELS
from service.library.servers import connect_named, read_rules
from service.rights.access import Actor
from service.rights.media_roots import checked
from told import Told

LONG, SHORT = "long", "short"
"""The worker does one job of each at a time, so that a backup need not wait for a thousand films."""
HEADS = tuple(model for model in MODELS if model != "detector")
"""Models whose default heads can be trained and installed here."""
TRIES = 3
"""A job is not retried automatically once its worker has died this many times."""

LARGEST_SEED = 2**31 - 1
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Kind:
    """One kind of job."""

    title: str
    length: str
    """LONG or SHORT."""
    arguments: Callable[[Home, dict[str, Any]], dict[str, Any]]
    """Validates a job's arguments and returns those to store. Unknown arguments are an error."""


def _only(given: dict[str, Any], *known: str) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ParameterError(f"job: no argument {', '.join(unknown)}. It takes {', '.join(known) or 'none'}.")


def _paths(home: Home, value: object) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(path, str) and path for path in value):
        raise ParameterError("paths: empty. Name at least one file or folder.")
    return [str(checked(home, path)) for path in value]


def _path(home: Home, given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise ParameterError(Told("{}: name a file or folder below the media roots.", name))
    return str(checked(home, value))


def _architecture(given: dict[str, Any]) -> str:
    named = str(given.get("architecture", "default"))
    if named not in ARCHITECTURES:
        raise ParameterError(f"{named}: no such architecture. Use one of {', '.join(ARCHITECTURES)}.")
    return named


def _ingest(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "paths", "collection", "architecture", "only")
    collection = given.get("collection", "")
    if not isinstance(collection, str):
        raise ParameterError("collection: not a text. Give a name, or leave it out.")
    stored = {
        "paths": _paths(home, given.get("paths")),
        "collection": collection[:200],
        "architecture": _architecture(given),
    }
    return stored | ({"only": _paths(home, given["only"])} if "only" in given else {})


def _reanalyse(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "film_ids", "architecture")
    wanted = given.get("film_ids")
    if wanted is not None and not (isinstance(wanted, list) and wanted and all(type(one) is int for one in wanted)):
        raise ParameterError(
            "film_ids: not a list of film ids. Give one, or leave it out for all films analysed by an older model."
        )
    with State.open(home) as state:
        unknown = set(wanted or ()) - {film.film_id for film in state.films_of(wanted or ())}
    if unknown:
        raise ParameterError(f"film_ids: there is no film {min(unknown)}. Leave it out.")
    return {"film_ids": wanted, "architecture": _architecture(given)}


def _none(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given)
    return {}


def _backup_file(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "name")
    name = str(given.get("name", ""))
    if name not in {path.name for path in backups(home)}:
        raise ParameterError(f"{name}: no such backup here. Choose one from the list.")
    return {"name": name}


def _one_path(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "path")
    return {"path": _path(home, given, "path")}


def _sheet(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "path", "dry_run")
    if type(given.get("dry_run", False)) is not bool:
        raise ParameterError("dry_run: not true or false. Give one of them, or leave it out.")
    return {"path": _path(home, given, "path"), "dry_run": given.get("dry_run", False)}


def _train(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "model", "manifest", "from_corrections", "seed")
    model = str(given.get("model", ""))
    if model not in HEADS:
        raise ParameterError(f"{model}: cannot be trained here. Train one of {', '.join(HEADS)}.")
    seed = given.get("seed", 0)
    if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
        raise ParameterError(f"seed: not valid. Give an integer from 0 to {LARGEST_SEED}, or leave it out.")
    if given.get("from_corrections") is True and "manifest" not in given:
        return {"model": model, "from_corrections": True, "seed": seed}
    return {"model": model, "manifest": _path(home, given, "manifest"), "seed": seed}


def _server(home: Home, given: dict[str, Any]) -> dict[str, Any]:
    _only(given, "server", "address", "user", "rules", "profile", "ingest")
    texts = {name: given.get(name, "") for name in ("server", "address", "user", "profile")}
    rules, ingest = given.get("rules", []), given.get("ingest", False)
    if not all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts.values()):
        raise ParameterError(f"server, address, user, profile: not texts of at most {LONGEST_TEXT} characters.")
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules) or type(ingest) is not bool:
        raise ParameterError('rules: not a list of texts as "/media/films=/mnt/films"; or ingest: not true or false.')
    for _, ours in read_rules(rules):
        checked(home, ours)
    connect_named(texts["server"], texts["address"])
    return {**texts, "rules": rules, "ingest": ingest}


KINDS: dict[str, Kind] = {
    "ingest": Kind("Add films", LONG, _ingest),
    "server": Kind("Read a media server", LONG, _server),
    "reanalyse": Kind("Analyse films again", LONG, _reanalyse),
    "train": Kind("Train a head", LONG, _train),
    "demo": Kind("Build the demo", LONG, _none),
    "imdb_load": Kind("Load IMDb's files", LONG, _one_path),
    "metadata_import": Kind("Import metadata", SHORT, _sheet),
    "backup": Kind("Back up", SHORT, _none),
    "restore": Kind("Restore a backup", SHORT, _backup_file),
    "publish": Kind("Rebuild the whole catalogue", SHORT, _none),
}


def backups(home: Home) -> list[Path]:
    """The backups made here, newest first."""
    folder = home.backups
    return sorted(folder.glob("*.tar"), key=lambda path: path.name, reverse=True) if folder.is_dir() else []


def submit(home: Home, actor: Actor, kind: str, arguments: dict[str, Any]) -> int:
    """Submit a job to the worker and return its id.

    Raises:
        AccessError: not an admin, or a path outside the media roots.
        ParameterError: no such kind, or wrong arguments.
    """
    actor.require_admin(KINDS[kind].title if kind in KINDS else "submit a job")
    if kind not in KINDS:
        raise ParameterError(f"{kind}: no such kind of job. One of {', '.join(KINDS)}.")
    stored = KINDS[kind].arguments(home, arguments)
    with State.open(home) as state, state.transaction():
        job_id = state.add_job(kind, stored, actor.name)
        state.audit(f"job {kind}", actor.name, {"job_id": job_id, **stored})
    return job_id


def training_folder(home: Home, job: Job) -> Path:
    """Where a training writes. Each attempt continues from what the last one left there."""
    submitted = clock.moment(job.created_at)
    return home.trained / f"{job.arguments['model']}-{submitted:%Y%m%d-%H%M%S}-{job.job_id}"


def forget_training(home: Home, job: Job) -> None:
    """Delete the checkpoints of a training job, unless it has finished and written its report."""
    if job.kind == "train" and not ((folder := training_folder(home, job)) / "metrics.json").exists():
        shutil.rmtree(folder, ignore_errors=True)


def requeue_abandoned(home: Home) -> None:
    """Requeue the jobs that a dead worker was running. Call this as the home's only worker, before taking a job.

    A job that was cancelled meanwhile ends as cancelled, and a job whose worker died TRIES times fails.
    """
    with State.open(home) as state:
        for job in state.jobs(JobStatus.RUNNING, limit=10_000):
            if job.cancel_wanted:
                forget_training(home, job)
                state.end_job(job.job_id, JobStatus.CANCELLED, reason="cancelled; its worker died meanwhile")
            elif job.tries >= TRIES:
                forget_training(home, job)
                reason = f"its worker died {TRIES} times. Look in the log for the last film, and leave that film out."
                state.end_job(job.job_id, JobStatus.FAILED, reason=reason)
            else:
                state.update_job(job.job_id, log="its worker died; queued again\n")
                state.requeue_job(job.job_id, job.tries)


def cancel(home: Home, actor: Actor, job_id: int) -> None:
    """Cancel a queued job now, or ask a running job to stop. A running job stops at its next step and keeps its results
    so far.

    Raises:
        AccessError, ParameterError: not an admin; no such job.
    """
    actor.require_admin("cancel a job")
    with State.open(home) as state, state.transaction():
        state.cancel_job(job_id)
        job = state.get_job(job_id)
        if job.status == JobStatus.CANCELLED:
            forget_training(home, job)
        state.audit("cancel job", actor.name, {"job_id": job_id})


def retry(home: Home, actor: Actor, job_id: int) -> None:
    """Requeue a job that failed or was cancelled.

    Raises:
        AccessError, ParameterError: not an admin; no such job, or it has not ended.
    """
    actor.require_admin("retry a job")
    with State.open(home) as state, state.transaction():  # two clicks at once must not run it twice
        job = state.get_job(job_id)
        if not job.status.can_be_retried:
            raise ParameterError(f"job {job_id}: is {job.status}. Only failed and cancelled jobs can be retried.")
        KINDS[job.kind].arguments(home, job.arguments)
        state.requeue_job(job_id, 0)
        state.audit("retry job", actor.name, {"job_id": job_id})


def job_list(home: Home, actor: Actor, limit: int = 200) -> list[Job]:
    """The newest jobs, newest first, without their results and logs."""
    actor.require_admin("see the jobs")
    with State.open(home) as state:
        return state.jobs(limit=limit)


def job(home: Home, actor: Actor, job_id: int) -> WholeJob:
    """One job with its result and log.

    Raises:
        AccessError, ParameterError: not an admin; no such job.
    """
    actor.require_admin("see a job")
    with State.open(home) as state:
        return state.get_job(job_id)
