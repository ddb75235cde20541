"""Films as an answer: cards with a sentence of why and buttons; a card that is dealt with gives up its place."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from errors import FilmscoreError
from film import Film
from recommender.question import Answer, Question, Reason, Recommendation
from recommender.telling import sentence
from recommender.weights import group_of
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import Row
from service.questions.lists import SEEN as SEEN_LIST
from service.questions.lists import put
from views import frame, links, undo
from views.language import say, say_error
from views.player import listening_keys
from views.question import ask, move, page_words
from views.scenes import heard_in_both
from views.theme import Theme
from views.wall import wall

LIKE, DISLIKE, SEEN = "Like", "Not for me", "Seen"
SAID = {"likes": "Liked", "dislikes": "Hidden, not for you", "seen": "Seen", "": "Shown again"}
WHY, SCORE, REASONS = "Why this score", "Score", "Reasons"
LEAST_SHOWN = 0.005
"""A smaller share would be shown as 0.00."""
NONE = "No film fits. Loosen the filters, or move the slider: films that were not analysed have no sound."
SEE_ALL = "See all"
ROWS = {
    "loved": "Best loved",
    "calm": "The calmest music",
    "energetic": "The most energetic music",
    "fast": "The fastest music",
    "music": "The most music",
    "sounds-like": "Sounds like {}",
    "composer": "With music by {}",
    "director": "By {}",
    "added": "Newly added",
}


def deal(film_id: int, kind: str, title: str, rank: int = 0) -> None:
    """A button of a film: it puts the film into one list of the question and removes it from the others; "seen" is also
    saved."""
    before: Question = st.session_state["question"]
    move(film_id, kind)
    moves = st.session_state.get("moved", (0, 0))[1]
    st.session_state["moved"] = (rank, moves + 1)
    was_seen = film_id in before.seen
    if (kind == "seen") != was_seen:
        keep(SEEN_LIST, film_id, within=kind == "seen")

    def back() -> None:
        ask(before)
        if (kind == "seen") != was_seen:
            keep(SEEN_LIST, film_id, within=was_seen)

    undo.offer(f"{say(SAID[kind])}: {title}", back)


def keep(name: str, film_id: int, *, within: bool) -> None:
    """Put a film into a list of this reader, or remove it; errors are shown on the page."""
    try:
        put(frame.home(), frame.reader(), name, film_id, within=within)
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)


def _arithmetic(reasons: tuple[Reason, ...], heard: str) -> str:
    """Shares as bars beside their words, and the scenes to `heard` (HTML), to be opened; the sign is written as well as
    coloured."""
    told = sorted((one for one in reasons if abs(one.share) >= LEAST_SHOWN), key=lambda one: -abs(one.share))
    widest = max((abs(one.share) for one in told), default=1.0)
    rows = []
    for one in told:
        kind = ' class="minus"' if one.share < 0 else ""
        rows.append(
            f"<li><span>{html.escape(say(one.words))}</span>"
            f'<span class="fs-track"><i{kind} style="width:{100 * abs(one.share) / widest:.0f}%"></i></span>'
            f'<span class="fs-num">{one.share:+.2f}</span></li>'
        )
    total = sum(one.share for one in reasons)
    rows.append(f'<li><b>{say(SCORE)}</b><span></span><span class="fs-num">{total:.2f}</span></li>')
    bars = f'<ul class="fs-reasons" aria-label="{say(REASONS)}">{"".join(rows)}</ul>'
    return f'<details class="fs-why"><summary>{say(WHY)}</summary>{bars}{heard}</details>'


def film_button(label: str, icon: str, film: Film, kind: str, place: str, rank: int = 0, pressed: bool = False) -> None:
    """A button that puts a film into a list; pressed, it takes it out again."""
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{place}-{kind}-{film.film_id}",
        type="primary" if pressed else "tertiary",
        on_click=deal,
        args=(film.film_id, "" if pressed else kind, film.title, rank),
    )


_PLACE = (Path(__file__).parent / "assets" / "keep_place.html").read_text(encoding="utf-8")


def _keep_place(films: list[Film]) -> None:
    """After a button on a card: the card that replaces it keeps its position and gets the focus."""
    rank, moves = st.session_state.get("moved", (0, 0))
    here = films[min(rank, len(films)) - 1].film_id if rank and films else 0
    st.html(_PLACE.replace("FILM", str(here)).replace("MOVE", str(moves)), unsafe_allow_javascript=True)


def _heard(found: OpenCatalogue, results: Sequence[Recommendation]) -> dict[int, str]:
    """film_id -> the scenes in which a film sounds like the like that it comes from, where its sound is a reason."""
    pairs = [
        (result.because[0].film.film_id or 0, result.film.film_id or 0)
        for result in results
        if result.because and any(group_of(one.block) == "sound" and one.share >= LEAST_SHOWN for one in result.reasons)
    ]
    return heard_in_both(found, [pair for pair in pairs if pair[0] in found.names and pair[1] in found.names])


def _card(found: OpenCatalogue, result: Recommendation, look: Theme, rank: int, heard: str) -> None:
    note = f'<p class="fs-meta">{html.escape(say(result.note))}</p>' if result.note else ""
    why = f'<p class="fs-sentence" dir="auto">{html.escape(say(sentence(result)))}</p>'
    frame.film_card(found, result.film, look, rank=rank, inside=why + note, more=_arithmetic(result.reasons, heard))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        film_button(say(LIKE), "favorite", result.film, "likes", "card", rank)
        film_button(say(DISLIKE), "block", result.film, "dislikes", "card", rank)
        film_button(say(SEEN), "visibility", result.film, "seen", "card", rank)


def results(found: OpenCatalogue, answer: Answer, look: Theme) -> None:
    """The answer as cards, two in a row where there is room."""
    for notice in answer.notices:
        st.caption(frame.plain(page_words(notice)))
    if not answer.results:
        st.info(say(NONE))
        return
    heard = _heard(found, answer.results)
    found.drawings([result.film.film_id or 0 for result in answer.results])  # all cards' at once
    listening_keys()
    cells = frame.grid(len(answer.results), 2)
    for rank, (result, cell) in enumerate(zip(answer.results, cells, strict=True), 1):
        with cell, st.container(border=True, height="stretch", key=f"card-{result.film.film_id}"):
            _card(found, result, look, rank, heard.get(result.film.film_id or 0, ""))
    _keep_place([result.film for result in answer.results])


def begin_rows(found: OpenCatalogue, rows: tuple[Row, ...], look: Theme) -> None:
    """Rows of suggestions for visitors without likes; each links to its question."""
    for row in rows:
        name = say(ROWS[row.name], row.about)
        more = links.link(say(SEE_ALL), row.page, row.params, label=f"{say(SEE_ALL)}: {name}")
        st.html(f'<div class="fs-rowhead"><h3 dir="auto">{html.escape(name)}</h3>{more}</div>')
        wall(found, row.film_ids, look, name, "fs-row")
