"""The browser's memory of who is signed in: a cookie that the server sets and no script can read."""

from __future__ import annotations

import json

import streamlit as st

from service.rights.browsers import TICKETS

_SCRIPT = """<script>
fetch("session", {method: METHOD, headers: {"X-Filmscore-Ticket": TICKET}}).then(() => location.replace(PAGE))
</script>"""


def begin(token: str, page: str = "sign_in") -> None:
    """Let the browser fetch a session's cookie for a ticket, and open a page with it."""
    _ask("POST", TICKETS.issue(token), page)


def end() -> None:
    """Let the browser end its session and its cookie."""
    _ask("DELETE", "", "sign_in")


def _ask(method: str, ticket: str, page: str) -> None:
    script = _SCRIPT
    for name, value in (("METHOD", method), ("TICKET", ticket), ("PAGE", page)):
        script = script.replace(name, json.dumps(value))
    st.html(script, unsafe_allow_javascript=True)
