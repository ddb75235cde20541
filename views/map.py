"""Map: all films, or their scenes, as points; near points are alike."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from errors import ParameterError
from film import GENRES, LEVELS
from recommender.film_map import Basis, FilmMap
from service.figures.map_points import Groups, as_bytes, by_names, by_scale
from service.questions.apart import difference_words, features, set_apart
from service.questions.app_data import OpenCatalogue
from service.questions.mapping import few_words, film_path, open_map, scene_spans
from views import first_start, frame, links, map_canvas
from views.address import section
from views.film_figures import clock
from views.language import language, say
from views.player import compare_hint, listening_keys, player_or_why
from views.theme import Theme
from views.titles import titles_to_choose

LEAD = "Similar films are near each other."
SETTINGS = "Colour, find a film, path"
HOW_TO = "Click a film to open it; draw around several to see what sets them apart."
BASES: dict[str, str] = {
    "sound": "How films sound",
    "about": "What they are about",
    "picture": "How they look",
    "scenes": "Single scenes",
}
COLOURS = {
    "genre": "Music genre",
    "kind": "Film genre",
    "director": "Director",
    "decade": "Decade",
    "energy": "Energy",
}
COLUMNS = {"title": "Title", "year": "Year", "directors": "Directors"}
MOST_LISTED = 50
MOST_DIFFERENCES = 8
MOST_KEPT = 500
"""Films of a list, whose address holds them."""
ENERGY = "energy, 0 to 2"


SHOW = "Show a film"
PATH_TO = "Path to"
CHOOSE_A_FILM = "Choose a film"
NOTHING_APART = "No feature of these films differs from the others beyond chance."
CHOSEN_ALT = "The chosen films"
AS_A_LIST, LIST_NAME = "Open these films as a list", "From the map"
FIRST_LISTED = "The first {} are listed."
PATH = "Path"
NOT_SHOWN = "{:,} films are not shown: they have nothing to compare here."
APART = "What sets these apart: {}."
MAP_WORDS = "{:,} {}. Only the distances have a meaning, not the axes. {}"
COLOUR_BY = "Colour by"
MAP_ALT = "{} {} as points, coloured by {}; near ones are alike"
PATH_OF_FILMS = "A path leads from film to film. Choose a map of films, not of scenes."
OPEN_THE_FILM = "Open the film"
TITLE, LAYING_OUT = "Map", "Laying out the map"
SCENES, FILMS, COUNT = "scenes", "films", "{:,} films"
COMPARE = "Compare"


@st.cache_resource(max_entries=8, show_spinner=False)
def _map(_found: OpenCatalogue, snapshot: str, basis: Basis) -> FilmMap:
    return open_map(_found.home, _found.snapshot, _found.recommender, basis)


@st.cache_resource(max_entries=2, show_spinner=False)
def _features(_found: OpenCatalogue, snapshot: str) -> pd.DataFrame:
    return features(_found.films, _found.snapshot.summaries())


@st.cache_resource(max_entries=2, show_spinner=False)
def _heard(_found: OpenCatalogue, snapshot: str) -> pd.DataFrame:
    """film_id -> energy (0 to 2; NaN: no music) and leading genre ("": none) of its music."""
    summaries = _found.snapshot.summaries().set_index("film_id")
    levels = summaries[[f"energy_{level}" for level in LEVELS["energy"]]].to_numpy(float)
    genres = summaries[list(GENRES)].to_numpy(float)
    energy = np.where(levels.sum(axis=1) > 0, levels @ np.arange(3) / 100, np.nan)
    leading = np.where(genres.max(axis=1, initial=0) > 0, np.array(GENRES)[genres.argmax(axis=1)], "")
    return pd.DataFrame({"energy": energy, "genre": leading}, summaries.index)


@dataclass(frozen=True)
class _Places:
    """The parts of a map that are the same in every run of the page."""

    rows: Mapping[int, int]
    """film_id -> its first row"""
    by_name: Sequence[int]
    """film_ids by their names"""
    spans: npt.NDArray[np.int64]
    """(n, 2) start and end of the scenes; empty on a map of films"""


@st.cache_resource(max_entries=8, show_spinner=False)
def _places(_found: OpenCatalogue, _known: FilmMap, snapshot: str, basis: Basis) -> _Places:
    rows = {film_id: row for row, film_id in reversed(list(enumerate(_known.film_ids.tolist())))}
    spans = scene_spans(_found.snapshot, _known) if basis == "scenes" else np.zeros((0, 2), np.int64)
    return _Places(rows, sorted(rows, key=_found.names.__getitem__), spans)


def _groups(found: OpenCatalogue, colour: str, film_ids: list[int]) -> list[str]:
    """The name that colours each point."""
    if colour == "genre":
        return [str(one) for one in _heard(found, found.snapshot.id)["genre"].reindex(film_ids, fill_value="")]
    if colour == "decade":
        years = found.films["year"].loc[film_ids]
        return ["" if pd.isna(year) else f"{int(year) // 10 * 10}s" for year in years]
    held = found.films["directors" if colour == "director" else "genres"].loc[film_ids]
    return [str(names[0]) if len(names) else "" for names in held]


def _names(found: OpenCatalogue, film_ids: Sequence[int], spans: npt.NDArray[np.int64]) -> list[str]:
    """Names of films, or of scenes with the time at which they begin."""
    names = [found.names[film_id] for film_id in film_ids]
    return [f"{name}, {clock(start)}" for name, start in zip(names, spans[:, 0], strict=True)] if len(spans) else names


def _searched(found: OpenCatalogue, places: _Places) -> tuple[int | None, list[int]]:
    """The film that the map opens at, and the film_ids of the path that is asked for."""
    here, there = st.columns(2)

    def choose(label: str, key: str) -> int | None:
        held: int | None = st.session_state.get(key)
        offered = titles_to_choose(
            found, [held] if held is not None and held in places.rows else [], key, places.by_name
        )
        return st.selectbox(
            label,
            offered,
            index=None,
            format_func=lambda one: found.names[one],
            key=key,
            placeholder=say(CHOOSE_A_FILM),
        )

    with here:
        first = choose(say(SHOW), "map-film")
    with there:
        last = choose(say(PATH_TO), "map-to")
    return first, [last] if last is not None else []


def _listed(found: OpenCatalogue, film_ids: Sequence[int], on_the_map: Iterable[int]) -> None:
    """The films of a lasso, and what sets them apart from the others of the map: first what they have more of."""
    different = set_apart(_features(found, found.snapshot.id).loc[list(on_the_map)], film_ids)
    different.sort(key=lambda one: one.inside < one.outside)
    st.subheader(say(COUNT, len(film_ids)), anchor=False)
    if different:
        said = "; ".join(say(difference_words(one)) for one in different[:MOST_DIFFERENCES])
        st.html(f'<p class="fs-finding">{html.escape(say(APART, said))}</p>')
    else:
        st.caption(say(NOTHING_APART))
    rows = found.films.loc[list(film_ids[:MOST_LISTED]), list(COLUMNS)]
    st.dataframe(
        rows.rename(columns={key: say(name) for key, name in COLUMNS.items()}), hide_index=True, alt=say(CHOSEN_ALT)
    )
    if len(film_ids) > MOST_LISTED:
        st.caption(say(FIRST_LISTED, MOST_LISTED))
    kept = ",".join(map(str, film_ids[:MOST_KEPT]))
    st.html(links.link(say(AS_A_LIST), "lists", {"films": kept, "name": say(LIST_NAME)}))


def _path(found: OpenCatalogue, film_ids: Sequence[int], look: Theme) -> None:
    """The films of a path in order, each to open and to hear."""
    st.subheader(say(PATH), anchor=False)
    heard = ""
    for rank, film_id in enumerate(film_ids, 1):
        runs = found.runs(film_id)
        longest = max(runs, key=lambda run: run.end_s - run.start_s, default=None)
        heard = player_or_why(film_id, longest.start_s, longest.end_s, found.names[film_id]) if longest else ""
        frame.film_card(found, found.snapshot.film(film_id), look, rank=rank, size=56, more=heard)
    compare_hint(heard)


@st.cache_resource(max_entries=4, show_spinner=False)
def _drawn(
    _found: OpenCatalogue, _known: FilmMap, snapshot: str, basis: Basis, colour: str, tongue: str
) -> tuple[str, bytes, Groups]:
    """The key, the bytes and the colour groups of a map's points."""
    film_ids = _known.film_ids.tolist()
    if colour == "energy":
        groups = by_scale(
            _heard(_found, snapshot)["energy"].reindex(film_ids).to_numpy(float), len(LEVELS["energy"]) - 1
        )
    else:
        groups = by_names(_groups(_found, colour, film_ids))
    key = f"{snapshot} {basis} {colour} {tongue}"
    names = _names(_found, film_ids, _places(_found, _known, snapshot, basis).spans)
    return key, as_bytes(key, _known.points, groups, names), groups


