"""Mining: what sets directors apart (thesis chapter 6, figures 25-37), and how far to believe it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from db.catalogue.export import table_csv
from errors import ParameterError
from mining.composition import ZERO_PCT
from mining.correlation import ASYMPTOTIC_FROM, DRAWN_TO, EXACT_TO, INTERVAL_DRAWS, SHUFFLES, spearman
from service.figures import sample
from service.figures.column_words import column_words
from service.figures.mining_figures import (
    NUMBERS_MOST,
    correlation_heatmap,
    loadings_bars,
    pair_scatter,
    projection_scatter,
)
from service.figures.mining_room import (
    CORRECTIONS,
    FOCUS,
    Correction,
    Correlations,
    Plane,
    Projected,
    Room,
    encodings_beside,
    explained_words,
    loadings_table,
)
from service.figures.mining_words import (
    correlations_words,
    most_telling,
    projection_words,
    telling_pairs,
)
from service.questions.app_data import OpenCatalogue
from views import first_start, frame, titles
from views.address import section
from views.language import say, say_error
from views.mining_directors import finding, left_out, separation, surfaces
from views.theme import Theme

ENCODINGS = {"founded": "Recommended encoding", "thesis": "As in the thesis"}


BESIDE = "One film in both"
TABLE_TITLE = "The table, {}"
TABLE_WORDS = "{:,} films, {:,} with music; {} columns. Shares and durations are percent."
FIRST_ROWS = "The first {:,} rows are shown; the table as CSV has them all."
TABLE_AS_CSV = "Table as CSV"
BESIDE_ALT = "One film as it is known, in the thesis's encoding and in the recommended one"
TABLE_ALT = "The preprocessed table: one row a film"
WHICH_ATTRIBUTES = "Which attributes"
P_VALUES_CORRECTED_BY = "P-values corrected by"
HEATMAP_ALT = "Heatmap of Spearman's rank correlation of {} attributes. {}"
ALL_ATTRIBUTES = "Show all {} attributes"
DRAWN_WORDS = (
    "Drawn are the {} attributes of the strongest pairs, of {}. Pairs are counted and p-values corrected over all."
)
HEATMAP_WORDS = "A number stands where the corrected p is below 0.05 ({} of {} pairs). {}"
TWO_ATTRIBUTES = "Two attributes"
ACROSS = "Across"
UP = "Up"
SCATTER_ALT = "Scatter of {} against {}, one mark a film, by director"
CONSTANT = "The same for all films, so their correlation is undefined: {}."
INTERVAL = "{} (95 % interval)."
SAMPLE = "Drawn are {:,} of {:,} films, chosen at random once; what is computed, and the data as CSV, has them all."
MUSIC_PLANE = "Music (figure 31)"
METADATA_PLANE = "Metadata (figure 32)"
MIXED_PLANE = "One of each (figure 33)"
SENSES_PLANE = "Said and seen"
PLANE = "Plane"
NOT_STANDARDISED = "As is (features not standardised)"
PLANE_ALT = "{} films on a plane. {}"
VARIANCE = "Of the variance: {}."
LOADINGS = "What the components are made of"
LOADINGS_ALT = "The features with the largest loadings. {}"
ENCODING_HELP = "How words become numbers; the section Table explains the difference."
TITLE = "What sets directors apart"
LEAD = "The thesis's chapter 6, with its figures, on the films of this catalogue."
ENCODING = "Encoding"
SECTION = "Section"
PAIR = "{} and {}: rho {:+.2f} [{:+.2f}, {:+.2f}] over {} films"
PREPARING, COMPARING, PROJECTING = "Preparing the table", "Comparing every pair", "Projecting the films"
UNHEARD = "{:,} of {:,} films have no music yet; they are left out of what needs music."


@st.cache_resource(max_entries=4, show_spinner=False)
def _room(_found: OpenCatalogue, snapshot: str, encoding: str) -> Room:
    return Room.of(_found, encoding)  # type: ignore[arg-type]


@st.cache_data(max_entries=32, show_spinner=False)
def _correlated(
    _room: Room, content: str, encoding: str, focus: str, correction: Correction, log_ratios: bool
) -> Correlations:
    return _room.correlations(focus, correction, log_ratios=log_ratios)


@st.cache_data(max_entries=64, show_spinner=False)
def _related(_room: Room, content: str, encoding: str, x: str, y: str) -> Correlations:
    return spearman(_room.pair(x, y)[0][[x, y]], "none", interval_draws=INTERVAL_DRAWS)


@st.cache_resource(max_entries=16, show_spinner=False)
def _projected(_room: Room, content: str, encoding: str, plane: Plane, standardise: bool) -> Projected:
    return _room.projection(plane, standardise=standardise)


def _sampled(n: int) -> None:
    """Say so if a figure draws only a part of the films."""
    if n > sample.MOST_POINTS:
        st.caption(say(SAMPLE, sample.MOST_POINTS, n))


DIFFERENCES = """
Rank correlation, PCA and the SVM want numbers, and a film's record has words. The two encodings differ where:

