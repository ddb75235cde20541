"""Mining: what sets directors apart (thesis chapter 6, figures 25-37), and how far to believe it."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from errors import ParameterError
from service.app_data import OpenCatalogue
from service.mining_figures import (
    confusion_heatmap,
    correlation_heatmap,
    decision_surfaces,
    loadings_bars,
    pair_scatter,
    projection_scatter,
    separation_bars,
)
from service.mining_room import (
    CORRECTIONS,
    FOCUS,
    PRESETS,
    Correction,
    Correlations,
    Plane,
    Room,
    Separation,
    chosen_directors,
    loadings_table,
    separation_table,
)
from views import frame
from views.theme import Theme

STRONGEST = 5
"""Pairs that are said in words."""
ENCODINGS = {"founded": "Founded", "thesis": "As in the thesis"}


@st.cache_resource(max_entries=4, show_spinner="Preparing the table")
def _room(_found: OpenCatalogue, snapshot: str, encoding: str) -> Room:
    return Room.of(_found, encoding)  # type: ignore[arg-type]


@st.cache_data(max_entries=32, show_spinner="Comparing every pair")
def _correlated(_room: Room, snapshot: str, encoding: str, focus: str, correction: Correction) -> Correlations:
    return _room.correlations(focus, correction)


@st.cache_data(max_entries=32, show_spinner="Holding films out, and shuffling directors")
def _separations(
    _room: Room, snapshot: str, encoding: str, directors: tuple[str, ...], shuffles: int
) -> list[Separation]:
    return _room.separations(directors, shuffles=shuffles)


def _table(room: Room, look: Theme) -> None:
    st.write(
        "Each film is a row of numbers. The thesis gives every category the integer of its place in the alphabet, "
        "divides Metascore by 10 and fills an empty one with the rating. The founded encoding gives each country, "
        "film genre and director a column of its own (1: has it) and leaves unknown values empty, since the "
        "alphabet's order means nothing and a filled Metascore agrees with the rating by construction."
    )
    table = room.table_with_titles()
    st.dataframe(table, hide_index=True, height=430, alt="The preprocessed table: one row a film")
    st.caption(f"{len(table)} films, {room.heard} with music; {len(table.columns) - 1} columns.")


def _correlations(room: Room, look: Theme) -> None:
    left, right = st.columns([3, 2])
    focus = left.selectbox("Which attributes", list(FOCUS), key="focus")
    correction = right.selectbox("P-values corrected by", list(CORRECTIONS), format_func=CORRECTIONS.__getitem__)
    found = _correlated(room, room.snapshot, room.encoding, focus, correction)
    pairs = found.pairs()
    strongest = pairs[pairs["p_corrected"] < 0.05].head(STRONGEST)
    words = "; ".join(f"{row.first} and {row.second} {row.rho:+.2f}" for row in strongest.itertuples())
    said = f"What goes together most (rho): {words}." if words else "No two attributes go together beyond chance."
    st.html(f'<p class="fs-finding">{html.escape(said)}</p>')
    frame.figure(
        correlation_heatmap(found, look),
        f"Heatmap of Spearman's rank correlation of {len(found.names)} attributes. {said}",
        "correlations",
        pairs,
    )
    st.caption(
        f"A number stands where the corrected p is below 0.05 ({int((pairs['p_corrected'] < 0.05).sum())} of "
        f"{len(pairs)} pairs)."
    )
    if found.constant:
        st.caption(
            "The same for all films, so their correlation is undefined: " + frame.plain(", ".join(found.constant)) + "."
        )
    st.subheader("Two attributes", anchor=False)
    names = [name for name in found.names if name not in found.constant] or list(found.names)
    first, second = st.columns(2)
    x = first.selectbox("Across", names, key="pair-x")
    y = second.selectbox("Up", names, index=min(1, len(names) - 1), key="pair-y")
    drawn, data = room.pair(x, y)
    frame.figure(
        pair_scatter(drawn, x, y, list(data["film"]), list(data["director"]), room.order, look),
        f"Scatter of {y} against {x}, one mark a film, by director",
        "pair",
        data,
    )


def _projection(room: Room, look: Theme) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    planes: dict[Plane, str] = {
        "music": "Music (figure 31)",
        "metadata": "Metadata (figure 32)",
        "both": "One of each (figure 33)",
    }
    plane = left.segmented_control("Plane", list(planes), format_func=planes.__getitem__, default="both", required=True)
    as_is = right.toggle("As is (features not standardised)", key="pca-as-is")
    found = room.projection(plane or "both", standardise=not as_is)
    frame.figure(
        projection_scatter(found, room.titles, room.directors, room.order, look),
        f"{len(found.points)} films on a plane; across: {found.x_title}; up: {found.y_title}",
        "projection",
        room.points_table(found),
    )
    _left_out(found.left_out)
    st.subheader("What the components are made of", anchor=False)
    frame.figure(
        loadings_bars(found.parts, look),
        "The features with the largest loadings of the first components",
        "loadings",
        loadings_table(found),
    )


def _left_out(count: int) -> None:
    if count:
        st.caption(f"{count} film{'s' if count > 1 else ''} left out: without music, or with a value missing.")


def _surfaces(room: Room, look: Theme) -> None:
    left, right = st.columns([2, 3])
    preset = left.selectbox("Directors of", list(PRESETS), key="preset")
    options = room.directors_with_music()
    default = chosen_directors(preset, options)
    if not default:
        st.caption("None of these directors has films with music here; all directors are shown.")
    names = right.multiselect("or choose", options, default=default or options[:12], key=f"surface-{preset}")
    surface, found = room.surface(names)
    frame.figure(
        decision_surfaces(surface, found, room.titles, room.directors, room.order, look),
        f"Decision surfaces of an SVM for {', '.join(surface.directors)}",
        "surfaces",
        room.points_table(found),
    )
    st.caption(
        f"{100 * surface.training_accuracy:.0f} % of the films drawn lie in their own director's region. The SVM "
        "has seen them: whether it can tell films it has not seen is the next tab's question."
    )
    _left_out(found.left_out)


def _separation(room: Room, look: Theme) -> None:
    st.write(
        "Can the director be told from a film's music alone, from its metadata alone, from both? An SVM is trained "
        "on some films and asked about the others, in turns; then once more with the directors shuffled, to see "
        "what luck can do."
    )
    options = room.directors_with_music()
    names = tuple(st.multiselect("Directors", options, default=options[:12], key="separate-directors"))
    tested = st.toggle("Test against chance: directors shuffled 50 times (takes a while)", key="shuffle")
    shuffles = 50 if tested else 0
    found = _separations(room, room.snapshot, room.encoding, names, shuffles)
    frame.figure(
        separation_bars(found, look),
        "Balanced accuracy from music, metadata and both beside chance: "
        + ", ".join(f"{one.source} {100 * one.balanced_accuracy:.0f} %" for one in found),
        "separation",
        separation_table(found),
    )
    for one in found:
        luck = (
            f"shuffled {100 * one.chance:.0f} %, p = {one.p_value:.3f} from {one.shuffles} shuffles"
            if one.shuffles
            else f"guessing {100 * one.chance:.0f} %"
        )
        st.caption(
            f"{one.source.capitalize()}: {100 * one.balanced_accuracy:.0f} % balanced, "
            f"{100 * one.accuracy:.0f} % of films; {luck}; {one.films} films, {one.folds} folds."
        )
    which = st.segmented_control("Confusions from", ["music", "metadata", "both"], default="both", required=True)
    shown = next(one for one in found if one.source == which)
    frame.figure(
        confusion_heatmap(shown, look),
        f"Confusion matrix of {len(shown.directors)} directors from {which}",
        "confusion",
        pd.DataFrame(shown.confusion, columns=list(shown.directors)).assign(director=list(shown.directors)),
    )


def show() -> None:
    look = frame.page(
        "What sets directors apart", "The thesis's chapter 6, with its figures, on the films of this catalogue."
    )
    found = frame.open_or_begin()
    encoding = st.segmented_control(
        "Encoding", list(ENCODINGS), format_func=ENCODINGS.__getitem__, default="thesis", required=True, key="encoding"
    )
    room = _room(found, found.snapshot.id, encoding or "thesis")
    if room.heard < len(room.titles):
        missing = len(room.titles) - room.heard
        st.caption(f"{missing} of {len(room.titles)} films have no music yet; they are left out of what needs music.")
    sections = {
        "Correlations": _correlations,
        "Projection": _projection,
        "Decision surfaces": _surfaces,
        "Telling directors apart": _separation,
        "Table": _table,
    }
    names = list(sections)
    section = st.segmented_control("Section", names, default=names[0], required=True, key="section")
    try:
        sections[section or names[0]](room, look)
    except ParameterError as error:
        st.info(frame.plain(str(error)), icon=":material/info:")


show()
