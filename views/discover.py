"""Discover: films that were liked in, films to watch next out, each with its reasons. The address is the question."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from errors import FilmscoreError, ParameterError
from recommender.question import Answer, Question, mix_of
from recommender.scoring import WEIGHTS, amounts_of
from recommender.senses import SENSES
from service.questions.app_data import OpenCatalogue, answer_csv, profile, profiles
from service.questions.link import from_params
from service.questions.profiles import save
from views import frame
from views.address import widget_key
from views.answers import deal, results, starters
from views.question import Put, ask, asked, change, filter_setting, page_words, set_likes, setting
from views.sound_print import sound_print_image
from views.theme import Theme
from views.titles import MOST_OPTIONS, titles_to_choose

MOST_LIKED = 12
"""Likes that are shown as cards; the box above names all."""
ANY = "any"
_HISTORY = (Path(__file__).parent / "assets" / "history.html").read_text(encoding="utf-8")


def _load_profile(name: str, found: OpenCatalogue) -> None:
    try:
        question, notices = from_params(profile(found.home, name), found.names.keys())
    except FilmscoreError as error:
        st.session_state["notices"] = (str(error),)
        return
    st.session_state["notices"] = notices
    ask(replace(question, aim=question.aim or "taste"))


def _likes(found: OpenCatalogue, question: Question) -> None:
    chosen = list(question.likes)
    options = titles_to_choose(found, chosen, "likes")
    key = widget_key("likes", chosen)
    st.multiselect(
        "Films I liked",
        options,
        default=chosen,
        format_func=lambda film_id: found.names.get(film_id, str(film_id)),
        key=key,
        placeholder="Type a title, a year or a director",
        select_all=False,
        on_change=change,
        args=(key, set_likes),
    )


def _liked(found: OpenCatalogue, likes: tuple[int, ...], look: Theme) -> None:
    """The likes as small cards."""
    cards = []
    for film in found.snapshot.films_by_id(list(likes[:MOST_LIKED])):
        drawing = sound_print_image(film.title, found.snapshot.summary(film.film_id or 0), size=44, theme=look)
        line = " · ".join([str(film.year or ""), *film.directors[:1]]).strip(" ·")
        title = f'<b dir="auto">{html.escape(film.title)}</b>'
        cards.append(f'<li>{drawing}<span>{title}<span class="fs-meta">{html.escape(line)}</span></span></li>')
    if len(likes) > MOST_LIKED:
        cards.append(f'<li class="fs-meta">and {len(likes) - MOST_LIKED} more</li>')
    st.html(f'<ul class="fs-liked" aria-label="Films you liked">{"".join(cards)}</ul>')


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

    st.slider("Years", first, last, (low, high), key=key, on_change=change, args=(key, put))


def _filters(found: OpenCatalogue, question: Question) -> None:
    with st.popover("Filters", icon=":material/tune:", width="stretch"):
        _years(found, question)
        _choice("Film genre", "genres", "genre", found, question)
        _choice("Country", "countries", "country", found, question)
        _choice("Director", "directors", "director", found, question)
        _choice("Collection", "collection", "collection", found, question)
        heard = question.filters.with_music
        key = widget_key("with_music", heard)
        put = filter_setting("with_music", bool)
        st.toggle("Only films whose music was heard", heard, key=key, on_change=change, args=(key, put))
        limit = question.max_per_director or 0
        key = widget_key("max_per_director", limit)
        put = setting("max_per_director", lambda most: int(most) or None)
        label = "At most per director (0: no limit)"
        st.number_input(label, 0, 50, limit, key=key, step=1, on_change=change, args=(key, put))
        key = widget_key("n", question.n)
        put = setting("n", int)
        st.number_input("How many films", 1, 50, question.n, key=key, step=1, on_change=change, args=(key, put))


MIX_LABELS = {
    "sound": "How it sounds",
    "about": "What is known of it",
    "picture": "How it looks",
    "dialogue": "What is said",
}


def _mix(found: OpenCatalogue, question: Question) -> None:
    """Four weights instead of the one slider, where some film has a picture or subtitles."""
    if not SENSES.keys() & found.snapshot.manifest.blocks.keys():
        return
    now = dict(question.mix or mix_of(amounts_of(WEIGHTS[question.asked_for], question.music)))
    with st.popover("Mix", icon=":material/equalizer:", width="stretch"):
        for name, label in MIX_LABELS.items():
            value = round(100 * now.get(name, 0.0))
            key = widget_key(f"mix-{name}", value)
            put = _mix_setting(name, now)
            st.slider(label, 0, 100, value, key=key, format="%d %%", on_change=change, args=(key, put))
        st.caption("The four share 100 % between them. The slider of the sound puts its own mix in their place.")


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


AIMS = {"like": "Films like these", "taste": "Films for this taste"}


AIM_WORDS = {
    "like": "These films resemble the ones you name: genres and the people who made them count most.",
    "taste": "These films suit somebody who likes what you name: their time and their reception count, too.",
}


def _aim(question: Question) -> None:
    """Which of the two questions is answered, in plain words, and the switch to the other."""
    key = widget_key("aim", question.asked_for)
    put = setting("aim", lambda aim: aim)
    st.segmented_control(
        "What to look for",
        list(AIMS),
        default=question.asked_for,
        required=True,
        format_func=AIMS.__getitem__,
        key=key,
        on_change=change,
        args=(key, put),
        help="Up to three films: films like these. From four on, and for a kept question: films for this taste.",
    )
    st.caption(AIM_WORDS[question.asked_for])


def _controls(found: OpenCatalogue, question: Question, look: Theme) -> None:
    """Everything that shows the question and changes it."""
    _likes(found, question)
    if question.likes:
        _liked(found, question.likes, look)
        _aim(question)
    left, middle, right = st.columns([5, 4, 3], gap="large", vertical_alignment="bottom")
    with left:
        _share(
            "How much the sound counts",
            "music",
            question.music,
            "0 %: only what a film is about: genres, people, place, time, reception. 100 %: only how it sounds.",
        )
    with middle:
        _share(
            "Variety",
            "variety",
            question.variety,
            "0 %: the best by score. 100 %: as different from each other as can be.",
        )
    with right:
        _mix(found, question)
        _filters(found, question)


def _set_aside(found: OpenCatalogue, question: Question) -> None:
    """What was disliked or seen, with a way back."""
    aside = [(film_id, "Not for me") for film_id in question.dislikes] + [
        (film_id, "Seen") for film_id in question.seen
    ]
    if not aside:
        return
    with st.expander(f"Set aside: {len(aside)} film{'s' if len(aside) > 1 else ''}"):
        for film_id, label in aside:
            with st.container(horizontal=True, vertical_alignment="center"):
                name = found.names.get(film_id, "")
                st.write(f"{label}: {frame.plain(name)}")
                st.button("Take back", key=f"back-{film_id}", type="tertiary", on_click=deal, args=(film_id, "", name))


def _demo(found: OpenCatalogue) -> None:
    """Marks the demo catalogue, and says how to go on to films of one's own."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.html(
        '<p class="fs-meta"><span class="fs-tag">demo</span> '
        f"This is the demo catalogue: {len(found.films)} films, {found.heard} with music. Films marked demo are "
        "rendered by filmscore itself; the others have no sound until their files are added.</p>"
    )
    with right.popover("Your own films", icon=":material/add:", type="tertiary"):
        frame.ways(demo=False)


