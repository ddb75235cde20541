"""Ratings from elsewhere (IMDb, Letterboxd, Trakt, MovieLens): a preview, then likes, dislikes and films seen."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from errors import FilmscoreError
from recommender.question import Question
from service.questions.app_data import OpenCatalogue
from service.questions.ratings_import import RatedFilms, uploaded_ratings, with_ratings
from service.rights.upload_limits import RATINGS_MB
from views import frame, undo
from views.given import given
from views.language import say
from views.question import ask

MENU, WHERE_FROM = "Bring your ratings", "The export of IMDb, Letterboxd (its ZIP, too), Trakt or MovieLens"
USE = "Use these ratings: {} liked, {} disliked, {} seen"
USE_WORDS = "From 7 of 10 on a film is liked; up to 4 it is not."
FILM, SAID, LIKED, DISLIKED, WATCHED = "Film", "Taken as", "liked", "disliked", "seen"
UNMATCHED = "Not in this catalogue ({})"
USED = "Your ratings are in the question now."
_SUFFIXES = ["csv", "json", "zip", "tsv", "txt"]


def bring_ratings(found: OpenCatalogue, question: Question) -> None:
    """A place to upload an export; nothing of it is kept but the question that it makes."""
    with st.popover(say(MENU), icon=":material/upload:", type="tertiary"):
        export = st.file_uploader(say(WHERE_FROM), type=_SUFFIXES, max_upload_size=RATINGS_MB, key="ratings-upload")
        if export is None:
            st.caption(say(USE_WORDS))
            return
        try:
            with given(export).open() as stream:
                rated = uploaded_ratings(found.snapshot, export.name, stream, found.known_titles)
        except FilmscoreError as error:
            frame.trouble(error)
            return
        for notice in rated.notices[:-1] if rated.unmatched else rated.notices:  # the list below names the unmatched
            st.caption(frame.plain(say(notice)))
        _preview(found, rated)
        counts = len(rated.likes), len(rated.dislikes), len(rated.seen)
        st.button(
            say(USE, *counts),
            type="primary",
            disabled=not rated.seen,
            key="ratings-use",
            on_click=_use,
            args=(question, rated),
        )


def _preview(found: OpenCatalogue, rated: RatedFilms) -> None:
    kinds = dict.fromkeys(rated.seen, say(WATCHED)) | dict.fromkeys(rated.dislikes, say(DISLIKED))
    kinds |= dict.fromkeys(rated.likes, say(LIKED))
    if kinds:
        names = found.names_of([*kinds])
        rows = [(names[film_id], kind) for film_id, kind in kinds.items()]
        st.dataframe(pd.DataFrame(rows, columns=[say(FILM), say(SAID)]), hide_index=True, height=240, alt=say(MENU))
    if rated.unmatched:
        with st.expander(say(UNMATCHED, len(rated.unmatched))):
            st.dataframe(pd.DataFrame({say(FILM): rated.unmatched}), hide_index=True, height=200, alt=say(FILM))


def _use(question: Question, rated: RatedFilms) -> None:
    ask(with_ratings(question, rated))
    undo.offer(say(USED), partial(ask, question))
