"""The link of what a page shows, with a button that copies it."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from views.language import say

SHARE, COPY, COPIED = "Share", "Copy link", "Copied"
_COPY = (Path(__file__).parent / "assets" / "copy_link.html").read_text(encoding="utf-8")


def copy_button(address: str = "") -> None:
    """A button that copies a link.

    Args:
        address: relative to this app; "" = the address of this page.
    """
    words = {"ADDRESS": address, "COPY": say(COPY), "COPIED": say(COPIED)}
    drawn = re.sub("ADDRESS|COPIED|COPY", lambda one: words[one[0]], _COPY)
    st.html(drawn, unsafe_allow_javascript=True)


def share_menu(words: str, address: str = "") -> None:
    """A menu with the words and the button."""
    with st.popover(say(SHARE), icon=":material/link:", type="tertiary"):
        st.write(words)
        copy_button(address)
