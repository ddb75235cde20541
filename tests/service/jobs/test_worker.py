"""Jobs: done by the worker, cancelled, tried again, and taken up after the worker was killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.imdb.store import ImdbStore
from db.state.store import Job, State
from errors import CatalogueError, MediaError, ParameterError
from media.beneath import open_beneath
from models.training import from_manifest
from service.jobs import jobs, tasks, worker
from service.jobs.alone import worker_alive
from service.jobs.tasks import WORK, Report
from service.library import sources
from service.library.adding import IngestReport, StoppedError
from service.library.backups import disk_use
from service.rights import media_roots
from service.rights.access import LOCAL


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def films(tmp_path: Path, home: Home, film_file: Path) -> Path:
    """A media root with two films and something that is none."""
    root = tmp_path / "films"
    (root / "The Habit").mkdir(parents=True)
    shutil.copy(film_file, root / "The Habit" / "One.mkv")
    (root / "The Habit" / "Two.mkv").write_bytes(film_file.read_bytes() + b"\0" * 100)
    (root / "Broken.mkv").write_text("not a film")
    media_roots.add_root(home, LOCAL, root)
    return root


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Report], Any]], None]:
    """Do something else for jobs of the kind "publish"."""

    def instead(does: Callable[[Report], Any]) -> None:
        monkeypatch.setitem(WORK, "publish", lambda home, arguments, report: does(report))

    return instead


def the_job(home: Home, job_id: int) -> Job:
    return jobs.job(home, LOCAL, job_id)


def never() -> bool:
    return False


@pytest.mark.usefixtures("heard_here")
def test_the_worker_adds_films_and_says_what_became_of_each(home: Home, films: Path) -> None:
    job_id = jobs.submit(home, LOCAL, "ingest", {"paths": [str(films)], "collection": "Mine"})
    assert the_job(home, job_id).status == "queued" and not worker_alive(home)
    worker.run_worker(home, once=True)
    done = the_job(home, job_id)
    assert done.status == "done" and done.reason == "" and done.tries == 1
    by_name = {Path(row["path"]).name: row for row in done.result["films"]}
    assert {name: row["status"] for name, row in by_name.items()} == {
        "One.mkv": "analysed",
        "Two.mkv": "analysed",
        "Broken.mkv": "failed",
    }
    assert "Broken.mkv: " in done.log and "One.mkv: analysed" in done.log
    with Snapshot.open(home) as snapshot:
        assert snapshot.film(by_name["One.mkv"]["film_id"]).collection == "Mine"
    backup = jobs.submit(home, LOCAL, "backup", {})
    worker.run_worker(home, once=True)
    name = the_job(home, backup).result["name"]
    assert [path.name for path in jobs.backups(home)] == [name]
    restore = jobs.submit(home, LOCAL, "restore", {"name": name})
    again = jobs.submit(home, LOCAL, "reanalyse", {"film_ids": None})
    worker.run_worker(home, once=True)
    assert the_job(home, restore).status == "done"
    heard = the_job(home, again)
    assert heard.status == "done" and {row["status"] for row in heard.result["films"]} == {"skipped"}


@pytest.mark.forbidden("A link in a media root that leads outside")
@pytest.mark.usefixtures("heard_here")
def test_a_link_in_a_folder_leads_nowhere(home: Home, films: Path, tmp_path: Path, film_file: Path) -> None:
    for path in (films / "Broken.mkv", *(films / "The Habit").iterdir()):
        path.unlink()
    shutil.copy(film_file, tmp_path / "Secret.mkv")
    (films / "Link.mkv").symlink_to(tmp_path / "Secret.mkv")
    job_id = jobs.submit(home, LOCAL, "ingest", {"paths": [str(films)]})
    worker.run_worker(home, once=True)
    (row,) = the_job(home, job_id).result["films"]
    assert row["status"] == "failed" and "outside of the media roots" in row["reason"]


@pytest.mark.forbidden("A folder becomes a link to elsewhere between plan and hearing")
@pytest.mark.usefixtures("heard_here")
def test_a_folder_that_becomes_a_link_is_not_heard(
    home: Home, films: Path, tmp_path: Path, film_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (films / "Broken.mkv").unlink()
    (films / "The Habit" / "Two.mkv").unlink()
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(film_file, tmp_path / "elsewhere" / "One.mkv")

    def swapped(*_: object) -> None:
        (films / "The Habit").rename(films / "moved")
        (films / "The Habit").symlink_to(tmp_path / "elsewhere")

    monkeypatch.setattr(tasks._Films, "found", swapped)
    (row,) = _ended(home, "ingest", {"paths": [str(films)]}).result["films"]
    assert row["status"] == "failed" and "leads outside of the folders" in row["reason"]


@pytest.mark.forbidden("A film that was heard before lies behind a link now")
def test_a_film_is_heard_anew_only_where_it_lay(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def noted(*_: object, **given: Any) -> IngestReport:
        asked.update(given)
        return IngestReport((), "")

    monkeypatch.setattr(tasks, "ingest", noted)
    for name in ("of mine", "elsewhere"):  # of mine: not below a media root, as the command line may name it
        (tmp_path / name).mkdir()
        (tmp_path / name / "Film.mkv").write_text(name)
    path = tmp_path / "of mine" / "Film.mkv"
    job_id = jobs.submit(home, LOCAL, "reanalyse", {"film_ids": None})
    with State.open(home) as state:
        known = {"paths": [str(path)], "architecture": "default", "known": True}
        WORK["ingest"](home, known, Report(state, job_id, never))
    os.close(open_beneath(path, asked["beneath"]))
    path.parent.rename(tmp_path / "moved")
    path.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MediaError, match="leads outside"):
        open_beneath(path, asked["beneath"])


def _ended(home: Home, kind: str, arguments: dict[str, Any]) -> Job:
    job_id = jobs.submit(home, LOCAL, kind, arguments)
    worker.run_worker(home, once=True)
    return the_job(home, job_id)


@pytest.mark.forbidden("A manifest below a media root whose rows name files outside")
@pytest.mark.parametrize("row", ["../Secret.mkv", "{outside}/Secret.mkv", "Link.mkv"])
def test_the_rows_of_a_manifest_lead_nowhere(
    home: Home, films: Path, tmp_path: Path, film_file: Path, row: str
) -> None:
    shutil.copy(film_file, tmp_path / "Secret.mkv")
    (films / "Link.mkv").symlink_to(tmp_path / "Secret.mkv")
    manifest = films / "manifest.csv"
    rows = f"The Habit/One.mkv,low\n{row.format(outside=tmp_path)},high\n"
    manifest.write_text(f"path,label\n{rows}", encoding="utf-8")
    ended = _ended(home, "train", {"model": "energy", "manifest": str(manifest)})
    assert ended.status == "failed" and "row 3" in ended.reason and "leads outside of the folders" in ended.reason


@pytest.mark.forbidden("IMDb's files below a media root that are links to files outside")
def test_links_among_imdbs_files_lead_nowhere(home: Home, films: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("tconst\ta secret\n")
    (films / "title.basics.tsv").symlink_to(tmp_path / "secret")
    ended = _ended(home, "imdb_load", {"path": str(films)})
    assert ended.status == "failed" and "leads outside of the folders" in ended.reason and "a secret" not in ended.log


BASICS = "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"


def _swapped_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, path: Path, outside: Path) -> None:
    """Put a link to a file outside into a file's place, just before a function is called."""
    real = getattr(module, name)

    def swapping(*arguments: Any, **options: Any) -> Any:
        path.unlink()
        path.symlink_to(outside)
        return real(*arguments, **options)

    monkeypatch.setattr(module, name, swapping)


