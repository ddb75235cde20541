"""The fields in which a visitor asks for more of something and less of something else, and the line that says what this
changed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from film import GENRES
from recommender.question import LONGEST_WISH, MOST_WISHES, Effect
from service.questions.asking import effect_words
from views import frame
from views.language import say
from views.question import page_words

MORE_LESS = "More / less"
MORE_OF, LESS_OF = "More of", "Less of"
MORE_LESS_WORDS = (
    "An attribute, a music genre, a film genre, a decade such as 1970s, or a tag such as guitar. Less of director: not "
    "the same directors."
)
TRAITS = ("energy", "valence", "danceability", "tempo", "director", *GENRES)
"""The words that the lists offer; visitors can type others."""


def wish_of(word: str) -> str:
    """A word in the form in which questions store it."""
    return " ".join(word.replace(",", " ").split()).casefold()[:LONGEST_WISH]


def more_and_less(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask what a visitor wants more of and less of at one place of a page.

    Args:
        key: identifies the place.
    """
    wishes: list[tuple[str, ...]] = []
    with st.popover(say(MORE_LESS), icon=":material/swap_vert:", type="tertiary", key=f"{key}-more-less"):
        for name, label in (("more", say(MORE_OF)), ("less", say(LESS_OF))):
            words = st.multiselect(
                label, list(TRAITS), key=f"{key}-{name}", accept_new_options=True, max_selections=MOST_WISHES
            )
            said = dict.fromkeys(word for one in words if (word := wish_of(one)))
            wishes.append(tuple(word for word in said if word not in (wishes[0] if wishes else ())))
        st.caption(say(MORE_LESS_WORDS))
    more, less = wishes
    return more, less


def show_effects(effects: Sequence[Effect], notices: Sequence[str] = ()) -> None:
    """Say in one line what it changed, and which words could not be used."""
    for notice in notices:
        st.caption(frame.plain(page_words(notice)))
    if effects:
        st.caption(frame.plain("; ".join(say(effect_words(one)) for one in effects) + "."))
