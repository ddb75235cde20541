"""A sentence for each figure of Mining: what it shows, in numbers made from the data."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mining.correlation import Correlations
from mining.differences import Difference, difference
from mining.preprocess import DURATIONS, MUSIC_SHARES
from mining.projection import Components, Projected
from mining.separation import Separation, Surface
from service.figures.column_words import TEMPLATES, column_words
from service.figures.mining_room import Room
from told import Told, joined, listed

SIGNIFICANT = 0.05
LABELS_OF_FILMS = tuple(f"{kind}: " for kind in TEMPLATES)
"""Prefixes of columns that state a label of a film: country, genre, director."""
AXIS = "{}, films differ most in {}; this axis carries {:.0f} % of the variance."
HAVE_MORE, HAVE_LESS = "{}'s films have more {} than {}'s", "{}'s films have less {} than {}'s"
APART = "{}: {:.0f} % against {:.0f} %, difference {:+.0f} points ({} and {} films)."
APART_SURELY = "{}: {:.0f} % against {:.0f} %, difference {:+.0f} points [{:+.0f}, {:+.0f}] ({} and {} films)."
STRONGEST = 5
"""Pairs of attributes that are said in words."""


def telling_pairs(found: Correlations) -> pd.DataFrame:
    """The pairs that may be a finding, strongest first, as `Correlations.pairs`.

    Parts of one whole are omitted, and so are pairs of labels: it is no finding that a director's films come from one
    country.
    """
    pairs = found.pairs()
    labels = pairs["first"].str.startswith(LABELS_OF_FILMS) & pairs["second"].str.startswith(LABELS_OF_FILMS)
    return pairs[~pairs["by_construction"] & ~labels & pairs["rho"].notna()]


def most_telling(found: Correlations, most: int) -> Correlations:
    """At most so many attributes: those of the strongest of these pairs."""
    pairs = telling_pairs(found)
    return found.only(list(dict.fromkeys(pairs[["first", "second"]].to_numpy().ravel()))[:most])


def correlations_words(found: Correlations) -> str:
    """The strongest pairs that survive the correction, each with its interval."""
    pairs = telling_pairs(found)
    told = pairs[pairs["p_corrected"] < SIGNIFICANT].head(STRONGEST)
    if told.empty:
        return Told("No two attributes go together beyond chance.")
    words = [
        Told(
            "{} and {} {:+.2f} [{:+.2f}, {:+.2f}]",
            *(column_words(row[name]) for name in ("first", "second")),
            *(row[name] for name in ("rho", "low", "high")),
        )
        for row in told.to_dict("records")
    ]
    return Told("What goes together most (rho): {}.", joined("; ", words))


def _axis_words(label: str, part: Components, component: str) -> str:
    loadings = part.loadings[component]
    strongest = loadings.loc[loadings.abs().sort_values(ascending=False, kind="stable").index[:2]]
    share = 100 * part.explained[int(component) - 1]
    features = listed([Told("{} ({:+.2f})", column_words(str(name)), value) for name, value in strongest.items()])
    return Told(AXIS, Told(label), features, share)


def projection_words(found: Projected) -> str:
    """What each axis of a plane is made of (its two largest loadings), and its share of the variance."""
    parts = list(found.parts.values())
    first, second = (parts[0], "1"), (parts[0], "2") if len(parts) == 1 else (parts[1], "1")
    return joined(" ", [_axis_words("Across", *first), _axis_words("Up", *second)])


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
    label = name.removesuffix(" Duration").lower()
    kind = Told(label)
    what = Told("{} music", kind) if name in MUSIC_SHARES else kind
    if name == "Other Duration":
        what = Told("sound other than these")
    whose = Told(HAVE_MORE if found.difference > 0 else HAVE_LESS, pair[0], what, pair[1])
    said: list[object] = [whose, found.first, found.second, found.difference]
    if found.low is None or found.high is None:
        return Told(APART, *said, found.n_first, found.n_second)
    return Told(APART_SURELY, *said, found.low, found.high, found.n_first, found.n_second)


def surface_words(surface: Surface) -> str:
    """How many of the films drawn are in their own director's region."""
    right = round(surface.training_accuracy * surface.films)
    regions = len(surface.directors)
    return Told("{} of {} films lie in their own director's region, of {} regions.", right, surface.films, regions)


def separation_words(found: Sequence[Separation]) -> str:
    """The balanced accuracy from each source with its interval, beside chance."""
    parts = []
    for one in found:
        low, high = one.interval
        shares = [100 * share for share in (one.balanced_accuracy, low, high)]
        parts.append(Told("{} {:.0f} % [{:.0f}, {:.0f}]", Told(one.source), *shares))
    n, chance = len(found[0].directors), 100 * found[0].chance
    return Told("{} directors are separated by {}; by chance {:.0f} %.", n, joined(", ", parts), chance)


def confusion_words(one: Separation) -> str:
    """The most frequent mistake, or that there is none."""
    wrong = one.confusion.copy()
    wrong[range(len(wrong)), range(len(wrong))] = 0
    right = int(one.confusion.sum() - wrong.sum())
    said = Told("From {}, {} of {} films are given to their own director", Told(one.source), right, one.films)
    if not wrong.any():
        return joined("", [said, "."])
    row, column = divmod(int(wrong.argmax()), len(wrong))
    of, to = one.directors[row], one.directors[column]
    counts = int(wrong[row, column]), int(one.confusion[row].sum())
    return Told("{}; most often, films of {} are given to {} ({} of {}).", said, of, to, *counts)
