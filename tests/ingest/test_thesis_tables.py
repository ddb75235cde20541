"""The thesis's worked example, number by number: Tables 14 and 15 (a segment of 12 s), Table 16 ("I Confess")."""

from __future__ import annotations

import numpy as np
import pytest

from film import ATTRIBUTES, GENRES, LEVELS, MUSIC, OTHER, SPEECH, Activity, MusicRun, WindowAttributes
from ingest.summarise import summarise, summarise_run


def sure(names: tuple[str, ...], said: list[str]) -> np.ndarray:
    """(n, k): each row .8 sure of what was said."""
    p = np.full((len(said), len(names)), 0.2 / (len(names) - 1), np.float32)
    p[range(len(said)), [names.index(name) for name in said]] = 0.8
    return p


def test_table_14_becomes_table_15() -> None:
    windows = WindowAttributes(
        genre=sure(GENRES, ["blues", "classical", "blues"]),
        danceability=sure(LEVELS["danceability"], ["low", "medium", "low"]),
        valence=sure(LEVELS["valence"], ["neutral", "neutral", "positive"]),
        energy=sure(LEVELS["energy"], ["medium", "high", "medium"]),
        embedding=np.zeros((3, 2), np.float32),
    )
    run = summarise_run(0, 12, windows)
    assert (run.genre, run.danceability, run.valence, run.energy) == ("blues", "low", "neutral", "medium")
    assert run.seconds == 12  # the weight
    assert run.danceability_p == pytest.approx((0.8 + 0.1 + 0.8) / 3)


TABLE_16 = {
    "genre": dict.fromkeys(GENRES, 0)
    | {"blues": 14, "rock": 2, "jazz": 31, "classical": 51, "electronic": 1, "country": 1},
    "danceability": {"low": 67, "medium": 31, "high": 2},
    "valence": {"negative": 80, "neutral": 20, "positive": 0},
    "energy": {"low": 60, "medium": 15, "high": 25},
}


def test_seconds_in_these_proportions_are_table_16() -> None:
    heard = {name: [value for value, n in shares.items() for _ in range(n)] for name, shares in TABLE_16.items()}
    runs = [
        MusicRun(second, second + 1, heard["genre"][second], 0.5,
                 *(part for name in ATTRIBUTES for part in (heard[name][second], 0.5)))
        for second in range(100)
    ]  # fmt: skip
    label = np.array([MUSIC] * 31 + [SPEECH] * 63 + [OTHER] * 6, np.int8)
    zeros = np.zeros(100, np.float32)
    summary = summarise(Activity(zeros, zeros, label, label == MUSIC), runs)
    assert summary.genres == {name: pytest.approx(share) for name, share in TABLE_16["genre"].items()}
    for name in ATTRIBUTES:
        assert getattr(summary, name) == {level: pytest.approx(share) for level, share in TABLE_16[name].items()}
    assert (summary.music, summary.speech, summary.other) == (pytest.approx(31), pytest.approx(63), pytest.approx(6))
    assert [summary.dominant(name) for name in ("energy", "danceability", "valence")] == ["low", "low", "negative"]
