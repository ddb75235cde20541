"""The output of a training: weights, card.md, metrics.json and figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.evaluation.scores import calibration_error, wilson_interval
from models.training.cnn import History
from models.training.learning_figures import (
    confusion_figure,
    epochs_figure,
    per_class_figure,
    reliability_figure,
    scores_by_c_figure,
    write_figures,
)


@dataclass(frozen=True)
class TrainingReport:
    """The result of one training. The metrics are of the test part, which influenced no choice."""

    kind: str
    architecture: str
    weights: Path
    """The file in the output directory that `models.ears.store.store_weights` can ship."""
    clip_metrics: Mapping[str, Any]
    """models.evaluation.scores.score over clips"""
    row_metrics: Mapping[str, Any]
    """models.evaluation.scores.score over windows or seconds"""
    split: Mapping[str, int]
    """Numbers of clips and rows in the training and test part"""
    seed: int
    balance: bool
    data: str
    """The training data, for the card"""
    command: str
    """The command that reproduces the training"""
    settings: Mapping[str, Any] = field(default_factory=dict)
    history: History | None = None
    by_c: Mapping[float, Mapping[str, Any]] = field(default_factory=dict)
    reliability: Sequence[Mapping[str, float | int]] = ()
    """models.evaluation.scores.reliability over windows or seconds"""
    notes: str = ""
    """Markdown for the card: limits and known failures"""
    licence: str = "As the recordings it was trained on allow."


def write_report(report: TrainingReport, out: Path, figures: bool = True) -> str:
    """Write card.md, metrics.json and figures/ next to the weights.

    Returns:
        Why there are no PNG figures; empty if there are.
    """
    document = {
        "kind": report.kind,
        "architecture": report.architecture,
        "clips": dict(report.clip_metrics),
        "rows": dict(report.row_metrics),
        "split": dict(report.split),
        "seed": report.seed,
        "balance": report.balance,
        "settings": dict(report.settings),
        "history": asdict(report.history) if report.history else None,
        "reliability": [dict(b) for b in report.reliability],
        "by_c": {f"{c:g}": dict(metrics) for c, metrics in report.by_c.items()},
    }
    (out / "metrics.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (out / "card.md").write_text(card(report), encoding="utf-8")
    if not figures:
        return ""
    drawn = {
        "confusion": confusion_figure(report.clip_metrics, f"{report.kind}: clips of the test part"),
        "per_class": per_class_figure(report.clip_metrics, f"{report.kind}: clips of the test part"),
    }
    if report.reliability:
        drawn["reliability"] = reliability_figure(report.reliability, f"{report.kind}: probabilities kept")
    if report.history is not None:
        drawn["epochs"] = epochs_figure(report.history, f"{report.kind}: training")
    if report.by_c:
        drawn["by_c"] = scores_by_c_figure(report.by_c, float(report.settings["C"]))
    return write_figures(drawn, out / "figures")


def card(report: TrainingReport) -> str:
    """The model card as Markdown."""
    rows_name = "seconds" if report.kind == "detector" else "windows"
    clips = report.clip_metrics
    low, high = wilson_interval(clips["accuracy"], clips["n"])
    occurring = [name for name, row in zip(clips["labels"], clips["confusion"], strict=True) if sum(row)]
    lines = [
        f"# {report.kind}, {report.architecture} architecture",
        "",
        f"Weights: `{report.weights.name}`. Licence: {report.licence}",
        "",
        "## Data and split",
        "",
        report.data,
        "",
        f"Split by recording, seed {report.seed}"
        + (", halves then balanced (thesis 2.3.2)" if report.balance else ", 70/30 per class")
        + f": {report.split['train_clips']} clips ({report.split['train_rows']} {rows_name}) to train, "
        f"{report.split['test_clips']} clips ({report.split['test_rows']} {rows_name}) to test. "
        "The test part chose nothing. The weights are the ones measured here.",
        "",
        "Settings: " + ", ".join(f"{name} {value}" for name, value in report.settings.items()) + ".",
        "",
        "## Measured on the test part",
        "",
        f"| | clips | {rows_name} |",
        "|---|---|---|",
        f"| n | {clips['n']} | {report.row_metrics['n']} |",
        *(
            f"| {title} | {clips[key]:.3f} | {report.row_metrics[key]:.3f} |"
            for title, key in (
                ("accuracy", "accuracy"),
                ("balanced accuracy", "balanced_accuracy"),
                ("macro F1", "macro_f1"),
            )
        ),
        "",
        f"95 % interval of the clip accuracy: {low:.3f} to {high:.3f} (Wilson). "
        f"Always saying the most frequent class of the test part: {_majority(clips):.3f}.",
        "",
        "Clips, rows are the truth:",
        "",
        *_confusion_table(clips, occurring),
        "",
    ]
    if report.reliability:
        lines += [
            f"Mean distance between probability and share of right {rows_name}: "
            f"{calibration_error(report.reliability):.3f}. Probability: share right ({rows_name}): "
            + ", ".join(f"{b['p']:.2f}: {b['right']:.2f} ({b['n']})" for b in report.reliability)
            + ".",
            "",
        ]
    if report.by_c:
        lines += ["## Cross-validation over C (training part)", "", *_c_table(report.by_c), ""]
    if report.notes:
        lines += ["## What it is worth", "", report.notes, ""]
    lines += ["## Reproduce", "", f"    {report.command}", ""]
    return "\n".join(lines)


def _majority(metrics: Mapping[str, Any]) -> float:
    return float(max(sum(row) for row in metrics["confusion"]) / metrics["n"])


def _confusion_table(metrics: Mapping[str, Any], occurring: list[str]) -> list[str]:
    labels = metrics["labels"]
    shown = [k for k, name in enumerate(labels) if name in occurring or any(r[k] for r in metrics["confusion"])]
    head = "| | " + " | ".join(labels[k] for k in shown) + " | precision | recall | F1 |"
    lines = [head, "|---" * (len(shown) + 4) + "|"]
    for k in shown:
        part = metrics["per_class"][labels[k]]
        counts = " | ".join(str(metrics["confusion"][k][j]) for j in shown)
        lines.append(f"| {labels[k]} | {counts} | {part['precision']:.2f} | {part['recall']:.2f} | {part['f1']:.2f} |")
    return lines


def _c_table(by_c: Mapping[float, Mapping[str, Any]]) -> list[str]:
    labels = next(iter(by_c.values()))["labels"]
    head = "| C | " + " | ".join(f"{name} F1" for name in labels) + " | macro F1 | accuracy |"
    lines = [head, "|---" * (len(labels) + 3) + "|"]
    for c, metrics in by_c.items():
        scores = " | ".join(f"{metrics['per_class'][name]['f1']:.3f}" for name in labels)
        lines.append(f"| {c:g} | {scores} | {metrics['macro_f1']:.3f} | {metrics['accuracy']:.3f} |")
    return lines
