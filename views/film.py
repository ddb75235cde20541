"""The page Film: its metadata, its music over time, as a whole and scene by scene, and its neighbours.

Thesis 5.3, figures 18-24: Overview is the movie layer, Scenes the segment layer.
"""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from errors import ParameterError
from film import ATTRIBUTES, GENRES, LABELS, LEVELS, Film, FilmSummary
from recommender.question import Question
from senses import Dialogue
from service.library.tracks import other_versions
from service.questions.app_data import OpenCatalogue
from service.questions.link import to_params
from service.questions.lists import GIVEN, LONGEST_NAME, WATCH, lists_of
from views import film_figures, first_start, frame, links, undo
from views.address import section
from views.answers import DISLIKE, LIKE, SEEN, film_button, keep
from views.film_curves import curves_of, curves_of_film
from views.film_heading import heading
from views.film_neighbours import by_composers, films_like, scenes_like
from views.film_scenes import scenes_of_film
from views.film_senses import ear_words, senses_of_film
from views.language import say, say_error
from views.player import listening_keys, timeline_player
from views.question import carried
from views.share import on_this_machine, share_menu
from views.sound_print import whole_percentages
from views.theme import Theme, on_phone
from views.titles import titles_to_choose

PAGE = "Film"
BACK, ALL_FILMS, COMPARE = "Back to the answers", "All films", "Compare with another film"
PIE_ALT = "Two-level pie of {}: {}; of the music {}"
LEVELS_NAME = "Levels of the music"
SECTION = "Music"
TIMELINE_ALT = "Timeline of {}: music, speech and other each second; the genre and energy of {} scenes"
WITH_COLOURS = "; above, the film's mean colours"
GONE = "The film of this link is no longer in the catalogue."
ADD_TO_LIST, NEW_LIST = "Add to a list", "Add to a new list named"
PUT_IN, TAKEN_OUT = "Added to {}: {}", "Taken out of {}: {}"
CHOOSE, CHOOSE_HINT = "Find a film", "Type a title, a year or a director"
NOT_HEARD = "Not analysed yet. Add its file to hear its music: `{}`."
SOUND_UNKNOWN = "Not analysed yet: how it sounds is not known. It is compared by what else is known of it."
NO_MUSIC = "No music of ten seconds or more was found in this film."
SECTIONS = {"movie": "Overview", "segments": "Scenes"}
"""What the address says -> what the page says."""
TIMELINE = "Timeline"
ZOOM_WORDS = "Drag across the figure to look closer, double-click to see all."
TIMELINE_WORDS = "Bold: each scene's level of energy; thin: how energetic each ten seconds sound, 0 (low) to 2 (high)."
PIE_WORDS = "A click on music opens it; a click in the middle closes it."
SHARE_WORDS = "The link opens this film."
OTHER_VERSION = "Another version of this film, not analysed: {}"


def _asked(found: OpenCatalogue) -> int | None:
    """The film that the address names; None, with a word, where it names none that is here."""
    given = st.query_params.get("film", "")
    if given.isdecimal() and len(given) < 18 and int(given) in found.names:
        return int(given)
    if given:
        st.title(say(PAGE), anchor=False)
        st.info(say(GONE), icon=":material/link_off:")
    return None


def _find(found: OpenCatalogue) -> None:
    """For visitors without a film in the address: a search box, and a link to all films."""
    offered = titles_to_choose(found, [], "film")
    chosen = st.selectbox(
        say(CHOOSE),
        offered,
        index=None,
        format_func=found.names.__getitem__,
        key="film-find",
        placeholder=say(CHOOSE_HINT),
    )
    if chosen is not None:
        st.query_params["film"] = str(chosen)
        st.rerun()
    st.html(links.link(say(ALL_FILMS), "films", {}))


def _actions(film: Film, question: Question) -> None:
    """The acts on the film; an act that was done is marked, and a second press undoes it."""
    film_id = film.film_id
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        film_button(say(LIKE), "favorite", film, "likes", "film", pressed=film_id in question.likes)
        film_button(say(DISLIKE), "block", film, "dislikes", "film", pressed=film_id in question.dislikes)
        film_button(say(SEEN), "visibility", film, "seen", "film", pressed=film_id in question.seen)
        lists = lists_of(frame.home(), frame.reader())
        _list_button(WATCH, "bookmark", film, film_id in lists[WATCH])
        with st.popover(say(ADD_TO_LIST), icon=":material/playlist_add:", type="tertiary"):
            for name in (one for one in lists if one not in GIVEN):
                _list_button(name, "playlist_add", film, film_id in lists[name])
            st.text_input(say(NEW_LIST), key="film-new-list", max_chars=LONGEST_NAME, on_change=_new_list, args=(film,))
        share_menu(say(SHARE_WORDS), f"film?film={film_id}")


def _list_button(name: str, icon: str, film: Film, held: bool) -> None:
    """Puts the film into a list of this reader; pressed again it is taken out."""
    st.button(
        frame.plain(say(name) if name in GIVEN else name),
        icon=f":material/{icon}:",
        key=f"list-{name}-{film.film_id}",
        type="primary" if held else "tertiary",
        on_click=_listed,
        args=(name, film, not held),
    )


def _listed(name: str, film: Film, within: bool) -> None:
    film_id = film.film_id or 0
    keep(name, film_id, within=within)
    said = say(PUT_IN if within else TAKEN_OUT, say(name) if name in GIVEN else name, film.title)
    undo.offer(said, partial(keep, name, film_id, within=not within))


def _new_list(film: Film) -> None:
    name = " ".join(str(st.session_state["film-new-list"]).split())
    if name:
        _listed(name, film, True)
    st.session_state["film-new-list"] = ""


