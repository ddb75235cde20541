"""The way of one film: decode, activity, runs, attributes, summary (thesis 5.1)."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from errors import MediaError
from film import FilmAnalysis
from ingest.runs import find_runs
from ingest.summarise import summarise, summarise_run
from media.decode import decode, media_sha256
from models.ear import Ear

OnStage = Callable[[str, float], None]
"""Told the stage (decode, activity, attributes) and how much of it is done, 0-1."""


def peak_memory_mb() -> float:
    """Largest resident size of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def analyse(
    path: Path,
    ear: Ear,
    *,
    audio_track: int | None = None,
    scratch_dir: Path | None = None,
    on_stage: OnStage | None = None,
    sha256: str | None = None,
) -> FilmAnalysis:
    """Listen to one media file.

    Args:
        path: any container and codec that media.decode reads.
        ear: the models.
        audio_track: which audio track, from 0; None takes the container's default.
        scratch_dir: where the 8 kHz sound lies meanwhile (16 kB a second).
        on_stage: told of progress.
        sha256: the file's hash, where it is known already.

    Raises:
        MediaError: the file cannot be heard, or holds less than a second of sound.
    """
    tell = on_stage or (lambda stage, fraction: None)
    began = time.perf_counter()
    digest = sha256 or media_sha256(path)
    with decode(
        path,
        audio_track=audio_track,
        scratch_dir=scratch_dir,
        on_progress=lambda fraction: tell("decode", fraction),
    ) as sound:
        decoded = time.perf_counter()
        samples = sound.samples()
        if sound.duration_s < 1:
            raise MediaError(f"{path.name}: holds less than a second of sound. Leave it out.")
        tell("activity", 0.0)
        activity, memo = ear.activity(samples)
        labelled = time.perf_counter()
        spans = find_runs(activity.present)
        tell("attributes", 0.0)
        windows = ear.attributes(samples, spans, memo)
        runs = tuple(summarise_run(*span, heard) for span, heard in zip(spans, windows, strict=True))
        described = time.perf_counter()
        tell("attributes", 1.0)
        return FilmAnalysis(
            media=str(path),
            media_sha256=digest,
            audio_track=sound.audio_track,
            duration_s=sound.duration_s,
            model_version=ear.model_version,
            activity=activity,
            runs=runs,
            summary=summarise(activity, runs),
            windows=tuple(windows),
            seconds={
                "decode": decoded - began,
                "activity": labelled - decoded,
                "attributes": described - labelled,
                "total": described - began,
            },
            peak_memory_mb=peak_memory_mb(),
        )
