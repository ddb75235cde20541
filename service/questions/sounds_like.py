"""Find the films and scenes whose music is most similar to a clip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from db.catalogue.snapshot import Snapshot
from errors import MediaError, ModelError
from film import MIN_RUN_S, MusicRun
from ingest.analyse import wants_details
from ingest.runs import find_runs
from ingest.summarise import summarise_run
from media.confined import Confined
from media.excerpt import LONGEST_S
from media.geometry import SAMPLE_RATE_HZ, WIDE_RATE_HZ
from models.ears.ear import Ear, base_version, load_ear
from models.ears.network import one_blas_thread
from models.kinds import ARCHITECTURES
from recommender import Recommender, SceneMatch
from recommender.question import Effect
from recommender.scene_steering import POOL
from service.questions.asking import effect_documents
from told import Told

MAX_CLIP_S = 600
"""Only the first ten minutes of a longer file are analysed."""

CLIP_PATIENCE_S = 30.0
"""Time limit for decoding a small file, because visitors wait for it."""

SILENCE = 8
"""A clip whose largest absolute int16 sample is at most this counts as silent."""

SHORT = "{}: only {:.0f} s long, too short to judge. Give {} s or more; what follows is a guess."
CUT = "{}: only the first {} minutes were analysed."
NO_MUSIC = "{}: no ten consecutive seconds of music were found; the whole clip is compared."
NO_FILM = "No film in the catalogue has music yet. Ingest some films, then try again."
PLAYED_KIND = "webm"
"""Format of the part of a clip that a page plays."""


@dataclass(frozen=True, eq=False)
class ClipMusic:
    """The music of a clip: one embedding per run."""

    embeddings: npt.NDArray[np.float64]
    """(k, d)"""
    runs: tuple[MusicRun, ...]
    """(k,) what was heard in each"""
    model_version: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SoundsLike:
    """What sounds like a clip."""

    films: tuple[tuple[int, str, float], ...]
    """(film_id, title, score), most similar first."""
    scenes: tuple[tuple[SceneMatch, str], ...]
    """Scenes with the titles of their films, most similar first."""
    notices: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    """What `more` and `less` changed, over the scenes."""
    heard: tuple[MusicRun, ...] = ()
    """The clip's own music."""


