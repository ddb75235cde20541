"""What fails on the disk, told as one error."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from errors import CatalogueError


def _of_the_disk() -> tuple[type[BaseException], ...]:
    """Errors that tell of the disk. DuckDB's and Arrow's only where these are in use: who reads no more than the state
    imports neither."""
    stores = (("duckdb", "Error"), ("pyarrow", "ArrowException"))
    return (
        OSError,
        sqlite3.Error,
        *(getattr(sys.modules[module], name) for module, name in stores if module in sys.modules),
    )


@contextmanager
def disk_faults(thing: str) -> Iterator[None]:
    """Say what failed on the disk, and what to do, as one CatalogueError.

    Raises:
        CatalogueError: the block raised an error of the disk, of DuckDB, of SQLite or of Arrow.
    """
    try:
        yield
    except _of_the_disk() as error:
        reason = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        raise CatalogueError(
            f"{thing}: {reason}. Nothing was changed. Check free space and rights there, then try again; "
            "`filmscore doctor` says more."
        ) from error
