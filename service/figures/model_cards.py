"""The cards of the shipped models, with the figures of their training where these were kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

CARDS = Path(__file__).resolve().parents[2] / "models" / "cards"
CONFUSION_LINE = "Clips, rows are the truth:"
CURVES = ("accuracy", "val_accuracy", "loss", "val_loss")


@dataclass(frozen=True)
class Confusion:
    """Confusion matrix of the test clips."""

    labels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    """(k, k): rows are the true class."""


@dataclass(frozen=True)
class ModelCard:
    """A model as its card describes it."""

    name: str
    title: str
    text: str
    """Markdown without the title."""
    confusion: Confusion | None = None
    """Over the classes that occur in the test part or its predictions; None if the card has no such table."""
    history: dict[str, tuple[float, ...]] | None = None
    """CURVES with one value per epoch; None if they were not kept, or the model has no epochs."""
    reliability: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    """models.evaluation.scores.reliability of each head; empty if it was not kept."""
    note: str = ""
    """A remark about the history."""


def model_cards(folder: Path = CARDS) -> list[ModelCard]:
    """All cards, ordered by name. NAME.json next to a card is the metrics.json of its training or, for several heads in
    one card, the report of models.recipes.train_heads for each; history and reliability are read from it."""
    return [_card(path) for path in sorted(folder.glob("*.md"))]


def _card(path: Path) -> ModelCard:
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    kept = path.with_suffix(".json")
    numbers: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    history = numbers.get("history")
    curves = {name: tuple(map(float, history[name])) for name in CURVES} if history else None
    heads = {numbers["kind"]: numbers} if "kind" in numbers else numbers
    measured = {name: head for name, head in heads.items() if isinstance(head, dict)}
    return ModelCard(
        path.stem,
        first.lstrip("# ").strip(),
        text,
        _confusion(text),
        curves,
        {name: head["reliability"] for name, head in measured.items() if head.get("reliability")},
        numbers.get("note", ""),
    )


def _confusion(text: str) -> Confusion | None:
    """The confusion matrix that `filmscore train` writes under CONFUSION_LINE."""
    _, found, after = text.partition(CONFUSION_LINE)
    if not found:
        return None
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in after.strip().split("\n\n")[0].splitlines()
    ]
    labels = head[1 : 1 + len(rows)]
    return Confusion(tuple(labels), np.array([row[1 : 1 + len(labels)] for row in rows]).astype(np.int64))
