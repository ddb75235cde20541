"""A sentence for each figure of Mining: what it shows, in numbers made from the data."""

from __future__ import annotations

from collections.abc import Sequence

from mining.correlation import Correlations
from mining.differences import Difference, difference
from mining.preprocess import DURATIONS, MUSIC_SHARES
from mining.projection import Components, Projected
from mining.separation import Separation, Surface
from service.figures.mining_room import Room

SIGNIFICANT = 0.05
STRONGEST = 5
"""Pairs of attributes that are said in words."""


def correlations_words(found: Correlations) -> str:
    """The strongest pairs that survive the correction, each with its interval; parts of one whole are left out."""
    pairs = found.pairs()
    told = pairs[(pairs["p_corrected"] < SIGNIFICANT) & ~pairs["by_construction"]].head(STRONGEST)
    if told.empty:
        return "No two attributes go together beyond chance."
    words = [
        f"{row['first']} and {row['second']} {row['rho']:+.2f} [{row['low']:+.2f}, {row['high']:+.2f}]"
        for row in told.to_dict("records")
    ]
    return f"What goes together most (rho): {'; '.join(words)}."


def _axis_words(label: str, part: Components, component: str) -> str:
    loadings = part.loadings[component]
    strongest = loadings.loc[loadings.abs().sort_values(ascending=False, kind="stable").index[:2]]
    share = 100 * part.explained[int(component) - 1]
    features = " and ".join(f"{name} ({value:+.2f})" for name, value in strongest.items())
    return f"{label}, films differ most in {features}; this axis carries {share:.0f} % of the variance."


def projection_words(found: Projected) -> str:
    """What each axis of a plane is made of (its two largest loadings), and its share of the variance."""
    parts = list(found.parts.values())
    first, second = (parts[0], "1"), (parts[0], "2") if len(parts) == 1 else (parts[1], "1")
    return f"{_axis_words('Across', *first)} {_axis_words('Up', *second)}"


def _largest(room: Room, directors: Sequence[str]) -> tuple[str, Difference] | None:
    """The share of a genre or of music, speech, other in which two directors' films differ most, by its interval."""
    best: tuple[float, str, Difference] | None = None
    for name in (*MUSIC_SHARES, *DURATIONS):
        groups = [room.table.loc[room.directors == one, name].to_numpy(float) for one in directors]
        found = difference(groups[0], groups[1])
        if found is None:
            continue
        clear = found.low is None or found.is_clear
        size = abs(found.difference) * (1 if clear else 0.01)  # a difference that chance may make comes last
        if best is None or size > best[0]:
            best = size, name, found
    return best and best[1:]


def difference_words(room: Room, directors: Sequence[str]) -> str:
    """How the two of these directors with the most films with music differ most; "" for fewer than two directors.

    The interval is a bootstrap over films; it is left out where one of them has too few films for one.
    """
    heard = room.directors[room.table["Music Duration"].notna()].value_counts()
    pair = sorted((name for name in directors if name in heard.index), key=lambda name: -heard[name])[:2]
    told = _largest(room, pair) if len(pair) == 2 else None
    if told is None:
        return ""
    name, found = told
    what = name.removesuffix(" Duration").lower()
    what = f"{what} music" if name in MUSIC_SHARES else what if name != "Other Duration" else "sound other than these"
    word = "more" if found.difference > 0 else "less"
    said = f"{found.first:.0f} % against {found.second:.0f} %, difference {found.difference:+.0f} points"
    interval = f" [{found.low:+.0f}, {found.high:+.0f}]" if found.low is not None and found.high is not None else ""
    films = f"{found.n_first} and {found.n_second} films"
    return f"{pair[0]}'s films have {word} {what} than {pair[1]}'s: {said}{interval} ({films})."


def surface_words(surface: Surface) -> str:
    """How many of the films drawn are in their own director's region."""
    right = round(surface.training_accuracy * surface.films)
    return f"{right} of {surface.films} films lie in their own director's region, of {len(surface.directors)} regions."


def separation_words(found: Sequence[Separation]) -> str:
    """The balanced accuracy from each source with its interval, beside chance."""
    parts = []
    for one in found:
        low, high = one.interval
        parts.append(f"{one.source} {100 * one.balanced_accuracy:.0f} % [{100 * low:.0f}, {100 * high:.0f}]")
    chance = f"{100 * found[0].chance:.0f} %"
    return f"{len(found[0].directors)} directors are separated by {', '.join(parts)}; by chance {chance}."


def confusion_words(one: Separation) -> str:
    """The most frequent mistake, or that there is none."""
    wrong = one.confusion.copy()
    wrong[range(len(wrong)), range(len(wrong))] = 0
    right = int(one.confusion.sum() - wrong.sum())
    said = f"From {one.source}, {right} of {one.films} films are given to their own director"
    if not wrong.any():
        return f"{said}."
    row, column = divmod(int(wrong.argmax()), len(wrong))
    of, to = one.directors[row], one.directors[column]
    return f"{said}; most often, films of {of} are given to {to} ({wrong[row, column]} of {one.confusion[row].sum()})."
