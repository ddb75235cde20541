"""The browser's memory of who is signed in."""

from __future__ import annotations

import json

import streamlit as st

from service.access import SESSION_S
from views.frame import COOKIE


def remember(token: str) -> None:
    """Keep a session in this browser; an empty token ends it there. The page sets the cookie by `set_cookie`."""
    st.session_state["session"] = token
    st.session_state["cookie-to-set"] = token


def set_cookie() -> None:
    """Give the browser the session that was begun or ended by the last click."""
    if "cookie-to-set" in st.session_state:
        token = st.session_state.pop("cookie-to-set")
        value = f"{COOKIE}={token}; path=/; SameSite=Strict; max-age={int(SESSION_S) if token else 0}"
        secure = "(location.protocol === 'https:' ? '; Secure' : '')"
        script = f"<script>document.cookie = {json.dumps(value)} + {secure}</script>"
        st.html(script, unsafe_allow_javascript=True)
