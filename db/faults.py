"""What fails on the disk, told as one error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from errors import CatalogueError


@contextmanager
def disk_faults(thing: str) -> Iterator[None]:
    """Say what failed on the disk, and what to do, as one CatalogueError.

    Raises:
        CatalogueError: the block raised an error of the disk, of DuckDB, of SQLite or of Arrow.
    """
    try:
        yield
    except (OSError, duckdb.Error, sqlite3.Error, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        raise CatalogueError(
            f"{thing}: {reason}. Nothing was changed. Check free space and rights there, then try again; "
            "`filmscore doctor` says more."
        ) from error
