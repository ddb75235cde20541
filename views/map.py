"""Map: all films, or their scenes, as points; near points are alike."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from errors import ParameterError
from film import GENRES, LEVELS
from recommender.film_map import Basis, FilmMap
from service.figures.map_figure import map_figure
from service.questions.apart import difference_words, features, set_apart
from service.questions.app_data import OpenCatalogue
from service.questions.mapping import few_words, film_path, open_map, scene_spans
from views import first_start, frame
from views.address import section
from views.film_figures import clock
from views.language import say
from views.player import player_or_why
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
MOST_LISTED = 50
MOST_DIFFERENCES = 8
ENERGY = "energy, 0 to 2"


SHOW = "Show a film"
PATH_TO = "Path to"
CHOOSE_A_FILM = "Choose a film"
NOTHING_APART = "No feature of these films differs from the others beyond chance."
CHOSEN_ALT = "The chosen films"
FIRST_LISTED = "The first {} are listed."
PATH = "Path"
NOT_SHOWN = "{} films are not shown: they have nothing to compare here."
APART = "What sets these apart: {}."
MAP_WORDS = "{} {}. Only the distances have a meaning, not the axes. {}"
COLOUR_BY = "Colour by"
MAP_ALT = "{} {} as points, coloured by {}; near ones are alike"
PATH_OF_FILMS = "A path leads from film to film. Choose a map of films, not of scenes."
OPEN_THE_FILM = "Open the film"
TITLE = "Map"
COMPARE = "Compare"


@st.cache_resource(max_entries=8, show_spinner="Laying out the map")
def _map(_found: OpenCatalogue, snapshot: str, basis: Basis) -> FilmMap:
    return open_map(_found.home, _found.snapshot, _found.recommender, basis)


@st.cache_resource(max_entries=2, show_spinner=False)
def _features(_found: OpenCatalogue, snapshot: str) -> pd.DataFrame:
    return features(_found.films, _found.snapshot.summaries())


@st.cache_data(max_entries=16, show_spinner=False)
def _energies(_found: OpenCatalogue, snapshot: str) -> pd.Series:
    summaries = _found.snapshot.summaries().set_index("film_id")
    shares = summaries[[f"energy_{level}" for level in LEVELS["energy"]]].to_numpy(float)
    return pd.Series(np.where(shares.sum(axis=1) > 0, shares @ np.arange(3) / 100, np.nan), summaries.index)


def _music_genres(found: OpenCatalogue) -> dict[int, str]:
    summaries = found.snapshot.summaries()
    shares = summaries[list(GENRES)].to_numpy(float)
    leading = (
        [GENRES[place] if top > 0 else "" for place, top in zip(shares.argmax(1), shares.max(1), strict=True)]
        if len(shares)
        else []
    )
    return dict(zip(summaries["film_id"].tolist(), leading, strict=True))


def _groups(found: OpenCatalogue, colour: str, film_ids: Sequence[int]) -> list[str]:
    """The name that colours each point."""
    if colour == "genre":
        genres = _music_genres(found)
        return [genres.get(film_id, "") for film_id in film_ids]
    films = found.films
    if colour == "decade":
        years = films["year"].to_dict()
        return ["" if pd.isna(years[one]) else f"{int(years[one]) // 10 * 10}s" for one in film_ids]
    first = films["directors" if colour == "director" else "genres"].map(lambda held: held[0] if len(held) else "")
    return [str(first[film_id]) for film_id in film_ids]


def _names(found: OpenCatalogue, known: FilmMap, basis: Basis) -> list[str]:
    if basis != "scenes":
        return [found.names[film_id] for film_id in known.film_ids.tolist()]
    spans = scene_spans(found.snapshot)
    keys = zip(known.film_ids.tolist(), known.runs.tolist(), strict=True)
    return [f"{found.names[key[0]]}, {clock(spans[key][0])}" for key in keys]


def _searched(found: OpenCatalogue, known: FilmMap) -> tuple[int | None, list[int]]:
    """The film that the map opens at, and the film_ids of the path that is asked for."""
    on_map = sorted({*known.film_ids.tolist()}, key=lambda film_id: found.names[film_id])
    here, there = st.columns(2)

    def choose(label: str, key: str) -> int | None:
        held: int | None = st.session_state.get(key)
        offered = titles_to_choose(found, [held] if held is not None and held in on_map else [], key, on_map)
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


def _selected(event: object, drawn: go.Figure) -> tuple[list[tuple[int, int]], bool]:
    """(film_id, run) of the selected points, and whether they were clicked rather than drawn around."""
    selection = getattr(event, "selection", None) or {}
    places = [(point["curve_number"], point["point_index"]) for point in selection.get("points", [])]
    # by place: the browser sends the points' own data back in another form than they had
    given = [drawn.data[curve].customdata[at] for curve, at in places if drawn.data[curve].customdata is not None]
    keys = [(int(one[0]), int(one[1])) for one in given]
    return keys, not (selection.get("box") or selection.get("lasso"))


def _listed(found: OpenCatalogue, film_ids: Sequence[int]) -> None:
    """The films of a lasso, and what sets them apart."""
    different = set_apart(_features(found, found.snapshot.id), film_ids)
    st.subheader(f"{len(film_ids)} films", anchor=False)
    if different:
        said = "; ".join(difference_words(one) for one in different[:MOST_DIFFERENCES])
        st.html(f'<p class="fs-finding">{html.escape(say(APART, said))}</p>')
    else:
        st.caption(say(NOTHING_APART))
    rows = found.films.loc[list(film_ids[:MOST_LISTED]), ["title", "year", "directors"]]
    st.dataframe(rows, hide_index=True, alt=say(CHOSEN_ALT))
    if len(film_ids) > MOST_LISTED:
        st.caption(say(FIRST_LISTED, MOST_LISTED))


def _path(found: OpenCatalogue, film_ids: Sequence[int], look: Theme) -> None:
    """The films of a path in order, each to open and to hear."""
    st.subheader(say(PATH), anchor=False)
    for rank, film_id in enumerate(film_ids, 1):
        runs = found.snapshot.runs(film_id)
        longest = max(runs, key=lambda run: run.end_s - run.start_s, default=None)
        heard = player_or_why(film_id, longest.start_s, longest.end_s, found.names[film_id]) if longest else ""
        frame.film_card(found, found.snapshot.film(film_id), look, rank=rank, size=56, more=heard)


def _draw(found: OpenCatalogue, known: FilmMap, basis: Basis, look: Theme) -> None:
    with st.popover(say(SETTINGS), icon=":material/tune:", type="tertiary"):
        colour = section(say(COLOUR_BY), COLOURS, "colour")
        first, ends = _searched(found, known)
    film_ids = known.film_ids.tolist()
    path: list[int] = []
    if first is not None and ends and basis != "scenes":
        path = film_path(found.recommender.map_vectors(basis), first, ends[0])
    elif first is not None and ends:
        st.caption(say(PATH_OF_FILMS))
    rows = {film_id: row for row, film_id in reversed(list(enumerate(film_ids)))}
    energies = _energies(found, found.snapshot.id).reindex(film_ids).to_numpy() if colour == "energy" else None
    drawn = map_figure(
        known.points,
        film_ids,
        _names(found, known, basis),
        None if colour == "energy" else _groups(found, colour, film_ids),
        energies,
        look,
        scale=say(ENERGY),
        at=None if first is None or path else tuple(known.points[rows[first]]),
        path=[rows[film_id] for film_id in path],
        runs=known.runs.tolist() if basis == "scenes" else (),
    )
    what = "scenes" if basis == "scenes" else "films"
    event = st.plotly_chart(
        drawn,
        theme=None,
        key=f"map-{basis}",
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
        config={"displaylogo": False, "scrollZoom": True},
        alt=say(MAP_ALT, len(known), what, say(COLOURS[colour]).lower()),
    )
    missing = len(found.films) - len(rows)
    left_out = say(NOT_SHOWN, missing) if missing else ""
    st.caption(f"{say(HOW_TO)} {say(MAP_WORDS, len(known), what, left_out)}")
    keys, clicked = _selected(event, drawn)
    if path:
        _path(found, path, look)
    elif keys and clicked and basis != "scenes":
        st.switch_page(frame.FILM_PAGE, query_params={"film": str(keys[0][0])})
    elif keys and clicked:
        _scene(found, *keys[0])
    elif keys:
        _listed(found, list(dict.fromkeys(film_id for film_id, _ in keys)))


def _scene(found: OpenCatalogue, film_id: int, run: int) -> None:
    start_s, end_s = scene_spans(found.snapshot)[film_id, run]
    st.subheader(f"{found.names[film_id]}, {clock(start_s)}", anchor=False)
    st.html(player_or_why(film_id, start_s, end_s, found.names[film_id]))
    frame.open_film_link(found.snapshot.film(film_id), say(OPEN_THE_FILM))


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    basis: Basis = section(say(COMPARE), BASES, "of")  # type: ignore[assignment]
    known = _map(found, found.snapshot.id, basis)
    words = few_words(known)
    if words:
        st.info(words, icon=":material/info:")
    if not len(known):
        return
    try:
        _draw(found, known, basis, look)
    except ParameterError as error:
        frame.trouble(error)


show()
