"""Sign in: an account of the provider that the server names, or the admin's password.

The password is chosen once by the link that `filmscore serve` prints.
"""

from __future__ import annotations

import streamlit as st

from errors import FilmscoreError
from service.rights.access import Actor, has_password, set_password, sign_in, sign_out
from service.rights.oidc import is_offered
from service.rights.oidc_door import ACCOUNT, FAILED, UNLISTED
from views import frame, session
from views.language import say

LOCAL_SOURCE = "this machine"
WITH_ACCOUNT = "Sign in with your account"
SAID = {
    UNLISTED: "Your account has no rights here, so you are a visitor. Ask who looks after the films.",
    FAILED: "The sign-in with your account did not succeed. Try again.",
}


FIRST_WORDS = (
    "Choose the password of this home's admin. It is asked for whenever somebody wants to add or change films."
)
NEW = "New password"
AGAIN = "The same again"
SET = "Set the password"
NEW_HELP = "Eight characters or more."
DIFFER = "The two differ. Type the same password twice."
LABEL = "Password"
SIGN_IN = "Sign in"
SIGN_OUT = "Sign out"
SIGNED_IN = "You are signed in{}."
OVERVIEW = "Overview"
LEAD = "For those who look after the films. Everything else here needs no account."
NONE_CHOSEN = "No admin password was chosen yet. Open the link that filmscore serve printed in its terminal."


def _first_password(token: str) -> None:
    st.write(say(FIRST_WORDS))
    with st.form("set-up"):
        password = st.text_input(say(NEW), type="password", help=say(NEW_HELP))
        again = st.text_input(say(AGAIN), type="password")
        if st.form_submit_button(say(SET), type="primary"):
            if password != again:
                st.warning(say(DIFFER), icon=":material/info:")
                return
            try:
                session.begin(set_password(frame.home(), token, password), "overview")
            except FilmscoreError as error:
                frame.trouble(error)


def _source() -> str:
    """Where the browser is; Streamlit says nothing for this machine."""
    address = st.context.ip_address
    return address if isinstance(address, str) else LOCAL_SOURCE


def _password() -> None:
    with st.form("sign-in"):
        password = st.text_input(say(LABEL), type="password")
        if st.form_submit_button(say(SIGN_IN), type="primary"):
            try:
                session.begin(sign_in(frame.home(), password, _source()), "overview")
            except FilmscoreError as error:
                frame.trouble(error)


def _account() -> None:
    """The way by the provider, if there is one, and what became of the last try."""
    if said := SAID.get(st.query_params.get(ACCOUNT, "")):
        st.warning(said, icon=":material/info:")
    if is_offered() and st.button(say(WITH_ACCOUNT), type="primary", icon=":material/account_circle:"):
        st.login()


def _signed_in(asking: Actor) -> None:
    name = "" if asking.name == asking.role else f" as {asking.name}"
    st.success(frame.plain(say(SIGNED_IN, name)), icon=":material/check:")
    if asking.is_admin:
        st.page_link(frame.OVERVIEW_PAGE, label=say(OVERVIEW), icon=":material/dashboard:")
    if st.button(say(SIGN_OUT)):
        sign_out(frame.home(), frame.session_token() or "")
        session.end()


def show() -> None:
    asking = frame.actor()
    title = say(SIGN_OUT) if asking.is_signed_in else say(SIGN_IN)
    frame.page(title, say(LEAD))
    token = st.query_params.get("setup", "")
    if asking.is_signed_in:
        _signed_in(asking)
        return
    _account()
    if has_password(frame.home()):
        _password()
    elif token:
        _first_password(token)
    elif not is_offered():
        st.info(
            say(NONE_CHOSEN),
            icon=":material/key:",
        )


show()
