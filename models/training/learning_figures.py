"""The thesis's tables and figures of a training, in Plotly: figure 5, table 10, figures 8-15."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import plotly.io
from plotly.subplots import make_subplots

from models.training.cnn import History

TEMPLATE = "plotly_white"
ACCENT, SECOND = "#b5541c", "#2a6f8e"


def confusion_figure(metrics: Mapping[str, Any], title: str) -> go.Figure:
    """Rows are the truth, columns the prediction; colour is the share of the row, text the count."""
    labels, counts = list(metrics["labels"]), metrics["confusion"]
    shares = [[value / sum(row) if sum(row) else 0 for value in row] for row in counts]
    heatmap = go.Heatmap(
        z=shares,
        x=labels,
        y=labels,
        text=counts,
        texttemplate="%{text}",
        zmin=0,
        zmax=1,
        colorscale="Blues",
        colorbar={"title": "share of the true class"},
    )
    figure = go.Figure(heatmap)
    figure.update_layout(template=TEMPLATE, title=title, width=720, height=620)
    figure.update_xaxes(title="predicted")
    figure.update_yaxes(title="true", autorange="reversed")
    return figure


def scores_by_c_figure(by_c: Mapping[float, Mapping[str, Any]], chosen: float) -> go.Figure:
    """The thesis's figure 5: precision, recall and F1 per class, and macro F1 and accuracy, for each C, in percent."""
    labels: Sequence[str] = next(iter(by_c.values()))["labels"]
    header = ["C", *(f"{name} {short}" for name in labels for short in ("PRE", "REC", "F1")), "macro F1", "ACC"]
    columns: list[list[str]] = [[f"{c:g}{' (chosen)' if c == chosen else ''}" for c in by_c]]
    columns += [
        [f"{100 * m['per_class'][name][part]:.1f}" for m in by_c.values()]
        for name in labels
        for part in ("precision", "recall", "f1")
    ]
    columns += [[f"{100 * m[part]:.1f}" for m in by_c.values()] for part in ("macro_f1", "accuracy")]
    figure = go.Figure(go.Table(header={"values": header}, cells={"values": columns}))
    figure.update_layout(template=TEMPLATE, title="Cross-validation over C", width=1100, height=420)
    return figure


def per_class_figure(metrics: Mapping[str, Any], title: str) -> go.Figure:
    """Precision, recall and F1 of each class as bars."""
    labels = list(metrics["labels"])
    bars = [
        go.Bar(name=part, x=labels, y=[metrics["per_class"][name][part] for name in labels])
        for part in ("precision", "recall", "f1")
    ]
    figure = go.Figure(bars)
    figure.update_layout(template=TEMPLATE, title=title, barmode="group", width=820, height=460)
    figure.update_yaxes(range=[0, 1])
    return figure


def epochs_figure(history: History, title: str) -> go.Figure:
    """The thesis's figures 8-15: accuracy and loss over the epochs, of the training and the validation part."""
    figure = make_subplots(rows=1, cols=2, subplot_titles=["accuracy", "loss"])
    epochs = list(range(1, len(history.loss) + 1))
    curves = (
        (1, "training", history.accuracy, ACCENT),
        (1, "validation", history.val_accuracy, SECOND),
        (2, "training", history.loss, ACCENT),
        (2, "validation", history.val_loss, SECOND),
    )
    for column, name, values, colour in curves:
        line = go.Scatter(x=epochs, y=values, name=name, line={"color": colour}, showlegend=column == 1)
        figure.add_trace(line, row=1, col=column)
    figure.update_layout(template=TEMPLATE, title=title, width=1000, height=440)
    figure.update_xaxes(title="epoch")
    return figure


def reliability_figure(bins: Sequence[Mapping[str, float | int]], title: str) -> go.Figure:
    """Share of correct rows by the highest probability (models.evaluation.scores.reliability), with the diagonal."""
    honest = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="honest", line={"color": "#999", "dash": "dot"})
    found = go.Scatter(
        x=[b["p"] for b in bins],
        y=[b["right"] for b in bins],
        mode="lines+markers",
        name="found",
        text=[f"{b['n']} rows" for b in bins],
        line={"color": ACCENT},
    )
    figure = go.Figure([honest, found])
    figure.update_layout(template=TEMPLATE, title=title, width=620, height=520)
    figure.update_xaxes(title="probability of the likeliest class", range=[0, 1])
    figure.update_yaxes(title="share of these that are right", range=[0, 1])
    return figure


def write_figures(figures: Mapping[str, go.Figure], folder: Path) -> str:
    """Write each figure as HTML (self-contained), and as PNG where a Chromium-like browser is installed.

    Returns:
        A sentence that says why there are no PNGs; empty if they were written.
    """
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError
    from kaleido.errors import KaleidoError

    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure.write_html(folder / f"{name}.html", include_plotlyjs=True)
    try:
        plotly.io.write_images(list(figures.values()), [folder / f"{name}.png" for name in figures], scale=2)
    except (ChromeNotFoundError, BrowserFailedError, KaleidoError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"No PNGs: {reason} Install Chromium and train again, or use the HTML."
    return ""
