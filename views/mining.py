"""Mining: what sets directors apart (thesis chapter 6, figures 25-37), and how far to believe it."""

from __future__ import annotations

import html
from collections.abc import Callable

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from errors import ParameterError
from mining.composition import ZERO_PCT
from mining.correlation import ASYMPTOTIC_FROM, EXACT_TO, INTERVAL_DRAWS, SHUFFLES, spearman
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
    chosen_directors,
    encodings_beside,
    explained_words,
    loadings_table,
    separation_table,
)
from service.figures.mining_words import (
    confusion_words,
    correlations_words,
    difference_words,
    projection_words,
    separation_words,
    surface_words,
)
from service.figures.shuffling import ShuffleTests
from service.questions.app_data import OpenCatalogue
from views import first_start, frame
from views.address import section
from views.language import say
from views.theme import Theme

ENCODINGS = {"founded": "Recommended encoding", "thesis": "As in the thesis"}


BESIDE = "One film in both"
TABLE_TITLE = "The table, {}"
TABLE_WORDS = "{} films, {} with music; {} columns. Shares and durations are percent."
TABLE_AS_CSV = "Table as CSV"
BESIDE_ALT = "One film as it is known, in the thesis's encoding and in the recommended one"
TABLE_ALT = "The preprocessed table: one row a film"
WHICH_ATTRIBUTES = "Which attributes"
P_VALUES_CORRECTED_BY = "P-values corrected by"
HEATMAP_ALT = "Heatmap of Spearman's rank correlation of {} attributes. {}"
HEATMAP_WORDS = "A number stands where the corrected p is below 0.05 ({} of {} pairs). {}"
TWO_ATTRIBUTES = "Two attributes"
ACROSS = "Across"
UP = "Up"
SCATTER_ALT = "Scatter of {} against {}, one mark a film, by director"
CONSTANT = "The same for all films, so their correlation is undefined: {}."
INTERVAL = "{} (95 % bootstrap interval)."
MUSIC_PLANE = "Music (figure 31)"
METADATA_PLANE = "Metadata (figure 32)"
MIXED_PLANE = "One of each (figure 33)"
PLANE = "Plane"
NOT_STANDARDISED = "As is (features not standardised)"
PLANE_ALT = "{} films on a plane. {}"
VARIANCE = "Of the variance: {}."
LOADINGS = "What the components are made of"
LOADINGS_ALT = "The features with the largest loadings. {}"
LEFT_OUT = "Left out, because they have no music or a value is missing: {} films."
DIRECTORS_OF = "Directors of"
OR_CHOOSE = "Or choose directors"
SURFACES_ALT = "Decision surfaces of an SVM for {}. {}"
SEEN_WORDS = "The SVM has seen these films. Whether it can tell films it has not seen is the next section's question."
NONE_HERE = "None of these directors has films with music here; all directors are shown."
NOT_TESTED_YET = "not tested yet"
BALANCED_ACCURACY = "balanced accuracy"
COMMONEST = "always the commonest"
SEPARATION_WORDS = (
    "{} films of {} directors in {} folds; p {}: the share of shuffles that do as well, corrected (Holm) for as many "
    "questions as there are sources. Balanced: each director counts the same, however many films."
)
DIRECTORS_SHUFFLED = "directors shuffled"
SEPARATION_TABLE_ALT = "Balanced accuracy, accuracy, that of the commonest director, and chance, of each source"
SEPARATION_LEAD = (
    "Can the director be told from a film's music alone, from its metadata alone, from both, from what is said or "
    "seen in it? An SVM is trained on some films and classifies the others, alternately; then once more with the "
    "directors shuffled, to see what chance can do."
)
TEST_CHANCE = "Test against chance: directors shuffled {} times"
SEPARATION_ALT = "Balanced accuracy from each source beside chance. {}"
CONFUSIONS_FROM = "Confusions from"
CONFUSION_WORDS = "Each row is the true director, each column the director that the SVM chose; the numbers are films."
CONFUSION_ALT = "Confusion matrix of {} directors from {}. {}"
DIRECTORS = "Directors"
ENCODING_HELP = "How words become numbers; the section Table explains the difference."
TITLE = "What sets directors apart"
LEAD = "The thesis's chapter 6, with its figures, on the films of this catalogue."
ENCODING = "Encoding"
SECTION = "Section"
PAIR = "{} and {}: rho {:+.2f} [{:+.2f}, {:+.2f}] over {} films"
UNHEARD = "{} of {} films have no music yet; they are left out of what needs music."


@st.cache_resource(max_entries=4, show_spinner="Preparing the table")
def _room(_found: OpenCatalogue, snapshot: str, encoding: str) -> Room:
    return Room.of(_found, encoding)  # type: ignore[arg-type]


