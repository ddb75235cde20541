"""Scenes as cards: whose film, where in it (a line with the scene as a mark), how like; on Film and on Sounds like."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from recommender import SceneMatch
from service.questions.app_data import OpenCatalogue
from views import frame
from views.film_figures import clock, span_of


def _mark(found: OpenCatalogue, match: SceneMatch) -> str:
    """The film as a line, the scene as a mark on it, and both in words."""
    length = max(found.length_s(match.film_id), match.end_s, 1)
    left, width = 100 * match.start_s / length, 100 * (match.end_s - match.start_s) / length
    words = f"{span_of(match.start_s, match.end_s)} of {clock(length)}"
    return (
        f'<div class="fs-strip" role="img" aria-label="{words}">'
        f'<i style="margin-left:{left:.2f}%;width:{max(width, 0.8):.2f}%"></i></div>'
        f'<div class="fs-meta">{words} · likeness {match.score:.2f}</div>'
    )


def scene_cards(found: OpenCatalogue, scenes: Sequence[SceneMatch], across: int) -> None:
    """One card a scene, in rows of `across`, with the way to its film."""
    if not scenes:
        st.caption("No other scene of the catalogue was heard yet.")
    for match, cell in zip(scenes, frame.grid(len(scenes), across), strict=True):
        with cell, st.container(border=True, height="stretch", key=f"card-scene-{match.film_id}-{match.start_s}"):
            name = html.escape(found.names.get(match.film_id, ""))
            st.html(f'<h3 class="fs-scene" dir="auto">{name}</h3>{_mark(found, match)}')
            frame.open_film_link(found.snapshot.film(match.film_id))
