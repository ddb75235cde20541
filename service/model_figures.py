"""Figures of a model's training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from service.look import BELOW, Theme, template


def learning_curves(history: Mapping[str, Sequence[float]], theme: Theme) -> go.Figure:
    """Figures 8, 10, 12 and 14: accuracy over the epochs, and the loss beside it, in training and validation."""
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
