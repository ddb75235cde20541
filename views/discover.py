"""Discover: films that were liked in, films to watch next out, each with its reasons. The address is the question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from errors import ParameterError
from recommender.question import MOST_WISHES, Question, mix_of
from recommender.senses import SENSES
from recommender.weights import WEIGHTS, amounts_of
from service.questions.app_data import OpenCatalogue, answer_csv
from views import first_start, frame, undo
from views.address import widget_key
from views.answers import DISLIKE, SEEN, begin_rows, deal, results
from views.filters import filters
from views.language import say, say_error
from views.more_less import LESS_OF, MORE_LESS, MORE_LESS_WORDS, MORE_OF, TRAITS, show_effects, wish_of
from views.outside import films_outside, show_unowned
from views.question import Put, ask, asked, change, page_words, set_likes, setting
from views.ratings_upload import bring_ratings
from views.saved_searches import saved_searches
from views.share import share_menu
from views.surprise import show_surprise, surprise_button
from views.theme import Theme
from views.titles import choose_films

TITLE = "What to watch next"
LEAD = "Start with a film you love: type its title, or open one below and press Like."
LIKES = "Films I love"
SOUND, SOUND_HELP = (
    "Story / Sound",
    "0 %: only what a film is about: genres, people, place, time, reception. 100 %: only how it sounds.",
)
VARIETY, VARIETY_HELP = "Variety", "0 %: the best by score. 100 %: as different from each other as can be."
AIM, AIM_HELP = (
    "What to look for",
    "Up to three films: films like these. From four on, and for a saved search: films for this taste.",
)
AIMS = {"like": "Films like these", "taste": "Films for this taste"}
AIM_WORDS = {
    "like": "These films resemble the ones you name: genres and the people who made them count most.",
    "taste": "These films suit somebody who likes what you name: their time and their reception count, too.",
}
MIX, MIX_WORDS = "Mix", "They share 100 % between them. The slider Story / Sound puts its own mix in their place."
MIX_LABELS = {
    "sound": "How it sounds",
    "about": "What is known of it",
    "picture": "How it looks",
    "dialogue": "What is said",
    "faces": "How people look",
}
HIDDEN = "Hidden films: {}"
CSV, SHARE_WORDS = "Download CSV", "The link holds the whole question."
OWN_FILMS = "Add your own films"
DEMO_WORDS = (
    "This is the demo catalogue: {} films, {} with music. Films marked demo are rendered by filmscore itself; the "
    "others have no sound until their files are added."
)
_HISTORY = (Path(__file__).parent / "assets" / "history.html").read_text(encoding="utf-8")


def _likes(found: OpenCatalogue, question: Question) -> None:
    def take(likes: list[int]) -> None:
        ask(set_likes(st.session_state["question"], likes))

    choose_films(found, say(LIKES), "likes", question.likes, take)


def _more_and_less(question: Question) -> None:
    """Ask what the films should have more of and less of: words that the visitor chooses or types."""
    with st.popover(say(MORE_LESS), icon=":material/swap_vert:", type="tertiary"):
        for name, label in (("more", say(MORE_OF)), ("less", say(LESS_OF))):
            chosen, other = getattr(question, name), getattr(question, "less" if name == "more" else "more")
            key = widget_key(name, list(chosen))
            st.multiselect(
                label,
                [word for word in dict.fromkeys((*TRAITS, *chosen)) if word not in other],
                default=list(chosen),
                key=key,
                accept_new_options=True,
                max_selections=MOST_WISHES,
                on_change=change,
                args=(key, _trait_setting(name)),
            )
        st.caption(say(MORE_LESS_WORDS))


def _trait_setting(name: str) -> Put:
    def put(question: Question, words: list[str]) -> Question:
        kept = tuple(map(wish_of, words))
        other = "less" if name == "more" else "more"
        rest = tuple(word for word in getattr(question, other) if word not in kept)
        changed: dict[str, Any] = {name: kept, other: rest}
        return replace(question, **changed)

    return put


def _mix(found: OpenCatalogue, question: Question) -> None:
    """Five weights instead of the one slider, where some film has a picture or subtitles."""
    if not SENSES.keys() & found.snapshot.manifest.blocks.keys():
        return
    now = dict(question.mix or mix_of(amounts_of(WEIGHTS[question.asked_for], question.music)))
    with st.popover(say(MIX), icon=":material/equalizer:", type="tertiary"):
        with st.container(gap=None):  # five sliders leave room for the first answer on a phone
            for name, label in MIX_LABELS.items():
                value = round(100 * now.get(name, 0.0))
                key = widget_key(f"mix-{name}", value)
                put = _mix_setting(name, now)
                st.slider(say(label), 0, 100, value, key=key, format="%d %%", on_change=change, args=(key, put))
        st.caption(say(MIX_WORDS))


def _mix_setting(name: str, now: dict[str, float]) -> Put:
    def put(question: Question, percent: int) -> Question:
        others = {other: weight for other, weight in now.items() if other != name}
        rest, share = sum(others.values()), percent / 100
        if not rest:
            return replace(question, mix=mix_of({name: 1.0}))
        scaled = {other: weight * (1 - share) / rest for other, weight in others.items()}
        return replace(question, mix=mix_of({**scaled, name: share}))

    return put


def _share(label: str, name: str, value: float, words: str) -> None:
    key = widget_key(name, value)
    put = setting(name, lambda share: round(float(share), 4))
    if name == "music":
        put = _slider_of_sound
    options: dict[str, Any] = {"step": 0.05, "key": key, "format": "percent", "help": words}
    st.slider(label, 0.0, 1.0, value, on_change=change, args=(key, put), **options)


def _slider_of_sound(question: Question, share: float) -> Question:
    return replace(question, music=round(float(share), 4), mix=None)


def _aim(question: Question) -> None:
    """Which of the two questions is answered, in plain words, and the switch to the other."""
    key = widget_key("aim", question.asked_for)
    put = setting("aim", lambda aim: aim)
    st.segmented_control(
        say(AIM),
        list(AIMS),
        default=question.asked_for,
        required=True,
        format_func=lambda one: say(AIMS[one]),
        key=key,
        on_change=change,
        args=(key, put),
        help=say(AIM_HELP),
        label_visibility="collapsed",
    )


def _controls(found: OpenCatalogue, question: Question) -> None:
    """Everything that shows the question and changes it."""
    _likes(found, question)
    if not question.likes:  # there is nothing to weigh yet
        with st.container(horizontal=True, gap="small"):
            bring_ratings(found, question)
            films_outside(found, question)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="question"):
        _share(say(SOUND), "music", question.music, say(SOUND_HELP))
        _share(say(VARIETY), "variety", question.variety, say(VARIETY_HELP))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            _aim(question)
            _mix(found, question)
            filters(found, question)
            _more_and_less(question)
            surprise_button(question)
            saved_searches(found, question)
            _share_link(found, question)
            bring_ratings(found, question)
            films_outside(found, question)


def _hidden(found: OpenCatalogue, question: Question) -> None:
    """The films that were disliked or seen, with buttons to undo it."""
    aside = dict.fromkeys(question.seen, SEEN) | dict.fromkeys(question.dislikes, DISLIKE)  # each film once
    if not aside:
        return
    names = found.names_of(list(aside))
    with st.expander(say(HIDDEN, len(aside))):
        for film_id, label in aside.items():
            with st.container(horizontal=True, vertical_alignment="center"):
                name = names[film_id]
                st.write(f"{say(label)}: {frame.plain(name)}")
                st.button(
                    say(undo.UNDO), key=f"back-{film_id}", type="tertiary", on_click=deal, args=(film_id, "", name)
                )


def _demo(found: OpenCatalogue) -> None:
    """Marks the demo catalogue, and says how to go on to films of one's own."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(
            f'<p class="fs-meta"><span class="fs-tag">demo</span> {say(DEMO_WORDS, len(found.films), found.heard)}</p>'
        )
        with st.popover(say(OWN_FILMS), icon=":material/add:", type="tertiary"):
            first_start.ways(demo=False)


