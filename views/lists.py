"""The page Lists: to watch, seen, and the visitor's own; remove films and undo it, export to Letterboxd and IMDb, share
by a link."""

from __future__ import annotations

import html
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from errors import FilmscoreError
from film import Film
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import PAGE_FILMS
from service.questions.link import gone_words, over_words
from service.questions.lists import (
    GIVEN,
    LONGEST_NAME,
    MOST_FILMS,
    delete_list,
    imdb_csv,
    letterboxd_csv,
    lists_of,
    save_list,
)
from views import first_start, frame, links, undo
from views.address import section
from views.language import say, say_error
from views.list_document import list_document
from views.share import share_menu
from views.sound_print import sound_print_image
from views.theme import Theme
from views.wall import page_links, wall

TITLE, LEAD = "Lists", "What you want to watch, what you have seen, and lists of your own. This browser keeps them."
WHICH = "List"
EMPTY = "Nothing is here yet. Open a film and press “To watch”, “Seen” or “Add to a list”."
FIND = "Browse films"
NEW, NEW_NAME, CREATE = "New list", "Name", "Create the list"
REMOVE, REMOVED = "Remove", "Removed from {}: {}"
DELETE, DELETED = "Delete this list", "Deleted: {}"
SHARE_WORDS = "The link holds the films: whoever opens it sees this list."
EXPORT = "Export"
LETTERBOXD, IMDB, PAGE = "CSV for Letterboxd", "CSV for IMDb", "One HTML page"
SHARED_COUNT = "A list that somebody shared: {} films."
SHARED, KEEP, KEPT = "A list that somebody shared", "Save as my list", "Saved “{}”."


def _try(change: partial[None]) -> None:
    try:
        change()
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)


def _replace(name: str, films: tuple[int, ...], said: str) -> None:
    """Callback: replace the films of the list, and let Undo restore the previous ones."""
    home, owner = frame.home(), frame.reader()
    before = lists_of(home, owner).get(name, ())
    _try(partial(save_list, home, owner, name, films))
    undo.offer(said, partial(_try, partial(save_list, home, owner, name, before)))


def _delete(name: str) -> None:
    home, owner = frame.home(), frame.reader()
    before = lists_of(home, owner).get(name, ())
    delete_list(home, owner, name)
    undo.offer(say(DELETED, name), partial(_try, partial(save_list, home, owner, name, before)))
    st.query_params.pop("list", None)


def _create() -> None:
    name = " ".join(str(st.session_state["list-new"]).split())
    if name and name not in lists_of(frame.home(), frame.reader()):
        _try(partial(save_list, frame.home(), frame.reader(), name, ()))
    st.query_params["list"] = name


def _row(film: Film, name: str, films: tuple[int, ...], found: OpenCatalogue, look: Theme) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"list-{film.film_id}"):
        drawing = sound_print_image(film.title, found.snapshot.summary(film.film_id or 0), size=56, theme=look)
        st.html(frame.film_heading(film, drawing) + "</div></div>")
        rest = tuple(one for one in films if one != film.film_id)
        st.button(
            say(REMOVE),
            icon=":material/close:",
            type="tertiary",
            key=f"remove-{film.film_id}",
            on_click=_replace,
            args=(name, rest, say(REMOVED, name, film.title)),
        )


def _page(films: int) -> tuple[int, int]:
    """Which page of a list the address asks for, and how many there are."""
    given, pages = st.query_params.get("page", ""), max(1, -(-films // PAGE_FILMS))
    return (min(max(1, int(given)), pages) if given.isdecimal() and len(given) < 9 else 1), pages


def _shown(films: list[Film], number: int) -> list[Film]:
    """The films of a page."""
    return films[PAGE_FILMS * (number - 1) : PAGE_FILMS * number]


def _take_away(name: str, films: list[Film], found: OpenCatalogue) -> None:
    """Share and export."""
    ids = [film.film_id or 0 for film in films]
    with st.container(horizontal=True, gap="small"):
        share_menu(say(SHARE_WORDS), f"lists?{urlencode({'name': name, 'films': ','.join(map(str, ids))})}")
        with st.popover(say(EXPORT), icon=":material/download:", type="tertiary"):
            for label, made, ending in (
                (say(LETTERBOXD), partial(letterboxd_csv, films), "letterboxd.csv"),
                (say(IMDB), partial(imdb_csv, films), "imdb.csv"),
                (say(PAGE), lambda: list_document(name, films, found.snapshot.summaries_of(ids)), "list.html"),
            ):
                kind = "text/html" if ending == "list.html" else "text/csv"
                st.download_button(label, made, ending, kind, on_click="ignore", type="tertiary", key=f"get-{ending}")


def _own(found: OpenCatalogue, look: Theme) -> None:
    lists = lists_of(frame.home(), frame.reader())
    counted = {
        name: f"{frame.plain(say(name) if name in GIVEN else name)} ({len(films)})" for name, films in lists.items()
    }
    name = section(say(WHICH), counted, "list", drops=("page",))
    films = found.snapshot.films_by_id([one for one in lists[name] if one in found.names])
    if films:
        _take_away(name, films, found)
    else:
        st.info(say(EMPTY), icon=":material/bookmark:")
        st.html(links.link(say(FIND), "films", {}))
    ids = tuple(film.film_id or 0 for film in films)
    number, pages = _page(len(films))
    for film in _shown(films, number):
        _row(film, name, ids, found, look)
    page_links("lists", number, pages, lambda other: {"list": name, "page": str(other)})
    with st.popover(say(NEW), icon=":material/add:", type="tertiary"):
        st.text_input(say(NEW_NAME), key="list-new", max_chars=LONGEST_NAME)
        st.button(say(CREATE), on_click=_create)
    if name not in GIVEN:
        st.button(say(DELETE), icon=":material/delete:", type="tertiary", on_click=_delete, args=(name,))


def _shared(found: OpenCatalogue, look: Theme) -> None:
    """A list contained in the address."""
    given = [int(one) for one in st.query_params["films"].split(",") if one.isdecimal() and len(one) < 18]
    named = list(dict.fromkeys(given))
    ids = [one for one in named[:MOST_FILMS] if one in found.names]
    left_out = gone_words(len(named[:MOST_FILMS]) - len(ids)) + over_words(len(named[MOST_FILMS:]), MOST_FILMS)
    name = st.query_params.get("name", "")[:LONGEST_NAME] or say(SHARED)
    films = found.snapshot.films_by_id(ids)
    st.html(f'<h2 class="fs-title big" dir="auto">{html.escape(name)}</h2>')
    st.caption(" ".join([say(SHARED_COUNT, len(films)), *(frame.plain(say(notice)) for notice in left_out)]))

    def keep() -> None:
        try:
            save_list(frame.home(), frame.reader(), name, ids)
        except FilmscoreError as error:
            st.session_state["notices"] = (say_error(error),)
            return
        st.toast(frame.plain(say(KEPT, name)))
        st.query_params.from_dict({"list": " ".join(name.split())})

    st.button(say(KEEP), icon=":material/bookmark_add:", on_click=keep)
    number, pages = _page(len(films))
    wall(found, [film.film_id or 0 for film in _shown(films, number)], look, name)
    page_links("lists", number, pages, lambda other: {**st.query_params.to_dict(), "page": str(other)})


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    for notice in st.session_state.pop("notices", ()):
        st.info(frame.plain(say(notice)), icon=":material/info:")
    if st.query_params.get("films"):
        _shared(found, look)
    else:
        _own(found, look)
    undo.bar()


show()
