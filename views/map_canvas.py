"""The canvas of the map: a component of ours that draws all points in the browser, and tells what is chosen there.

The points go to the browser once (`points`), apart from what changes while somebody looks at them (`canvas`), so that a
film that is searched for does not send them again. No movement of the map runs the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from service.figures.map_points import Groups
from views.language import say
from views.theme import PLAIN, Theme

_ASSETS = Path(__file__).parent / "assets"
POINTS_SCRIPT = (_ASSETS / "map_points.js").read_text(encoding="utf-8")
CANVAS_SCRIPT = "\n".join(
    (_ASSETS / f"map_{part}.js").read_text(encoding="utf-8") for part in ("picture", "hands", "canvas")
)
CANVAS_STYLE = (_ASSETS / "map_canvas.css").read_text(encoding="utf-8")

CLOSER, FARTHER, WHOLE = "Closer", "Farther", "Whole map"
DRAW_AROUND, LIST_VIEW, SAVE = "Draw around", "List what is in view", "Save as picture"
KEYS = (
    "Arrow keys move the map, plus and minus change its scale, 0 shows the whole map, "
    "Enter opens what is nearest to the middle, Escape ends a choice."
)
NEAREST, NOTHING_IN_VIEW = "{0} is nearest to the middle; {1} in view", "Nothing in view"
CHOSEN = "{} chosen"


@dataclass(frozen=True)
class Chosen:
    """What a visitor chose on the map."""

    rows: tuple[int, ...] = ()
    """Of the map's points"""
    clicked: bool = False
    """One point was clicked, rather than several drawn around"""


_points = st.components.v2.component("filmscore_map_points", js=POINTS_SCRIPT, isolate_styles=False)
_canvas = st.components.v2.component("filmscore_map", css=CANVAS_STYLE, js=CANVAS_SCRIPT, isolate_styles=False)


def draw(
    name: str,
    points: bytes,
    key: str,
    groups: Groups,
    look: Theme,
    label: str,
    *,
    scale: str = "",
    marked: Sequence[int] = (),
) -> Chosen:
    """Draw a map; what is chosen on it.

    Args:
        name: of the map; another one is shown as a whole, and the same one where it was.
        points: by `as_bytes`.
        key: theirs.
        label: what the map is, for screen readers.
        scale: what the colours mean, where they are a scale.
        marked: rows to fly to: one, or those of a path.
    """
    _points(key="map-points", data=points)
    told = _canvas(
        key=f"map-{name}", data=asked(name, key, groups, look, label, scale, marked), on_chosen_change=_nothing
    )
    return read(getattr(told, "chosen", None), key, len(groups.of))


def asked(
    name: str, key: str, groups: Groups, look: Theme, label: str, scale: str, marked: Sequence[int]
) -> dict[str, Any]:
    """What the canvas is asked to draw, as map_canvas.js takes it; the arguments are those of `draw`."""
    colours = groups.colours(look)
    return {
        "points": key,
        "place": name,
        "marked": list(marked),
        "label": label,
        "look": {"background": look.background, "text": look.text, "accent": look.accent, "font": PLAIN}
        | {"palette": colours, "under": groups.under},
        "legend": legend(groups, colours, scale),
        "words": words(),
    }


def legend(groups: Groups, colours: Sequence[str], scale: str) -> dict[str, Any]:
    """What stands below the map: the names with their colours, or the colours of a scale."""
    if not groups.names:
        return {"ramp": {"title": scale, "colours": colours[:-1]}}
    rows = zip(groups.names, colours, strict=True)
    return {"names": [{"name": say(name), "colour": one, "group": at} for at, (name, one) in enumerate(rows)]}


def words() -> dict[str, str]:
    """The canvas's words in the language of the page."""
    return {
        "closer": say(CLOSER),
        "farther": say(FARTHER),
        "whole": say(WHOLE),
        "draw": say(DRAW_AROUND),
        "list": say(LIST_VIEW),
        "save": say(SAVE),
        "keys": say(KEYS),
        "nearest": say(NEAREST, "{0}", "{1}"),
        "empty": say(NOTHING_IN_VIEW),
        "chosen": say(CHOSEN, "{}"),
    }


def read(told: object, key: str, n: int) -> Chosen:
    """What the browser says is chosen; nothing where it means other points, or says what no map says."""
    if not isinstance(told, Mapping) or told.get("points") != key or not isinstance(told.get("rows"), list):
        return Chosen()
    rows = [row for row in told["rows"] if isinstance(row, int) and not isinstance(row, bool) and 0 <= row < n]
    clicked = told.get("clicked") is True
    return Chosen(tuple(dict.fromkeys(rows[:1] if clicked else rows)), clicked)


def _nothing() -> None:
    """A choice is read when the page runs."""
