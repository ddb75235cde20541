"""Small films, analyses and an encoding for the tests of the catalogue."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from db.catalogue.parts import write_part
from db.catalogue.records import Blocks, FilmRecord, Fitted
from db.home import Home
from db.state.store import State
from film import ATTRIBUTES, GENRES, LEVELS, Activity, Film, FilmAnalysis, FilmSummary, MusicRun, WindowAttributes

D = 8


class PlainEncoding:
    """Three blocks that a reader can check by hand; `fit` remembers on how many films it was called."""

    version = "plain-1"

    def fit(self, records: Sequence[FilmRecord]) -> Fitted:
        return {"films": len(records), "scale": np.ones(len(GENRES)), "nested": {"a": [1, 2.5, "x"]}}

    def encode(self, fitted: Fitted, records: Sequence[FilmRecord]) -> Blocks:
        assert fitted["nested"] == {"a": [1, 2.5, "x"]}
        music = np.zeros((len(records), len(GENRES)), np.float32)
        embedding = np.zeros((len(records), D), np.float32)
        era = np.zeros((len(records), 2), np.float32)
        for i, record in enumerate(records):
            if record.summary is not None and record.summary.has_music:
                music[i] = [record.summary.genres[g] for g in GENRES]
                music[i] /= np.linalg.norm(music[i])
            if record.embedding_mean is not None and len(record.embedding_mean) == D:
                embedding[i] = record.embedding_mean / np.linalg.norm(record.embedding_mean)
            angle = ((record.film.year or 1950) - 1900) / 100
            era[i] = np.cos(angle), np.sin(angle)
        return {"music": music, "embedding": embedding, "era": era}

    def prior(self, fitted: Fitted, records: Sequence[FilmRecord]) -> npt.NDArray[np.float32]:
        return np.array([(r.film.rating or 5.0) / 10 for r in records], np.float32)


def sha_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def summarised(runs: Sequence[MusicRun], music: float, speech: float, other: float) -> FilmSummary:
    """The slow, obvious aggregation of thesis 5.1: share of a value = its seconds / all run seconds."""

    def shares(attribute: str, values: Sequence[str]) -> dict[str, float]:
        total = sum(run.seconds for run in runs)
        return {
            v: 100 * sum(r.seconds for r in runs if getattr(r, attribute) == v) / total if total else 0.0
            for v in values
        }

    return FilmSummary(
        shares("genre", GENRES),
        shares("danceability", LEVELS["danceability"]),
        shares("valence", LEVELS["valence"]),
        shares("energy", LEVELS["energy"]),
        music,
        speech,
        other,
        {"tempo_bpm": 96.5} if runs else {},
    )


def analysis_of(name: str, runs: int = 3, seconds: int = 120, seed: int = 0) -> FilmAnalysis:
    """An analysis with runs of 20 s."""
    rng = np.random.default_rng(seed)
    windows = tuple(
        WindowAttributes(
            *(rng.dirichlet(np.ones(k), 11).astype(np.float32) for k in (10, 3, 3, 3)),
            embedding=rng.standard_normal((11, D)).astype(np.float16).astype(np.float32),
            further={"tempo_bpm": np.full(11, 96.5, np.float32)},
        )
        for _ in range(runs)
    )
    made = tuple(
        MusicRun(
            i * 30,
            i * 30 + 20,
            GENRES[(seed + i) % 10],
            0.8,
            LEVELS["danceability"][i % 3],
            0.7,
            LEVELS["valence"][(i + 1) % 3],
            0.6,
            LEVELS["energy"][(i + 2) % 3],
            0.5,
            tuple(float(x) for x in w.embedding.mean(0)),
            {"tempo_bpm": 96.5},
            {"jazz": 0.5, "oldies": 0.125},
        )
        for i, w in enumerate(windows)
    )
    label = rng.integers(0, 3, seconds).astype(np.int8)
    heard = rng.random((2, seconds)).astype(np.float32)
    return FilmAnalysis(
        media=f"/films/{name}.mkv",
        media_sha256=sha_of(name),
        audio_track=0,
        duration_s=seconds + 0.25,
        model_version="plain",
        activity=Activity(heard[0], heard[1], label, label == 0),
        runs=made,
        summary=summarised(made, 50.0, 30.0, 20.0),
        windows=windows,
        seconds={"total": 1.5},
        peak_memory_mb=12.0,
    )


def add_heard(home: Home, state: State, title: str, runs: int = 3, seed: int = 0, **known: object) -> int:
    """A film whose sound has been heard, as an ingest would leave it."""
    analysis = analysis_of(title, runs, seed=seed)
    write_part(home, analysis)
    film_id = state.add_film(Film(title, **known))  # type: ignore[arg-type]
    state.attach_media(film_id, analysis.media_sha256, 0, analysis.media, analysis.model_version)
    return film_id


def filled(root: Path, heard: int = 6, known: int = 6) -> Home:
    """A home with some heard films and some that are only known: a copy of one made once."""
    shutil.copytree(_made(heard, known), root, dirs_exist_ok=True)
    return Home.at(root)


@cache
def _made(heard: int, known: int) -> Path:
    root = Path(tempfile.mkdtemp(prefix="filmscore-sample-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    home = Home.at(root)
    with State.open(home) as state:
        for i in range(heard):
            add_heard(home, state, f"Heard {i}", runs=i % 4, seed=i, year=1930 + i, rating=5.0 + i / 10)
        state.add_films(Film(f"Known {i}", year=1960 + i, directors=("Somebody",)) for i in range(known))
    return root


__all__ = ["ATTRIBUTES", "D", "PlainEncoding", "add_heard", "analysis_of", "filled", "sha_of", "summarised"]
