"""The link of what a page shows, with a button that copies it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

SHARE = "Share"
_COPY = (Path(__file__).parent / "assets" / "copy_link.html").read_text(encoding="utf-8")


def copy_button(address: str = "") -> None:
    """A button that copies a link.

    Args:
        address: relative to this app; "" = the address of this page.
    """
    st.html(_COPY.replace("ADDRESS", address), unsafe_allow_javascript=True)


def share_menu(words: str, address: str = "") -> None:
    """A menu with the words and the button."""
    with st.popover(SHARE, icon=":material/link:", type="tertiary"):
        st.write(words)
        copy_button(address)
