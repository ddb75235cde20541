"""Figures of the models' accuracy and of their training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from film import LABELS
from service.figures.look import BELOW, Theme, rgba, template


def learning_curves(history: Mapping[str, Sequence[float]], theme: Theme) -> go.Figure:
    """Figures 8, 10, 12 and 14: accuracy by epoch, and the loss next to it, in training and validation."""
    figure = make_subplots(rows=1, cols=2, subplot_titles=["accuracy", "loss"])
    lines = {"training": ("", theme.directors[10], "solid"), "validation": ("val_", theme.accent, "dash")}
    for column, measure in enumerate(("accuracy", "loss"), 1):
        for name, (prefix, colour, dash) in lines.items():
            values = history[prefix + measure]
            line = go.Scatter(
                x=list(range(1, len(values) + 1)),
                y=list(values),
                mode="lines",
                name=name,
                line={"color": colour, "dash": dash, "width": 2},
                showlegend=column == 1,
                hovertemplate="epoch %{x}: %{y:.3f}<extra>" + name + "</extra>",
            )
            figure.add_trace(line, row=1, col=column)
    figure.update_layout(template=template(theme), height=340, legend=BELOW | {"y": -0.25})
    figure.update_annotations(font={"size": 15, "color": theme.muted})
    figure.update_xaxes(title="epoch")
    return figure


def reliability_curves(heads: Mapping[str, Sequence[Mapping[str, float]]], theme: Theme) -> go.Figure:
    """Reliability diagram: the share of correct predictions at each confidence (models.evaluation.scores.reliability),
    with the diagonal of perfect calibration. Larger points stand for more rows."""
    figure = go.Figure(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="honest", line={"color": theme.muted, "dash": "dot"})
    )
    for place, (name, bins) in enumerate(heads.items()):
        figure.add_scatter(
            x=[b["p"] for b in bins],
            y=[b["right"] for b in bins],
            mode="lines+markers",
            name=name,
            customdata=[[b["n"]] for b in bins],
            line={"color": theme.directors[place], "width": 2},
            marker={"size": [4 + 3 * math.log10(b["n"]) for b in bins]},
            hovertemplate="%{x:.0%} confident: %{y:.0%} correct (%{customdata[0]})<extra>" + name + "</extra>",
        )
    figure.update_layout(template=template(theme), height=380, legend=BELOW | {"y": -0.25})
    figure.update_xaxes(title="confidence (probability of the predicted class)", range=[0, 1], tickformat=".0%")
    figure.update_yaxes(title="share correct", range=[0, 1], tickformat=".0%")
    return figure


def labels_over_time(true: Sequence[str], heard: Sequence[str], theme: Theme) -> go.Figure:
    """Figure 17: the true label of each second as a broad band, with the predicted label as a line on top."""
    places = {name: len(LABELS) - 1 - place for place, name in enumerate(LABELS)}
    lines = (
        ("true", true, {"color": rgba(theme.accent, 0.45), "width": 9}),
        ("heard", heard, {"color": theme.text, "width": 1.6}),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=list(range(len(labels))),
                y=[places[label] for label in labels],
                mode="lines",
                line=line | {"shape": "hv"},
                name=name,
                hovertemplate="%{x} s<extra>" + name + "</extra>",
            )
            for name, labels, line in lines
        ]
    )
    figure.update_layout(
        template=template(theme),
        height=300,
        xaxis_title="seconds",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        yaxis={"tickvals": list(places.values()), "ticktext": list(places), "range": [-0.3, 2.3]},
    )
    return figure
