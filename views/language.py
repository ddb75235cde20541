"""The language of a page: English, or a language that has a table in `views/words/`, where the visitor asks for it."""

from __future__ import annotations

import os
from collections.abc import Mapping

import streamlit as st

from service.languages import VARIABLE, Language
from views.words.de import GERMAN

TABLES: Mapping[str, Mapping[str, str]] = {Language.ENGLISH: {}, Language.GERMAN: GERMAN}
"""Language -> English text -> its translation. Text that a table lacks stays English."""


def language() -> str:
    """The language of this page: the one served, else the browser's first, else English."""
    for asked in (os.environ.get(VARIABLE), st.context.locale):
        if asked:
            code = asked.split("-")[0].casefold()
            return code if code in TABLES else Language.ENGLISH
    return Language.ENGLISH


def say(text: str, *values: object) -> str:
    """A text of the app in the language of this page.

    Args:
        text: English, as it is written in the page; the key of the tables.
        values: for its `{}`, in order.
    """
    told = TABLES[language()].get(text, text)
    return told.format(*values) if values else told
