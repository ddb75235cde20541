"""Jobs, taste profiles, settings, sessions and the audit log of admins' actions."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from db.clock import now
from db.state.ledger import Ledger
from errors import ParameterError
from film import JobStatus

LOG_CHARACTERS = 50_000
"""So much of a job's log is kept, its end: about the last 500 lines. `logs/filmscore.jsonl` tells of every film."""
CLOCK_SLACK_S = 60.0
"""Seconds. A clock that is set back by less than this does not count as a jump."""


@dataclass(frozen=True)
class Job:
    """A piece of work for the worker, as it stands: what a list of jobs shows."""

    job_id: int
    kind: str
    arguments: dict[str, Any]
    status: JobStatus
    stage: str
    progress: float
    """From 0 to 1."""
    reason: str
    actor: str
    cancel_wanted: bool
    tries: int
    """Attempts since the job was submitted or retried. A clean shutdown does not count as an attempt."""
    created_at: str
    started_at: str
    ended_at: str


@dataclass(frozen=True)
class WholeJob(Job):
    """A job with what can be long."""

    result: Any
    log: str
    """The last LOG_CHARACTERS of it, in whole lines."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry of the audit log: an action of an admin."""

    audit_id: int
    at: str
    actor: str
    action: str
    detail: dict[str, Any]


_JOB = ", ".join(field.name for field in fields(Job))


def _read(row: Any) -> dict[str, Any]:
    values = dict(row)
    return values | {
        "status": JobStatus(values["status"]),
        "arguments": json.loads(values["arguments"]),
        "cancel_wanted": bool(values["cancel_wanted"]),
    }


def _whole_lines(log: str) -> str:
    if len(log) < LOG_CHARACTERS:
        return log
    return "earlier lines were left out; logs/filmscore.jsonl tells of every film\n" + log.partition("\n")[2]


