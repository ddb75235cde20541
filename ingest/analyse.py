"""Analyse one film: decode, activity, runs, attributes, summary (thesis 5.1); then its other senses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import MediaError
from film import FilmAnalysis, WindowAttributes
from ingest.runs import find_runs
from ingest.senses import read_senses, with_senses
from ingest.summarise import summarise, summarise_run
from ingest.track_language import track_in
from media.confined import Confined
from media.confined_child import peak_memory_mb
from media.decode import Sound
from media.geometry import SECOND_SAMPLES
from media.source import media_sha256
from models.ears.ear import Ear
from models.ears.network import one_blas_thread
from models.features.levelling import SILENT_RMS, second_rms

BESIDE_DB = 20.0
"""Music is up to 16 dB quieter than speech over it. If all sound is in the centre, the other channels are quieter than
this, or silent."""
OnStage = Callable[[str, float], None]
"""Called with the stage (decode, activity, attributes) and the share of it that is done, 0-1."""


def analyse(
    path: Path,
    ear: Ear,
    *,
    audio_track: int | None = None,
    languages: Sequence[str] = (),
    child: Confined | None = None,
    scratch_dir: Path | None = None,
    on_stage: OnStage | None = None,
) -> FilmAnalysis:
    """Analyse the sound of one media file, and read its subtitles.

    Args:
        path: any container and codec that media.decode reads.
        ear: the models.
        audio_track: which audio track, from 0; None takes the film's own sound.
        languages: without an `audio_track`, preferred languages of the track, in order.
        child: opens the file, and stays open; None: a new one.
        scratch_dir: folder for the temporary sound (48 kB per second) of a new child.
        on_stage: told of progress.

    Raises:
        MediaError: the file cannot be decoded, or contains less than a second of sound.
    """
    tell = on_stage or (lambda stage, fraction: None)
    digest = media_sha256(path)
    with nullcontext(child) if child else Confined(scratch_dir) as child:
        if audio_track is None and languages:
            audio_track = track_in(child.choose_audio_track(path), languages)
        began = time.perf_counter()
        sound = child.decode(
            path,
            audio_track=audio_track,
            on_progress=lambda fraction: tell("decode", fraction),
            details=wants_details(ear),
        )
        decode_s = time.perf_counter() - began
        with sound:
            decoder_mb = child.peak_memory_mb
            language = sound.tracks[sound.audio_track].language if sound.tracks else ""
            sensed = read_senses([path], [sound.duration_s], child, [language, *languages])
            heard = listen(sound, ear, sha256=digest, decode_s=decode_s, decoder_mb=decoder_mb, on_stage=on_stage)
    return with_senses(heard, sensed)


def wants_details(ear: Ear) -> bool:
    """Whether decoding for this ear also measures the loudness and keeps the sound without the centre channel; for the
    thesis's ear it does neither."""
    return ear.architecture != "thesis"


def listen(
    sound: Sound, ear: Ear, *, sha256: str, decode_s: float, decoder_mb: float, on_stage: OnStage | None = None
) -> FilmAnalysis:
    """Find and describe the music of decoded sound.

    Args:
        sound: of the whole film.
        ear: the models.
        sha256: hash of the media file.
        decode_s: seconds that decoding took.
        decoder_mb: the peak memory of the decoder, which is a separate process.
        on_stage: told of progress.

    Raises:
        MediaError: less than a second of sound.
    """
    tell = on_stage or (lambda stage, fraction: None)
    if sound.duration_s < 1:
        raise MediaError(f"{sound.path.name}: holds less than a second of sound. Leave it out.")
    began = time.perf_counter()
    samples = sound.samples()
    with one_blas_thread():
        tell("activity", 0.0)
        activity, memo = ear.activity(samples)
        labelled = time.perf_counter()
        spans = find_runs(activity.present)
        tell("attributes", 0.0)
        windows = attributes(sound, ear, spans, memo)
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


def attributes(sound: Sound, ear: Ear, spans: Sequence[tuple[int, int]], memo: object) -> list[WindowAttributes]:
    """The attributes of each run's windows: from the sound without the centre channel if it is loud enough, because
    dialogue is in the centre; otherwise from the mix. The times of speech are taken from the mix in both cases: voices
    are audible beside the centre too, though softly."""
    mix, wide = sound.samples(), sound.wide_samples()
    if sound.music is None:
        return ear.attributes(mix, spans, memo, wide)
    music = sound.music_samples()
    apart = [is_heard_beside(music, mix, *span) for span in spans]

    def of(source: npt.NDArray[np.int16], wanted: bool) -> Iterator[WindowAttributes]:
        chosen = [span for span, is_apart in zip(spans, apart, strict=True) if is_apart is wanted]
        return iter(ear.attributes(source, chosen, memo, wide))

    heard = {True: of(music, True), False: of(mix, False)}
    return [next(heard[is_apart]) for is_apart in apart]


def is_heard_beside(music: npt.NDArray[np.int16], mix: npt.NDArray[np.int16], start_s: int, end_s: int) -> bool:
    """Whether a run is no more than BESIDE_DB quieter without the centre channel, and not silent there."""
    run = slice(start_s * SECOND_SAMPLES, end_s * SECOND_SAMPLES)
    beside, whole = (float(np.sqrt(np.mean(second_rms(sound[run]) ** 2))) for sound in (music, mix))
    return beside >= max(SILENT_RMS, whole * 10 ** (-BESIDE_DB / 20))


def _of_phase(sound: Sound) -> tuple[str, ...]:
    if not sound.turned_s:
        return ()
    return (
        f"{sound.path.name}: the two channels are in opposite phase for {max(1, round(sound.turned_s))} s and would "
        "cancel each other; the right one was inverted before the analysis",
    )