@st.cache_data(max_entries=32, show_spinner="Comparing every pair")
def _correlated(
    _room: Room, snapshot: str, encoding: str, focus: str, correction: Correction, log_ratios: bool
) -> Correlations:
    return _room.correlations(focus, correction, log_ratios=log_ratios)


@st.cache_data(max_entries=32, show_spinner="Holding films out")
def _separated(_room: Room, snapshot: str, encoding: str, directors: tuple[str, ...]) -> list[Separation]:
    return _room.separations(directors, shuffles=0)


def _separations(room: Room, directors: tuple[str, ...]) -> list[Separation]:
    return _separated(room, room.snapshot, room.encoding, directors)


@st.cache_resource(show_spinner=False)
def _shuffle_tests() -> ShuffleTests:
    return ShuffleTests()


SHUFFLED = 50
SHUFFLING = "Shuffling the directors. You may leave this page and return"


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
    st.markdown(say(DIFFERENCES))
    table = room.table_with_titles()
    row = st.selectbox(say(BESIDE), list(table.index), format_func=lambda one: room.titles[one], key="beside")
    both = [_room(catalogue, room.snapshot, name) for name in ("thesis", "founded")]
    st.dataframe(
        encodings_beside(catalogue, both[0], both[1], row),
        hide_index=True,
        alt=say(BESIDE_ALT),
    )
    st.subheader(say(TABLE_TITLE, ENCODINGS[room.encoding].lower()), anchor=False)
    st.dataframe(table.round(2), hide_index=True, height=430, alt=say(TABLE_ALT))
    st.caption(say(TABLE_WORDS, len(table), room.heard, len(table.columns) - 1))
    st.download_button(
        say(TABLE_AS_CSV),
        lambda: table_csv(table),
        f"preprocessed-{room.encoding}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _finding(words: str) -> str:
    """What a figure shows, in a sentence above it; the figure's words for those who cannot see it hold it too."""
    if words:
        st.html(f'<p class="fs-finding">{html.escape(words)}</p>')
    return words


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
    focus = left.selectbox(say(WHICH_ATTRIBUTES), list(FOCUS), key="focus")
    correction = right.selectbox(say(P_VALUES_CORRECTED_BY), list(CORRECTIONS), format_func=CORRECTIONS.__getitem__)
    log_ratios = st.toggle(say(LOG_RATIOS), key="log-ratios", help=say(LOG_RATIOS_WORDS))
    found = _correlated(room, room.snapshot, room.encoding, focus, correction, log_ratios)
    pairs = found.pairs()
    said = _finding(correlations_words(found))
    frame.figure(
        correlation_heatmap(found, look),
        say(HEATMAP_ALT, len(found.names), said),
        "correlations",
        pairs,
    )
    st.caption(say(HEATMAP_WORDS, int((pairs["p_corrected"] < 0.05).sum()), len(pairs), P_WORDS))
    if pairs["by_construction"].any():
        st.caption(say(PARTS_WORDS))
    if found.constant:
        st.caption(say(CONSTANT, frame.plain(", ".join(found.constant))))
    st.subheader(say(TWO_ATTRIBUTES), anchor=False)
    names = [name for name in found.names if name not in found.constant] or list(found.names)
    first, second = st.columns(2)
    strong = [name for name in pairs.iloc[0][["first", "second"]] if name in names] if len(pairs) else []
    places = [names.index(name) for name in strong] if len(strong) == 2 else [0, min(1, len(names) - 1)]
    x = first.selectbox(say(ACROSS), names, index=places[0], key=f"pair-x-{room.encoding}-{focus}")
    y = second.selectbox(say(UP), names, index=places[1], key=f"pair-y-{room.encoding}-{focus}")
    drawn, data = room.pair(x, y)
    frame.figure(
        pair_scatter(drawn, x, y, list(data["film"]), list(data["director"]), room.order, look),
        say(SCATTER_ALT, y, x),
        "pair",
        data,
    )
    if len(drawn) >= 3 and x != y:
        pair = spearman(drawn[[x, y]], "none", interval_draws=INTERVAL_DRAWS)
        rho, low, high = (float(bound[0, 1]) for bound in (pair.rho, pair.low, pair.high))
        if rho == rho and low == low:
            numbers = frame.plain(say(PAIR, x, y, rho, low, high, len(drawn)))
            st.caption(say(INTERVAL, numbers))


def _projection(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    planes: dict[Plane, str] = {
        "music": say(MUSIC_PLANE),
        "metadata": say(METADATA_PLANE),
        "both": say(MIXED_PLANE),
    }
    plane = left.segmented_control(
        say(PLANE), list(planes), format_func=planes.__getitem__, default="both", required=True
    )
    as_is = right.toggle(say(NOT_STANDARDISED), key="pca-as-is")
    found = room.projection(plane or "both", standardise=not as_is)
    said = _finding(projection_words(found))
    frame.figure(
        projection_scatter(found, room.titles, room.directors, room.order, look),
        say(PLANE_ALT, len(found.points), said),
        "projection",
        room.points_table(found),
    )
    st.caption(say(VARIANCE, explained_words(found)))
    _left_out(found.left_out)
    st.subheader(say(LOADINGS), anchor=False)
    frame.figure(
        loadings_bars(found.parts, look),
        say(LOADINGS_ALT, explained_words(found)),
        "loadings",
        loadings_table(found),
    )


def _left_out(count: int) -> None:
    if count:
        st.caption(say(LEFT_OUT, count))


def _surfaces(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    preset = st.selectbox(say(DIRECTORS_OF), list(PRESETS), key="preset")
    options = room.directors_with_music()
    default = chosen_directors(preset, options)
    if not default:
        st.caption(say(NONE_HERE))
    names = st.multiselect(say(OR_CHOOSE), options, default=default or options[:12], key=f"surface-{preset}")
    surface, found = room.surface(names)
    said = _finding(f"{difference_words(room, names)} {surface_words(surface)}".strip())
    frame.figure(
        decision_surfaces(surface, found, room.titles, room.directors, room.order, look),
        say(SURFACES_ALT, ", ".join(surface.directors), said),
        "surfaces",
        room.points_table(found),
    )
    st.caption(say(SEEN_WORDS))
    _left_out(found.left_out)


def _told(found: list[Separation]) -> None:
    """The figures behind the bars."""
    first = found[0]
    tested = f"from {first.shuffles} shuffles" if first.shuffles else say(NOT_TESTED_YET)
    shares = {
        "balanced_accuracy": say(BALANCED_ACCURACY),
        "accuracy": "accuracy",
        "majority": say(COMMONEST),
        "chance": say(DIRECTORS_SHUFFLED) if first.shuffles else "guessing",
    }
    table = separation_table(found)[
        ["source", "balanced_accuracy", "accuracy", "majority", "chance", "p_value", "p_corrected"]
    ]
    st.dataframe(
        table if first.shuffles else table.drop(columns=["p_value", "p_corrected"]),
        hide_index=True,
        alt=say(SEPARATION_TABLE_ALT),
        column_config={name: st.column_config.NumberColumn(label, format="percent") for name, label in shares.items()}
        | {
            "p_value": st.column_config.NumberColumn("p", format="%.3f"),
            "p_corrected": st.column_config.NumberColumn("p, corrected", format="%.3f"),
        },
    )
    st.caption(say(SEPARATION_WORDS, first.films, len(first.directors), first.folds, tested))


def _shuffled(room: Room, directors: tuple[str, ...], untested: list[Separation]) -> list[Separation]:
    """The test against shuffled directors once it has ended; until then its progress, and the untested figures."""
    test = _shuffle_tests().ask(room, directors, SHUFFLED)
    if test.result.done():
        return test.result.result()

    @st.fragment(run_every=1.0)
    def progress() -> None:
        if test.result.done():
            st.rerun()
        st.progress(test.done / test.total, text=f"{SHUFFLING}: {test.done} of {test.total}.")

    progress()
    return untested


def _separation(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    st.write(say(SEPARATION_LEAD))
    options = room.directors_with_music()
    names = tuple(st.multiselect(say(DIRECTORS), options, default=options[:12], key="separate-directors"))
    found = _separations(room, names)
    if st.toggle(say(TEST_CHANCE, SHUFFLED), key="shuffle"):
        found = _shuffled(room, names, found)
    said = _finding(separation_words(found))
    frame.figure(
        separation_bars(found, look),
        say(SEPARATION_ALT, said),
        "separation",
        separation_table(found),
    )
    _told(found)
    which = st.segmented_control(say(CONFUSIONS_FROM), list(room.sources), default="both", required=True)
    shown = next(one for one in found if one.source == which)
    said = _finding(confusion_words(shown))
    st.caption(say(CONFUSION_WORDS))
    frame.figure(
        confusion_heatmap(shown.directors, shown.confusion, look),
        say(CONFUSION_ALT, len(shown.directors), which, said),
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
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    words = say(ENCODING_HELP)
    encoding = section(say(ENCODING), ENCODINGS, "encoding", words)
    room = _room(found, found.snapshot.id, encoding)
    if room.heard < len(room.titles):
        missing = len(room.titles) - room.heard
        st.caption(say(UNHEARD, missing, len(room.titles)))
    chosen = section(say(SECTION), {name: label for name, (label, _) in SECTIONS.items()}, "section")
    try:
        SECTIONS[chosen][1](found, room, look)
    except ParameterError as error:
        st.info(frame.plain(str(error)), icon=":material/info:")


show()