@pytest.mark.forbidden("A sheet becomes a link to a file outside between the look and the reading")
def test_a_sheet_that_was_looked_at_is_the_one_that_is_read(
    home: Home, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (films / "sheet.csv").write_text("movie,year\nOne,1950\n", encoding="utf-8")
    (tmp_path / "secret.csv").write_text("movie,year\nA Secret,1950\n", encoding="utf-8")
    _swapped_before(monkeypatch, tasks, "import_metadata", films / "sheet.csv", tmp_path / "secret.csv")
    _ended(home, "metadata_import", {"path": str(films / "sheet.csv")})
    with State.open(home) as state:
        assert [film.title for film in state.films()] == ["One"]


def test_a_sheet_that_is_wrong_is_called_by_its_own_name(home: Home, films: Path) -> None:
    (films / "sheet.csv").write_text("colour\nred\n", encoding="utf-8")
    reason = _ended(home, "metadata_import", {"path": str(films / "sheet.csv")}).reason
    assert reason.startswith(f"{films / 'sheet.csv'}: ") and "held-" not in reason


@pytest.mark.forbidden("IMDb's files become links to files outside between the look and the reading")
def test_imdbs_files_that_were_looked_at_are_those_that_are_read(
    home: Home, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = "tt{}\tmovie\t{}\t{}\t0\t1950\t\\N\t90\tDrama\n"
    (films / "title.basics.tsv").write_text(BASICS + row.format("0000001", "One", "One"), encoding="utf-8")
    (tmp_path / "secret").write_text(BASICS + row.format("0000002", "A Secret", "A Secret"), encoding="utf-8")
    _swapped_before(monkeypatch, sources, "load", films / "title.basics.tsv", tmp_path / "secret")
    assert _ended(home, "imdb_load", {"path": str(films)}).status == "done"
    with ImdbStore(home.imdb) as store:
        assert set(store.films(["tt0000001", "tt0000002"])) == {"tt0000001"}


@pytest.mark.forbidden("A manifest's clip becomes a link to a file outside between the look and the hearing")
def test_a_clip_that_becomes_a_link_is_not_heard(
    home: Home, films: Path, tmp_path: Path, film_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(film_file, tmp_path / "Secret.mkv")
    levels = ["low"] * 2 + ["high"] * 2
    for n in range(4):
        shutil.copy(film_file, films / f"{n}.mkv")
    rows = "".join(f"{n}.mkv,{level}\n" for n, level in enumerate(levels))
    (films / "manifest.csv").write_text(f"path,label\n{rows}", encoding="utf-8")
    _swapped_before(monkeypatch, from_manifest, "check_trainable", films / "0.mkv", tmp_path / "Secret.mkv")
    ended = _ended(home, "train", {"model": "energy", "manifest": str(films / "manifest.csv")})
    assert ended.status == "failed" and "row 2" in ended.reason and "leads outside of the folders" in ended.reason


@pytest.mark.forbidden("A job whose media root was removed before its turn")
@pytest.mark.usefixtures("heard_here")
@pytest.mark.parametrize("kind", ["metadata_import", "ingest"])
def test_a_root_that_was_removed_is_closed_to_jobs_that_wait(home: Home, films: Path, kind: str) -> None:
    (films / "sheet.csv").write_text("movie,year\nOne,1950\n", encoding="utf-8")
    path = films / "sheet.csv" if kind == "metadata_import" else films / "The Habit"
    job_id = jobs.submit(home, LOCAL, kind, {"paths": [str(path)]} if kind == "ingest" else {"path": str(path)})
    media_roots.remove_root(home, LOCAL, films)
    worker.run_worker(home, once=True)
    said = the_job(home, job_id).reason + the_job(home, job_id).log
    assert "outside of the media roots" in said
    with State.open(home) as state:
        assert state.films() == []


def test_a_job_that_fails_says_why_and_can_be_tried_again(home: Home, work: Callable[..., None]) -> None:
    def fails(report: Report) -> None:
        raise CatalogueError("the disk: full. Make room.")

    work(fails)
    job_id = jobs.submit(home, LOCAL, "publish", {})
    with pytest.raises(ParameterError, match="is queued"):
        jobs.retry(home, LOCAL, job_id)
    worker.run_job(home, never, job_id)
    assert (the_job(home, job_id).status, the_job(home, job_id).reason) == ("failed", "the disk: full. Make room.")
    jobs.retry(home, LOCAL, job_id)
    work(lambda report: {"fine": 1})
    worker.run_worker(home, once=True)
    done = the_job(home, job_id)
    assert (done.status, done.result, done.tries, done.reason) == ("done", {"fine": 1}, 1, "")


def test_a_defect_is_recorded_and_raised(home: Home, work: Callable[..., None]) -> None:
    work(lambda report: 1 / 0)
    job_id = jobs.submit(home, LOCAL, "publish", {})
    with pytest.raises(ZeroDivisionError):
        worker.run_job(home, never, job_id)
    assert the_job(home, job_id).status == "failed" and "ZeroDivisionError" in the_job(home, job_id).reason


def test_cancelling_before_and_while(home: Home, work: Callable[..., None]) -> None:
    waiting = jobs.submit(home, LOCAL, "publish", {})
    jobs.cancel(home, LOCAL, waiting)
    worker.run_job(home, never, waiting)
    assert the_job(home, waiting).status == "cancelled" and the_job(home, waiting).tries == 0

    def long(report: Report) -> None:
        report.stage("half way", 0.5)
        jobs.cancel(home, LOCAL, report._job_id)
        report._told = 0.0
        report.stage("never said", 0.6)
        raise AssertionError("went on after it was cancelled")

    work(long)
    running = jobs.submit(home, LOCAL, "publish", {})
    worker.run_job(home, never, running)
    assert the_job(home, running).status == "cancelled"


@pytest.mark.fault("SIGTERM of the worker")
def test_a_worker_that_is_stopped_puts_its_job_back(home: Home, work: Callable[..., None]) -> None:
    def long(report: Report) -> None:
        report.stage("begun", 0.1)

    work(long)
    job_id = jobs.submit(home, LOCAL, "publish", {})
    worker.run_job(home, lambda: True, job_id)
    assert (
        the_job(home, job_id).status == "queued"
        and "the job resumes when the worker starts again" in the_job(home, job_id).log
    )


@pytest.mark.fault("SIGTERM of the worker four times, and its death between")
def test_only_deaths_count_against_a_job(home: Home, work: Callable[..., None]) -> None:
    work(lambda report: report.stage("begun", 0.1))
    job_id = jobs.submit(home, LOCAL, "publish", {})
    for _ in range(jobs.TRIES - 1):
        worker.run_job(home, lambda: True, job_id)
        worker.run_job(home, lambda: True, job_id)
        with State.open(home) as state:
            assert state.start_job(job_id)  # and the worker dies here
        jobs.requeue_abandoned(home)
    assert the_job(home, job_id).status == "queued" and the_job(home, job_id).tries == jobs.TRIES - 1
    with State.open(home) as state:
        assert state.start_job(job_id)
    jobs.requeue_abandoned(home)
    assert the_job(home, job_id).status == "failed"
    jobs.retry(home, LOCAL, job_id)
    assert the_job(home, job_id).tries == 0


def _trains(folders: list[Path]) -> Callable[..., Any]:
    """A training that keeps what it heard, tells one step, and is done when nothing stops it."""

    def train(kind: str, manifest: Path, out: Path, *, on_step: Callable[..., None], **settings: Any) -> Any:
        folders.append(out)
        (out / "heard").mkdir(parents=True, exist_ok=True)
        (out / "heard" / f"{len(folders)}.npz").touch()
        on_step("hearing the clips", 1, 2)
        raise ParameterError("manifest.csv, row 2: no sound. Leave it out.")

    return train


@pytest.fixture
def training(home: Home, films: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[Path]]:
    """A train job whose clips are heard in no time, and the folders that it was given."""
    (films / "manifest.csv").write_text("path,label\nThe Habit/One.mkv,low\nThe Habit/Two.mkv,high\n", encoding="utf-8")
    folders: list[Path] = []
    monkeypatch.setattr("service.jobs.tasks.train", _trains(folders))
    return jobs.submit(home, LOCAL, "train", {"model": "energy", "manifest": str(films / "manifest.csv")}), folders


@pytest.mark.fault("SIGTERM of the worker in the middle of a training")
def test_a_training_that_is_stopped_goes_on_in_its_folder(home: Home, training: tuple[int, list[Path]]) -> None:
    job_id, folders = training
    worker.run_job(home, lambda: True, job_id)
    with State.open(home) as state:
        assert state.start_job(job_id)  # and the worker dies here
    jobs.requeue_abandoned(home)
    worker.run_job(home, lambda: True, job_id)
    assert folders[0] == folders[1] and len(list((folders[0] / "heard").iterdir())) == 2
    assert "trainings" in disk_use(home)
    jobs.cancel(home, LOCAL, job_id)
    assert the_job(home, job_id).status == "cancelled" and list(home.trained.iterdir()) == []


def test_a_training_that_fails_or_is_cancelled_leaves_nothing(home: Home, training: tuple[int, list[Path]]) -> None:
    job_id, folders = training
    worker.run_job(home, never, job_id)
    assert "row 2" in the_job(home, job_id).reason and list(home.trained.iterdir()) == []
    with State.open(home) as state:
        state.requeue_job(job_id, jobs.TRIES - 1)
        assert state.start_job(job_id)
    (folders[0] / "heard").mkdir(parents=True)
    jobs.requeue_abandoned(home)
    assert "died 3 times" in the_job(home, job_id).reason and list(home.trained.iterdir()) == []


def _started(home: Home) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cli", "worker", "--home", str(home.root)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)


def _until(holds: Callable[[], bool], what: str) -> None:
    for _ in range(3_000):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within five minutes: {what}")


@pytest.fixture
def killing() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.fault("SIGKILL of the worker in the middle of an ingest")
def test_a_killed_worker_loses_nothing(home: Home, films: Path, killing: list[subprocess.Popen[bytes]]) -> None:
    """SIGKILL in the middle of an ingest, a second worker refused meanwhile, SIGTERM ends the next one calmly."""
    job_id = jobs.submit(home, LOCAL, "ingest", {"paths": [str(films)]})
    killing.append(_started(home))
    _until(lambda: the_job(home, job_id).status == "running", "the job runs")
    assert worker_alive(home)
    with pytest.raises(CatalogueError, match="already has a worker"):
        worker.run_worker(home, once=True)
    os.killpg(killing[0].pid, signal.SIGKILL)
    killing[0].wait()
    assert not worker_alive(home) and the_job(home, job_id).status == "running"
    killing.append(_started(home))
    _until(lambda: the_job(home, job_id).status == "done", "the job is done")
    done = the_job(home, job_id)
    assert done.tries == 2 and "its worker died" in done.log
    assert sorted(row["status"] for row in done.result["films"] if row["film_id"]) in (
        ["analysed", "analysed"],
        ["analysed", "skipped"],
        ["skipped", "skipped"],
    )
    killing[1].send_signal(signal.SIGTERM)
    assert killing[1].wait(300) == 0


@pytest.mark.fault("A worker whose starter ends before the worker begins")
def test_a_worker_whose_starter_has_ended_ends_too(home: Home) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    command = [sys.executable, "-m", "cli", "worker", "--with-parent", str(ended.pid), "--home", str(home.root)]
    assert (
        subprocess.run(command, cwd=Path(__file__).parents[3], stderr=subprocess.DEVNULL, timeout=300).returncode == 0
    )
    assert not worker_alive(home)


@pytest.mark.usefixtures("heard_here")
def test_a_stopped_ingest_keeps_what_was_heard(home: Home, films: Path) -> None:
    from service.library.adding import ingest

    ended: list[str] = []

    def after_the_first(outcome: Any) -> None:
        ended.append(outcome.path.name)
        raise StoppedError

    report = ingest(home, [films / "The Habit"], workers=1, on_outcome=after_the_first)
    statuses = {Path(film.path).name: film.status for film in report.films}
    assert statuses[ended[0]] == "analysed" and sorted(statuses.values()) == ["analysed", "failed"]
    with Snapshot.open(home) as snapshot:
        assert snapshot.manifest.films == 1


def test_a_sheet_can_be_looked_at_before_it_is_imported(home: Home, films: Path) -> None:
    (films / "sheet.csv").write_text("movie,year,colour\nOne,1950,red\nTwo,far,red\n", encoding="utf-8")
    done = _ended(home, "metadata_import", {"path": str(films / "sheet.csv"), "dry_run": True})
    assert done.result is not None
    assert (done.result["films"], done.result["first"]) == (1, [{"movie": "One", "year": 1950}])
    assert (done.result["unused"], done.result["rejected"][0]["line"]) == (["colour"], 3)
    with State.open(home) as state:
        assert state.films() == []
    with pytest.raises(ParameterError, match=r"^dry_run: not true or false"):
        jobs.submit(home, LOCAL, "metadata_import", {"path": str(films / "sheet.csv"), "dry_run": "yes"})
