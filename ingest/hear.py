"""The durable result of one film: heard once per model version, however often and wherever it is asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from db.home import Home
from db.parts import find_part, read_part, write_part
from errors import MediaError
from film import FilmAnalysis
from ingest.analyse import OnStage, analyse
from media.decode import choose_audio_track, media_sha256
from models.ear import Ear

ANALYSED, SKIPPED, FAILED = "analysed", "skipped", "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one media file."""

    path: Path
    status: str
    """ANALYSED, SKIPPED (a part of this model version was there) or FAILED."""
    reason: str = ""
    """Why it failed or was skipped, or what is worth knowing ("no music found")."""
    media_sha256: str = ""
    audio_track: int = 0
    model_version: str = ""
    duration_s: float = 0.0
    runs: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time per stage; empty unless analysed."""
    peak_memory_mb: float = 0.0


def _note(analysis: FilmAnalysis) -> str:
    if analysis.runs:
        return ""
    if analysis.duration_s < 10:
        return f"no music found: {analysis.duration_s:.0f} s is shorter than a run of 10 s"
    return "no music found"


def hear(
    home: Home,
    path: Path,
    ear: Ear,
    *,
    audio_track: int | None = None,
    scratch_dir: Path | None = None,
    on_stage: OnStage | None = None,
) -> Outcome:
    """Analyse one file and store its part, unless this model version has heard it before.

    A file that cannot be heard is an `Outcome`, not an exception, so that the other films go on; what ends the whole
    ingest (a full disk, a broken model) is raised.

    Raises:
        CatalogueError: the part cannot be stored.
        ModelError: the models cannot be used.
    """
    began = time.perf_counter()
    try:
        track = choose_audio_track(path, audio_track)
        digest = media_sha256(path)
        part = find_part(home, digest, track, ear.model_version)
        if part is not None:
            known = read_part(part)
            return _outcome(path, SKIPPED, "already analysed by this model version", known)
        analysis = analyse(path, ear, audio_track=track, scratch_dir=scratch_dir, on_stage=on_stage, sha256=digest)
    except MediaError as error:
        return Outcome(path, FAILED, str(error), seconds={"total": time.perf_counter() - began})
    write_part(home, analysis)
    return _outcome(path, ANALYSED, _note(analysis), analysis)


def _outcome(path: Path, status: str, reason: str, analysis: FilmAnalysis) -> Outcome:
    return Outcome(
        path,
        status,
        reason,
        media_sha256=analysis.media_sha256,
        audio_track=analysis.audio_track,
        model_version=analysis.model_version,
        duration_s=analysis.duration_s,
        runs=len(analysis.runs),
        seconds=dict(analysis.seconds) if status == ANALYSED else {},
        peak_memory_mb=analysis.peak_memory_mb if status == ANALYSED else 0.0,
    )
