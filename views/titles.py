"""Films to choose from, by their titles: all of them, or of a large catalogue those that fit what is typed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from service.questions.app_data import OpenCatalogue
from views.language import say

MOST_OPTIONS = 5_000
"""More options than this are not sent to the browser: they would be megabytes, each time a page is drawn."""
MOST_FOUND = 30
MOST_ROWS = 1_000
"""Most rows of a table that are sent to the browser; the CSV contains all rows."""
SEARCH, SEARCH_HINT = "Search a title", "Type a part of it; small slips are forgiven"


def titles_to_choose(
    found: OpenCatalogue, chosen: Sequence[int], place: str, among: Sequence[int] | None = None
) -> list[int]:
    """The film_ids that a list of titles offers; where there are too many, a box above it asks for a part of the title.

    Args:
        chosen: the films that the list shows as chosen, which are always in it.
        place: names the box among the widgets.
        among: the films to choose from; None = all.
    """
    films = list(found.names) if among is None else [int(one) for one in among]
    if len(films) <= MOST_OPTIONS:
        return films
    text = st.text_input(say(SEARCH), placeholder=say(SEARCH_HINT), key=f"search-{place}")
    near = found.snapshot.find_titles(text, limit=MOST_FOUND) if text.strip() else []
    allowed = None if among is None else set(films)
    ids = [film.film_id for film in near if film.film_id is not None and (allowed is None or film.film_id in allowed)]
    return list(dict.fromkeys([*chosen, *ids]))
