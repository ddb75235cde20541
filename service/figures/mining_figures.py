"""The figures of the page Mining and of `filmscore mine --html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from mining.correlation import Correlations, p_method
from mining.projection import Components, Projected
from mining.separation import Separation, Surface
from service.figures import sample
from service.figures.look import BELOW, Theme, director_marks, plain_label, rgba, template
from service.figures.mining_words import SIGNIFICANT
from told import Told

LEGEND_MOST = 14
LOADINGS = 12
"""Bars of an axis."""
SHARE_HOVER = "{} of {}, {:.0f} % [{:.0f}, {:.0f}]"
PAIR_HOVER = (
    "%{y} and %{x}<br>rho %{z:+.2f} [%{customdata[0]:+.2f}, %{customdata[1]:+.2f}]"
    "<br>corrected p %{customdata[2]:.2g} (%{hovertext}), %{customdata[3]} films<extra></extra>"
)
"""Filled in by the browser: thousands of cells with their own texts take seconds to copy and to send."""
NUMBERS_MOST = 26
"""With more attributes than this, a heatmap's cells are too small for numbers, and the browser takes seconds: the page
shows so many first."""


def correlation_heatmap(found: Correlations, theme: Theme) -> go.Figure:
    """Figures 25-30: rho from -1 to 1. Pairs that are significant after the correction show their number."""
    k = len(found.names)
    names = [plain_label(name) for name in found.names]
    shown = [
        [f"{found.rho[i, j]:+.2f}" if i != j and found.p_corrected[i, j] < SIGNIFICANT else "" for j in range(k)]
        for i in range(k)
    ]
    numbers = np.stack([found.low, found.high, found.p_corrected, found.n], axis=-1).astype(np.float32)
    methods = {films: Told(p_method(int(films))) for films in np.unique(found.n)}
    heatmap = go.Heatmap(
        z=found.rho,
        x=names,
        y=names,
        zmin=-1,
        zmax=1,
        colorscale=[list(stop) for stop in theme.diverging],
        text=shown if k <= NUMBERS_MOST else None,
        texttemplate="%{text}" if k <= NUMBERS_MOST else None,
        textfont={"size": 10 if k > 8 else 14, "color": theme.text},
        customdata=numbers,
        hovertext=[[methods[films] for films in row] for row in found.n],
        hovertemplate=PAIR_HOVER,
        hoverongaps=False,
        xgap=1,
        ygap=1,
        colorbar={"title": "rho", "thickness": 12, "outlinewidth": 0},
    )
    figure = go.Figure(heatmap)
    figure.update_layout(
        template=template(theme),
        height=max(320, 130 + 27 * k),
        yaxis={"autorange": "reversed"},
        xaxis={"tickangle": -45},
    )
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def pair_scatter(
    table: pd.DataFrame,
    x: str,
    y: str,
    films: Sequence[str] | pd.Series,
    directors: Sequence[str] | pd.Series,
    order: Sequence[str],
    theme: Theme,
) -> go.Figure:
    """Two attributes plotted against each other, one mark per film.

    The last of a mark's `customdata` is the row of its film in `table.index`.
    """
    points = pd.DataFrame({"x": table[x].to_numpy(), "y": table[y].to_numpy()}, index=table.index)
    return _director_scatter(points, films, directors, order, theme, x, y)


def _director_scatter(
    points: pd.DataFrame,
    films: Sequence[str] | pd.Series,
    directors: Sequence[str] | pd.Series,
    order: Sequence[str],
    theme: Theme,
    x_title: str,
    y_title: str,
) -> go.Figure:
    """One WebGL mark per film, for at most MOST_POINTS films; its last `customdata` is the film's row."""
    marks = director_marks(order, theme)
    drawn = sample.sampled(len(points), sample.MOST_POINTS)
    names, titles = (pd.Series(np.asarray(one, dtype=object)[drawn]) for one in (directors, films))
    xy, rows = points.iloc[drawn].reset_index(drop=True), np.asarray(points.index)[drawn]
    figure = go.Figure()
    present = set(directors)
    own = list(islice((name for name in order if name in present), LEGEND_MOST))
    rest = ~names.isin(own)
    groups = [(name, names == name) for name in own]
    if rest.any():
        groups.append(("others", rest))
    for name, which in groups:
        colour, symbol = marks.get(name, (theme.muted, "circle"))
        figure.add_trace(
            go.Scattergl(
                x=xy.loc[which, "x"],
                y=xy.loc[which, "y"],
                mode="markers",
                name=plain_label(name),
                marker={"color": colour, "symbol": symbol, "size": 11, "line": {"width": 1, "color": theme.background}},
                customdata=np.stack(
                    [titles[which].map(plain_label), names[which].map(plain_label), rows[which]], axis=1
                ),
                hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            )
        )
    figure.update_layout(
        template=template(theme),
        height=620,
        xaxis_title=x_title if isinstance(x_title, Told) else plain_label(x_title),
        yaxis_title=y_title if isinstance(y_title, Told) else plain_label(y_title),
        legend=BELOW,
    )
    return figure


