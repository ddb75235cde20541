"""Discover: films that were liked in, films to watch next out, each with its reasons. The address is the question."""

from __future__ import annotations

import html

import streamlit as st

from recommender.question import Answer, Filters, Question, Reason
from service.app_data import OpenCatalogue, answer_csv, feedback, profile, profiles
from service.profiles import save
from service.question_link import from_params, to_params
from views import frame
from views.theme import Theme

MOST_OPTIONS = 20_000
"""More titles than this are not sent to the browser at once; then they are searched first."""
REASONS = 4
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


def _move(film_id: int, kind: str) -> None:
    """A button on a card: the film goes to one list and leaves the others."""
    for name in ("likes", "dislikes", "seen"):
        st.session_state[name] = [one for one in st.session_state[name] if one != film_id]
    if kind:
        st.session_state[kind] = [*st.session_state[kind], film_id]
        feedback(frame.home(), film_id, kind.rstrip("s"))


def _load_profile(name: str, found: OpenCatalogue) -> None:
    question, notices = from_params(profile(found.home, name), found.names.keys())
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


def _ask(found: OpenCatalogue) -> Question:
    _likes(found)
    left, middle, right = st.columns([5, 4, 3], gap="large", vertical_alignment="bottom")
    with left:
        music = st.slider("What it is about (0) or how it sounds (1)", 0.0, 1.0, step=0.05, key="music")
    with middle:
        variety = st.slider(
            "Variety", 0.0, 1.0, step=0.05, key="variety", help="0: the best by score. 1: as different as can be."
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
                    st.write(f"{label}: {frame.plain(found.names.get(film_id, ''))}")
                    st.button("Take back", key=f"back-{film_id}", type="tertiary", on_click=_move, args=(film_id, ""))


def _reasons(reasons: tuple[Reason, ...]) -> str:
    """Shares as bars beside their words; the sign is written as well as coloured."""
    told = sorted((one for one in reasons if abs(one.share) >= 0.0005), key=lambda one: -abs(one.share))
    widest = max((abs(one.share) for one in told), default=1.0)
    rows = []
    for one in told[:REASONS]:
        kind = ' class="minus"' if one.share < 0 else ""
        rows.append(
            f"<li><span>{html.escape(one.words)}</span>"
            f'<span class="fs-track"><i{kind} style="width:{100 * abs(one.share) / widest:.0f}%"></i></span>'
            f'<span class="fs-num">{one.share:+.2f}</span></li>'
        )
    rest = told[REASONS:]
    if rest:
        rows.append(
            f'<li><span class="fs-meta">{len(rest)} smaller reason{"s" if len(rest) > 1 else ""}</span><span></span>'
            f'<span class="fs-num">{sum(one.share for one in rest):+.2f}</span></li>'
        )
    return f'<ul class="fs-reasons" aria-label="Reasons">{"".join(rows)}</ul>'


def _button(label: str, icon: str, film_id: int, kind: str, place: str) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{place}-{kind}-{film_id}",
        type="tertiary",
        on_click=_move,
        args=(film_id, kind),
    )


def _actions(film_id: int) -> None:
    _button("Like", "add", film_id, "likes", "card")
    _button("Not for me", "block", film_id, "dislikes", "card")
    _button("Seen", "visibility", film_id, "seen", "card")


def _results(found: OpenCatalogue, answer: Answer, look: Theme) -> None:
    for notice in answer.notices:
        st.caption(frame.plain(notice))
    if not answer.results:
        st.info("No film fits. Loosen the filters, or move the slider: films that were not heard have no sound.")
        return
    cells = frame.grid(len(answer.results), 2)
    for rank, (result, cell) in enumerate(zip(answer.results, cells, strict=True), 1):
        film_id = result.film.film_id or 0
        with cell, st.container(border=True, height="stretch", key=f"card-{film_id}"):
            note = f'<p class="fs-meta">{html.escape(result.note)}</p>' if result.note else ""
            frame.film_card(found, result.film, look, rank=rank, more=_reasons(result.reasons) + note)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                frame.open_film_link(result.film)
                _actions(film_id)


def _starters(found: OpenCatalogue, look: Theme) -> None:
    st.subheader("Begin with a film you know", anchor=False)
    heard = found.recommender.starters(3, Filters(with_music=True))
    known = {film.film_id for film in heard}
    films = [*heard, *(film for film in found.recommender.starters(9) if film.film_id not in known)][:9]
    for film, cell in zip(films, frame.grid(len(films), 3), strict=True):
        film_id = film.film_id or 0
        with cell, st.container(border=True, height="stretch", key=f"starter-{film_id}"):
            frame.film_card(found, film, look, size=72)
            _button("I like this one", "add", film_id, "likes", "start")


def _keep(found: OpenCatalogue, question: Question, answer: Answer) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        with st.popover("Profiles", icon=":material/bookmark:", type="tertiary"):
            name = st.text_input("Keep this question as", max_chars=80, key="profile-name")
            if st.button("Keep", disabled=not name.strip()):
                save(found.home, name.strip(), question)
                st.toast("Kept.")
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
        st.info(notice, icon=":material/link_off:")
    question = _ask(found)
    _set_aside(found)
    if found.is_demo:
        st.caption(
            f"Demo catalogue: {len(found.films)} films, {found.heard} with music. The films marked demo are rendered "
            "by filmscore itself; the others have no sound until their files are added."
        )
    if not question.likes:
        _starters(found, look)
        return
    answer = found.recommender.recommend(question)
    _keep(found, question, answer)
    _results(found, answer, look)


show()
