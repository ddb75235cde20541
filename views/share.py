"""Share what a page shows: a button that copies its link, and a QR code for a phone's camera."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import segno
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from views import frame
from views.language import say

SHARE, COPY, COPIED = "Share", "Copy link", "Copied"
CODE_ALT = "QR code of this link"
CODE_WORDS = "Point a phone's camera at the code to open this page there."
THIS_MACHINE_ONLY = (
    "This address works on this machine only. For phones, start it with `{}` and open it by this machine's name or "
    "number in your network."
)
FOR_PHONES = "serve --address 0.0.0.0"
TOO_LONG = "The link is too long for a code. Copy it instead."
MOST_BYTES = 1000
"""A longer link makes a code with more than 117 modules per side, which a camera cannot read reliably from a screen."""
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_COPY = (Path(__file__).parent / "assets" / "copy_link.html").read_text(encoding="utf-8")


def copy_button(address: str = "") -> None:
    """A button that copies a link.

    Args:
        address: relative to this app; "" = the address of this page.
    """
    words = {"ADDRESS": address, "COPY": say(COPY), "COPIED": say(COPIED)}
    drawn = re.sub("ADDRESS|COPIED|COPY", lambda one: words[one[0]], _COPY)
    st.html(drawn, unsafe_allow_javascript=True)


def share_menu(words: str, address: str = "") -> DeltaGenerator:
    """A menu with the words, the button and the code; the code is drawn (30 to 200 ms) when the menu opens.

    Returns:
        The menu, for what a page adds to it.
    """
    menu = st.popover(say(SHARE), icon=":material/link:", type="tertiary", key="share", on_change="rerun")
    with menu:
        st.write(words)
        copy_button(address)
        if menu.open:
            link_code(address)
    return menu


def on_this_machine() -> bool:
    """Whether the page is asked for at an address that only the machine that serves it has, or at none."""
    here = st.context.url
    return not here or urlsplit(here).hostname in _LOOPBACK


def link_code(address: str = "") -> None:
    """Show the QR code of a link, or say why there is none.

    Args:
        address: as in `copy_button`.
    """
    here = st.context.url
    if not here:
        return
    link = urljoin(here, address or f"?{urlencode(st.query_params.to_dict())}")
    if urlsplit(link).hostname in _LOOPBACK:
        st.caption(say(THIS_MACHINE_ONLY, frame.command(FOR_PHONES)))
    elif len(link.encode()) > MOST_BYTES:
        st.caption(say(TOO_LONG))
    else:
        st.html(f'<img class="fs-code" src="{_code(link)}" alt="{html.escape(say(CODE_ALT), quote=True)}">')
        st.caption(say(CODE_WORDS))


@st.cache_data(max_entries=256, show_spinner=False)
def _code(link: str) -> str:
    """The QR code of a link as a data URI of SVG: black on white in both themes, because cameras need it."""
    return segno.make_qr(link, error="l").svg_data_uri(dark="#000", light="#fff", border=4, omitsize=True)
