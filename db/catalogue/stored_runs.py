"""A run of a film as a snapshot stores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from film import ATTRIBUTES, MusicRun


@dataclass(frozen=True)
class StoredRun(MusicRun):
    """A run as the model analysed it, together with a person's corrections."""

    run: int = 0
    """Number of the run within the film, from 0."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Attribute ("genre", "energy", ...) -> the corrected value."""
    model_version: str = ""

    def value(self, attribute: str) -> str:
        """The corrected value if there is one, else the model's value."""
        return self.corrections.get(attribute) or str(getattr(self, attribute))


def stored_run(row: Mapping[str, Any]) -> StoredRun:
    """A row of the segment `runs`."""
    names = ("genre", *ATTRIBUTES)
    return StoredRun(
        start_s=row["start_s"],
        end_s=row["end_s"],
        **{key: row[key] for name in names for key in (name, f"{name}_p")},
        embedding=tuple(row["embedding"] or ()),
        further=dict(row["further"] or {}),
        tags=dict(row.get("tags") or {}),  # schema 2 lacks them
        run=row["run"],
        corrections={name: row[f"corrected_{name}"] for name in names if row[f"corrected_{name}"]},
        model_version=row["model_version"],
    )
