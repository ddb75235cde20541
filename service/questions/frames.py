"""A catalogue as tables, for notebooks: films, summaries, runs and vectors as pandas frames."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import pandas as pd

from db.catalogue.snapshot import Snapshot
from db.home import Home
from errors import ParameterError
from film import ATTRIBUTES
from recommender import Recommender


class CatalogueFrames:
    """The catalogue that was current when this was opened; open it again to see what is published later."""

    def __init__(self, home: Home) -> None:
        """
        Raises:
            CatalogueError: nothing was published yet, or it cannot be read.
        """
        self.snapshot = Snapshot.open(home)

    @cached_property
    def recommender(self) -> Recommender:
        """Answers questions about these films (`recommender.Recommender`)."""
        return Recommender(self.snapshot)

    @cached_property
    def films(self) -> pd.DataFrame:
        """One row per film, indexed by film_id: metadata and has_music."""
        return self.snapshot.films().set_index("film_id")

    @cached_property
    def summaries(self) -> pd.DataFrame:
        """One row per analysed film, indexed by film_id: percentages of its music, speech, genres and levels."""
        return self.snapshot.summaries().set_index("film_id")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run of music: film_id, run, start_s, end_s (exclusive); genre and levels, and the probability of
        each (1 where a person set it); further attributes and tags, NaN if a run does not have them."""
        facts = self.snapshot.run_facts()
        columns: dict[str, object] = {
            "film_id": facts.film_ids,
            "run": facts.runs,
            "start_s": facts.start_s,
            "end_s": facts.end_s,
        }
        for name in ("genre", *ATTRIBUTES):
            columns |= {name: facts.values[name], f"{name}_p": facts.sure[name]}
        further = {name if name not in columns else f"tag {name}": values for name, values in facts.named.items()}
        return pd.DataFrame(columns | dict(sorted(further.items())))

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of the blocks of the films' vectors."""
        return tuple(self.snapshot.slices())

    def vectors(self, block: str) -> pd.DataFrame:
        """(n, d) the vectors of one block, indexed by film_id, each of length 1; films without the block are omitted.

        Raises:
            ParameterError: there is no such block.
        """
        matrix = self.snapshot.matrix()
        if block not in matrix.slices:
            raise ParameterError(f"block {block!r}: not in this catalogue. One of {', '.join(self.blocks)}.")
        has = matrix.has[block]
        index = pd.Index(matrix.film_ids[has], name="film_id")
        return pd.DataFrame(matrix.vectors[has][:, matrix.slices[block]], index)

    def close(self) -> None:
        self.snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_catalogue(home: str | Path | None = None) -> CatalogueFrames:
    """Open the published catalogue for reading.

    Args:
        home: the directory of the data; None: $FILMSCORE_HOME, else ~/.filmscore.

    Raises:
        CatalogueError: nothing was published yet, or it cannot be read.
    """
    return CatalogueFrames(Home.at(None if home is None else Path(home)))
