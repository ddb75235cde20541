"""Sign in: the admin's password, chosen once by the link that `filmscore serve` prints."""

from __future__ import annotations

import streamlit as st

from errors import FilmscoreError
from service.rights.access import has_password, set_password, sign_in, sign_out
from views import frame, session


def _first_password(token: str) -> None:
    st.write(
        "Choose the password of this home's admin. It is asked for whenever somebody wants to add or change films."
    )
    with st.form("set-up"):
        password = st.text_input("New password", type="password", help="Eight characters or more.")
        again = st.text_input("The same again", type="password")
        if st.form_submit_button("Set the password", type="primary"):
            if password != again:
                st.warning("The two differ. Type the same password twice.", icon=":material/info:")
                return
            try:
                session.begin(set_password(frame.home(), token, password))
            except FilmscoreError as error:
                frame.trouble(error)


def _source() -> str:
    """Where the browser is; Streamlit says nothing for this machine."""
    address = st.context.ip_address
    return address if isinstance(address, str) else "this machine"


def _password() -> None:
    with st.form("sign-in"):
        password = st.text_input("Password", type="password")
        if st.form_submit_button("Sign in", type="primary"):
            try:
                session.begin(sign_in(frame.home(), password, _source()))
            except FilmscoreError as error:
                frame.trouble(error)


def show() -> None:
    title = "Sign out" if frame.actor().is_admin else "Sign in"
    frame.page(title, "For who looks after the films. Everything else here needs no account.")
    token = st.query_params.get("setup", "")
    if frame.actor().is_admin:
        st.success("You are signed in.", icon=":material/check:")
        st.page_link(frame.ADD_PAGE, label="Add films", icon=":material/add:")
        if st.button("Sign out"):
            sign_out(frame.home(), frame.session_token() or "")
            session.end()
    elif not has_password(frame.home()):
        if token:
            _first_password(token)
        else:
            st.info(
                "No admin password was chosen yet. Open the link that filmscore serve printed in its terminal.",
                icon=":material/key:",
            )
    else:
        _password()


show()
