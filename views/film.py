"""The page Film: its metadata, its music over time, as a whole and scene by scene, and its neighbours.

Thesis 5.3, figures 18-24: Overview is the movie layer, Scenes the segment layer.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from db.catalogue.snapshot import StoredRun
from errors import ParameterError
from film import ATTRIBUTES, GENRES, LABELS, LEVELS, Film, FilmSummary
from recommender.plots import is_read
from recommender.question import Question
from senses import Dialogue
from service.library.tracks import other_versions
from service.questions.app_data import OpenCatalogue, energy_curve, segment_table
from service.questions.link import to_params
from service.questions.lists import GIVEN, LONGEST_NAME, WATCH, lists_of
from views import film_figures, first_start, frame, links, undo
from views.address import section
from views.answers import DISLIKE, LIKE, SEEN, film_button, keep
from views.film_curves import curves_of, curves_of_film
from views.film_neighbours import by_composers, films_like, scenes_like
from views.film_senses import ear_words, senses_of_film
from views.language import say, say_error
from views.player import listening_keys, timeline_player
from views.question import carried
from views.share import share_menu
from views.sound_print import sound_print_image, whole_percentages
from views.theme import Theme
from views.titles import titles_to_choose

PAGE = "Film"
BACK, ALL_FILMS, COMPARE = "Back to the answers", "All films", "Compare with another film"
MINUTES, RATED = "{} min", "rated {:.1f}"
FACTS = {
    "other_title": "Also called",
    "countries": "Countries",
    "languages": "Languages",
    "writers": "Written by",
    "composers": "Music by",
    "cast": "Cast",
    "film_set": "Belongs to",
    "tags": "Tags",
    "locations": "Locations",
    "metascore": "Metascore",
}
"""Field of a film -> what the page calls it."""
OF_100 = "{} of 100"
PIE_ALT = "Two-level pie of {}: {}; of the music {}"
LEVELS_NAME = "Levels of the music"
COLUMNS = ("Time", "Genre", "Energy", "Valence", "Danceability", "Confidence")
SCENES_NAME = "Scenes with music"
MODEL_SAID, STAR, BY_EAR = "the model said {}", "A star marks what a person set by ear.", "by ear"
SECTION = "Music"
TIMELINE_ALT = "Timeline of {}: music, speech and other each second; the genre and energy of {} scenes"
WITH_COLOURS = "; above, the film's mean colours"
GONE = "The film of this link is no longer in the catalogue."
ADD_TO_LIST, NEW_LIST = "Add to a list", "Add to a new list named"
PUT_IN, TAKEN_OUT = "Added to {}: {}", "Taken out of {}: {}"
CHOOSE, CHOOSE_HINT = "Find a film", "Type a title, a year or a director"
NOT_HEARD = "Not analysed yet. Add its file to hear its music: `{}`."
NO_MUSIC = "No music of ten seconds or more was found in this film."
SECTIONS = {"movie": "Overview", "segments": "Scenes"}
"""What the address says -> what the page says."""
TIMELINE = "Timeline"
TIMELINE_WORDS = (
    "Drag across the figure to look closer, double-click to see all. Bold: each scene's level of energy; thin: how "
    "energetic each ten seconds sound, 0 (low) to 2 (high)."
)
PIE_WORDS = "A click on music opens it; a click in the middle closes it."
SCENE_WORDS = "A scene is ten seconds of music or more. Confidence: how probable the model holds its genre to be."
PLOT_NOT_READ = "Films are compared by plots in English; this one is not compared."
SCENES_CSV = "Download scenes as CSV"
SHARE_WORDS = "The link opens this film."
OTHER_VERSION = "Another version of this film, not analysed: {}"
CORRECT = "Correct these scenes by ear"


def _asked(found: OpenCatalogue) -> int | None:
    """The film that the address names; None, with a word, where it names none that is here."""
    given = st.query_params.get("film", "")
    if given.isdecimal() and len(given) < 18 and int(given) in found.names:
        return int(given)
    if given:
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


def _line(film: Film) -> str:
    """Year, directors, film genres as links; minutes and rating. As HTML."""
    parts = [
        links.year(film.year),
        links.people(film.directors),
        links.film_genres(film.genres),
        say(MINUTES, film.runtime_minutes) if film.runtime_minutes else "",
        say(RATED, film.rating) if film.rating is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def _facts(film: Film) -> str:
    """Countries, cast, places and plot as HTML; all film text escaped."""
    facts = {
        "other_title": html.escape(film.other_title),
        "countries": links.countries(film.countries),
        "languages": html.escape(", ".join(film.languages)),
        "writers": links.people(film.writers[:4]),
        "composers": links.people(film.composers),
        "cast": links.people(film.cast[:8]),
        "film_set": html.escape(film.film_set),
        "tags": html.escape(", ".join(film.tags[:8])),
        "locations": html.escape(" | ".join(film.locations[:4])),
        "metascore": say(OF_100, film.metascore) if film.metascore is not None else "",
    }
    rows = "".join(f"<dt>{say(FACTS[name])}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    plot = f'<p class="fs-plot">{html.escape(film.plot)}</p>' if film.plot else ""
    if film.plot and not is_read(film.plot):
        plot += f'<p class="fs-meta">{say(PLOT_NOT_READ)}</p>'
    return f'{plot}<dl class="fs-facts" dir="auto">{rows}</dl>'


def _heading(film: Film, summary: FilmSummary | None, look: Theme) -> None:
    poster = frame.poster_image(frame.home(), film, 168)
    drawing = poster + sound_print_image(film.title, summary, size=168, theme=look)
    tag = frame.demo_tag(film)
    label = f' <span class="fs-tag">{html.escape(tag)}</span>' if tag else ""
    st.html(
        f'<div class="fs-film big">{drawing}<div class="fs-words">'
        f'<h1 class="fs-title big" dir="auto">{html.escape(film.title)}</h1>'
        f'<div class="fs-meta" dir="auto">{_line(film)}{label}</div>{_facts(film)}</div></div>'
    )


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


def _scene_rows(runs: Sequence[StoredRun]) -> str:
    """One line a scene, as a table: where it is, its genre and levels, how sure the genre is."""

    def cell(run: StoredRun, name: str, kind: str = "") -> str:
        marked = "*" if name in run.corrections else ""
        said = f' title="{html.escape(say(MODEL_SAID, say(getattr(run, name))))}"' if marked else ""
        return f'<td class="{kind}"{said}>{html.escape(say(run.value(name)))}{marked}</td>'

    def sure(run: StoredRun) -> str:
        return say(BY_EAR) if "genre" in run.corrections else f"{100 * run.genre_p:.0f} %"

    rows = "".join(
        f'<tr><th scope="row">{film_figures.span(run)}</th>{cell(run, "genre")}{cell(run, "energy")}'
        f"{cell(run, 'valence', 'fs-wide')}{cell(run, 'danceability', 'fs-wide')}"
        f'<td class="fs-num">{sure(run)}</td></tr>'
        for run in runs
    )
    kinds = ("", "", "", "fs-wide", "fs-wide", "fs-num")
    names = zip(COLUMNS, kinds, strict=True)
    heads = "".join(f'<th scope="col" class="{kind}">{say(name)}</th>' for name, kind in names)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="fs-scenes" tabindex="0" role="region" aria-label="{say(SCENES_NAME)}">{table}</div>'


def _scenes(found: OpenCatalogue, film: Film) -> None:
    runs = found.runs(film.film_id or 0)
    corrected = f" {say(STAR)}" if any(run.corrections for run in runs) else ""
    st.html(_scene_rows(runs))
    st.caption(say(SCENE_WORDS) + corrected)
    if frame.actor().is_admin and runs:
        st.html(links.link(say(CORRECT), "by_ear", {"film": str(film.film_id)}))
    st.download_button(
        say(SCENES_CSV),
        lambda: table_csv(segment_table(runs)),
        "segments.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _energy(_found: OpenCatalogue, snapshot: str, film_id: int) -> pd.DataFrame | None:
    return energy_curve(_found, film_id)


def _timeline(found: OpenCatalogue, film: Film, look: Theme, colour_print: str, said: Dialogue | None) -> None:
    film_id = film.film_id or 0
    heard = found.snapshot.activity(film_id)
    if heard is None or not len(heard.label):
        return
    st.subheader(say(TIMELINE), anchor=False)
    runs = found.runs(film_id)
    energy = _energy(found, found.snapshot.id, film_id)
    seconds = pd.DataFrame({"second": range(len(heard.label)), "label": [LABELS[one] for one in heard.label]})
    seconds = seconds.assign(music_p=heard.music, speech_p=heard.speech)
    frame.figure(
        film_figures.timeline(heard, runs, look, energy, colour_print),
        say(TIMELINE_ALT, film.title, len(runs)) + (say(WITH_COLOURS) if colour_print else ""),
        "timeline",
        seconds if energy is None else seconds.merge(energy, on="second", how="left"),
    )
    st.caption(say(TIMELINE_WORDS))
    heard_here = timeline_player(film_id, [run.start_s for run in runs], len(heard.label), found.names[film_id])
    if heard_here:
        st.html(heard_here)
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
    _heading(film, summary, look)
    _actions(film, question)
    asking = frame.actor()
    if asking.is_admin:  # only admins see the paths of files
        for path in other_versions(frame.home(), asking).get(film_id, ()):
            st.caption(frame.plain(say(OTHER_VERSION, path)))
    if summary is None:
        st.info(say(NOT_HEARD, frame.command("ingest FILE")), icon=":material/hearing:")
    elif not summary.has_music:
        st.info(say(NO_MUSIC), icon=":material/music_off:")
    said = found.snapshot.dialogues([film_id]).get(film_id)
    seen = found.snapshot.pictures([film_id]).get(film_id)
    _timeline(found, film, look, seen.colour_print if seen else "", said)
    if summary is not None and summary.has_music:
        if section(say(SECTION), SECTIONS, "layer") == "segments":
            _scenes(found, film)
        else:
            _overview(film, summary, look)
    shown = found.snapshot.faces([film_id]).get(film_id)
    listening_keys()
    senses_of_film(film, said, seen, shown)
    curves_of_film(film, curves_of(said, seen, shown), found.snapshot.activity(film_id), look)
    by_composers(found, film, look)
    try:
        films_like(found, film_id, look)
        if summary is not None and summary.has_music:
            scenes_like(found, film_id, look)
    except ParameterError as error:
        st.caption(frame.plain(say_error(error)))
    undo.bar()


show()