def projection_scatter(
    found: Projected, films: pd.Series, directors: pd.Series, order: Sequence[str], theme: Theme
) -> go.Figure:
    """Figures 31-33: one mark per film, with the colour and shape of its director.

    Args:
        films: titles by the index of the encoded table; directors likewise.
        order: the catalogue's directors in the order of their colours.
    """
    index = found.points.index
    return _director_scatter(
        found.points, films.loc[index], directors.loc[index], order, theme, found.x_title, found.y_title
    )


def loadings_bars(parts: Mapping[str, Components], theme: Theme) -> go.Figure:
    """The features with the largest loadings on each axis, one colour per axis."""
    figure = go.Figure()
    axes = [(kind, part, component) for kind, part in parts.items() for component in part.loadings.columns]
    for colour, (kind, part, component) in zip((theme.accent, theme.directors[10]), axes, strict=True):
        size = part.loadings.abs().max(axis=1).sort_values(ascending=False)
        strongest = part.loadings.loc[size.index[:LOADINGS][::-1], component]
        figure.add_trace(
            go.Bar(
                x=strongest.to_numpy(),
                y=[plain_label(name) for name in strongest.index],
                orientation="h",
                name=Told("{}, component {}", Told(kind), component),
                marker_color=colour,
                hovertemplate="%{y}: %{x:+.2f}<extra></extra>",
            )
        )
    rows = sum(len(trace.y) for trace in figure.data)
    figure.update_layout(
        template=template(theme),
        height=150 + 24 * rows,
        xaxis_title="loading",
        barmode="group" if len(parts) == 1 else "overlay",
        legend=BELOW | {"y": -60 / (24 * rows)},
    )
    return figure


def decision_surfaces(
    surface: Surface,
    found: Projected,
    films: pd.Series,
    directors: pd.Series,
    order: Sequence[str],
    theme: Theme,
) -> go.Figure:
    """Figures 34-37: each director's region in a light shade of the director's colour, with the films on top."""
    marks = director_marks(order, theme)
    mine = directors.loc[found.points.index].isin(list(surface.directors))
    chosen = found.points.index[mine]
    scatter = _director_scatter(
        found.points.loc[chosen],
        films.loc[chosen],
        directors.loc[chosen],
        order,
        theme,
        found.x_title,
        found.y_title,
    )
    k = len(surface.directors)
    scale = []
    for place, name in enumerate(surface.directors):
        shade = rgba(marks.get(name, (theme.muted, ""))[0], 0.28)
        scale += [[place / k, shade], [(place + 1) / k, shade]]
    region = go.Heatmap(
        x=surface.x,
        y=surface.y,
        z=surface.winner,
        zmin=-0.5,
        zmax=k - 0.5,
        colorscale=scale,
        showscale=False,
        hoverinfo="skip",
    )
    figure = go.Figure([region, *scatter.data], layout=scatter.layout)
    figure.update_xaxes(showgrid=False, zeroline=False, range=[surface.x[0], surface.x[-1]])
    figure.update_yaxes(showgrid=False, zeroline=False, range=[surface.y[0], surface.y[-1]])
    return figure