def _share_link(found: OpenCatalogue, question: Question) -> None:
    with share_menu(say(SHARE_WORDS)):
        st.download_button(
            say(CSV),
            lambda: answer_csv(found.recommender.recommend(question)),
            "filmscore.csv",
            "text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def show() -> None:
    look = frame.page(say(TITLE))
    found = first_start.open_or_begin()
    if "like" not in st.query_params:  # the answers stand higher without it
        frame.lead_in(say(LEAD))
    question, notices = asked(found.names.keys())
    for notice in (*st.session_state.pop("notices", ()), *notices):
        st.info(frame.plain(say(notice)), icon=":material/info:")
    st.html(_HISTORY, unsafe_allow_javascript=True)
    _controls(found, question)
    if question.likes:
        _answer(found, question, look)
    else:
        begin_rows(found, found.shelf.rows, look)
    _hidden(found, question)
    if found.is_demo:
        _demo(found)
    undo.bar()


def _answer(found: OpenCatalogue, question: Question, look: Theme) -> None:
    try:
        answer = found.recommender.recommend(question)
    except ParameterError as error:
        st.info(frame.plain(page_words(say_error(error))), icon=":material/info:")
        return
    show_effects(answer.effects)
    show_surprise(found, question, answer, look)
    results(found, answer, look)
    show_unowned(answer)
    st.caption(say(AIM_WORDS[question.asked_for]))


show()
