"""A small catalogue like the demo's: films whose music follows habits, films without sound, and hostile titles."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from db.catalogue.parts import write_part
from db.home import Home
from db.state.store import State
from film import (
    ATTRIBUTES,
    GENRES,
    LABELS,
    LEVELS,
    MUSIC,
    OTHER,
    SPEECH,
    Activity,
    Film,
    FilmAnalysis,
    MusicRun,
    WindowAttributes,
)
from ingest.summarise import summarise
from senses import Dialogue, Faces, Picture
from service.library.publishing import publish

VERSION = "fixture-1"
HABITS = {
    "Slow strings": ("classical", 0, 0, 0),
    "Club nights": ("electronic", 2, 2, 2),
    "Smoky jazz": ("jazz", 1, 1, 0),
    "Loud guitars": ("metal", 0, 1, 2),
}
"""Director -> main genre and its levels of danceability, valence, energy."""
TITLES = ("Arrival at Dusk", "The Long Corridor", "Salt and Copper", "Northern Line", "A Field of Snow")
HOSTILE = (
    '<img src=x onerror="document.title=1">',
    "*bold* _title_ [link](http://example.invalid) $x$ :smile:",
    '=HYPERLINK("http://example.invalid")',
    "مرآة الليل",
)
SAID = Dialogue("en", 0.4, 80.5, 93.2, 0.7, 0.1, 0.2, -0.3, (None,) * 20, 3, 0.6, {"ship": 4, "harbour": 2}, "a.srt")
SEEN = Picture(
    0.3, 0.1, 0.2, 0.4, 0.1, 30.0, False, 0.25, 6.0, 7.5, ((1, 2, 3), (250, 0, 9)), (0.75, 0.25), 2.35, 0.1,
    (0.5,) * 20, False, 40,
    "UklGRhwAAABXRUJQVlA4TA8AAAAvAUAAAAcQ/Y/+ByKi/wEA",
)  # fmt: skip
SHOWN = Faces(0.6, 0.9, 0.2, {"neutral": 0.6, "happy": 0.3, "sad": 0.1}, {"happy": (None,) * 19 + (0.3,)}, 40)
"""Of the film Only Talk."""
SILENT = ("Alfred Hitchcock", "Woody Allen")


def _levels(level: int, random: np.random.Generator) -> int:
    return int(np.clip(level + random.choice([-1, 0, 0, 0, 1]), 0, 2))


def _window(run: int, genre: int, levels: tuple[int, ...], random: np.random.Generator) -> WindowAttributes:
    n = 6

    def sure(place: int, classes: int) -> np.ndarray:  # type: ignore[type-arg]
        p = np.full((n, classes), 0.3 / (classes - 1), np.float32)
        p[:, place] = 0.7
        return p

    embedding = random.normal(size=(n, 16)) * 0.3
    embedding[:, genre] += 1
    return WindowAttributes(sure(genre, 10), *(sure(level, 3) for level in levels), embedding.astype(np.float32))


def analysis(title: str, habit: str | None, seed: int, duration_s: int = 480) -> FilmAnalysis:
    """What an ear would have heard; without a habit no music."""
    random = np.random.default_rng(seed)
    label = np.where(random.random(duration_s) < 0.8, SPEECH, OTHER).astype(np.int8)
    runs, windows = [], []
    if habit:
        main, *levels = HABITS[habit]
        start = int(random.integers(5, 40))
        while start + 60 < duration_s:
            end = start + int(random.integers(14, 55))
            label[start:end] = MUSIC
            genre = main if random.random() < 0.65 else GENRES[int(random.integers(10))]
            mine = tuple(_levels(level, random) for level in levels)
            names = {a: LEVELS[a][mine[i]] for i, a in enumerate(ATTRIBUTES)}
            window = _window(len(runs), GENRES.index(genre), mine, random)
            p = {f"{a}_p": float(random.uniform(0.5, 0.95)) for a in ("genre", *ATTRIBUTES)}
            runs.append(
                MusicRun(start, end, genre, embedding=tuple(map(float, window.embedding.mean(axis=0))), **names, **p)
            )  # type: ignore[arg-type]
            windows.append(window)
            start = end + int(random.integers(12, 70))
    music = (label == MUSIC).astype(np.float32)
    activity = Activity(music, (label == SPEECH).astype(np.float32), label, label == MUSIC)
    assert len(LABELS) == 3
    return FilmAnalysis(
        media=f"{title}.mkv",
        media_sha256=hashlib.sha256(f"{title}{seed}".encode()).hexdigest(),
        audio_track=0,
        duration_s=float(duration_s),
        model_version=VERSION,
        activity=activity,
        runs=tuple(runs),
        summary=summarise(activity, tuple(runs)),
        windows=tuple(windows),
    )


def build(root: Path) -> Home:
    """20 films that were heard, one without music, ten without sound, four with hostile titles; published."""
    home = Home.at(root)
    random = np.random.default_rng(5)
    with State.open(home) as state:
        number = 0
        for habit in HABITS:
            for title in TITLES:
                number += 1
                film = Film(
                    f"{title} {'I' * (1 + number % 3)}",
                    directors=(habit,),
                    year=1960 + 3 * number,
                    rating=float(np.round(random.uniform(5, 9), 1)),
                    votes=1000,
                    metascore=int(random.integers(40, 95)) if number % 3 else None,
                    runtime_minutes=8,
                    countries=("USA",) if number % 2 else ("UK", "France"),
                    genres=("Drama", "Crime") if number % 3 else ("Comedy",),
                    cast=("A. Player",),
                    collection="demo",
                )
                hear(state, home, state.add_film(film), analysis(film.title, habit, number))
        quiet = state.add_film(Film("Only Talk", directors=("Woody Allen",), year=1981, rating=7.1, genres=("Drama",)))
        talk = replace(analysis("Only Talk", None, 99), dialogue=SAID, picture=SEEN, faces=SHOWN)
        hear(state, home, quiet, talk)
        for place in range(10):
            state.add_film(
                Film(
                    f"Unheard {place}",
                    directors=(SILENT[place % 2],),
                    year=1950 + place,
                    rating=7.0 + place / 10,
                    genres=("Thriller", "Crime"),
                    countries=("USA",),
                )
            )
        for title in HOSTILE:
            state.add_film(Film(title, directors=(title,), year=1999, rating=6.5, genres=("Drama", title)))
    publish(home)
    return home


def hear(state: State, home: Home, film_id: int, heard: FilmAnalysis) -> None:
    """Store an analysis as ingestion would."""
    write_part(home, heard)
    state.attach_media(film_id, heard.media_sha256, 0, heard.media, VERSION)