def _share_words(counts: npt.NDArray[np.int64]) -> list[list[Told]]:
    """Of each cell: how many of its row, and the share with its 95 % interval (Wilson 1927)."""
    from scipy.stats import binomtest  # slow to import, and few pages need it

    words = []
    for row in counts:
        n = int(row.sum())
        cells: list[Told] = []
        for count in map(int, row):
            if n:
                low, high = binomtest(count, n).proportion_ci(method="wilson")
                cells.append(Told(SHARE_HOVER, count, n, *(100 * one for one in (count / n, low, high))))
            else:
                cells.append(Told("none"))
        words.append(cells)
    return words


def confusion_heatmap(labels: Sequence[str], counts: npt.NDArray[np.int64], theme: Theme) -> go.Figure:
    """(k, k) counts, rows are the true class: each cell shows its count, and its colour the share of the row."""
    names = [plain_label(label) for label in labels]
    figure = go.Figure(
        go.Heatmap(
            z=counts / np.maximum(counts.sum(axis=1, keepdims=True), 1),
            x=names,
            y=names,
            zmin=0,
            zmax=1,
            colorscale=[[0, theme.surface], [1, theme.diverging[-1][1]]],
            text=counts,
            texttemplate="%{text}",
            textfont={"color": theme.text},
            customdata=_share_words(counts),
            hovertemplate="%{y}, classified as %{x}:<br>%{customdata}<extra></extra>",
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    figure.update_layout(
        template=template(theme),
        height=140 + 30 * len(names),
        yaxis={"autorange": "reversed"},
        xaxis={"title": "classified as", "tickangle": -40},
    )
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def separation_bars(found: Sequence[Separation], theme: Theme) -> go.Figure:
    """Balanced accuracy from each source, compared with the accuracy for shuffled directors."""
    names = {
        "music": "music alone",
        "metadata": "metadata alone",
        "dialogue": "dialogue alone",
        "picture": "picture alone",
        "faces": "faces alone",
        "both": "music and metadata" if len(found) > 3 else "both",
        "all": "all together",
    }
    figure = go.Figure(
        [
            go.Bar(
                orientation="h",
                y=[names[one.source] for one in found],
                x=[100 * one.balanced_accuracy for one in found],
                marker_color=theme.accent,
                name="films held out",
                textposition="outside",
                text=[f"{100 * one.balanced_accuracy:.0f} %" for one in found],
                customdata=[
                    Told("[{:.0f}, {:.0f}], {} films", 100 * low, 100 * high, one.films)
                    for one, (low, high) in ((one, one.interval) for one in found)
                ],
                hovertemplate="%{y}: %{text} %{customdata}<extra></extra>",
            ),
            go.Bar(
                orientation="h",
                y=[names[one.source] for one in found],
                x=[100 * one.chance for one in found],
                marker_color=theme.muted,
                name="directors shuffled" if found and found[0].shuffles else "guessing",
                textposition="outside",
                text=[f"{100 * one.chance:.0f} %" for one in found],
            ),
        ]
    )
    figure.update_layout(
        template=template(theme),
        height=140 + 52 * len(found),
        xaxis={"title": "balanced accuracy (%)", "range": [0, 120], "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"autorange": "reversed", "showgrid": False},
        barmode="group",
        bargap=0.35,
        uniformtext={"minsize": 11, "mode": "show"},
        legend={**BELOW, "y": 1.02, "yanchor": "bottom"},
    )
    return figure
