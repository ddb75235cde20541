"""Models: what hears, how well, heads that were trained here, and the way back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from errors import FilmscoreError, ModelError
from service.jobs import jobs
from service.library import ears
from service.library.editing import stale
from service.rights.access import Actor
from views import frame
from views.language import say
from views.submitting import submit

SHIPPED = "the shipped model"


YOUR_TRAINED_MODELS = "Your trained models"
NO_MODELS = "None yet. Train one below: it learns your labels on top of the shipped networks, in minutes."
HEAR_WITH = "Use {1} for {0}"
CARD_OF = "Card of {}"
NO_CARD = "This model came without a card."
TRAIN_TITLE = "Train a model"
MANIFEST_WORDS = "A manifest is a CSV below a media root: columns path and label; start_s, end_s and group if wanted."
ATTRIBUTE = "Attribute"
MANIFEST = "Manifest"
TRAIN = "Train"
STALE_TITLE = "Films that other models analysed"
CURRENT = "New films are analysed by {}."
STALE_WORDS = "Another version analysed {} films. Their values are compared with each other only."
HEAR_AGAIN = "Analyse them again"
NONE_STALE = "It heard all films that are analysed."
TITLE = "Models"
LEAD = "What hears the films. Cards and figures of the shipped models are on the page Validity."
SHIPPED_ALT = "The shipped weights with their hashes"


def _installed(asking: Actor) -> None:
    home = frame.home()
    own = ears.installed(home)
    st.subheader(say(YOUR_TRAINED_MODELS), anchor=False)
    if not own:
        st.caption(say(NO_MODELS))
    for kind in jobs.HEADS:
        of_kind = {head.version: head for head in own if head.kind == kind}
        if not of_kind:
            continue
        used = next((version for version, head in of_kind.items() if head.active), SHIPPED)
        options = [SHIPPED, *of_kind]
        chosen = st.radio(
            say(kind.capitalize()),
            options,
            index=options.index(used),
            format_func=say,
            key=f"use-{kind}",
            horizontal=True,
        )
        if chosen != used and st.button(say(HEAR_WITH, say(kind), say(chosen)), key=f"do-{kind}", type="primary"):
            try:
                ears.use(home, asking, kind, None if chosen == SHIPPED else chosen)
            except FilmscoreError as error:
                frame.trouble(error)
                return
            st.rerun()
        for head in of_kind.values():
            if head.fault:
                frame.trouble(ModelError(head.fault))
            with st.expander(say(CARD_OF, head.version)):
                st.markdown(head.card or say(NO_CARD))


def _train(asking: Actor) -> None:
    st.subheader(say(TRAIN_TITLE), anchor=False)
    st.write(say(MANIFEST_WORDS))
    with st.form("train"):
        left, right = st.columns([1, 3])
        model = left.selectbox(say(ATTRIBUTE), jobs.HEADS, format_func=say)
        manifest = right.text_input(say(MANIFEST))
        if st.form_submit_button(say(TRAIN)):
            submit(asking, "train", {"model": model, "manifest": manifest})


def _stale(asking: Actor) -> None:
    home = frame.home()
    version = ears.current_version(home)
    old = stale(home, asking, version)
    st.subheader(say(STALE_TITLE), anchor=False)
    st.caption(say(CURRENT, frame.plain(version)))
    if not old:
        st.caption(say(NONE_STALE))
        return
    st.write(say(STALE_WORDS, len(old)))
    if st.button(say(HEAR_AGAIN), icon=":material/hearing:"):
        submit(asking, "reanalyse", {"film_ids": [int(film.film_id or 0) for film in old]})


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    rows = [
        {say("model"): one.name, say("kind"): one.kind, say("version"): one.version, "sha256": one.sha256[:16]}
        for one in ears.shipped()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt=say(SHIPPED_ALT))
    _installed(asking)
    _train(asking)
    _stale(asking)


show()
