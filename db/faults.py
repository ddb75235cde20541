"""Turn errors of the disk and of the database libraries into one CatalogueError."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from errors import CatalogueError


def _of_the_disk() -> tuple[type[BaseException], ...]:
    """Error classes that mean a disk problem. DuckDB's and Arrow's count only if they are already imported, so that
    readers of the state alone import neither."""
    stores = (("duckdb", "Error"), ("pyarrow", "ArrowException"))
    return (
        OSError,
        sqlite3.Error,
        *(getattr(sys.modules[module], name) for module, name in stores if module in sys.modules),
    )


@contextmanager
def disk_faults(thing: str, kept: str = "Nothing was changed") -> Iterator[None]:
    """Raise disk and database errors of the block as one CatalogueError that says what failed and what to do.

    Args:
        thing: what could not be read or written.
        kept: what is as it was.

    Raises:
        CatalogueError: the block raised an error of the disk, DuckDB, SQLite or Arrow.
    """
    try:
        yield
    except _of_the_disk() as error:
        reason = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        raise CatalogueError(
            f"{thing}: {reason}. {kept}. Check free space and rights there, then try again; "
            "`filmscore doctor` says more."
        ) from error