def _keep(found: OpenCatalogue, question: Question, answer: Answer) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        with st.popover("Profiles", icon=":material/bookmark:", type="tertiary"):
            name = st.text_input("Keep this question as", max_chars=80, key="profile-name")
            if st.button("Keep", disabled=not name.strip()):
                try:
                    save(found.home, name.strip(), question)
                    st.toast("Kept.")
                except FilmscoreError as error:
                    frame.trouble(error)
            kept = profiles(found.home)
            if kept:
                which = st.selectbox("Kept questions", kept, key="profile-choice")
                st.button("Ask it again", on_click=_load_profile, args=(which, found))
        st.download_button(
            "CSV",
            answer_csv(answer),
            "filmscore.csv",
            "text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
        with st.popover("Share", icon=":material/link:", type="tertiary"):
            st.write("The address of this page is the whole question: copy it from the address bar.")


def show() -> None:
    look = frame.page(
        "What to watch next",
        "Name films you liked. filmscore answers with films that sound and feel like them, and says why.",
    )
    found = frame.open_or_begin()
    question, notices = asked(found.names.keys())
    for notice in (*st.session_state.pop("notices", ()), *notices):
        st.info(frame.plain(notice), icon=":material/info:")
    st.html(_HISTORY, unsafe_allow_javascript=True)
    _controls(found, question, look)
    _set_aside(found, question)
    if found.is_demo:
        _demo(found)
    if not question.likes:
        starters(found, look)
        return
    try:
        answer = found.recommender.recommend(question)
    except ParameterError as error:
        st.info(frame.plain(page_words(str(error))), icon=":material/info:")
        return
    _keep(found, question, answer)
    results(found, answer, look)


show()
