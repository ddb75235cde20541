"""Discover: films that were liked in, films to watch next out, each with its reasons. The address is the question."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from errors import FilmscoreError, ParameterError
from recommender.question import MOST_WISHES, Question, mix_of
from recommender.senses import SENSES
from recommender.weights import WEIGHTS, amounts_of
from service.questions.app_data import OpenCatalogue, answer_csv, profile, profiles
from service.questions.browsing import Row
from service.questions.link import from_params
from service.questions.profiles import forget, save
from views import first_start, frame, undo
from views.address import widget_key
from views.answers import DISLIKE, SEEN, begin_rows, deal, results
from views.language import say, say_error
from views.more_less import LESS_OF, MORE_LESS, MORE_LESS_WORDS, MORE_OF, TRAITS, show_effects, wish_of
from views.outside import films_outside, show_unowned
from views.question import Put, ask, asked, change, filter_setting, page_words, set_likes, setting
from views.ratings_upload import bring_ratings
from views.share import share_menu
from views.shelf import shelf_of
from views.surprise import show_surprise, surprise_button
from views.theme import Theme
from views.titles import MOST_OPTIONS, titles_to_choose

TITLE = "What to watch next"
LEAD = "Start with a film you love: type its title, or open one below and press Like."
LIKES, LIKES_HINT = "Films I love", "Type a title, a year or a director"
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
HIDDEN = "Hidden films: {}"
SAVE_MENU, SAVE_AS, SAVE, SAVED, SAVED_SEARCHES, LOAD = (
    "Save",
    "Save this search as",
    "Save",
    "Saved “{}”.",
    "Saved searches",
    "Load",
)
FORGET, FORGOTTEN = "Delete", "Deleted: {}"
CSV, SHARE_WORDS = "Download CSV", "The link holds the whole question."
OWN_FILMS = "Add your own films"
DEMO_WORDS = (
    "This is the demo catalogue: {} films, {} with music. Films marked demo are rendered by filmscore itself; the "
    "others have no sound until their files are added."
)
ANY = "any"
_HISTORY = (Path(__file__).parent / "assets" / "history.html").read_text(encoding="utf-8")


def _load_profile(name: str, found: OpenCatalogue) -> None:
    try:
        question, notices = from_params(profile(found.home, name, frame.keeper()), found.names.keys())
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)
        return
    st.session_state["notices"] = notices
    ask(replace(question, aim=question.aim or "taste"))


def _forget(name: str, found: OpenCatalogue) -> None:
    """Callback: delete a saved search, and offer to save it again."""
    try:
        question, _ = from_params(profile(found.home, name, frame.keeper()), found.names.keys())
        forget(found.home, name, frame.keeper())
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)
        return
    undo.offer(say(FORGOTTEN, name), partial(save, found.home, name, question, frame.keeper()))


def _likes(found: OpenCatalogue, question: Question) -> None:
    chosen = list(question.likes)
    options = titles_to_choose(found, chosen, "likes")
    options += [film_id for film_id in chosen if film_id < 0 and film_id not in options]
    names = found.names_of(chosen)
    key = widget_key("likes", chosen)
    st.multiselect(
        say(LIKES),
        options,
        default=chosen,
        format_func=lambda film_id: found.names.get(film_id) or names.get(film_id, str(film_id)),
        key=key,
        placeholder=say(LIKES_HINT),
        select_all=False,
        on_change=change,
        args=(key, set_likes),
    )


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


def _filters(found: OpenCatalogue, question: Question) -> None:
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
            _filters(found, question)
            _more_and_less(question)
            surprise_button(question)
            _save(found, question)
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


def _save(found: OpenCatalogue, question: Question) -> None:
    with st.popover(say(SAVE_MENU), icon=":material/bookmark:", type="tertiary"):
        name = st.text_input(say(SAVE_AS), max_chars=80, key="profile-name")
        if st.button(say(SAVE), key="profile-save", disabled=not name.strip()):
            try:
                save(found.home, name, question, frame.keeper())
                st.toast(frame.plain(say(SAVED, name.strip())))
            except FilmscoreError as error:
                frame.trouble(error)
        kept = profiles(found.home, frame.keeper())
        if kept:
            which = st.selectbox(say(SAVED_SEARCHES), kept, key="profile-choice")
            with st.container(horizontal=True, gap="small"):
                st.button(say(LOAD), key="profile-load", on_click=_load_profile, args=(which, found))
                st.button(say(FORGET), key="profile-delete", type="tertiary", on_click=_forget, args=(which, found))


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


@st.cache_data(max_entries=4, show_spinner="Choosing films to begin with")
def _rows(_found: OpenCatalogue, snapshot: str) -> tuple[Row, ...]:
    return shelf_of(_found, snapshot).rows


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
        begin_rows(found, _rows(found, found.snapshot.id), look)
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
