"""Mining: what sets directors apart (thesis chapter 6, figures 25-37), and how far to believe it."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from errors import ParameterError
from mining.composition import ZERO_PCT
from mining.correlation import ASYMPTOTIC_FROM, EXACT_TO, SHUFFLES, rho_interval, spearman
from service.figures.mining_figures import (
    confusion_heatmap,
    correlation_heatmap,
    decision_surfaces,
    loadings_bars,
    pair_scatter,
    projection_scatter,
    separation_bars,
)
from service.figures.mining_room import (
    CORRECTIONS,
    FOCUS,
    PRESETS,
    Correction,
    Correlations,
    Plane,
    Room,
    Separation,
    Source,
    chosen_directors,
    encodings_beside,
    explained_words,
    loadings_table,
    separation_table,
)
from service.questions.app_data import OpenCatalogue
from views import first_start, frame
from views.address import section
from views.theme import Theme

STRONGEST = 5
"""Pairs that are said in words."""
ENCODINGS = {"founded": "Recommended encoding", "thesis": "As in the thesis"}


@st.cache_resource(max_entries=4, show_spinner="Preparing the table")
def _room(_found: OpenCatalogue, snapshot: str, encoding: str) -> Room:
    return Room.of(_found, encoding)  # type: ignore[arg-type]


@st.cache_data(max_entries=32, show_spinner="Comparing every pair")
def _correlated(
    _room: Room, snapshot: str, encoding: str, focus: str, correction: Correction, log_ratios: bool
) -> Correlations:
    return _room.correlations(focus, correction, log_ratios=log_ratios)


@st.cache_data(max_entries=96, show_spinner=False)
def _separated(
    _room: Room, snapshot: str, encoding: str, directors: tuple[str, ...], source: Source, shuffles: int
) -> Separation:
    return _room.separation(directors, source, shuffles=shuffles)


def _separations(room: Room, directors: tuple[str, ...], shuffles: int) -> list[Separation]:
    """One source after the other, each kept, so that who leaves and comes back goes on where the work was."""
    found = []
    progress = st.empty()
    for done, source in enumerate(room.sources):
        progress.progress(
            done / len(room.sources), text=f"Holding films out: {source}. You may leave this page and return."
        )
        found.append(_separated(room, room.snapshot, room.encoding, directors, source, shuffles))
    progress.empty()
    return found


DIFFERENCES = """
Rank correlation, PCA and the SVM want numbers, and a film's record has words. The two encodings differ where:

* **Categories.** The thesis gives each country, string of film genres, string of music genres and director the integer
  of its place in the alphabet. The alphabet's order means nothing, but the numbers are compared as if it did. The
  recommended encoding gives each common country, film genre and director a column of its own: 1 has it, 0 has not.
