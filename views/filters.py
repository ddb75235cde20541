"""The menu Filters on Discover: which films may be answers, how many, and how many of one director."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from recommender.question import Question
from service.questions.app_data import OpenCatalogue
from views.address import widget_key
from views.language import say
from views.question import change, filter_setting, setting
from views.titles import MOST_OPTIONS

FILTERS = "Filters"
YEARS, GENRE, COUNTRY, DIRECTOR, COMPOSER, COLLECTION = (
    "Years",
    "Film genre",
    "Country",
    "Director",
    "Composer",
    "Collection",
)
HEARD_ONLY = "Only analysed films with music"
PER_DIRECTOR, HOW_MANY = "At most per director (0: no limit)", "How many films"
ANY = "any"


def _choice(label: str, column: str, name: str, found: OpenCatalogue, question: Question) -> None:
    value = getattr(question.filters, name) or ANY
    known = found.values(column)
    values = [ANY, *known[:MOST_OPTIONS]]
    if value not in values:  # of an address, which may write it otherwise or name what this catalogue does not have
        values.append(value)
    key = widget_key(name, value)
    put = filter_setting(name, lambda chosen: None if chosen == ANY else chosen)
    st.selectbox(
        label,
        values,
        index=values.index(value),
        key=key,
        on_change=change,
        args=(key, put),
        accept_new_options=len(known) > MOST_OPTIONS,  # a name that is not among the commonest is typed in full
    )


def _years(found: OpenCatalogue, question: Question) -> None:
    years = found.films["year"].dropna()
    first, last = (int(years.min()), int(years.max())) if len(years) else (0, 0)
    if first == last:
        return
    low, high = question.filters.year_from, question.filters.year_to
    low = first if low is None else min(max(low, first), last)
    high = last if high is None else min(max(high, low), last)
    key = widget_key("years", (low, high))

    def put(question: Question, chosen: tuple[int, int]) -> Question:
        low, high = chosen
        filters = replace(
            question.filters, year_from=low if low > first else None, year_to=high if high < last else None
        )
        return replace(question, filters=filters)

    st.slider(say(YEARS), first, last, (low, high), key=key, on_change=change, args=(key, put))


def filters(found: OpenCatalogue, question: Question) -> None:
    """The menu; each change asks the question again."""
    with st.popover(say(FILTERS), icon=":material/tune:", type="tertiary"):
        _years(found, question)
        _choice(say(GENRE), "genres", "genre", found, question)
        _choice(say(COUNTRY), "countries", "country", found, question)
        _choice(say(DIRECTOR), "directors", "director", found, question)
        _choice(say(COMPOSER), "composers", "composer", found, question)
        _choice(say(COLLECTION), "collection", "collection", found, question)
        heard = question.filters.with_music
        key = widget_key("with_music", heard)
        put = filter_setting("with_music", bool)
        st.toggle(say(HEARD_ONLY), heard, key=key, on_change=change, args=(key, put))
        limit = question.max_per_director or 0
        key = widget_key("max_per_director", limit)
        put = setting("max_per_director", lambda most: int(most) or None)
        st.number_input(say(PER_DIRECTOR), 0, 50, limit, key=key, step=1, on_change=change, args=(key, put))
        key = widget_key("n", question.n)
        put = setting("n", int)
        st.number_input(say(HOW_MANY), 1, 50, question.n, key=key, step=1, on_change=change, args=(key, put))
