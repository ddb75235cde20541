"""The JSON documents of `filmscore mine --json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mining.correlation import Correlations
from mining.projection import Projected
from mining.separation import Separation, Surface
from service.figures.mining_room import Room, separation_table


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def correlations_document(found: Correlations) -> dict[str, Any]:
    """The JSON of `mine correlations`."""
    return {
        "attributes": list(found.names),
        "constant": list(found.constant),
        "pairs": [
            {
                "first": row["first"],
                "second": row["second"],
                "rho": _number(row["rho"]),
                "p": _number(row["p"]),
                "p_corrected": _number(row["p_corrected"]),
                "films": int(row["films"]),
                "p_method": row["p_method"],
                "by_construction": bool(row["by_construction"]),
            }
            for row in found.pairs().to_dict("records")
        ],
    }


def projection_document(room: Room, found: Projected) -> dict[str, Any]:
    """The JSON of `mine projection`."""
    return {
        "x": found.x_title,
        "y": found.y_title,
        "left_out": found.left_out,
        "explained": {kind: [float(share) for share in part.explained] for kind, part in found.parts.items()},
        "loadings": {
            kind: dict(zip(map(str, part.loadings.index), part.loadings.to_numpy().tolist(), strict=True))
            for kind, part in found.parts.items()
        },
        "films": [
            {"film": row["film"], "director": row["director"], "x": float(row["x"]), "y": float(row["y"])}
            for row in room.points_table(found).to_dict("records")
        ],
    }


def separation_document(found: Sequence[Separation]) -> dict[str, Any]:
    """The JSON of `mine directors`."""
    rows = separation_table(found).to_dict("records")
    return {
        "directors": list(found[0].directors),
        "sources": [row | {"confusion": one.confusion.tolist()} for row, one in zip(rows, found, strict=True)],
    }


def surface_document(surface: Surface, room: Room, found: Projected) -> dict[str, Any]:
    """The JSON of `mine separation`."""
    return {
        "directors": list(surface.directors),
        "training_accuracy": surface.training_accuracy,
        "grid": {"x": surface.x.tolist(), "y": surface.y.tolist(), "winner": surface.winner.tolist()},
        "films": projection_document(room, found)["films"],
    }
