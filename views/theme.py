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
    "rgba",
    "template",
]


def current() -> Theme:
    """The theme the visitor sees; dark until the browser has told."""
    return LIGHT if st.context.theme.type == "light" else DARK
