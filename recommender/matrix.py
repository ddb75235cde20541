"""The catalogue's vectors for the scorer: blocks side by side, and the blocks that each film has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from db.catalogue.following import in_place
from errors import ParameterError
from recommender.names import SharedNames

Rows = npt.NDArray[np.intp]


class StoredVectors(Protocol):
    """The type of a snapshot's `matrix()`."""

    @property
    def film_ids(self) -> npt.NDArray[np.int64]: ...
    @property
    def vectors(self) -> npt.NDArray[np.float32]: ...
    @property
    def slices(self) -> Mapping[str, slice]: ...
    @property
    def has(self) -> Mapping[str, npt.NDArray[np.bool_]]: ...
    @property
    def prior(self) -> npt.NDArray[np.float32]: ...


FULL_SCALE = 32767
"""The largest 16-bit number."""

WIDTH = 256
"""Number of films in a tile of `FixedPoint`: a tile's sums stay in the processor's nearest cache."""

TOGETHER = 8
"""Number of columns that the scan multiplies before it writes a sum."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Vectors as 16-bit integers, in half the memory of float32: x = integer / scale, within half an integer."""

    tiles: npt.NDArray[np.int16]
    """(ceil(n / WIDTH), d, WIDTH): the numbers of WIDTH films, column by column; zeros after the last film"""
    scale: float
    longest: float
    """Length of the longest block of any row, at least 1; it bounds products with a block."""
    films: int
    """n"""

    @classmethod
    def of(cls, vectors: npt.NDArray[np.float32], slices: Mapping[str, slice]) -> FixedPoint:
        """(n, d) finite vectors, their blocks in `slices`."""
        longest = 1.0
        for columns in slices.values():
            block = vectors[:, columns]
            longest = max(longest, float(np.sqrt(np.einsum("ij,ij->i", block, block).max(initial=0.0))))
        scale = FULL_SCALE / (longest * (1 + 1e-6))
        tiles = np.zeros((-(-len(vectors) // WIDTH), vectors.shape[1], WIDTH), np.int16)
        for tile, start in zip(tiles, range(0, len(vectors), WIDTH), strict=True):
            part = vectors[start : start + WIDTH]
            tile[:, : len(part)] = np.rint(part * np.float32(scale)).T
        return cls(tiles, scale, longest, len(vectors))

    def followed(self, vectors: npt.NDArray[np.float32], slices: Mapping[str, slice], rows: Rows) -> FixedPoint:
        """The same of n other films, most of which are among these; `rows` (n,): each film's row here, -1 if it is new.

        Where they are in the same rows and no longer, only the tiles of new films are made; `longest` stays a bound.
        """
        new = np.flatnonzero(rows < 0)
        if not in_place(rows, self.films) or FixedPoint.of(vectors[new], slices).longest > self.longest:
            return FixedPoint.of(vectors, slices)
        tiles = self.tiles.copy()
        tiles[new // WIDTH, :, new % WIDTH] = np.rint(vectors[new] * np.float32(self.scale))
        return FixedPoint(tiles, self.scale, self.longest, self.films)


@dataclass(frozen=True, eq=False)
class BlockMatrix:
    """n films as rows of d numbers.

    A row with NaN or infinity in a block counts as lacking the block, so that the values never affect an answer.
    """

    film_ids: npt.NDArray[np.int64]
    """(n,), ascending"""
    vectors: npt.NDArray[np.float32]
    """(n, d): blocks side by side, each row's part of a block of length 1 or all zero"""
    slices: dict[str, slice]
    """Block -> its columns, contiguous and in order"""
    has: dict[str, npt.NDArray[np.bool_]]
    """Block -> (n,)"""
    prior: npt.NDArray[np.float32]
    """(n,) in [0, 1]"""
    people: SharedNames | None = None
    """Names of the films' people: the block `people` is compared by these names; None: by its vectors"""

    @classmethod
    def of(cls, stored: StoredVectors) -> BlockMatrix:
        """The same films in ascending order of film_id, with invalid values set to zero; copied only if necessary."""
        ids = np.asarray(stored.film_ids, np.int64)
        vectors = np.asarray(stored.vectors, np.float32)
        prior = np.asarray(stored.prior, np.float32)
        has = {name: np.asarray(flags, bool) for name, flags in stored.has.items()}
        if len(ids) > 1 and not (np.diff(ids) > 0).all():
            order = np.argsort(ids, kind="stable")
            ids, vectors, prior = ids[order], vectors[order], prior[order]
            has = {name: flags[order] for name, flags in has.items()}
        # A row's sum is finite only if all its values are; this is much cheaper than a test of each value.
        broken = ~np.isfinite(vectors @ np.ones(vectors.shape[1], np.float32)) if vectors.size else np.zeros(0, bool)
        if broken.any():
            vectors = vectors.copy()
            for name, columns in stored.slices.items():
                bad = np.flatnonzero(broken & ~np.isfinite(vectors[:, columns]).all(axis=1))
                vectors[bad, columns] = 0.0
                has[name] = has[name].copy()
                has[name][bad] = False
        if not np.isfinite(prior).all():
            known = prior[np.isfinite(prior)]
            prior = np.where(np.isfinite(prior), prior, known.mean() if len(known) else 0.5).astype(np.float32)
        return cls(ids, vectors, dict(stored.slices), has, prior)

    @classmethod
    def from_blocks(
        cls,
        film_ids: Sequence[int],
        blocks: Mapping[str, npt.NDArray[np.float32]],
        prior: npt.NDArray[np.float32],
        people: SharedNames | None = None,
    ) -> BlockMatrix:
        """Concatenate named blocks (n, d_b); a film whose row is all zero lacks the block."""
        slices, start = {}, 0
        for name, rows in blocks.items():
            slices[name] = slice(start, start + rows.shape[1])
            start += rows.shape[1]
        vectors = np.hstack(list(blocks.values())).astype(np.float32, copy=False)
        has = {name: np.asarray(rows.any(axis=1)) for name, rows in blocks.items()}
        return replace(cls.of(cls(np.asarray(film_ids, np.int64), vectors, slices, has, prior)), people=people)

    def __len__(self) -> int:
        return len(self.film_ids)

    def with_prior(self, prior: npt.NDArray[np.float32]) -> BlockMatrix:
        """The same films with another prior (n,), in [-1, 1]; what was computed of the vectors is shared."""
        other = replace(self, prior=prior)
        for name in ("fixed", "_codes"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    @cached_property
    def fixed(self) -> FixedPoint:
        """The vectors in fixed point, for the scan."""
        return FixedPoint.of(self.vectors, self.slices)

    @cached_property
    def _codes(self) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
        """The combinations of blocks that occur (bit i: the i-th block), and (n,) the combination of each film."""
        codes = np.zeros(len(self), np.uint16)
        for bit, name in enumerate(self.slices):
            codes |= self.has[name].astype(np.uint16) << np.uint16(bit)
        occurring = np.flatnonzero(np.bincount(codes)).astype(np.uint16)
        return occurring, np.searchsorted(occurring, codes).astype(np.uint16)

    @property
    def patterns(self) -> npt.NDArray[np.uint16]:
        """(n,): each film's row of `pattern_blocks`."""
        return self._codes[1]

    @property
    def pattern_blocks(self) -> npt.NDArray[np.bool_]:
        """(patterns, blocks): the combinations of blocks that occur; one column per block, in the order of `slices`."""
        bits = np.arange(len(self.slices), dtype=np.uint16)
        held: npt.NDArray[np.bool_] = (self._codes[0][:, None] >> bits & 1).astype(bool)
        return held

    def rows_of(self, film_ids: Iterable[int]) -> npt.NDArray[np.intp]:
        """Rows of the given films, in their order.

        Raises:
            ParameterError: a film is not in the catalogue.
        """
        wanted = np.fromiter(film_ids, np.int64)
        rows, found = self.find(wanted)
        if not found.all():
            missing = int(wanted[~found][0])
            raise ParameterError(f"film {missing}: not in this snapshot. Publish it first, or leave it out.")
        return rows

    def find(self, film_ids: Iterable[int]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
        """Rows of the given films, and which films are in the catalogue (the rows of the others are undefined)."""
        wanted = np.fromiter(film_ids, np.int64)
        rows = np.searchsorted(self.film_ids, wanted)
        found = rows < len(self)
        found[found] = self.film_ids[rows[found]] == wanted[found]
        return rows, found
