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

SHIPPED = "the shipped head"


def _installed(asking: Actor) -> None:
    home = frame.home()
    own = ears.installed(home)
    st.subheader("Your trained models", anchor=False)
    if not own:
        st.caption("None yet. Train one below: it learns your labels on top of the shipped networks, in minutes.")
    for kind in jobs.HEADS:
        of_kind = {head.version: head for head in own if head.kind == kind}
        if not of_kind:
            continue
        used = next((version for version, head in of_kind.items() if head.active), SHIPPED)
        options = [SHIPPED, *of_kind]
        chosen = st.radio(kind.capitalize(), options, index=options.index(used), key=f"use-{kind}", horizontal=True)
        if chosen != used and st.button(f"Hear {kind} with {chosen}", key=f"do-{kind}", type="primary"):
            try:
                ears.use(home, asking, kind, None if chosen == SHIPPED else chosen)
            except FilmscoreError as error:
                frame.trouble(error)
                return
            st.rerun()
        for head in of_kind.values():
            if head.fault:
                frame.trouble(ModelError(head.fault))
            with st.expander(f"Card of {head.version}"):
                st.markdown(head.card or "This head came without a card.")


def _train(asking: Actor) -> None:
    st.subheader("Train a head", anchor=False)
    st.write("A manifest is a CSV below a media root: columns path and label; start_s, end_s and group if wanted.")
    with st.form("train"):
        left, right = st.columns([1, 3])
        model = left.selectbox("Attribute", jobs.HEADS)
        manifest = right.text_input("Manifest")
        if st.form_submit_button("Train"):
            try:
                jobs.submit(frame.home(), asking, "train", {"model": model, "manifest": manifest})
            except FilmscoreError as error:
                frame.trouble(error)
                return
            frame.started()


def _stale(asking: Actor) -> None:
    home = frame.home()
    version = ears.current_version(home)
    old = stale(home, asking, version)
    st.subheader("Films that other models heard", anchor=False)
    st.caption(f"New films are heard by {frame.plain(version)}.")
    if not old:
        st.caption("All films were heard by it.")
        return
    st.write(f"{len(old)} films were heard by another version; their values are compared with each other only.")
    if st.button("Hear them again", icon=":material/hearing:"):
        try:
            jobs.submit(home, asking, "reanalyse", {"film_ids": [int(film.film_id or 0) for film in old]})
        except FilmscoreError as error:
            frame.trouble(error)
            return
        frame.started()


def show() -> None:
    frame.page("Models", "What hears the films. Cards and figures of the shipped models are on the page Validity.")
    asking = frame.admin_or_stop()
    rows = [
        {"model": one.name, "kind": one.kind, "version": one.version, "sha256": one.sha256[:16]}
        for one in ears.shipped()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="The shipped weights with their hashes")
    _installed(asking)
    _train(asking)
    _stale(asking)


show()
