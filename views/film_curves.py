"""How a film's words, light and faces change from its beginning to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from film import Activity, Film
from senses import CURVE_PARTS, Dialogue, Faces, Picture
from views import frame
from views.language import say
from views.theme import Theme, template

MOST_EXPRESSIONS = 3
"""Lines of one axis that can still be told from each other."""

CURVES_ALT = "{} from beginning to end in {} parts: {}"
AT = "%{y:.2f} at %{x:.0f} min"

Curve = tuple[float | None, ...]


def curves_of(said: Dialogue | None, seen: Picture | None, shown: Faces | None) -> dict[str, dict[str, Curve]]:
    """Axis -> name -> values in CURVE_PARTS parts of the film; only what the film has."""
    axes: dict[str, dict[str, Curve]] = {}
    if said is not None and said.sentiment_curve:
        axes["words"] = {"sentiment": said.sentiment_curve}
    if seen is not None:
        axes["light"] = {"brightness": seen.brightness_curve}
    if shown is not None and shown.expression_curves:
        most = sorted(shown.expressions, key=lambda name: -shown.expressions[name])[:MOST_EXPRESSIONS]
        axes["faces"] = {name: shown.expression_curves[name] for name in most if name in shown.expression_curves}
    kept = {axis: {name: line for name, line in lines.items() if _has_values(line)} for axis, lines in axes.items()}
    return {axis: lines for axis, lines in kept.items() if lines}


def _has_values(line: Sequence[float | None]) -> bool:
    return sum(value is not None for value in line) > 1


def curves_table(curves: Mapping[str, Mapping[str, Curve]], duration_s: float) -> pd.DataFrame:
    """One row for each part of the film: its middle in minutes, and the values."""
    minutes = [(part + 0.5) / CURVE_PARTS * duration_s / 60 for part in range(CURVE_PARTS)]
    values = {name: line for lines in curves.values() for name, line in lines.items()}
    return pd.DataFrame({"minute": minutes, **values}, dtype=float)


def curves_figure(curves: Mapping[str, Mapping[str, Curve]], duration_s: float, theme: Theme) -> go.Figure:
    """A row for each axis; the x axis is minutes, and gaps are parts without words or faces."""
    table = curves_table(curves, duration_s)
    figure = make_subplots(rows=len(curves), cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for row, (axis, lines) in enumerate(curves.items(), start=1):
        for place, name in enumerate(lines):
            colour = theme.accent if len(lines) == 1 else theme.directors[place]
            trace = go.Scatter(
                x=table["minute"],
                y=table[name],
                name=name,
                mode="lines+markers",
                line={"color": colour, "width": 2},
                marker={"size": 5},
                cliponaxis=False,  # a mark at 0 or 1 is seen whole
                hovertemplate=f"{say(name)} {say(AT)}<extra></extra>",
            )
            figure.add_trace(trace, row=row, col=1)
        figure.update_yaxes(title=axis, range=[-1, 1] if axis == "words" else [0, 1], row=row, col=1)
    figure.update_layout(
        template=template(theme),
        height=90 + 120 * len(curves),
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0, "itemclick": False},
    )
    figure.update_yaxes(fixedrange=True)
    figure.update_xaxes(range=[0, max(duration_s / 60, 1 / 60)], showgrid=False)
    figure.update_xaxes(title="minutes", row=len(curves), col=1)
    return figure


def curves_of_film(film: Film, curves: Mapping[str, Mapping[str, Curve]], heard: Activity | None, look: Theme) -> None:
    """The part of the page Film about what changes over it; nothing for a film without curves."""
    if not curves or heard is None or not len(heard.label):
        return
    length_s = float(len(heard.label))
    names = ", ".join(say(name) for lines in curves.values() for name in lines)
    frame.figure(
        curves_figure(curves, length_s, look),
        say(CURVES_ALT, film.title, CURVE_PARTS, names),
        "curves",
        curves_table(curves, length_s),
    )