* **Metascore.** Both divide it by 10, to the scale of the rating (the thesis's "multiplied" is a slip). Where it is
  missing the thesis takes the rating, so that the two agree by construction; the recommended one leaves it unknown.
* **Levels** are 0, 1, 2 in both: their order is real.
"""


def _table(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    st.markdown(DIFFERENCES)
    table = room.table_with_titles()
    row = st.selectbox("One film in both", list(table.index), format_func=lambda one: room.titles[one], key="beside")
    both = [_room(catalogue, room.snapshot, name) for name in ("thesis", "founded")]
    st.dataframe(
        encodings_beside(catalogue, both[0], both[1], row),
        hide_index=True,
        alt="One film as it is known, in the thesis's encoding and in the founded one",
    )
    st.subheader(f"The table, {ENCODINGS[room.encoding].lower()}", anchor=False)
    st.dataframe(table.round(2), hide_index=True, height=430, alt="The preprocessed table: one row a film")
    st.caption(
        f"{len(table)} films, {room.heard} with music; {len(table.columns) - 1} columns. Shares and durations are "
        "percent."
    )
    st.download_button(
        "Table as CSV",
        lambda: table_csv(table),
        f"preprocessed-{room.encoding}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


P_WORDS = (
    f"Below {ASYMPTOTIC_FROM} films p is the share of orders of the films that correlate as strongly (all orders up to "
    f"{EXACT_TO} films, {SHUFFLES:,} drawn ones beyond); from there on it comes from Student's t."
)
PARTS_WORDS = (
    "Percentages of one whole (the ten music genres; music, speech and other) sum to 100: where one rises, "
    "another must fall. Such pairs are in the figure, but not among what goes together."
)


LOG_RATIOS = "Shares as centred log-ratios"
LOG_RATIOS_WORDS = (
    "Each share as the logarithm of its ratio to the geometric mean of its whole; a share of 0 % counts as "
    f"{ZERO_PCT:g} %. It loosens what shares of one whole have in common by construction, and does not end it."
)


def _correlations(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    left, right = st.columns([3, 2])
    focus = left.selectbox("Which attributes", list(FOCUS), key="focus")
    correction = right.selectbox("P-values corrected by", list(CORRECTIONS), format_func=CORRECTIONS.__getitem__)
    log_ratios = st.toggle(LOG_RATIOS, key="log-ratios", help=LOG_RATIOS_WORDS)
    found = _correlated(room, room.snapshot, room.encoding, focus, correction, log_ratios)
    pairs = found.pairs()
    strongest = pairs[(pairs["p_corrected"] < 0.05) & ~pairs["by_construction"]].head(STRONGEST)
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
        f"{len(pairs)} pairs). {P_WORDS}"
    )
    if pairs["by_construction"].any():
        st.caption(PARTS_WORDS)
    if found.constant:
        st.caption(
            "The same for all films, so their correlation is undefined: " + frame.plain(", ".join(found.constant)) + "."
        )
    st.subheader("Two attributes", anchor=False)
    names = [name for name in found.names if name not in found.constant] or list(found.names)
    first, second = st.columns(2)
    strong = [name for name in pairs.iloc[0][["first", "second"]] if name in names] if len(pairs) else []
    places = [names.index(name) for name in strong] if len(strong) == 2 else [0, min(1, len(names) - 1)]
    x = first.selectbox("Across", names, index=places[0], key=f"pair-x-{room.encoding}-{focus}")
    y = second.selectbox("Up", names, index=places[1], key=f"pair-y-{room.encoding}-{focus}")
    drawn, data = room.pair(x, y)
    frame.figure(
        pair_scatter(drawn, x, y, list(data["film"]), list(data["director"]), room.order, look),
        f"Scatter of {y} against {x}, one mark a film, by director",
        "pair",
        data,
    )
    if len(drawn) >= 3 and x != y:
        values = drawn[x].to_numpy(float), drawn[y].to_numpy(float)
        low, high = rho_interval(*values)
        rho = float(spearman(drawn[[x, y]], "none").rho[0, 1])
        if rho == rho and low == low:
            st.caption(
                frame.plain(f"{x} and {y}: rho {rho:+.2f} [{low:+.2f}, {high:+.2f}] over {len(drawn)} films")
                + " (95 % bootstrap interval)."
            )


def _projection(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
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
    st.caption(f"Of the variance: {explained_words(found)}.")
    _left_out(found.left_out)
    st.subheader("What the components are made of", anchor=False)
    frame.figure(
        loadings_bars(found.parts, look),
        f"The features with the largest loadings. {explained_words(found)}",
        "loadings",
        loadings_table(found),
    )


def _left_out(count: int) -> None:
    if count:
        st.caption(f"{count} film{'s' if count > 1 else ''} left out: without music, or with a value missing.")


def _surfaces(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    preset = st.selectbox("Directors of", list(PRESETS), key="preset")
    options = room.directors_with_music()
    default = chosen_directors(preset, options)
    if not default:
        st.caption("None of these directors has films with music here; all directors are shown.")
    names = st.multiselect("or choose", options, default=default or options[:12], key=f"surface-{preset}")
    surface, found = room.surface(names)
    frame.figure(
        decision_surfaces(surface, found, room.titles, room.directors, room.order, look),
        f"Decision surfaces of an SVM for {', '.join(surface.directors)}",
        "surfaces",
        room.points_table(found),
    )
    st.caption(
        f"{100 * surface.training_accuracy:.0f} % of the films drawn lie in their own director's region. The SVM "
        "has seen them: whether it can tell films it has not seen is the next section's question."
    )
    _left_out(found.left_out)


def _told(found: list[Separation]) -> None:
    """The figures behind the bars."""
    first = found[0]
    tested = f"from {first.shuffles} shuffles" if first.shuffles else "not tested yet"
    shares = {
        "balanced_accuracy": "balanced accuracy",
        "accuracy": "accuracy",
        "majority": "always the commonest",
        "chance": "directors shuffled" if first.shuffles else "guessing",
    }
    table = separation_table(found)[
        ["source", "balanced_accuracy", "accuracy", "majority", "chance", "p_value", "p_corrected"]
    ]
    st.dataframe(
        table if first.shuffles else table.drop(columns=["p_value", "p_corrected"]),
        hide_index=True,
        alt="Balanced accuracy, accuracy, that of the commonest director, and chance, of each source",
        column_config={name: st.column_config.NumberColumn(label, format="percent") for name, label in shares.items()}
        | {
            "p_value": st.column_config.NumberColumn("p", format="%.3f"),
            "p_corrected": st.column_config.NumberColumn("p, corrected", format="%.3f"),
        },
    )
    st.caption(
        f"{first.films} films of {len(first.directors)} directors in {first.folds} folds; p {tested}: the share of "
        "shuffles that do as well, corrected (Holm) for as many questions as there are sources. Balanced: each "
        "director counts the same, however many films."
    )


def _separation_words(found: list[Separation]) -> str:
    """What the bars show, in numbers."""
    parts = [f"{one.source} {100 * one.balanced_accuracy:.0f} %" for one in found]
    chance = f"{100 * found[0].chance:.0f} %"
    return f"{len(found[0].directors)} directors are separated by {', '.join(parts)}; by chance {chance}."


def _separation(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    st.write(
        "Can the director be told from a film's music alone, from its metadata alone, from both, from what is said or "
        "seen in it? An SVM is trained "
        "on some films and asked about the others, in turns; then once more with the directors shuffled, to see "
        "what luck can do."
    )
    options = room.directors_with_music()
    names = tuple(st.multiselect("Directors", options, default=options[:12], key="separate-directors"))
    tested = st.toggle("Test against chance: directors shuffled 50 times (takes a while)", key="shuffle")
    shuffles = 50 if tested else 0
    found = _separations(room, names, shuffles)
    frame.figure(
        separation_bars(found, look),
        "Balanced accuracy from each source beside chance: "
        + ", ".join(f"{one.source} {100 * one.balanced_accuracy:.0f} %" for one in found),
        "separation",
        separation_table(found),
    )
    st.html(f'<p class="fs-finding">{html.escape(_separation_words(found))}</p>')
    _told(found)
    which = st.segmented_control("Confusions from", list(room.sources), default="both", required=True)
    shown = next(one for one in found if one.source == which)
    st.caption("Each row is a director, each column whom the SVM said; the numbers are films.")
    frame.figure(
        confusion_heatmap(shown.directors, shown.confusion, look),
        f"Confusion matrix of {len(shown.directors)} directors from {which}",
        "confusion",
        pd.DataFrame(shown.confusion, columns=list(shown.directors)).assign(director=list(shown.directors)),
    )


SECTIONS: dict[str, tuple[str, Callable[[OpenCatalogue, Room, Theme], None]]] = {
    "correlations": ("Correlations", _correlations),
    "projection": ("Projection", _projection),
    "surfaces": ("Decision surfaces", _surfaces),
    "directors": ("Telling directors apart", _separation),
    "table": ("Table", _table),
}
"""What the address says -> what the page says, and what is drawn."""


def show() -> None:
    look = frame.page(
        "What sets directors apart", "The thesis's chapter 6, with its figures, on the films of this catalogue."
    )
    found = first_start.open_or_begin()
    words = "How words become numbers; the section Table explains the difference."
    encoding = section("Encoding", ENCODINGS, "encoding", words)
    room = _room(found, found.snapshot.id, encoding)
    if room.heard < len(room.titles):
        missing = len(room.titles) - room.heard
        st.caption(f"{missing} of {len(room.titles)} films have no music yet; they are left out of what needs music.")
    chosen = section("Section", {name: label for name, (label, _) in SECTIONS.items()}, "section")
    try:
        SECTIONS[chosen][1](found, room, look)
    except ParameterError as error:
        st.info(frame.plain(str(error)), icon=":material/info:")


show()
