"""Query DuckDB for Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from errors import CatalogueError


def arrow(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> pa.Table:
    """The rows of a SELECT as an Arrow table."""
    return con.sql(sql, params=list(values)).to_arrow_table()


class ReadingErrors:
    """Turns errors of DuckDB and Arrow about a damaged file into a CatalogueError of one line."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, duckdb.Error | pa.ArrowException | OSError):
            raise CatalogueError(
                f"{self._directory}: cannot be read ({str(error).splitlines()[0]}). Run `filmscore doctor --repair`."
            ) from error
