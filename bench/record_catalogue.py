"""Films that a benchmark puts together, as a catalogue for the recommender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bench.generated import film_table, summary_table
from db.catalogue.records import FilmRecord
from db.catalogue.scenes import Scenes
from recommender.matrix import BlockMatrix


@dataclass(frozen=True, eq=False)
class RecordCatalogue:
    """Films with their vectors; implements `recommender.engine.Catalogue`, without scenes."""

    records: Sequence[FilmRecord]
    vectors: BlockMatrix

    def films(self) -> pd.DataFrame:
        """As `Snapshot.films`."""
        return film_table([record.film for record in self.records])

    def summaries(self) -> pd.DataFrame:
        """As `Snapshot.summaries`; no rows if nothing was heard."""
        return summary_table(self.records)

    def matrix(self) -> BlockMatrix:
        """As `Snapshot.matrix`."""
        return self.vectors

    def scenes(self) -> Scenes:
        """None of the benchmarks asks for scenes."""
        raise NotImplementedError("these films have no scenes")
