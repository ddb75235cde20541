"""The look as the visitor's browser asks for it; palettes and the Plotly template are service.figures.look's."""

from __future__ import annotations

import streamlit as st

from service.figures.look import (
    DARK,
    LIGHT,
    PLAIN,
    SERIF,
    SYMBOLS,
    Theme,
    contrast,
    director_marks,
    rgba,
    template,
)

__all__ = [
    "DARK",
    "LIGHT",
    "PLAIN",
    "SERIF",
    "SYMBOLS",
    "Theme",
    "contrast",
    "current",
    "director_marks",
    "on_phone",
    "rgba",
    "template",
]


def current() -> Theme:
    """The theme the visitor sees; dark until the browser has told."""
    return LIGHT if st.context.theme.type == "light" else DARK


def on_phone() -> bool:
    """Whether a phone asks, by the word that its browser names itself with."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")
