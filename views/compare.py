"""Compare: two films, or the films of two directors, side by side; what differs, in words with numbers."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from service.questions.app_data import OpenCatalogue
from service.questions.browsing import Wanted
from service.questions.comparing import Compared, compare, directors_of, measures_of, worth_saying
from views import film_figures, first_start, frame, links
from views.address import complete, section, widget_key
from views.language import say
from views.sound_print import sound_print_image
from views.theme import Theme
from views.titles import titles_to_choose
from views.wall import wall

TITLE, LEAD = "Compare", "Two films, or the films of two directors: what differs in their music, in words and numbers."
WHAT, WHATS = "Compare", {"films": "Two films", "directors": "Two directors"}
FIRST, SECOND = "First", "Second"
DIFFERENCES, TIMELINES, FILMS = "What differs", "Timelines", "Their films"
NOT_HEARD = "{} was not analysed yet, or has no music: there is nothing to compare by."
NEITHER_HEARD = "Neither {} nor {} was analysed with music: there is nothing to compare by. Choose other films."
NO_MUSIC = "No film with music was analysed yet. Add a film's file to compare by: `{}`."
ALIKE = "Their music differs in nothing that is worth a word."
INTERVAL_WORDS = (
    "In brackets: a 95 % bootstrap interval of the difference, where both have three films or more. Only differences "
    "whose interval leaves out 0 are listed then."
)
ALL_NUMBERS, ALL_NUMBERS_OF = "All numbers", "All numbers of {} and {}"
TIMELINE_ALT = "Timeline of {}: music, speech, other, and the genre and energy of {} scenes"
SEE_ALL, SEE_ALL_OF, SECOND_DIRECTOR = "See all", "See all films of {}", "A second director"
JOINED = "{} and {}"
READING = "Reading what was heard"
MOST_DIRECTORS = 5_000


@dataclass(frozen=True)
class _Heard:
    """The measures of all films, computed once per snapshot; do not modify them."""

    measures: pd.DataFrame
    films: Sequence[int]
    """film_ids of the films with music"""
    by_director: Mapping[str, Sequence[int]]
    directors: Sequence[str]


@st.cache_resource(max_entries=2, show_spinner=False)
def _heard(_found: OpenCatalogue, snapshot: str) -> _Heard:
    table = measures_of(_found)
    by_director = directors_of(_found, table)
    films = _found.films.index[_found.films["has_music"]].tolist()
    return _Heard(table, films, by_director, list(by_director))


def _choose(
    label: str, name: str, options: Sequence[int] | Sequence[str], now: int | str, found: OpenCatalogue
) -> None:
    """A box whose choice goes into the address."""
    values = list(options) if now in options else [now, *options]
    key = widget_key(f"compare-{name}", now)

    def put() -> None:
        st.query_params[name] = str(st.session_state[key])

    st.selectbox(
        label,
        values,
        index=values.index(now),
        format_func=lambda one: found.names.get(one, str(one)) if isinstance(one, int) else str(one),
        key=key,
        on_change=put,
    )


def _sentences(compared: list[Compared], first: str, second: str) -> None:
    st.subheader(say(DIFFERENCES), anchor=False)
    told = worth_saying(compared)
    if not told:
        st.write(say(ALIKE))
    items = "".join(f"<li>{html.escape(say(one.sentence(first, second)))}</li>" for one in told)
    st.html(f'<ul class="fs-differences">{items}</ul>')
    if any(one.found.low is not None for one in compared):
        st.caption(say(INTERVAL_WORDS))
    with st.expander(say(ALL_NUMBERS)):
        table = pd.DataFrame(
            [
                {
                    say("measure"): f"{say(one.measure.name)} ({say(one.measure.unit).strip()})",
                    first: one.found.first,
                    second: one.found.second,
                    say("difference"): one.found.difference,
                    say("from"): one.found.low,
                    say("to"): one.found.high,
                    say("films"): say(JOINED, one.found.n_first, one.found.n_second),
                }
                for one in compared
            ]
        )
        st.dataframe(table.round(2), hide_index=True, alt=say(ALL_NUMBERS_OF, first, second))


def _films(found: OpenCatalogue, look: Theme) -> None:
    with st.spinner(say(READING)):
        known = _heard(found, found.snapshot.id)
    heard = known.films
    chosen = []
    for place, (label, name, cell) in enumerate(zip((say(FIRST), say(SECOND)), ("a", "b"), st.columns(2), strict=True)):
        given = st.query_params.get(name, "")
        now = int(given) if given.isdecimal() and len(given) < 18 and int(given) in found.names else None
        now = heard[min(place, len(heard) - 1)] if now is None else now
        with cell:
            _choose(label, name, titles_to_choose(found, [now], f"compare-{name}", heard), now, found)
        chosen.append(now)
    complete("compare", a=str(chosen[0]), b=str(chosen[1]))
    films = found.snapshot.films_by_id(chosen)
    summaries = found.snapshot.summaries_of(chosen)
    for film, cell in zip(films, st.columns(2), strict=True):
        drawing = sound_print_image(film.title, summaries.get(film.film_id or 0), size=132, theme=look)
        cell.html(frame.film_heading(film, drawing) + "</div></div>")
    silent = [film.title for film in films if not found.films.at[film.film_id, "has_music"]]
    if silent:
        said = say(NOT_HEARD, *silent) if len(silent) == 1 else say(NEITHER_HEARD, *silent)
        st.info(frame.plain(said), icon=":material/hearing:")
        return
    compared = compare(known.measures, chosen[:1], chosen[1:])
    _sentences(compared, films[0].title, films[1].title)
    st.subheader(say(TIMELINES), anchor=False)
    heard_each = [found.activity(film.film_id or 0) for film in films]
    longest = max(len(one.label) if one is not None else 0 for one in heard_each)
    for place, (film, heard_of) in enumerate(zip(films, heard_each, strict=True)):
        film_id = film.film_id or 0
        if heard_of is not None:
            runs = found.runs(film_id)
            st.html(f'<h3 class="fs-title" dir="auto">{html.escape(film.title)}</h3>')
            frame.figure(
                film_figures.timeline(heard_of, runs, look, found.energy(film_id), seconds=longest),
                say(TIMELINE_ALT, film.title, len(runs)),
                f"timeline-{place}",
                pd.DataFrame({"second": range(len(heard_of.label)), "label": heard_of.label}),
            )


def _directors(found: OpenCatalogue, look: Theme) -> None:
    with st.spinner(say(READING)):
        known = _heard(found, found.snapshot.id)
    names = known.directors
    if len(names) < 2:
        st.info(say(NOT_HEARD, say(SECOND_DIRECTOR)), icon=":material/hearing:")
        return
    chosen = []
    for place, (label, name, cell) in enumerate(zip((say(FIRST), say(SECOND)), ("a", "b"), st.columns(2), strict=True)):
        given = st.query_params.get(name, "")
        now = given if given in known.by_director else names[place]
        with cell:
            _choose(label, name, names[:MOST_DIRECTORS], now, found)
        chosen.append(now)
    complete("compare", a=chosen[0], b=chosen[1])
    films = [list(known.by_director[name]) for name in chosen]
    _sentences(compare(known.measures, films[0], films[1]), *chosen)
    st.subheader(say(FILMS), anchor=False)
    for name, ids in zip(chosen, films, strict=True):
        more = links.link(say(SEE_ALL), "films", Wanted(person=name).params(), label=say(SEE_ALL_OF, name))
        st.html(f'<div class="fs-rowhead"><h3 dir="auto">{html.escape(name)}</h3>{more}</div>')
        wall(found, ids[:6], look, name, "fs-row")


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    if not found.heard:
        st.info(say(NO_MUSIC, frame.command("ingest FILE")), icon=":material/hearing:")
        return
    if section(say(WHAT), WHATS, "what", drops=("a", "b")) == "directors":
        _directors(found, look)
    else:
        _films(found, look)


show()
