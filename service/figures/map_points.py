"""The points of the map as the browser draws them: a colour group for each, and all of them as bytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from film import GENRES
from service.figures.look import Theme

Float64 = npt.NDArray[np.float64]
UInt8 = npt.NDArray[np.uint8]

STEPS = 32
"""Number of colours of a scale."""
OTHER = "other"
UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Groups:
    """The colour group of n points."""

    of: UInt8
    """(n,) the group of each point"""
    names: tuple[str, ...] = ()
    """The names of the groups, the most frequent first; none: the groups are the steps of a scale and "unknown"."""

    @property
    def under(self) -> list[int]:
        """The groups that others are drawn over: they say least."""
        return [at for at, name in enumerate(self.names) if name in (OTHER, UNKNOWN)] if self.names else [STEPS]

    def colours(self, theme: Theme) -> list[str]:
        """#rrggbb of each group."""
        if not self.names:
            return [*_ramp(theme), theme.muted]
        if set(self.names) <= {*GENRES, UNKNOWN}:
            return [theme.genre.get(name, theme.muted) for name in self.names]
        own = iter(theme.directors)
        return [theme.muted if name in (OTHER, UNKNOWN) else next(own) for name in self.names]


def by_names(names: Sequence[str], most: int = 12) -> Groups:
    """Groups of equal names; the `most` most frequent have one each, the rest is "other", and "" is "unknown".

    Music genres have one each.
    """
    given, place, counts = np.unique(np.array(names, dtype=str), return_inverse=True, return_counts=True)
    ordered = [int(i) for i in np.lexsort((given, -counts)) if given[i]]
    if not {str(given[i]) for i in ordered} <= set(GENRES):
        ordered = ordered[:most]
    group_of = np.full(len(given), len(ordered), np.uint8)  # "other"
    group_of[ordered] = np.arange(len(ordered))
    shown = [str(given[i]) for i in ordered]
    unknown = np.flatnonzero(given == "")
    others = len(given) - len(ordered) - len(unknown)
    if others:
        shown.append(OTHER)
    if len(unknown):
        group_of[unknown] = len(shown)
        shown.append(UNKNOWN)
    return Groups(group_of[np.ravel(place)], tuple(shown))


def by_scale(numbers: Float64, most: float) -> Groups:
    """Groups along a scale from 0 to `most`; NaN: unknown."""
    steps = np.clip(np.nan_to_num(numbers) / most * STEPS, 0, STEPS - 1)
    return Groups(np.where(np.isnan(numbers), STEPS, steps).astype(np.uint8))


def as_bytes(key: str, points: Float64, groups: Groups, names: Sequence[str]) -> bytes:
    """All points as one compressed message, which views/assets/map_points.js reads.

    Args:
        key: names these points; without a line break.
        points: (n, 2); they are sent as float32.
        names: (n,) what is shown at a point.
    """
    coordinates = np.ascontiguousarray(points.T, "<f4").tobytes()
    lines = "\n".join([key, *(" ".join(name.split()) for name in names)])
    head = np.array([len(points)], "<u4").tobytes()
    return zlib.compress(head + coordinates + groups.of.tobytes() + lines.encode("utf-8", "replace"), 6)


def _ramp(theme: Theme) -> list[str]:
    known = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in theme.levels])
    at = np.linspace(0, len(known) - 1, STEPS)
    channels = np.stack([np.interp(at, np.arange(len(known)), known[:, i]) for i in range(3)], axis=1)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in channels.round().astype(int)]
