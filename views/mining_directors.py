"""Mining's two sections about directors: their regions on a plane, and how well a classifier separates them."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from service.figures.mining_figures import confusion_heatmap, decision_surfaces, separation_bars
from service.figures.mining_room import (
    PRESETS,
    Plane,
    Projected,
    Room,
    Separation,
    Surface,
    chosen_directors,
    separation_table,
)
from service.figures.mining_words import confusion_words, difference_words, separation_words, surface_words
from service.figures.shuffling import ShuffleTests
from service.questions.app_data import OpenCatalogue
from told import joined
from views import frame
from views.language import say
from views.theme import Theme
from views.titles import MOST_OPTIONS

LEFT_OUT = "Left out, because they have no music or a value is missing: {} films."
DIRECTORS_OF = "Directors of"
OR_CHOOSE = "Or choose directors"
IN_PLANE, THESIS_PLANE, SENSES_PLANE = "In the plane of", "metadata and music (figure 33)", "what is said and seen"
SURFACES_ALT = "Decision surfaces of an SVM for {}. {}"
SEEN_WORDS = "The SVM has seen these films. Whether it can tell films it has not seen is the next section's question."
NONE_HERE = "Fewer than two of these directors have films with music here; all directors are shown."
NOT_TESTED_YET, FROM_SHUFFLES = "not tested yet", "from {} shuffles"
SOURCE, BALANCED_ACCURACY = "source", "balanced accuracy"
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
HOLDING_OUT, SHADING = "Holding films out", "Shading the regions"
SHUFFLED = 50
SHUFFLING = "Shuffling the directors. You may leave this page and return: {} of {}."


@st.cache_data(max_entries=32, show_spinner=False)
def _separated(_room: Room, content: str, encoding: str, directors: tuple[str, ...]) -> list[Separation]:
    return _room.separations(directors, shuffles=0)


def _separations(room: Room, directors: tuple[str, ...]) -> list[Separation]:
    with st.spinner(say(HOLDING_OUT)):
        return _separated(room, room.content, room.encoding, directors)


@st.cache_resource(show_spinner=False)
def _shuffle_tests() -> ShuffleTests:
    return ShuffleTests()


def finding(words: str) -> str:
    """A sentence above a figure that says what it shows; the figure's alternative text contains it as well."""
    said = say(words)
    if said:
        st.html(f'<p class="fs-finding">{html.escape(said)}</p>')
    return said


def left_out(count: int) -> None:
    if count:
        st.caption(say(LEFT_OUT, count))


@st.cache_resource(max_entries=16, show_spinner=False)
def _surface(
    _room: Room, content: str, encoding: str, names: tuple[str, ...], plane: Plane
) -> tuple[Surface, Projected, str]:
    """Show the regions of some directors, their films, and a description of both."""
    surface, found = _room.surface(names, plane=plane)
    return surface, found, joined(" ", [one for one in (difference_words(_room, names), surface_words(surface)) if one])


def surfaces(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    preset = st.selectbox(say(DIRECTORS_OF), list(PRESETS), key="preset", format_func=say)
    known = room.directors_with_music()
    options = known[:MOST_OPTIONS]
    default = chosen_directors(preset, known)
    options += [name for name in default if name not in options]
    if len(default) < 2 and len(known) > 1:
        st.caption(say(NONE_HERE))
        default = []
    names = st.multiselect(say(OR_CHOOSE), options, default=default or options[:12], key=f"surface-{preset}")
    plane: Plane = "both"
    if room.has_senses:
        planes: dict[Plane, str] = {"both": say(THESIS_PLANE), "senses": say(SENSES_PLANE)}
        plane = st.segmented_control(
            say(IN_PLANE), list(planes), format_func=planes.__getitem__, default="both", required=True
        )
    with st.spinner(say(SHADING)):
        surface, found, words = _surface(room, room.content, room.encoding, tuple(names), plane)
    said = finding(words)
    frame.figure(
        decision_surfaces(surface, found, room.titles, room.directors, room.order, look),
        say(SURFACES_ALT, ", ".join(surface.directors), said),
        "surfaces",
        room.points_table(found),
        room.film_ids,
    )
    st.caption(say(SEEN_WORDS))
    left_out(found.left_out)


def _told(found: list[Separation]) -> None:
    """The figures behind the bars."""
    first = found[0]
    tested = say(FROM_SHUFFLES, first.shuffles) if first.shuffles else say(NOT_TESTED_YET)
    shares = {
        "balanced_accuracy": say(BALANCED_ACCURACY),
        "accuracy": say("accuracy"),
        "majority": say(COMMONEST),
        "chance": say(DIRECTORS_SHUFFLED) if first.shuffles else say("guessing"),
    }
    table = separation_table(found)[
        ["source", "balanced_accuracy", "accuracy", "majority", "chance", "p_value", "p_corrected"]
    ]
    table["source"] = table["source"].map(say)
    st.dataframe(
        table if first.shuffles else table.drop(columns=["p_value", "p_corrected"]),
        hide_index=True,
        alt=say(SEPARATION_TABLE_ALT),
        column_config={"source": st.column_config.TextColumn(say(SOURCE))}
        | {name: st.column_config.NumberColumn(label, format="percent") for name, label in shares.items()}
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
        st.progress(test.done / test.total, text=say(SHUFFLING, test.done, test.total))

    progress()
    return untested


def separation(catalogue: OpenCatalogue, room: Room, look: Theme) -> None:
    st.write(say(SEPARATION_LEAD))
    options = room.directors_with_music()[:MOST_OPTIONS]
    names = tuple(st.multiselect(say(DIRECTORS), options, default=options[:12], key="separate-directors"))
    found = _separations(room, names)
    if st.toggle(say(TEST_CHANCE, SHUFFLED), key="shuffle"):
        found = _shuffled(room, names, found)
    said = finding(separation_words(found))
    frame.figure(
        separation_bars(found, look),
        say(SEPARATION_ALT, said),
        "separation",
        separation_table(found),
    )
    _told(found)
    which = st.segmented_control(
        say(CONFUSIONS_FROM), list(room.sources), format_func=say, default="both", required=True
    )
    shown = next(one for one in found if one.source == which)
    said = finding(confusion_words(shown))
    st.caption(say(CONFUSION_WORDS))
    frame.figure(
        confusion_heatmap(shown.directors, shown.confusion, look),
        say(CONFUSION_ALT, len(shown.directors), which, said),
        "confusion",
        pd.DataFrame(shown.confusion, columns=list(shown.directors)).assign(director=list(shown.directors)),
    )
