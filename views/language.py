"""The language of a page: English, or a language that has a table in `views/words/`, where the visitor asks for it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from string import Formatter

import streamlit as st

from errors import FilmscoreError
from service.languages import VARIABLE, Language
from told import Told
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


class _German(Formatter):
    """Writes numbers with a comma before their decimals and a point between thousands."""

    def format_field(self, value: object, format_spec: str) -> str:
        written = str(super().format_field(value, format_spec))
        return written.translate(_COMMAS) if isinstance(value, int | float) else written


_COMMAS = str.maketrans(",.", ".,")
_FORMATTERS: Mapping[str, Formatter] = {Language.ENGLISH: Formatter(), Language.GERMAN: _German()}


def say(text: str, *values: object) -> str:
    """A text of the app, in the language of this page.

    Args:
        text: English, as written in the page's module; its template is the key in the tables.
        values: for its `{}`, in order, unless the text has its own values (`told`).
    """
    if isinstance(text, Told):
        return text.finished(_said(text.template, text.values))
    return _said(text, values)


def say_error(error: Exception) -> str:
    """An error's message; in the language of this page where it was made by `told`."""
    return say(error.message) if isinstance(error, FilmscoreError) else str(error)


def _said(template: str, values: Sequence[object]) -> str:
    now = language()
    written = TABLES[now].get(template, template)
    if not values:
        return written
    given = [say(value) if isinstance(value, Told) else value for value in values]
    return _FORMATTERS[now].vformat(written, given, {})
