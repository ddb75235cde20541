"""Many films as columns for the encoder, so that a million titles need not be a million Python objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, overload, runtime_checkable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from db.catalogue.records import FilmRecord, Heard
from film import Film

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists of texts: each distinct text once, and which film has which."""

    n: int
    """Number of films"""
    rows: Int64
    """(m,) the film of each element, ascending; the order within a film is that of its list"""
    codes: Int64
    """(m,) the place of each element in `texts`"""
    texts: Sequence[str]

    @classmethod
    def of(cls, lists: Sequence[Sequence[str]]) -> Lists:
        known: dict[str, int] = {}
        codes = [known.setdefault(text, len(known)) for texts in lists for text in texts]
        rows = np.repeat(np.arange(len(lists)), [len(texts) for texts in lists])
        return cls(len(lists), rows, np.array(codes, np.int64), list(known))

    def with_(self, other: Lists) -> Lists:
        """Each film's list, followed by its list in the other column."""
        rows = np.concatenate([self.rows, other.rows])
        order = np.argsort(rows, kind="stable")
        codes = np.concatenate([self.codes, other.codes + len(self.texts)])
        return Lists(self.n, rows[order], codes[order], [*self.texts, *other.texts])

    @classmethod
    def of_arrow(cls, column: pa.ChunkedArray) -> Lists:
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
        held = pc.list_flatten(column).combine_chunks().dictionary_encode()
        rows = np.repeat(np.arange(len(column)), lengths)
        return cls(len(column), rows, held.indices.to_numpy().astype(np.int64), held.dictionary.to_pylist())


class FilmColumns(Protocol):
    """Metadata of n films, one column for each field of `Film`."""

    def lists(self, name: str) -> Lists: ...

    def numbers(self, name: str) -> Float64:
        """(n,); NaN: not known"""
        ...

    def texts(self, name: str) -> Sequence[str]: ...

    def films(self) -> Sequence[Film]: ...


class GivenFilms:
    """The columns of films that are Python objects."""

    def __init__(self, films: Sequence[Film]) -> None:
        self._films = films

    def lists(self, name: str) -> Lists:
        return Lists.of([getattr(film, name) for film in self._films])

    def numbers(self, name: str) -> Float64:
        values = [getattr(film, name) for film in self._films]
        return np.array([np.nan if value is None else float(value) for value in values])

    def texts(self, name: str) -> Sequence[str]:
        return [getattr(film, name) for film in self._films]

    def films(self) -> Sequence[Film]:
        return self._films


class RecordBatch(Sequence[FilmRecord]):
    """The records of some films, as columns; iterate to get them one by one."""

    def __init__(self, films: FilmColumns, heard: Sequence[Heard]) -> None:
        """`heard` contains the analysis of each film."""
        self.films, self.heard = films, heard

    @classmethod
    def of(cls, records: Sequence[FilmRecord]) -> RecordBatch:
        """These records as a batch; unchanged if they already are one."""
        return records if isinstance(records, RecordBatch) else cls(GivenFilms([r.film for r in records]), records)

    def __len__(self) -> int:
        return len(self.heard)

    @overload
    def __getitem__(self, place: int) -> FilmRecord: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FilmRecord]: ...
    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Iterator[FilmRecord]:
        for film, one in zip(self.films.films(), self.heard, strict=True):
            senses = (one.dialogue, one.picture, one.faces)
            yield FilmRecord(film, one.summary, one.embedding_mean, one.embedding_spread, one.model_version, *senses)


@runtime_checkable
class Batched(Protocol):
    """Records that come in batches."""

    def batches(self) -> Iterator[RecordBatch]: ...


def batches_of(records: Iterable[FilmRecord], n: int) -> Iterator[RecordBatch]:
    """The records in batches: their own, or of n records."""
    if isinstance(records, Batched):
        yield from records.batches()
        return
    remaining = iter(records)
    while batch := list(islice(remaining, n)):
        yield RecordBatch.of(batch)