def _draw(found: OpenCatalogue, known: FilmMap, basis: Basis, look: Theme) -> None:
    with st.popover(say(SETTINGS), icon=":material/tune:", type="tertiary"):
        colour = section(say(COLOUR_BY), COLOURS, "colour")
        places = _places(found, known, found.snapshot.id, basis)
        first, ends = _searched(found, places)
    path: list[int] = []
    if first is not None and ends and basis != "scenes":
        path = film_path(found.recommender.map_vectors(basis), first, ends[0])
    elif first is not None and ends:
        st.caption(say(PATH_OF_FILMS))
    key, points, groups = _drawn(found, known, found.snapshot.id, basis, colour, language())
    what = say(SCENES if basis == "scenes" else FILMS)
    chosen = map_canvas.draw(
        basis,
        points,
        key,
        groups,
        look,
        say(MAP_ALT, len(known), what, say(COLOURS[colour]).lower()),
        scale=say(ENERGY),
        marked=[places.rows[film_id] for film_id in path or ([] if first is None else [first])],
    )
    missing = len(found.films) - len(places.rows)
    left_out = say(NOT_SHOWN, missing) if missing else ""
    st.caption(f"{say(HOW_TO)} {say(MAP_WORDS, len(known), what, left_out)}")
    if chosen.rows and not chosen.clicked:
        _listed(found, list(dict.fromkeys(known.film_ids[list(chosen.rows)].tolist())), places.rows)
    elif chosen.rows and basis == "scenes":
        [row] = chosen.rows
        _scene(found, int(known.film_ids[row]), *places.spans[row].tolist())
    elif chosen.rows:
        links.go("film", links.film_params(int(known.film_ids[chosen.rows[0]])))
    if path:
        _path(found, path, look)


def _scene(found: OpenCatalogue, film_id: int, start_s: int, end_s: int) -> None:
    st.subheader(f"{found.names[film_id]}, {clock(start_s)}", anchor=False)
    st.html(player_or_why(film_id, start_s, end_s, found.names[film_id]))
    frame.open_film_link(found.snapshot.film(film_id), say(OPEN_THE_FILM))


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    basis: Basis = section(say(COMPARE), BASES, "of")  # type: ignore[assignment]
    with st.spinner(say(LAYING_OUT)):
        known = _map(found, found.snapshot.id, basis)
    words = few_words(known)
    if words:
        st.info(say(words), icon=":material/info:")
    if not len(known):
        return
    listening_keys()
    try:
        _draw(found, known, basis, look)
    except ParameterError as error:
        frame.trouble(error)


show()
