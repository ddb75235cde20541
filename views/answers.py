"""Films as an answer: cards with reasons and what can be said of each; a card that is dealt with gives up its place."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from errors import FilmscoreError
from film import Film
from recommender.question import Answer, Filters, Reason
from service.questions.app_data import OpenCatalogue, feedback
from views import frame
from views.question import move, page_words
from views.theme import Theme

REASONS = 4
SAID = {"likes": "Liked", "dislikes": "Not for you", "seen": "Seen", "": "Taken back"}


def deal(film_id: int, kind: str, title: str, rank: int = 0) -> None:
    """A button on a card: the film goes to one list and leaves the others."""
    move(film_id, kind)
    moves = st.session_state.get("moved", ("", 0, 0))[2]
    st.session_state["moved"] = (f"{SAID[kind]}: {title}", rank, moves + 1)
    if kind:
        try:
            feedback(frame.home(), film_id, kind.rstrip("s"))
        except FilmscoreError as error:  # the list itself is in the address, and holds
            st.session_state["notices"] = (str(error),)


def _reasons(reasons: tuple[Reason, ...]) -> str:
    """Shares as bars beside their words; the sign is written as well as coloured."""
    told = sorted((one for one in reasons if abs(one.share) >= 0.0005), key=lambda one: -abs(one.share))
    widest = max((abs(one.share) for one in told), default=1.0)
    rows = []
    for one in told[:REASONS]:
        kind = ' class="minus"' if one.share < 0 else ""
        rows.append(
            f"<li><span>{html.escape(one.words)}</span>"
            f'<span class="fs-track"><i{kind} style="width:{100 * abs(one.share) / widest:.0f}%"></i></span>'
            f'<span class="fs-num">{one.share:+.2f}</span></li>'
        )
    rest = told[REASONS:]
    if rest:
        rows.append(
            f'<li><span class="fs-meta">{len(rest)} smaller reason{"s" if len(rest) > 1 else ""}</span><span></span>'
            f'<span class="fs-num">{sum(one.share for one in rest):+.2f}</span></li>'
        )
    return f'<ul class="fs-reasons" aria-label="Reasons">{"".join(rows)}</ul>'


def _button(label: str, icon: str, film: Film, kind: str, place: str, rank: int = 0) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{place}-{kind}-{film.film_id}",
        type="tertiary",
        on_click=deal,
        args=(film.film_id, kind, film.title, rank),
    )


def _actions(film: Film, rank: int) -> None:
    _button("Like", "add", film, "likes", "card", rank)
    _button("Not for me", "block", film, "dislikes", "card", rank)
    _button("Seen", "visibility", film, "seen", "card", rank)


_PLACE = (Path(__file__).parent / "assets" / "keep_place.html").read_text(encoding="utf-8")


def _keep_place(films: list[Film]) -> None:
    """After a button on a card: say what it did; the card that took its place stands where it stood, with the focus."""
    said, rank, move = st.session_state.get("moved", ("", 0, 0))
    if said and st.session_state.get("told") != move:
        st.session_state["told"] = move
        st.toast(frame.plain(said))
    here = films[min(rank, len(films)) - 1].film_id if rank and films else 0
    st.html(_PLACE.replace("FILM", str(here)).replace("MOVE", str(move)), unsafe_allow_javascript=True)


def results(found: OpenCatalogue, answer: Answer, look: Theme) -> None:
    for notice in answer.notices:
        st.caption(frame.plain(page_words(notice)))
    if not answer.results:
        st.info("No film fits. Loosen the filters, or move the slider: films that were not heard have no sound.")
        return
    cells = frame.grid(len(answer.results), 2)
    for rank, (result, cell) in enumerate(zip(answer.results, cells, strict=True), 1):
        film_id = result.film.film_id or 0
        with cell, st.container(border=True, height="stretch", key=f"card-{film_id}"):
            note = f'<p class="fs-meta">{html.escape(result.note)}</p>' if result.note else ""
            frame.film_card(found, result.film, look, rank=rank, more=_reasons(result.reasons) + note)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                frame.open_film_link(result.film)
                _actions(result.film, rank)
    _keep_place([result.film for result in answer.results])


def starters(found: OpenCatalogue, look: Theme) -> None:
    st.subheader("Begin with a film you know", anchor=False)
    heard = found.recommender.starters(3, Filters(with_music=True))
    known = {film.film_id for film in heard}
    films = [*heard, *(film for film in found.recommender.starters(9) if film.film_id not in known)][:9]
    for film, cell in zip(films, frame.grid(len(films), 3), strict=True):
        with cell, st.container(border=True, height="stretch", key=f"card-start-{film.film_id}"):
            frame.film_card(found, film, look, size=64)
            _button("I like this one", "add", film, "likes", "start")
