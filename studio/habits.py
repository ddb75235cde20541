"""Musical habits of filmmakers, and scripts of films that have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.script import EffectCue, FilmScript, MusicCue, SpeechCue


@dataclass(frozen=True)
class Habit:
    """How a filmmaker uses sound."""

    name: str
    genres: tuple[tuple[str, float], ...]
    """(genre, share of the cues)"""
    intensity: tuple[float, float, float]
    """Shares of cues at low, medium and high intensity."""
    minor: float
    """Share of cues in minor."""
    music_share: float
    """Share of the film with music."""
    cues: tuple[int, int]
    """Minimum and maximum number of cues in a film."""
    under_speech: float
    """Share of the music that lies under speech."""
    level_db: float
    """Level of music without speech, relative to speech."""
    voices: tuple[str, ...]
    effects: tuple[str, ...]
    tempo_bpm: tuple[int, int] | None = None
    """None: the styles decide."""
    lead_programs: tuple[int, ...] = ()
    """Instruments of the melody; empty: the styles decide."""


_ENGLISH = ("en+m3", "en-us+f2")
_GRUFF = ("en-us+m2", "en-us+m7")

HABITS: tuple[Habit, ...] = (
    Habit(
        "The Slow Strings",
        (("classical", 1.0),),
        (0.7, 0.3, 0.0),
        0.85,
        0.50,
        (2, 3),
        0.25,
        -2.0,
        ("en+f3", "en+m1"),
        ("wind", "doors"),
        (54, 76),
        (40, 42, 48),
    ),
    Habit(
        "Neon Pulse",
        (("electronic", 0.85), ("dance", 0.15)),
        (0.1, 0.5, 0.4),
        0.8,
        0.60,
        (2, 4),
        0.35,
        0.0,
        ("en-us+f2", "de+m3"),
        ("rain", "engine"),
        None,
        (),
    ),
    Habit(
        "Smoke and Brass",
        (("jazz", 0.85), ("blues", 0.15)),
        (0.3, 0.6, 0.1),
        0.5,
        0.45,
        (2, 4),
        0.5,
        -4.0,
        _GRUFF,
        ("crowd", "footsteps"),
        None,
        (65, 66, 59),
    ),
    Habit(
        "Iron Riffs",
        (("metal", 0.8), ("rock", 0.2)),
        (0.0, 0.3, 0.7),
        0.9,
        0.45,
        (2, 4),
        0.1,
        2.0,
        _GRUFF,
        ("engine", "shots"),
        None,
        (),
    ),
    Habit(
        "Crossroads Kitchen",
        (("blues", 0.85), ("rock", 0.15)),
        (0.3, 0.5, 0.2),
        0.3,
        0.40,
        (2, 3),
        0.3,
        -2.0,
        ("en-us+m5", "en-us+f4"),
        ("rain", "doors"),
        None,
        (26, 27),
    ),
    Habit(
        "Open Road",
        (("country", 0.9), ("pop", 0.1)),
        (0.3, 0.5, 0.2),
        0.1,
        0.45,
        (2, 4),
        0.3,
        -2.0,
        ("en-us+m3", "en-us+f1"),
        ("wind", "engine"),
        None,
        (110, 25),
    ),
    Habit(
        "Corner Beats",
        (("hiphop", 0.85), ("jazz", 0.15)),
        (0.2, 0.5, 0.3),
        0.75,
        0.50,
        (2, 4),
        0.5,
        -3.0,
        ("en-us+m7", "en-us+f5"),
        ("crowd", "engine"),
        None,
        (),
    ),
    Habit(
        "Glass Dancefloor",
        (("dance", 0.85), ("electronic", 0.15)),
        (0.0, 0.4, 0.6),
        0.45,
        0.65,
        (2, 4),
        0.3,
        1.0,
        ("en+f2", "es+m2"),
        ("crowd",),
        (122, 130),
        (),
    ),
    Habit(
        "Bright Radio",
        (("pop", 0.9), ("dance", 0.1)),
        (0.1, 0.6, 0.3),
        0.05,
        0.50,
        (3, 4),
        0.3,
        -1.0,
        _ENGLISH,
        ("footsteps", "crowd"),
        (104, 124),
        (),
    ),
    Habit(
        "Garage Amps",
        (("rock", 0.9), ("metal", 0.1)),
        (0.1, 0.5, 0.4),
        0.3,
        0.45,
        (2, 4),
        0.2,
        0.0,
        ("en-us+m1", "en-us+f3"),
        ("crowd", "doors"),
        None,
        (),
    ),
    Habit(
        "Quiet Keys",
        (("classical", 0.7), ("jazz", 0.3)),
        (0.9, 0.1, 0.0),
        0.6,
        0.35,
        (2, 3),
        0.15,
        -5.0,
        ("it+f2", "it+m2", "fr+f1"),
        ("rain", "footsteps"),
        (60, 88),
        (0,),
    ),
    Habit(
        "The Long Silence",
        (("electronic", 0.5), ("classical", 0.5)),
        (0.8, 0.2, 0.0),
        0.9,
        0.14,
        (1, 2),
        0.3,
        -7.0,
        ("de+m2", "de+f2", "en+m3"),
        ("wind", "doors", "footsteps"),
        (56, 80),
        (),
    ),
)


def film_script(habit: Habit, title: str, seconds: int, seed: int, *, music: bool = True) -> FilmScript:
    """Write the script of a film with a habit: music and dialogue alternate and overlap, with effects under both.

    Args:
        habit: the habit of the film's maker.
        title: the film's title.
        seconds: its length, at least 30.
        seed: the same seed gives the same script.
        music: False omits all music.
    """
    rng = np.random.default_rng([seed, 7])
    cues = _music(habit, seconds, rng) if music else ()
    speech = _speech(habit, seconds, cues, rng)
    effects = []
    at = float(rng.uniform(0, 6))
    while at < seconds - 4:
        length = float(rng.uniform(5, 14))
        kind = str(rng.choice(habit.effects))
        effects.append(EffectCue(kind, at, min(length, seconds - at), float(rng.uniform(-16, -5))))
        at += length + float(rng.uniform(3, 22))
    return FilmScript(title, seconds, cues, speech, tuple(effects), duck_db=-9.0)


def _music(habit: Habit, seconds: int, rng: np.random.Generator) -> tuple[MusicCue, ...]:
    count = int(rng.integers(habit.cues[0], habit.cues[1] + 1))
    count = max(1, min(count, int(seconds * habit.music_share / 12)))
    lengths = rng.dirichlet([8.0] * count) * seconds * habit.music_share
    lengths = np.maximum(lengths, min(14.0, seconds * 0.4))
    gaps = rng.dirichlet([3.0] * (count + 1)) * max(0.0, seconds - lengths.sum())
    genres, shares = zip(*habit.genres, strict=True)
    cues, at = [], 0.0
    for length, gap in zip(lengths, gaps, strict=False):
        at += float(gap)
        cues.append(
            MusicCue(
                genre=str(rng.choice(genres, p=shares)),
                start_s=at,
                seconds=float(min(length, seconds - at)),
                tempo_bpm=float(round(rng.uniform(*habit.tempo_bpm))) if habit.tempo_bpm else None,
                mode="minor" if rng.random() < habit.minor else "major",
                intensity=str(rng.choice(("low", "medium", "high"), p=habit.intensity)),
                level_db=habit.level_db + float(rng.uniform(-2, 2)),
                lead_program=int(rng.choice(habit.lead_programs)) if habit.lead_programs else None,
                fade_out_s=float(rng.uniform(0.3, 2.5)),
            )
        )
        at += float(length)
    return tuple(cues)


def _speech(habit: Habit, seconds: int, music: tuple[MusicCue, ...], rng: np.random.Generator) -> tuple[SpeechCue, ...]:
    """Place dialogue in most gaps of the music; it overlaps the music by the habit's share."""
    edges = [0.0, *(edge for cue in music for edge in (cue.start_s, cue.start_s + cue.seconds)), float(seconds)]
    cues = []
    for index in range(0, len(edges), 2):
        start, end = edges[index], edges[index + 1]
        if index + 2 < len(edges):
            end += (edges[index + 2] - end) * min(1.0, habit.under_speech * float(rng.uniform(0.4, 1.6)))
        start += float(rng.uniform(0.5, 2.5))
        while end - start > 4:
            length = min(end - start, float(rng.uniform(8, 26)))
            cues.append(
                SpeechCue(
                    start,
                    length,
                    voices=habit.voices,
                    words_per_minute=int(rng.integers(140, 185)),
                    pitch=int(rng.integers(35, 65)),
                    pause_s=float(rng.uniform(0.2, 0.6)),
                    level_db=float(rng.uniform(-4, 2)),
                    room=float(rng.uniform(0.0, 0.3)),
                )
            )
            start += length + float(rng.uniform(0.5, 4.0))
    return tuple(cues)