def _levels(summary: FilmSummary, look: Theme) -> str:
    """The levels of energy, valence and danceability: a bar each, and its shares in words."""
    rows = []
    for attribute in ("energy", "valence", "danceability"):
        whole = whole_percentages(getattr(summary, attribute))
        words = ", ".join(f"{say(level)} {share} %" for level, share in whole.items())
        pieces = "".join(
            f'<i style="width:{share}%;background:{look.levels[place]}"></i>'
            for place, share in enumerate(whole.values())
        )
        rows.append(
            f'<li><span>{say(attribute.capitalize())}</span><span class="fs-stack" aria-hidden="true">{pieces}</span>'
            f'<span class="fs-meta">{words}</span></li>'
        )
    return f'<ul class="fs-levels" aria-label="{say(LEVELS_NAME)}">{"".join(rows)}</ul>'


def _overview(film: Film, summary: FilmSummary, look: Theme) -> None:
    activity = whole_percentages({label: getattr(summary, label) for label in LABELS})
    shares = pd.DataFrame(
        [("heard", name, getattr(summary, name)) for name in LABELS]
        + [("genre", name, summary.genres[name]) for name in GENRES]
        + [(a, level, getattr(summary, a)[level]) for a in ATTRIBUTES for level in LEVELS[a]],
        columns=["what", "value", "percent"],
    )
    left, right = st.columns([5, 6], gap="medium", vertical_alignment="center")
    with left:
        words = ", ".join(f"{say(name)} {value} %" for name, value in activity.items())
        genres = ", ".join(f"{name} {value} %" for name, value in whole_percentages(summary.genres).items() if value)
        frame.figure(
            film_figures.two_level_pie(summary, look),
            say(PIE_ALT, film.title, words, genres),
            "music",
            shares,
        )
        st.caption(say(PIE_WORDS))
    with right:
        st.html(_levels(summary, look))
        further, presence = film_figures.further_words(summary.further), film_figures.presence_words(summary.presence)
        for said in (further, presence, film_figures.loudness_words(summary.loudness)):
            if said:
                st.caption(said)


def _timeline(found: OpenCatalogue, film: Film, look: Theme, colour_print: str, said: Dialogue | None) -> None:
    film_id = film.film_id or 0
    heard = found.activity(film_id)
    if heard is None or not len(heard.label):
        return
    st.subheader(say(TIMELINE), anchor=False)
    runs = found.runs(film_id)
    energy = found.energy(film_id)
    heard_here = timeline_player(film_id, [run.start_s for run in runs], len(heard.label), found.names[film_id])
    if heard_here:
        st.html(heard_here)
    seconds = pd.DataFrame({"second": range(len(heard.label)), "label": [LABELS[one] for one in heard.label]})
    seconds = seconds.assign(music_p=heard.music, speech_p=heard.speech)
    frame.figure(
        film_figures.timeline(
            heard, runs, look, energy, colour_print, captions=said.music_caption_spans if said else ()
        ),
        say(TIMELINE_ALT, film.title, len(runs)) + (say(WITH_COLOURS) if colour_print else ""),
        "timeline",
        seconds if energy is None else seconds.merge(energy, on="second", how="left"),
    )
    st.caption(say(TIMELINE_WORDS) if on_phone() else f"{say(TIMELINE_WORDS)} {say(ZOOM_WORDS)}")
    if ear := ear_words(said) if said else "":
        st.caption(ear)


def show() -> None:
    look = frame.page(say(PAGE), named=not st.query_params.get("film"))
    found = first_start.open_or_begin()
    question = carried(found.names.keys())
    film_id = _asked(found)
    if film_id is None:
        _find(found)
        return
    film = found.snapshot.film(film_id)
    frame.name_tab(film.title)
    summary = found.snapshot.summary(film_id)
    back = (
        links.link(say(BACK), "discover", to_params(question))
        if question.likes
        else links.link(say(ALL_FILMS), "films", {})
    )
    other = (
        links.link(say(COMPARE), "compare", {"a": str(film_id)}) if summary is not None and summary.has_music else ""
    )
    st.html(f'<p class="fs-back">{" · ".join(one for one in (back, other) if one)}</p>')
    for notice in st.session_state.pop("notices", ()):
        st.info(frame.plain(say(notice)), icon=":material/info:")
    heading(film, summary, look)
    _actions(film, question)
    asking = frame.actor()
    if asking.is_admin:  # only admins see the paths of files
        for path in other_versions(frame.home(), asking).get(film_id, ()):
            st.caption(frame.plain(say(OTHER_VERSION, path)))
    if summary is None:
        can_add = asking.is_admin or on_this_machine()
        words = say(NOT_HEARD, frame.command("ingest FILE")) if can_add else say(SOUND_UNKNOWN)
        st.info(words, icon=":material/hearing:")
    elif not summary.has_music:
        st.info(say(NO_MUSIC), icon=":material/music_off:")
    said = found.snapshot.dialogues([film_id]).get(film_id)
    seen = found.snapshot.pictures([film_id]).get(film_id)
    _timeline(found, film, look, seen.colour_print if seen else "", said)
    if summary is not None and summary.has_music:
        if section(say(SECTION), SECTIONS, "layer") == "segments":
            scenes_of_film(found, film)
        else:
            _overview(film, summary, look)
    shown = found.snapshot.faces([film_id]).get(film_id)
    listening_keys()
    senses_of_film(film, said, seen, shown)
    curves_of_film(film, curves_of(said, seen, shown), found.activity(film_id), look)
    by_composers(found, film, look)
    try:
        films_like(found, film_id, look)
        if summary is not None and summary.has_music:
            scenes_like(found, film_id, look)
    except ParameterError as error:
        st.caption(frame.plain(say_error(error)))
    undo.bar()


show()
