"""Query DuckDB for Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa


def arrow(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> pa.Table:
    """The rows of a SELECT as an Arrow table."""
    return con.sql(sql, params=list(values)).to_arrow_table()
