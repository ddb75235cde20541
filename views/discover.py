"""Discover: films that were liked in, films to watch next out, each with its reasons. The address is the question."""

from __future__ import annotations

import html

import streamlit as st

from errors import FilmscoreError
from recommender.question import Answer, Filters, Question
from service.app_data import OpenCatalogue, answer_csv, profile, profiles
from service.profiles import save
from service.question_link import from_params, to_params
from views import frame
from views.answers import move, results, starters
from views.sound_print import sound_print_image
from views.theme import Theme

MOST_OPTIONS = 20_000
"""More titles than this are not sent to the browser at once; then they are searched first."""
MOST_LIKED = 12
"""Likes that are shown as cards; the box above names all."""
ANY = "any"


def _begin_question(found: OpenCatalogue) -> None:
    """Widgets start from the address, else from the question asked before on this visit."""
    if "likes" in st.session_state:
        return
    params = dict(st.query_params) or st.session_state.get("question", {})
    question, notices = from_params(params, found.names.keys())
    st.session_state["notices"] = notices
    _set_widgets(question)


def _set_widgets(question: Question) -> None:
    state = st.session_state
    state["likes"] = list(question.likes)
    state["dislikes"] = list(question.dislikes)
    state["seen"] = list(question.seen)
    state["music"] = question.music
    state["variety"] = question.variety
    state["n"] = question.n
    filters = question.filters
    state["years"] = (filters.year_from, filters.year_to)
    for name in ("genre", "country", "director", "collection"):
        state[name] = getattr(filters, name) or ANY
    state["with_music"] = filters.with_music
    state["max_per_director"] = question.max_per_director or 0


def _load_profile(name: str, found: OpenCatalogue) -> None:
    try:
        question, notices = from_params(profile(found.home, name), found.names.keys())
    except FilmscoreError as error:
        st.session_state["notices"] = (str(error),)
        return
    st.session_state["notices"] = notices
    _set_widgets(question)


def _likes(found: OpenCatalogue) -> None:
    chosen = st.session_state["likes"]
    options = list(found.names)
    if len(options) > MOST_OPTIONS:
        text = st.text_input("Search a title", placeholder="Type a part of it; small slips are forgiven")
        near = [film.film_id for film in found.snapshot.find_titles(text, limit=30)] if text.strip() else []
        options = list(dict.fromkeys([*chosen, *(one for one in near if one is not None)]))
    st.multiselect(
        "Films I liked",
        options,
        format_func=lambda film_id: found.names.get(film_id, str(film_id)),
        key="likes",
        placeholder="Type a title, a year or a director",
        select_all=False,
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


def _choice(label: str, column: str, key: str, found: OpenCatalogue) -> str | None:
    values = [ANY, *found.values(column)]
    if st.session_state[key] not in values:
        st.session_state[key] = ANY
    value = st.selectbox(label, values, key=key)
    return None if value == ANY else value


def _filters(found: OpenCatalogue) -> tuple[Filters, int | None]:
    with st.popover("Filters", icon=":material/tune:", width="stretch"):
        years = found.films["year"].dropna()
        span = (int(years.min()), int(years.max())) if len(years) else (1900, 2000)
        first, last = st.session_state["years"]
        low = min(max(first or span[0], span[0]), span[1])
        high = min(max(last or span[1], low), span[1])
        if span[0] < span[1]:
            st.session_state["years"] = (low, high)
            chosen: tuple[int, int] = st.slider("Years", *span, key="years")  # type: ignore[assignment]
            low, high = chosen
        genre = _choice("Film genre", "genres", "genre", found)
        country = _choice("Country", "countries", "country", found)
        director = _choice("Director", "directors", "director", found)
        collection = _choice("Collection", "collection", "collection", found)
        heard = st.toggle("Only films whose music was heard", key="with_music")
        per_director = st.number_input("At most per director (0: no limit)", 0, 50, key="max_per_director", step=1)
        st.number_input("How many films", 1, 50, key="n", step=1)
    year_from = low if low > span[0] else None
    year_to = high if high < span[1] else None
    return Filters(year_from, year_to, genre, country, director, collection, heard), int(per_director) or None


def _ask(found: OpenCatalogue, look: Theme) -> Question:
    _likes(found)
    if st.session_state["likes"]:
        _liked(found, tuple(st.session_state["likes"]), look)
    left, middle, right = st.columns([5, 4, 3], gap="large", vertical_alignment="bottom")
    with left:
        music = st.slider(
            "How much the sound counts",
            0.0,
            1.0,
            step=0.05,
            key="music",
            format="percent",
            help="0 %: only what a film is about: genres, people, place, time, reception. 100 %: only how it sounds.",
        )
    with middle:
        variety = st.slider(
            "Variety",
            0.0,
            1.0,
            step=0.05,
            key="variety",
            format="percent",
            help="0 %: the best by score. 100 %: as different from each other as can be.",
        )
    with right:
        filters, per_director = _filters(found)
    state = st.session_state
    likes = tuple(state["likes"])
    question = Question(
        likes=likes,
        dislikes=tuple(one for one in state["dislikes"] if one not in likes),
        seen=tuple(one for one in state["seen"] if one not in likes),
        music=round(float(music), 4),
        variety=round(float(variety), 4),
        n=int(state["n"]),
        filters=filters,
        max_per_director=per_director,
    )
    params = to_params(question)
    state["question"] = params
    if dict(st.query_params) != params:
        st.query_params.from_dict(params)
    return question


def _set_aside(found: OpenCatalogue) -> None:
    """What was disliked or seen, with a way back."""
    aside = [("dislikes", "Not for me"), ("seen", "Seen")]
    total = sum(len(st.session_state[name]) for name, _ in aside)
    if not total:
        return
    with st.expander(f"Set aside: {total} film{'s' if total > 1 else ''}"):
        for name, label in aside:
            for film_id in st.session_state[name]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    name = found.names.get(film_id, "")
                    st.write(f"{label}: {frame.plain(name)}")
                    st.button(
                        "Take back", key=f"back-{film_id}", type="tertiary", on_click=move, args=(film_id, "", name)
                    )


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
    _begin_question(found)
    for notice in st.session_state.pop("notices", ()):
        st.info(frame.plain(notice), icon=":material/info:")
    question = _ask(found, look)
    _set_aside(found)
    if found.is_demo:
        _demo(found)
    if not question.likes:
        starters(found, look)
        return
    answer = found.recommender.recommend(question)
    _keep(found, question, answer)
    results(found, answer, look)


show()
