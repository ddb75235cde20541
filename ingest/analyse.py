"""Analyse one film: decode, activity, runs, attributes, summary (thesis 5.1); then its other senses."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from errors import MediaError
from film import FilmAnalysis
from ingest.runs import find_runs
from ingest.senses import read_senses, with_senses
from ingest.summarise import summarise, summarise_run
from ingest.track_language import track_in
from media.confined import Confined, peak_memory_mb
from media.decode import Sound
from media.source import media_sha256
from models.ears.ear import Ear

OnStage = Callable[[str, float], None]
"""Called with the stage (decode, activity, attributes) and the share of it that is done, 0-1."""


def analyse(
    path: Path,
    ear: Ear,
    *,
    audio_track: int | None = None,
    languages: Sequence[str] = (),
    scratch_dir: Path | None = None,
    on_stage: OnStage | None = None,
) -> FilmAnalysis:
    """Analyse the sound of one media file, and read its subtitles.

    Args:
        path: any container and codec that media.decode reads.
        ear: the models.
        audio_track: which audio track, from 0; None takes the film's own sound.
        languages: without an `audio_track`, the languages to hear, the most wanted first.
        scratch_dir: folder for the temporary 8 kHz sound (16 kB per second).
        on_stage: told of progress.

    Raises:
        MediaError: the file cannot be heard, or holds less than a second of sound.
    """
    tell = on_stage or (lambda stage, fraction: None)
    digest = media_sha256(path)
    with Confined(scratch_dir) as child:
        if audio_track is None and languages:
            audio_track = track_in(child.choose_audio_track(path), languages)
        began = time.perf_counter()
        sound = child.decode(
            path,
            audio_track=audio_track,
            on_progress=lambda fraction: tell("decode", fraction),
            loudness=measures_loudness(ear),
        )
        decode_s = time.perf_counter() - began
        with sound:
            decoder_mb = child.peak_memory_mb
            language = sound.tracks[sound.audio_track].language if sound.tracks else ""
            sensed = read_senses([path], [sound.duration_s], child, [language, *languages])
            heard = listen(sound, ear, sha256=digest, decode_s=decode_s, decoder_mb=decoder_mb, on_stage=on_stage)
    return with_senses(heard, sensed)


def measures_loudness(ear: Ear) -> bool:
    """Whether the loudness of a film is measured when it is decoded for this ear; the thesis has none."""
    return ear.architecture != "thesis"


def listen(
    sound: Sound, ear: Ear, *, sha256: str, decode_s: float, decoder_mb: float, on_stage: OnStage | None = None
) -> FilmAnalysis:
    """Find and describe the music of decoded sound.

    Args:
        sound: of the whole film.
        ear: the models.
        sha256: hash of the media file.
        decode_s: what decoding took.
        decoder_mb: the decoder's largest resident size; it is a process of its own beside this one.
        on_stage: told of progress.

    Raises:
        MediaError: less than a second of sound.
    """
    tell = on_stage or (lambda stage, fraction: None)
    if sound.duration_s < 1:
        raise MediaError(f"{sound.path.name}: holds less than a second of sound. Leave it out.")
    began = time.perf_counter()
    samples = sound.samples()
    with threadpool_limits(ear.threads):
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
        media=str(sound.path),
        media_sha256=sha256,
        audio_track=sound.audio_track,
        duration_s=sound.duration_s,
        model_version=ear.model_version,
        activity=activity,
        runs=runs,
        summary=summarise(activity, runs, sound.powers),
        windows=tuple(windows),
        seconds={
            "decode": decode_s,
            "activity": labelled - began,
            "attributes": described - labelled,
            "total": decode_s + described - began,
        },
        peak_memory_mb=peak_memory_mb() + decoder_mb,
        tracks=sound.tracks,
        warnings=(*_of_phase(sound), *sound.notes),
    )


def _of_phase(sound: Sound) -> tuple[str, ...]:
    if not sound.turned_s:
        return ()
    return (
        f"{sound.path.name}: the two channels are in opposite phase for {max(1, round(sound.turned_s))} s and would "
        "cancel each other; the right one was inverted before the analysis",
    )
