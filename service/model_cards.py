"""The shipped models' cards, and where they were kept the numbers of their training."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

CARDS = Path(__file__).resolve().parent.parent / "models" / "cards"
CURVES = ("accuracy", "val_accuracy", "loss", "val_loss")


@dataclass(frozen=True)
class Confusion:
    """Clips of the test part."""

    labels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    """(k, k): rows are the truth"""


@dataclass(frozen=True)
class ModelCard:
    """A model as its card tells it."""

    name: str
    title: str
    text: str
    """Markdown, without the title."""
    confusion: Confusion | None = None
    """Of the classes that occur in the test part or in its predictions; None where the card alone was kept."""
    history: dict[str, tuple[float, ...]] | None = None
    """CURVES, a value an epoch; None where it was not kept, or the model has no epochs."""


def model_cards(folder: Path = CARDS) -> list[ModelCard]:
    """All cards, by name. A card's numbers are the training's metrics.json, kept beside it as NAME.json."""
    return [_card(path) for path in sorted(folder.glob("*.md"))]


def _card(path: Path) -> ModelCard:
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    title = first.lstrip("# ").strip()
    kept = path.with_suffix(".json")
    if not kept.is_file():
        return ModelCard(path.stem, title, text)
    numbers: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    history = numbers.get("history")
    curves = {name: tuple(map(float, history[name])) for name in CURVES} if history else None
    return ModelCard(path.stem, title, text, _confusion(numbers["clips"]), curves)


def _confusion(clips: dict[str, Any]) -> Confusion:
    counts = np.array(clips["confusion"], dtype=np.int64)
    occurs = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    return Confusion(tuple(clips["labels"][place] for place in occurs), counts[np.ix_(occurs, occurs)])