* **Categories.** The thesis gives each country, string of film genres, string of music genres and director the integer
  of its place in the alphabet. The alphabet's order means nothing, but the numbers are compared as if it did. The
  recommended encoding gives each common country, film genre and director a column of its own: 1 has it, 0 has not.
* **Metascore.** Both divide it by 10, to the scale of the rating (the thesis's "multiplied" is a slip). Where it is
  missing the thesis takes the rating, so that the two agree by construction; the recommended one leaves it unknown.
* **Levels** are 0, 1, 2 in both: their order is real.
"""


def _beside(catalogue: OpenCatalogue, room: Room) -> None:
    """One film in both encodings."""
    chosen: int = st.session_state.get("beside", 0)
    offered = titles.titles_to_choose(catalogue, [chosen] if chosen in catalogue.names else [], "beside")
    film_id = st.selectbox(say(BESIDE), offered, format_func=catalogue.names.__getitem__, key="beside")
    if film_id is None:
        return
    with st.spinner(say(PREPARING)):
        thesis, founded = (_room(catalogue, room.snapshot, name) for name in ("thesis", "founded"))
    st.dataframe(
        encodings_beside(catalogue, thesis, founded, int(np.flatnonzero(catalogue.films.index == film_id)[0])),
        hide_index=True,
        alt=say(BESIDE_ALT),
    )


def _table(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    st.markdown(say(DIFFERENCES))
    _beside(catalogue, room)
    st.subheader(say(TABLE_TITLE, say(ENCODINGS[room.encoding]).lower()), anchor=False)
    shown = room.first_rows(titles.MOST_ROWS)
    st.dataframe(shown.round(2), hide_index=True, height=430, alt=say(TABLE_ALT))
    st.caption(say(TABLE_WORDS, len(room.table), room.heard, len(room.table.columns)))
    if len(shown) < len(room.table):
        st.caption(say(FIRST_ROWS, len(shown)))
    st.download_button(
        say(TABLE_AS_CSV),
        lambda: table_csv(room.table_with_titles()),
        f"preprocessed-{room.encoding}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


P_WORDS = (
    "Below {} films p is the share of orders of the films that correlate as strongly (all orders up to {} films, {:,} "
    "drawn ones beyond); from there on it comes from Student's t. Intervals are bootstrapped over {} to {:,} films; of "
    "fewer and of more films they come from Fisher's z (Bonett and Wright 2000)."
)
PARTS_WORDS = (
    "Percentages of one whole (the ten music genres; music, speech and other) sum to 100: where one rises, "
    "another must fall. Measures of one thing (how many faces; how much is said) rise together. Such pairs are in the "
    "figure, but not among what goes together."
)


LOG_RATIOS = "Shares as centred log-ratios"
LOG_RATIOS_WORDS = (
    "Each share as the logarithm of its ratio to the geometric mean of its whole; a share of 0 % counts as {:g} %. It "
    "loosens what shares of one whole have in common by construction, and does not end it."
)


def _named(column: str) -> str:
    return say(column_words(column))


def _correlations(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    left, right = st.columns([3, 2])
    focus = left.selectbox(say(WHICH_ATTRIBUTES), list(FOCUS), format_func=say, key="focus")
    correction = right.selectbox(
        say(P_VALUES_CORRECTED_BY), list(CORRECTIONS), format_func=lambda one: say(CORRECTIONS[one])
    )
    log_ratios = st.toggle(say(LOG_RATIOS), key="log-ratios", help=say(LOG_RATIOS_WORDS, ZERO_PCT))
    with st.spinner(say(COMPARING)):
        found = _correlated(room, room.content, room.encoding, focus, correction, log_ratios)
    pairs = found.pairs()
    said = finding(correlations_words(found))
    shown = found
    if len(found.names) > NUMBERS_MOST and not st.toggle(say(ALL_ATTRIBUTES, len(found.names)), key="all-attributes"):
        shown = most_telling(found, NUMBERS_MOST)
    frame.figure(
        correlation_heatmap(shown, look),
        say(HEATMAP_ALT, len(shown.names), said),
        "correlations",
        pairs,
    )
    p_words = say(P_WORDS, ASYMPTOTIC_FROM, EXACT_TO, SHUFFLES, ASYMPTOTIC_FROM, DRAWN_TO)
    if shown is not found:
        st.caption(say(DRAWN_WORDS, len(shown.names), len(found.names)))
    st.caption(say(HEATMAP_WORDS, int((pairs["p_corrected"] < 0.05).sum()), len(pairs), p_words))
    if pairs["by_construction"].any():
        st.caption(say(PARTS_WORDS))
    if found.constant:
        st.caption(say(CONSTANT, frame.plain(", ".join(map(_named, found.constant)))))
    st.subheader(say(TWO_ATTRIBUTES), anchor=False)
    names = [name for name in found.names if name not in found.constant] or list(found.names)
    first, second = st.columns(2)
    strong = telling_pairs(found).head(1)[["first", "second"]].to_numpy().ravel().tolist()
    places = [names.index(name) for name in strong] if len(strong) == 2 else [0, min(1, len(names) - 1)]
    x = first.selectbox(say(ACROSS), names, index=places[0], format_func=_named, key=f"pair-x-{room.encoding}-{focus}")
    y = second.selectbox(say(UP), names, index=places[1], format_func=_named, key=f"pair-y-{room.encoding}-{focus}")
    drawn, data = room.pair(x, y)
    frame.figure(
        pair_scatter(drawn, x, y, data["film"], data["director"], room.order, look),
        say(SCATTER_ALT, _named(y), _named(x)),
        "pair",
        data,
        room.film_ids,
    )
    _sampled(len(drawn))
    if len(drawn) >= 3 and x != y:
        pair = _related(room, room.content, room.encoding, x, y)
        rho, low, high = (float(bound[0, 1]) for bound in (pair.rho, pair.low, pair.high))
        if rho == rho and low == low:
            numbers = frame.plain(say(PAIR, _named(x), _named(y), rho, low, high, len(drawn)))
            st.caption(say(INTERVAL, numbers))


def _projection(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    planes: dict[Plane, str] = {
        "music": say(MUSIC_PLANE),
        "metadata": say(METADATA_PLANE),
        "both": say(MIXED_PLANE),
    }
    if room.has_senses:
        planes["senses"] = say(SENSES_PLANE)
    plane = st.segmented_control(
        say(PLANE), list(planes), format_func=planes.__getitem__, default="both", required=True
    )
    as_is = st.toggle(say(NOT_STANDARDISED), key="pca-as-is")
    with st.spinner(say(PROJECTING)):
        found = _projected(room, room.content, room.encoding, plane or "both", not as_is)
    said = finding(projection_words(found))
    frame.figure(
        projection_scatter(found, room.titles, room.directors, room.order, look),
        say(PLANE_ALT, len(found.points), said),
        "projection",
        room.points_table(found),
        room.film_ids,
    )
    _sampled(len(found.points))
    st.caption(say(VARIANCE, explained_words(found)))
    left_out(found.left_out)
    st.subheader(say(LOADINGS), anchor=False)
    frame.figure(
        loadings_bars(found.parts, look),
        say(LOADINGS_ALT, explained_words(found)),
        "loadings",
        loadings_table(found),
    )


SECTIONS: dict[str, tuple[str, Callable[[OpenCatalogue, Room, Theme], None]]] = {
    "correlations": ("Correlations", _correlations),
    "projection": ("Projection", _projection),
    "surfaces": ("Decision surfaces", surfaces),
    "directors": ("Telling directors apart", separation),
    "table": ("Table", _table),
}
"""What the address says -> what the page says, and what is drawn."""


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    words = say(ENCODING_HELP)
    encoding = section(say(ENCODING), ENCODINGS, "encoding", words)
    with st.spinner(say(PREPARING)):
        room = _room(found, found.snapshot.id, encoding)
    if room.heard < len(room.titles):
        missing = len(room.titles) - room.heard
        st.caption(say(UNHEARD, missing, len(room.titles)))
    chosen = section(say(SECTION), {name: label for name, (label, _) in SECTIONS.items()}, "section")
    try:
        SECTIONS[chosen][1](found, room, look)
    except ParameterError as error:
        st.info(frame.plain(say_error(error)), icon=":material/info:")


show()
