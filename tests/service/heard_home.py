"""A home with a few films, some of them heard by an ear made for tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import wave
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from db.catalogue.parts import write_part
from db.home import Home
from db.state.store import State
from film import Activity, Film, FilmAnalysis, WindowAttributes
from ingest.runs import find_runs
from ingest.summarise import summarise, summarise_run
from service.library.publishing import publish

Samples = npt.NDArray[np.int16]

FILMS = (
    Film("The Quiet Sea", directors=("Ida Holm",), year=1955, genres=("Drama",), rating=7.1, imdb_id="tt0000001"),
    Film("The Quiet Sea", directors=("Bo Ek",), year=1999, genres=("Thriller",), rating=6.2, imdb_id="tt0000002"),
    Film("Amélie's Clock", directors=("Ida Holm",), year=1958, genres=("Drama", "Romance"), rating=8.0),
    Film("Red Harbour", other_title="Röd hamn", directors=("Ida Holm",), year=1961, genres=("Crime",), rating=6.9),
    Film("Steel Birds", directors=("Bo Ek",), year=2001, genres=("Action",), rating=5.5),
    Film("Night Letters", directors=("Cy Dahl",), year=1957, genres=("Crime", "Drama"), rating=7.7),
)


class ToneEar:
    """Hears music everywhere, and knows a tone by its pitch: the embedding is the spectrum's shape."""

    architecture = "default"
    model_version = "tone-1"

    def activity(self, samples: Samples) -> tuple[Activity, object]:
        n = len(samples) // 8000
        loud = np.abs(samples[: n * 8000].reshape(n, 8000).astype(float)).mean(axis=1) > 10
        music = np.where(loud, 0.9, 0.1).astype(np.float32)
        return Activity(music, np.zeros(n, np.float32), np.where(loud, 0, 2).astype(np.int8), loud), None

    def attributes(
        self, samples: Samples, runs: Sequence[tuple[int, int]], memo: object, wide: Samples | None = None
    ) -> list[WindowAttributes]:
        return [self._run(samples, *run) for run in runs]

    def _run(self, samples: Samples, start: int, end: int) -> WindowAttributes:
        n = end - start - 9
        windows = [samples[(start + i) * 8000 : (start + i + 10) * 8000].astype(float) for i in range(n)]
        bands = np.array([[part.sum() for part in np.array_split(np.abs(np.fft.rfft(w)), 12)] for w in windows])
        embedding = (bands / bands.sum(axis=1, keepdims=True)).astype(np.float32)
        genre, level = np.full((n, 10), 0.05, np.float32), np.full((n, 3), 0.2, np.float32)
        genre[:, 5], level[:, 0] = 0.55, 0.6
        return WindowAttributes(genre, level, level, level, embedding)


def tone(pitch_hz: float, seconds: float, rate: int = 8000) -> Samples:
    """A sine at half scale."""
    t = np.arange(int(seconds * rate)) / rate
    return (16000 * np.sin(2 * np.pi * pitch_hz * t)).astype(np.int16)


def write_wav(path: Path, samples: Samples, rate: int = 8000) -> Path:
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(rate)
        stream.writeframes(samples.tobytes())
    return path


def analysis(samples: Samples, name: str, sha256: str) -> FilmAnalysis:
    ear = ToneEar()
    activity, memo = ear.activity(samples)
    spans = find_runs(activity.present)
    windows = ear.attributes(samples, spans, memo)
    runs = tuple(summarise_run(*span, heard) for span, heard in zip(spans, windows, strict=True))
    length = len(samples) / 8000
    return FilmAnalysis(
        name, sha256, 0, length, ear.model_version, activity, runs, summarise(activity, runs), tuple(windows)
    )


def make_home(root: Path, heard: bool = True) -> Home:
    """Six films; the first four heard: a low tone, a high one, and both with silence between. Made once, and copied."""
    shutil.copytree(_made(heard), root, dirs_exist_ok=True)
    return Home.at(root)


@cache
def _made(heard: bool) -> Path:
    root = Path(tempfile.mkdtemp(prefix="filmscore-heard-home-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    home = Home.at(root)
    silence = np.zeros(8000 * 5, np.int16)
    sounds = (
        tone(300, 30),
        tone(3000, 30),
        np.concatenate([tone(300, 20), silence, tone(3000, 15)]),
        tone(1500, 25),
    )
    with State.open(home) as state:
        ids = state.add_films(FILMS)
        for i, samples in enumerate(sounds if heard else ()):
            sha = f"{i:064x}"
            write_part(home, analysis(samples, f"{i}.wav", sha))
            state.attach_media(ids[i], sha, 0, f"{i}.wav", ToneEar.model_version)
    publish(home)
    return root
