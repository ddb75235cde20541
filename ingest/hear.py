"""Analyse one film and store the result: once per model version, however often and wherever it is requested."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copyfileobj

import numpy as np

from db.catalogue.parts import find_part, read_part, write_part
from db.home import Home
from errors import MediaError
from film import AnalysisStatus, AudioTrack, FilmAnalysis
from ingest.analyse import OnStage, listen, wants_details
from ingest.senses import Sensed, read_senses, sources, with_senses
from ingest.track_language import track_in
from media.beneath import held
from media.confined import Confined
from media.decode import Sound
from media.source import fault, joined_sha256
from media.tracks import Choice
from models.ears.ear import Ear


@dataclass(frozen=True)
class Task:
    """One film to hear."""

    path: Path
    audio_track: int | None = None
    languages: tuple[str, ...] = ()
    """Without an `audio_track`: preferred languages of the track, in order."""
    further: tuple[Path, ...] = ()
    """The film's other files, in their order: their sound follows that of `path`, with the same track of each."""
    beneath: tuple[Path, ...] = ()
    """The folders that must contain all files; empty means no restriction."""
    chosen: tuple[tuple[str, int], ...] = ()
    """Media hash -> the track that a person chose; used if no `audio_track` is requested."""


@dataclass(frozen=True)
class Outcome:
    """The outcome for one media file."""

    path: Path
    status: AnalysisStatus
    reason: str = ""
    """Why the file failed or was skipped, or a remark ("no music found")."""
    media_sha256: str = ""
    audio_track: int = 0
    tracks: tuple[AudioTrack, ...] = ()
    """The file's audio tracks; empty if it cannot be opened."""
    model_version: str = ""
    duration_s: float = 0.0
    runs: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time per stage; empty unless analysed."""
    peak_memory_mb: float = 0.0
    renewed: bool = False
    """The film's part existed and gained senses, so the film must be republished."""
    notes: tuple[str, ...] = ()
    """Files beside the film that cannot be used, and why."""


def _note(analysis: FilmAnalysis) -> str:
    said = list(analysis.warnings)
    if not analysis.runs and analysis.duration_s < 10:
        said.insert(0, f"no music found: {analysis.duration_s:.0f} s is shorter than a run of 10 s")
    elif not analysis.runs:
        said.insert(0, "no music found")
    return "; ".join(said)


@dataclass(frozen=True)
class Opened:
    """A film whose sound is decoded and not yet analysed."""

    sound: Sound
    media_sha256: str
    decode_s: float
    decoder_mb: float
    sensed: Sensed


def open_film(
    home: Home,
    task: Task,
    model_version: str,
    child: Confined,
    *,
    details: bool = True,
    on_stage: OnStage | None = None,
) -> Opened | Outcome:
    """The sound of a film, or its outcome if it needs no analysis: already analysed by these models, or not media.

    A file that cannot be analysed is an `Outcome`, not an exception, so that the other films continue. Without an
    `audio_track`, the track `chosen` for the content is used, then the first of the `languages` that the file has.
    Files must be below `beneath` when they are opened, even if somebody replaced them meanwhile. `details` as in
    `media.decode.decode`.

    Raises:
        CatalogueError: a part cannot be read.
    """
    tell = on_stage or (lambda stage, fraction: None)
    began = time.perf_counter()
    paths, languages = [task.path, *task.further], task.languages
    try:
        child.beneath = task.beneath
        choice = child.choose_audio_track(task.path, task.audio_track)
        with held(paths, task.beneath, home.scratch) as files:
            digest = joined_sha256(files)
        if task.audio_track is None:
            remembered = dict(task.chosen).get(digest, len(choice.tracks))
            known = remembered < len(choice.tracks)
            choice = replace(choice, track=remembered if known else track_in(choice, languages))
        language = choice.tracks[choice.track].language
        part = find_part(home, digest, choice.track, model_version)
        if part is not None:
            return _known(home, part, paths, choice, child, languages)
        hashed = time.perf_counter()
        sound, lengths_s = _decode(paths, choice.track, child, details, lambda fraction: tell("decode", fraction))
    except MediaError as error:
        return Outcome(task.path, AnalysisStatus.FAILED, str(error), seconds={"total": time.perf_counter() - began})
    try:
        decode_s, decoder_mb = time.perf_counter() - hashed, child.peak_memory_mb
        return Opened(sound, digest, decode_s, decoder_mb, read_senses(paths, lengths_s, child, [language, *languages]))
    except BaseException:
        sound.close()
        raise


