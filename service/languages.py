"""The languages of the app's pages, and how one of them is set for every visitor."""

from __future__ import annotations

from enum import StrEnum

VARIABLE = "FILMSCORE_LANGUAGE"
"""The environment variable of the app's process that holds a `Language`; without it, each browser's language counts."""


class Language(StrEnum):
    """A language that pages can be shown in."""

    ENGLISH = "en"
    GERMAN = "de"
