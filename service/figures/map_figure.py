"""The figure of the map: one point a film or scene, drawn by WebGL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from film import GENRES
from service.figures.look import BELOW, Theme, plain_label, template

Float64 = npt.NDArray[np.float64]

HEIGHT = 640
CLOSE_UP = 0.25
"""Half the width of the part that is shown around a film that was searched for."""


def map_figure(
    points: Float64,
    film_ids: Sequence[int],
    names: Sequence[str],
    groups: Sequence[str] | None,
    numbers: Float64 | None,
    theme: Theme,
    *,
    scale: str = "",
    at: tuple[float, float] | None = None,
    path: Sequence[int] = (),
    runs: Sequence[int] = (),
) -> go.Figure:
    """Draw a map.

    Args:
        points: (n, 2).
        film_ids, names: (n,) what a click gives, and what is shown beside the pointer.
        groups: (n,) the colour of each point by name; the most frequent names get colours, the others are "other".
        numbers: (n,) the colour by a number, if there are no groups; NaN: unknown.
        scale: what the numbers are.
        at: the point around which the map is opened.
        path: rows of the films of a path, in order.
        runs: (n,) numbers of scenes, which a click gives after the film.
    """
    figure = go.Figure()
    given = np.stack([np.asarray(film_ids), np.asarray(runs if len(runs) else np.full(len(points), -1))], axis=1)
    labels = np.array([plain_label(name) for name in names], dtype=object)
    size = 9 if len(points) <= 2_000 else 5 if len(points) <= 20_000 else 3

    def trace(rows: npt.NDArray[np.intp], name: str, marker: dict[str, Any]) -> None:
        figure.add_trace(
            go.Scattergl(
                x=points[rows, 0],
                y=points[rows, 1],
                mode="markers",
                name=plain_label(name),
                text=labels[rows],
                customdata=given[rows],
                marker={"size": size, "opacity": 0.85} | marker,
                hovertemplate="%{text}<extra></extra>",
            )
        )

    if groups is not None:
        held = np.array(groups, dtype=object)
        for name, colour in group_colours(groups, theme).items():
            trace(np.flatnonzero(held == name), name or "unknown", {"color": colour})
        known = list(group_colours(groups, theme))
        rest = np.flatnonzero(~np.isin(held, known))
        if len(rest):
            trace(rest, "other", {"color": theme.muted})
    elif numbers is not None:
        ramp = [[0.0, theme.levels[0]], [0.5, theme.levels[1]], [1.0, theme.levels[2]]]
        bar = {
            "orientation": "h",
            "y": -0.02,
            "yanchor": "top",
            "thickness": 12,
            "outlinewidth": 0,
        }  # below: for phones
        title = {"text": scale, "side": "bottom"}  # below the points: beside them a phone has no room
        shown = {"color": numbers, "colorscale": ramp, "showscale": True, "colorbar": {**bar, "title": title}}
        trace(np.arange(len(points)), scale, shown)
        figure.update_layout(showlegend=False)
    if len(path):
        along = points[list(path)]
        line = {"color": theme.accent, "width": 2}
        marks = [str(place + 1) for place in range(len(path))]
        figure.add_trace(
            go.Scatter(
                x=along[:, 0],
                y=along[:, 1],
                mode="lines+markers+text",
                text=marks,
                textposition="top center",
                line=line,
                marker={"size": size + 4, "color": theme.accent},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    if at is not None:
        ring = {"size": size + 12, "color": "rgba(0,0,0,0)", "line": {"color": theme.accent, "width": 3}}
        figure.add_trace(
            go.Scatter(x=[at[0]], y=[at[1]], mode="markers", marker=ring, hoverinfo="skip", showlegend=False)
        )
    figure.update_layout(template=template(theme), height=HEIGHT, legend=BELOW | {"y": -0.04}, dragmode="pan")
    for axis, centre in ((figure.layout.xaxis, 0), (figure.layout.yaxis, 1)):
        axis.update(showgrid=False, zeroline=False, showticklabels=False)
        if at is not None:
            axis.update(range=[at[centre] - CLOSE_UP, at[centre] + CLOSE_UP])
    figure.layout.yaxis.update(scaleanchor="x")
    return figure


def group_colours(groups: Sequence[str], theme: Theme) -> dict[str, str]:
    """Colours of the most frequent names: music genres keep theirs, other names take twelve colours in order."""
    names, counts = np.unique(np.array(groups, dtype=str), return_counts=True)
    ordered = [str(names[i]) for i in np.lexsort((names, -counts))]
    if set(ordered) <= {*GENRES, ""}:
        return {name: theme.genre.get(name, theme.muted) for name in ordered}
    named = [name for name in ordered if name]
    return dict(zip(named, theme.directors, strict=False)) | ({"": theme.line} if "" in ordered else {})