def hear_clip(path: Path, ear: Ear, scratch_dir: Path | None = None, played: Path | None = None) -> ClipMusic:
    """The music of a clip.

    A clip under 10 s is repeated up to 10 s, and a notice says that this is too short. A longer clip without a music
    run counts as one run. Only the first ten minutes of a longer clip are analysed.

    Args:
        played: where its first LONGEST_S seconds are written for a player (PLAYED_KIND); left out where they cannot be
            cut.

    Raises:
        MediaError: neither audio nor video, no sound, or silence.
    """
    notices = []
    with Confined(scratch_dir, CLIP_PATIENCE_S) as child:
        with child.decode(path, details=wants_details(ear)) as sound:
            samples = np.array(sound.samples()[: MAX_CLIP_S * SAMPLE_RATE_HZ])
            wide = sound.wide_samples()
            wide = None if wide is None else np.array(wide[: MAX_CLIP_S * WIDE_RATE_HZ])
            if sound.duration_s > MAX_CLIP_S:
                notices.append(Told(CUT, path.name, MAX_CLIP_S // 60))
        if played is not None:
            with suppress(MediaError):
                child.excerpt(path, played, start_s=0, seconds=LONGEST_S, kind=PLAYED_KIND)
    if not len(samples) or int(np.abs(samples.astype(np.int32)).max()) <= SILENCE:
        raise MediaError(Told("{}: silent. Give a clip that contains music.", path.name))
    shortest = MIN_RUN_S * SAMPLE_RATE_HZ
    if len(samples) < shortest:
        notices.append(Told(SHORT, path.name, len(samples) / SAMPLE_RATE_HZ, MIN_RUN_S))
        samples = np.resize(samples, shortest)
        wide = None if wide is None else np.resize(wide, MIN_RUN_S * WIDE_RATE_HZ)
    with one_blas_thread():
        activity, memo = ear.activity(samples)
        spans = find_runs(activity.present)
        if not spans:
            spans = [(0, len(samples) // SAMPLE_RATE_HZ)]
            notices.append(Told(NO_MUSIC, path.name))
        heard = ear.attributes(samples, spans, memo, wide)
    embeddings = np.stack([windows.embedding.mean(axis=0, dtype=np.float64) for windows in heard])
    runs = tuple(summarise_run(*span, windows) for span, windows in zip(spans, heard, strict=True))
    return ClipMusic(embeddings, runs, ear.model_version, tuple(notices))


def ear_of(model_version: str, load: Callable[[str], Ear] = load_ear) -> Ear:
    """The ear that computed the catalogue's embeddings.

    Raises:
        ModelError: no shipped ear has that version.
    """
    for architecture in sorted(ARCHITECTURES):
        ear = load(architecture)
        if ear.model_version == base_version(model_version):
            return ear
    raise ModelError(
        f"the catalogue was analysed by {model_version}, which is not installed here. Ingest the films again "
        "to compare them with a clip."
    )


def sounds_like(
    snapshot: Snapshot,
    recommender: Recommender,
    clip: Path,
    n: int = 10,
    scratch_dir: Path | None = None,
    ear: Ear | None = None,
    more: Sequence[str] = (),
    less: Sequence[str] = (),
    played: Path | None = None,
) -> SoundsLike:
    """The n films and the n scenes whose music is most similar to a clip's.

    Args:
        more: traits of which they should have more (recommender.scene_steering); less likewise.
        ear: the ear to use; None loads the one that computed the catalogue's embeddings.
        played: as `hear_clip`.

    Raises:
        MediaError: the clip cannot be analysed.
        ModelError: no shipped ear fits the catalogue.
    """
    version = recommender.scene_model_version
    if not version:
        return SoundsLike((), (), (Told(NO_FILM),))
    used = ear_of(version) if ear is None or base_version(ear.model_version) != base_version(version) else ear
    music = hear_clip(clip, used, scratch_dir, played)
    deep = max(n, POOL) if more or less else n
    pool, pool_of_films = recommender.sounds_like(music.embeddings, [run.seconds for run in music.runs], deep)
    steered = recommender.steered_scenes(pool, n, more, less)
    scenes, films = steered.scenes, recommender.steered_films(pool_of_films, n, more, less)
    ids = [film_id for film_id, _ in films] + [scene.film_id for scene in scenes]
    titles = {film.film_id: film.title for film in snapshot.films_by_id(sorted(set(ids)))}
    return SoundsLike(
        tuple((film_id, titles[film_id], score) for film_id, score in films),
        tuple((scene, titles[scene.film_id]) for scene in scenes),
        (*music.notices, *steered.notices),
        steered.effects,
        music.runs,
    )


def scene_documents(scenes: Sequence[tuple[SceneMatch, str]]) -> list[dict[str, Any]]:
    return [
        {
            "film_id": scene.film_id,
            "title": title,
            "start_s": scene.start_s,
            "end_s": scene.end_s,
            "score": scene.score,
            "run": scene.run,
        }
        for scene, title in scenes
    ]


def run_values(run: MusicRun) -> dict[str, Any]:
    """What was heard in a run, without its embedding."""
    return {name: value for name, value in asdict(run).items() if name != "embedding"}


def document(found: SoundsLike) -> dict[str, Any]:
    """The JSON of `filmscore sounds-like` (docs/design.md)."""
    return {
        "films": [{"film_id": film_id, "title": title, "score": score} for film_id, title, score in found.films],
        "scenes": scene_documents(found.scenes),
        "heard": [run_values(run) for run in found.heard],
        "effects": effect_documents(found.effects),
        "notices": list(found.notices),
    }