def _known(
    home: Home, part: Path, paths: Sequence[Path], choice: Choice, child: Confined, languages: Sequence[str]
) -> Outcome:
    """The outcome for a film that is already analysed: its other senses are read again if their sources changed."""
    heard = replace(read_part(part), tracks=choice.tracks)
    if heard.senses_from == sources(paths):
        return _outcome(paths[0], AnalysisStatus.SKIPPED, "already analysed by this model version", heard)
    lengths_s = [_seconds(path, child) for path in paths] if len(paths) > 1 else [heard.duration_s]
    read = with_senses(heard, read_senses(paths, lengths_s, child, [choice.tracks[choice.track].language, *languages]))
    write_part(home, read)
    said = "; ".join(["already analysed by this model version, its subtitles were read", *read.warnings])
    return replace(_outcome(paths[0], AnalysisStatus.SKIPPED, said, read), renewed=True)


def _seconds(path: Path, child: Confined) -> float | None:
    try:
        return child.container_seconds(path)
    except MediaError:
        return None


def _decode(
    paths: Sequence[Path], track: int, child: Confined, details: bool, tell: Callable[[float], None]
) -> tuple[Sound, list[float]]:
    """The concatenated sound of a film's files, and the length of each.

    Raises:
        MediaError: one of them cannot be heard.
    """

    def decode(place: int) -> Sound:
        def share(fraction: float) -> None:
            tell((place + fraction) / len(paths))

        return child.decode(paths[place], audio_track=track, on_progress=share, details=details)

    whole = decode(0)
    lengths_s = [whole.duration_s]
    try:
        for place in range(1, len(paths)):
            with decode(place) as sound, sound.scratch.open("rb") as source, whole.scratch.open("ab") as target:
                copyfileobj(source, target)
                whole = replace(
                    whole,
                    n_samples=whole.n_samples + sound.n_samples,
                    turned_s=whole.turned_s + sound.turned_s,
                    powers=np.concatenate([whole.powers, sound.powers]),
                    notes=whole.notes + sound.notes,
                    music=_joined(whole.music, sound.music),
                    wide=_joined(whole.wide, sound.wide),
                )
                lengths_s.append(sound.duration_s)
    except OSError as error:
        whole.close()
        raise fault(paths[0], f"its sound cannot be stored ({error.strerror})", "Free space, then try again") from error
    except BaseException:
        whole.close()
        raise
    return whole, lengths_s


def _joined(whole: Path | None, sound: Path | None) -> Path | None:
    """A further sound of both, in the file of the first; None, and nothing left on disk, unless both have it."""
    if whole is None or sound is None:
        if whole:
            whole.unlink(missing_ok=True)
        return None
    with sound.open("rb") as source, whole.open("ab") as target:
        copyfileobj(source, target)
    return whole


def hear_opened(home: Home, opened: Opened, ear: Ear, *, on_stage: OnStage | None = None) -> Outcome:
    """Analyse decoded sound and store the film's part; removes the sound.

    Raises:
        CatalogueError: the part cannot be stored.
        ModelError: the models cannot be used.
    """
    with opened.sound as sound:
        try:
            heard = listen(
                sound,
                ear,
                sha256=opened.media_sha256,
                decode_s=opened.decode_s,
                decoder_mb=opened.decoder_mb,
                on_stage=on_stage,
            )
            analysis = with_senses(heard, opened.sensed)
        except MediaError as error:
            return Outcome(sound.path, AnalysisStatus.FAILED, str(error), seconds={"total": opened.decode_s})
        except MemoryError:
            return Outcome(sound.path, AnalysisStatus.FAILED, f"{sound.path.name}: not enough memory.")
    write_part(home, analysis)
    return _outcome(sound.path, AnalysisStatus.ANALYSED, _note(analysis), analysis)


def hear(home: Home, task: Task, ear: Ear, child: Confined) -> Outcome:
    """Open one film and hear it. Raises as `hear_opened`."""
    opened = open_film(home, task, ear.model_version, child, details=wants_details(ear))
    return opened if isinstance(opened, Outcome) else hear_opened(home, opened, ear)


def _outcome(path: Path, status: AnalysisStatus, reason: str, analysis: FilmAnalysis) -> Outcome:
    return Outcome(
        path,
        status,
        reason,
        media_sha256=analysis.media_sha256,
        audio_track=analysis.audio_track,
        tracks=analysis.tracks,
        model_version=analysis.model_version,
        duration_s=analysis.duration_s,
        runs=len(analysis.runs),
        seconds=dict(analysis.seconds) if status == AnalysisStatus.ANALYSED else {},
        peak_memory_mb=analysis.peak_memory_mb if status == AnalysisStatus.ANALYSED else 0.0,
    )
