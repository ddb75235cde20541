"""The look of filmscore: one accent colour, fixed palettes and one Plotly template, for the pages and `mine --html`.

The two themes give colours the same meaning: `DARK` (cinema, the default) and `LIGHT` (paper). `.streamlit/config.toml`
has the same colours for Streamlit's own elements; tests/views/test_look.py checks that they agree and that text meets
contrast level AA.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from film import GENRES, LABELS

SERIF = "Newsreader, 'Noto Serif', Georgia, serif"
PLAIN = "SourceSans3, 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as #rrggbb."""

    name: str
    accent: str
    background: str
    surface: str
    text: str
    muted: str
    line: str
    directors: tuple[str, ...]
    """Twelve colours that people with common colour-vision deficiencies can distinguish (after Paul Tol's muted
    scheme)."""
    genre: Mapping[str, str]
    label: Mapping[str, str]
    """music, speech, other"""
    levels: tuple[str, str, str]
    """A ramp: level 0, 1, 2."""
    diverging: tuple[tuple[float, str], ...]
    """Plotly colour scale for -1..1; the text's colour can be read on all of it."""
    good: str
    warn: str
    bad: str


def _genres(*colours: str) -> dict[str, str]:
    return dict(zip(GENRES, colours, strict=True))


def _labels(*colours: str) -> dict[str, str]:
    return dict(zip(LABELS, colours, strict=True))


DARK = Theme(
    name="dark",
    accent="#e3a857",
    background="#131210",
    surface="#1e1c19",
    text="#ece6da",
    muted="#a79f91",
    line="#37332d",
    directors=(
        "#88ccee", "#cc6677", "#ddcc77", "#3fa264", "#8378d6", "#c76bb8",
        "#44aa99", "#a5a53a", "#b94a7d", "#d98a4b", "#6699cc", "#a0a0a0",
    ),
    genre=_genres(
        "#5b8ff0", "#d9534f", "#f29ac0", "#8d8d93", "#e08a3c", "#e8d9a8", "#3dc6c1", "#9b6fd4", "#9aa63c", "#e85fb0"
    ),
    label=_labels("#e3a857", "#7a8b99", "#3b3833"),
    levels=("#4f6d8f", "#a9a08c", "#f0b45c"),
    diverging=((0.0, "#34689f"), (0.5, "#1e1c19"), (1.0, "#8f5d1a")),
    good="#63b58f",
    warn="#e0c34f",
    bad="#e5736b",
)  # fmt: skip

LIGHT = Theme(
    name="light",
    accent="#8a4b0a",
    background="#fbf8f2",
    surface="#f2ece0",
    text="#241f19",
    muted="#6a6154",
    line="#ddd4c3",
    directors=(
        "#4a9cc4", "#b9505f", "#a8922a", "#117733", "#332288", "#aa4499",
        "#2b8a7b", "#7a7a1c", "#882255", "#8a3d10", "#3f6fa8", "#707070",
    ),
    genre=_genres(
        "#2f5fc4", "#b83330", "#d46a98", "#4b4b52", "#b8621b", "#b59a45", "#148a86", "#6b3fa8", "#697416", "#b82d83"
    ),
    label=_labels("#c47a1f", "#76858f", "#d8d0c1"),
    levels=("#46678c", "#9a917d", "#c06a10"),
    diverging=((0.0, "#5f97cf"), (0.5, "#fbf8f2"), (1.0, "#d08428")),
    good="#1f7a50",
    warn="#8a6d00",
    bad="#b0332b",
)  # fmt: skip

SYMBOLS = (
    "circle", "square", "diamond", "cross", "triangle-up", "star",
    "pentagon", "x", "hexagon", "triangle-down", "bowtie", "hourglass",
)  # fmt: skip
"""One marker shape per director, so that no meaning depends on colour alone."""


def director_marks(directors: Sequence[str], theme: Theme) -> dict[str, tuple[str, str]]:
    """Colour and marker shape of each director.

    Args:
        directors: the catalogue's directors in its fixed order (service.questions.app_data). The first twelve get
            colours
            of their own; the others share the muted colour.
    """
    marks = {}
    for rank, name in enumerate(directors):
        own = rank < len(theme.directors)
        marks[name] = (theme.directors[rank] if own else theme.muted, SYMBOLS[rank % len(SYMBOLS)])
    return marks


def template(theme: Theme) -> go.layout.Template:
    """The Plotly template that every figure uses."""
    axis = {
        "gridcolor": theme.line,
        "linecolor": theme.line,
        "zerolinecolor": theme.line,
        "tickfont": {"color": theme.muted, "size": 12},
        "title": {"font": {"color": theme.muted, "size": 13}},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "paper_bgcolor": theme.background,
            "plot_bgcolor": theme.background,
            "font": {"family": PLAIN, "color": theme.text, "size": 14},
            "title": {"font": {"family": SERIF, "size": 20}, "x": 0, "xanchor": "left"},
            "colorway": list(theme.directors),
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"font": {"color": theme.text, "size": 12}, "bgcolor": "rgba(0,0,0,0)"},
            "hoverlabel": {
                "bgcolor": theme.surface,
                "bordercolor": theme.line,
                "font": {"family": PLAIN, "color": theme.text},
            },
            "margin": {"l": 16, "r": 16, "t": 34, "b": 16},
            "coloraxis": {"colorbar": {"outlinewidth": 0, "thickness": 12}},
        }
    )


BELOW: dict[str, object] = {"itemsizing": "constant", "orientation": "h", "y": -0.14, "yanchor": "top", "x": 0}
"""A legend below the figure, where narrow windows have room for it."""


def plain_label(text: object) -> str:
    """Escape text of a film for Plotly, which interprets some HTML tags in labels, legends and axes."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;")


def rgba(colour: str, alpha: float) -> str:
    """`#rrggbb` and an opacity as a CSS colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours, from 1 to 21."""

    def luminance(colour: str) -> float:
        total = 0.0
        for start, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722)):
            channel = int(colour[start : start + 2], 16) / 255
            total += weight * (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
        return total

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