class PeopleState(Ledger):
    """The part of the state that snapshots do not contain."""

    def add_job(self, kind: str, arguments: dict[str, Any], actor: str = "") -> int:
        """Queue a job; its id."""
        sql = "INSERT INTO jobs (kind, arguments, actor, created_at) VALUES (?, ?, ?, ?)"
        return self.write(sql, (kind, json.dumps(arguments), actor, now()))

    def get_job(self, job_id: int) -> WholeJob:
        """The job of this id.

        Raises:
            ParameterError: there is none.
        """
        rows = self.rows("SELECT * FROM jobs WHERE job_id = ?", (job_id,))
        if not rows:
            raise ParameterError(f"job {job_id}: no such job. The list of jobs has all numbers.")
        values = _read(rows[0])
        return WholeJob(**values | {"result": json.loads(values["result"]), "log": _whole_lines(values["log"])})

    def jobs(self, status: JobStatus | None = None, limit: int = 200) -> list[Job]:
        """The newest jobs, newest first; only those with this status if given."""
        which, values = ("", ()) if status is None else ("WHERE status = ?", (status,))
        sql = f"SELECT {_JOB} FROM jobs {which} ORDER BY job_id DESC LIMIT ?"
        return [Job(**_read(row)) for row in self.rows(sql, (*values, limit))]

    def job_counts(self) -> dict[str, int]:
        """Number of jobs by status."""
        return {str(row[0]): int(row[1]) for row in self.rows("SELECT status, count(*) FROM jobs GROUP BY status")}

    def next_job(self, kinds: Collection[str]) -> int | None:
        """The id of the oldest queued job of these kinds; None if there is none."""
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT min(job_id) FROM jobs WHERE status = ? AND kind IN ({marks})"
        found: int | None = self.rows(sql, (JobStatus.QUEUED, *kinds))[0][0]
        return found

    def start_job(self, job_id: int) -> bool:
        """Take a queued job; False if it was cancelled or somebody else has it."""
        with self.transaction() as con:
            sql = "UPDATE jobs SET status = ?, started_at = ?, tries = tries + 1 WHERE job_id = ? AND status = ?"
            return con.execute(sql, (JobStatus.RUNNING, now(), job_id, JobStatus.QUEUED)).rowcount == 1

    def update_job(
        self, job_id: int, *, stage: str | None = None, progress: float | None = None, log: str = ""
    ) -> None:
        """Say how far a job is; `log` is appended, and only the last LOG_CHARACTERS of all are kept."""
        sql = """UPDATE jobs SET stage = coalesce(?, stage), progress = coalesce(?, progress),
                 log = substr(log || ?, -?) WHERE job_id = ?"""
        self.write(sql, (stage, progress, log, LOG_CHARACTERS, job_id))

    def end_job(self, job_id: int, status: JobStatus, *, reason: str = "", result: Any = None) -> None:
        """End a job as DONE, FAILED or CANCELLED."""
        sql = "UPDATE jobs SET status = ?, reason = ?, result = ?, ended_at = ? WHERE job_id = ?"
        self.write(sql, (status, reason, json.dumps(result), now(), job_id))

    def cancel_job(self, job_id: int) -> None:
        """Cancel a queued job now; ask a running one to stop."""
        with self.transaction() as con:
            sql = "UPDATE jobs SET cancel_wanted = 1 WHERE job_id = ? AND status IN (?, ?)"
            con.execute(sql, (job_id, JobStatus.QUEUED, JobStatus.RUNNING))
            sql = "UPDATE jobs SET status = ?, ended_at = ? WHERE job_id = ? AND status = ?"
            con.execute(sql, (JobStatus.CANCELLED, now(), job_id, JobStatus.QUEUED))

    def requeue_job(self, job_id: int, tries: int) -> None:
        """Requeue a job in any state, with `tries` attempts counted."""
        sql = """UPDATE jobs SET status = ?, tries = ?, cancel_wanted = 0, stage = '', progress = 0, reason = '',
                 result = 'null' WHERE job_id = ?"""
        self.write(sql, (JobStatus.QUEUED, tries, job_id))

    def cancel_wanted(self, job_id: int) -> bool:
        """Whether a running job was asked to stop."""
        return bool(self.rows("SELECT cancel_wanted FROM jobs WHERE job_id = ?", (job_id,))[0][0])

    def save_profile(self, name: str, document: dict[str, Any], owner: str = "") -> None:
        """Store a taste profile; one of the same owner and name is replaced.

        Args:
            owner: the browser that keeps it; "" = the terminal and the admin.

        Raises:
            ParameterError: the name is empty.
        """
        if not name.strip():
            raise ParameterError("a taste profile needs a name. Give it one.")
        values = (owner, name.strip(), json.dumps(document), now())
        self.write("INSERT OR REPLACE INTO profiles (owner, name, document, saved_at) VALUES (?, ?, ?, ?)", values)

    def get_profile(self, name: str, owner: str = "") -> dict[str, Any]:
        """A taste profile.

        Raises:
            ParameterError: the owner has none of this name.
        """
        sql = "SELECT document FROM profiles WHERE owner = ? AND name = ?"
        rows = self.rows(sql, (owner, name.strip()))
        if not rows:
            known = ", ".join(self.list_profiles(owner)[:5]) or "none yet"
            raise ParameterError(f"{name}: no taste profile of this name. Saved: {known}.")
        document: dict[str, Any] = json.loads(rows[0][0])
        return document

    def list_profiles(self, owner: str = "") -> list[str]:
        """The names of an owner's taste profiles."""
        return [str(row[0]) for row in self.rows("SELECT name FROM profiles WHERE owner = ? ORDER BY name", (owner,))]

    def profile_owners(self) -> list[tuple[str, str]]:
        """(owner, name) of everybody's taste profiles."""
        return [
            (str(row[0]), str(row[1])) for row in self.rows("SELECT owner, name FROM profiles ORDER BY owner, name")
        ]

    def drop_oldest_profiles(self, most: int) -> None:
        """Delete the oldest profiles of browsers until `most` remain."""
        sql = """DELETE FROM profiles WHERE rowid IN (
                     SELECT rowid FROM profiles WHERE owner <> '' ORDER BY saved_at DESC, rowid DESC
                     LIMIT -1 OFFSET ?)"""
        self.write(sql, (most,))

    def delete_profile(self, name: str, owner: str = "") -> None:
        """Forget a taste profile."""
        self.write("DELETE FROM profiles WHERE owner = ? AND name = ?", (owner, name.strip()))

    def audit(self, action: str, actor: str, detail: dict[str, Any] | None = None) -> None:
        """Write an admin's action to the audit log."""
        sql = "INSERT INTO audit (at, actor, action, detail) VALUES (?, ?, ?, ?)"
        self.write(sql, (now(), actor, action, json.dumps(detail or {})))

    def audit_waiting(self, action: str, actor: str, source: str) -> None:
        """Count an attempt that a source made during its waiting time, in the audit entry of the action that it is
        waiting for.

        The log therefore has one entry per waiting time, however many attempts there are.
        """
        sql = """UPDATE audit SET detail = json_set(detail, '$.while_waiting',
                 coalesce(json_extract(detail, '$.while_waiting'), 0) + 1) WHERE audit_id =
                 (SELECT audit_id FROM audit WHERE action = ? AND json_extract(detail, '$.source') = ?
                 ORDER BY audit_id DESC LIMIT 1)"""
        with self.transaction() as con:
            if con.execute(sql, (action, source)).rowcount == 0:
                self.audit(action, actor, {"source": source, "while_waiting": 1})

    def audit_log(self, limit: int = 500) -> list[AuditEntry]:
        """The newest entries, newest first."""
        rows = self.rows(
            "SELECT audit_id, at, actor, action, detail FROM audit ORDER BY audit_id DESC LIMIT ?", (limit,)
        )
        return [AuditEntry(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in rows]

    def last_done(self, action: str) -> str | None:
        """When an action was last written to the audit log, ISO 8601; None if never."""
        rows = self.rows("SELECT max(at) FROM audit WHERE action = ?", (action,))
        return str(rows[0][0]) if rows[0][0] else None

    def setting(self, key: str) -> str | None:
        """A stored setting (such as the hash of the admin password), or None."""
        rows = self.rows("SELECT value FROM settings WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_setting(self, key: str, value: str) -> None:
        """Store a setting."""
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

    def delete_setting(self, key: str) -> None:
        """Delete a setting."""
        self.write("DELETE FROM settings WHERE key = ?", (key,))

    def add_session(self, token_sha256: str, role: str, lifetime_s: float, name: str = "") -> None:
        """Store a session by the hash of its token, and delete expired sessions.

        Args:
            name: of the person whom a provider of accounts named; "" for who gave the admin's password.
        """
        moment = time.time()
        with self.transaction() as con:
            con.execute("DELETE FROM sessions WHERE expires_at < ?", (moment,))
            row = (token_sha256, role, moment, moment + lifetime_s, name)
            con.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", row)

    def session_of(self, token_sha256: str) -> tuple[str, str] | None:
        """Role and name of a session that has not expired, or None. If the clock jumps back to before the session's
        start, the session ends."""
        sql = "SELECT role, name FROM sessions WHERE token_sha256 = ? AND created_at <= ? AND expires_at >= ?"
        moment = time.time()
        rows = self.rows(sql, (token_sha256, moment + CLOCK_SLACK_S, moment))
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def end_session(self, token_sha256: str) -> None:
        """End a session."""
        self.write("DELETE FROM sessions WHERE token_sha256 = ?", (token_sha256,))

    def end_sessions(self, *, named: bool = False) -> None:
        """End all sessions, or those of people whom a provider of accounts named."""
        self.write("DELETE FROM sessions" + " WHERE name <> ''" * named)

    def add_attempt(self, source: str, succeeded: bool) -> None:
        """Record a login attempt."""
        sql = "INSERT INTO attempts (at, source, succeeded) VALUES (?, ?, ?)"
        self.write(sql, (time.time(), source, int(succeeded)))

    def failures(self, source: str | None, within_s: float, now_s: float) -> tuple[int, float]:
        """Number of recent failed attempts of a source since its last success, and the time of the last one in seconds.

        Attempts dated in the future do not count: a clock that ran ahead would otherwise lock everybody out until then.

        Args:
            source: where the attempts come from; None counts all sources and ignores successes.
            within_s: how far back to look, in seconds.
            now_s: the current time in seconds since the epoch.
        """
        if source is None:  # an attempt that succeeds was written down as failed before it was read
            sql = """SELECT total(CASE succeeded WHEN 0 THEN 1 ELSE -1 END),
                     coalesce(max(CASE succeeded WHEN 0 THEN at END), 0) FROM attempts WHERE at > ? AND at <= ?"""
            values: tuple[float | str, ...] = (now_s - within_s, now_s + CLOCK_SLACK_S)
        else:
            sql = """SELECT count(*), coalesce(max(at), 0) FROM attempts WHERE source = ? AND succeeded = 0 AND at > ?
                     AND at <= ? AND attempt_id >
                     coalesce((SELECT max(attempt_id) FROM attempts WHERE source = ? AND succeeded = 1), 0)"""
            values = (source, now_s - within_s, now_s + CLOCK_SLACK_S, source)
        row = self.rows(sql, values)[0]
        return int(row[0]), float(row[1])

    def succeeded(self, source: str, within_s: float, now_s: float) -> bool:
        """Whether a source logged in successfully in the last `within_s` seconds."""
        sql = "SELECT 1 FROM attempts WHERE source = ? AND succeeded = 1 AND at > ? AND at <= ? LIMIT 1"
        return bool(self.rows(sql, (source, now_s - within_s, now_s + CLOCK_SLACK_S)))
