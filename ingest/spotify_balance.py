"""Balanced datasets for one attribute (thesis 2.3.2): as many tracks of each class, no track on both sides."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from errors import MetadataError, ParameterError
from film import ATTRIBUTES, GENRES, LEVELS
from ingest.hyper_genres import hyper_genre
from ingest.spotify_tracks import Track

MIN_DURATION_MS = 120_000
"""Tracks must last longer."""
LEVEL_BOUNDS = (0.33, 0.66)
"""Spotify's values: [0, .33) is level 0, [.33, .66) level 1, the rest level 2."""
N_TRAIN, N_TEST = 700, 300


@dataclass(frozen=True)
class Balanced:
    """A train and a test set; `labels` are class numbers."""

    attribute: str
    classes: tuple[str, ...]
    train: tuple[Track, ...]
    train_labels: tuple[int, ...]
    test: tuple[Track, ...]
    test_labels: tuple[int, ...]


def level(value: float) -> int:
    """Level 0, 1 or 2 of an attribute's value in [0, 1]."""
    return sum(value >= bound for bound in LEVEL_BOUNDS)


def balance(
    tracks: Sequence[Track],
    attribute: str,
    mapping: Mapping[str, str],
    *,
    seed: int,
    n_train: int = N_TRAIN,
    n_test: int = N_TEST,
) -> Balanced:
    """Keep tracks that have the attribute and last over two minutes, shuffle, halve, draw each side balanced.

    Rows of one track (same name and artist) count once. Each side takes n // classes tracks of every class.

    Args:
        attribute: "danceability", "valence", "energy" or "genre".
        mapping: sub-genre -> hyper-genre, for "genre".

    Raises:
        ParameterError: no such attribute, or sizes below the number of classes.
        MetadataError: a class has too few tracks on a side; the message counts them.
    """
    if attribute not in (*ATTRIBUTES, "genre"):
        raise ParameterError(f"{attribute}: no such attribute. Use {', '.join(ATTRIBUTES)} or genre.")
    classes: tuple[str, ...] = GENRES if attribute == "genre" else LEVELS[attribute]
    if min(n_train, n_test) < len(classes):
        raise ParameterError(f"{min(n_train, n_test)} tracks for {len(classes)} classes: ask for more.")
    labelled: dict[tuple[str, str], tuple[Track, int]] = {}
    for track in tracks:
        label = _label(track, attribute, mapping)
        if label is not None and track.trackName and (track.duration or 0) > MIN_DURATION_MS:
            labelled.setdefault(track.identity, (track, label))
    rows = list(labelled.values())
    random.Random(seed).shuffle(rows)  # noqa: S311 - a draw, not a secret
    half = len(rows) // 2
    train = _draw(rows[:half], attribute, classes, n_train // len(classes), "training")
    test = _draw(rows[half:], attribute, classes, n_test // len(classes), "testing")
    return Balanced(
        attribute,
        classes,
        tuple(track for track, _ in train),
        tuple(label for _, label in train),
        tuple(track for track, _ in test),
        tuple(label for _, label in test),
    )


def _label(track: Track, attribute: str, mapping: Mapping[str, str]) -> int | None:
    if attribute == "genre":
        genre = hyper_genre(track.genres, mapping)
        return None if genre is None else GENRES.index(genre)
    value: float | None = getattr(track, attribute)
    return None if value is None else level(value)


def _draw(
    rows: Sequence[tuple[Track, int]], attribute: str, classes: Sequence[str], wanted: int, side: str
) -> list[tuple[Track, int]]:
    """The first `wanted` of each class, in the shuffled order."""
    counts = [sum(label == one for _, label in rows) for one in range(len(classes))]
    short = [f"{name} has {count}" for name, count in zip(classes, counts, strict=True) if count < wanted]
    if short:
        raise MetadataError(
            f"{attribute}: too few tracks for {side}: {', '.join(short)}, and {wanted} of each class are wanted. "
            "Import more tracks, or ask for a smaller set (--train, --test)."
        )
    left = [wanted] * len(classes)
    drawn = []
    for track, label in rows:
        if left[label]:
            left[label] -= 1
            drawn.append((track, label))
    return drawn
