"""Show how a table of films is read, before it is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.metadata_csv import RowFault, read_table
from ingest.metadata_export import table_3
from service.rights.access import Actor
from told import Told

SHOWN = 5


@dataclass(frozen=True)
class TablePreview:
    """What an import would read from a table. Nothing is changed."""

    films: int
    first: tuple[dict[str, Any], ...]
    """The first films with the thesis's twelve fields; fields that are empty are left out."""
    columns: dict[str, str]
    """Column of the table -> the field that it is read as."""
    unused: tuple[str, ...]
    no_films: int
    """Rows of series, episodes and games."""
    rejected: tuple[RowFault, ...]
    """Rows with errors; if there are any, the import refuses the table."""


def preview_table(actor: Actor, path: Path) -> TablePreview:
    """Read a table of films as `import_metadata` does.

    Raises:
        AccessError: not an admin.
        MetadataError: not a table, or not a table of films.
    """
    actor.require_admin("import metadata")
    table = read_table(path)
    first = tuple(
        {name: value for name, value in table_3(film).items() if value not in (None, "", [])}
        for film in table.films[:SHOWN]
    )
    return TablePreview(len(table.films), first, dict(table.columns), table.unused, table.no_films, table.faults)


def not_imported(no_films: int, unused: tuple[str, ...]) -> list[str]:
    """What will not be imported from a table, one sentence each."""
    lines: list[str] = [Told("Rows left out as series, episodes or games: {}.", no_films)] if no_films else []
    return lines + ([Told("Columns that are not used ({}): {}.", len(unused), ", ".join(unused))] if unused else [])
