"""The page By ear: an admin listens to a scene, labels it with a few keys and goes on to the next; models are trained
on the labels.

Without a film in the address the page shows scenes that nobody has labelled, those about which the models are least
certain first; with a film it shows all scenes of that film.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from db.catalogue.doubts import CHOICES
from db.catalogue.stored_runs import StoredRun
from errors import FilmscoreError
from film import GENRES, LEVELS
from service.library.corrections import corrections_manifest
from service.library.editing import correct_run
from service.questions.app_data import OpenCatalogue
from service.rights.access import Actor
from views import first_start, frame, links, undo
from views.address import section
from views.film_figures import span
from views.language import say, say_error
from views.player import listening_keys, player_or_why
from views.submitting import submit

TITLE = "By ear"
LEAD = "Hear a scene, say what it is, go on to the next. What you set counts in place of what the model said."
KEYS_WORDS = "The key on each button presses it; space plays and pauses. Enter saves all values that are marked."
ORDER, ORDERS = "Order", {"doubt": "Doubtful first", "films": "Film by film"}
SET, SETS = "What to set", {"all": "Everything", **{name: name.capitalize() for name in CHOICES}}
LEFT = "{} scenes are not set yet."
ALL_SET = "Every scene is set."
SKIPPED_ALL, BEGIN_AGAIN = "You skipped the other {} scenes.", "Begin again"
SAID = "The model said: {}."
SURE = "{} {} {:.0f} %"
SET_BY_EAR = "Set by ear: {}."
SAVE_NEXT, NEXT, PREVIOUS, UNSET = "Save, and next", "Next", "Previous", "Remove what was set"
SAVED, WAS_UNSET = "Saved: {}, {}", "Removed: {}, {}"
OF_FILM, ALL_FILMS = "Scene {} of {}", "Scenes of all films"
NO_SCENES = "This film has no scenes with music."
LEARN = "Learn from what was set"
LEARN_WORDS = (
    "The scenes that were set are a manifest: files, times and values. A training learns from the scenes of some films "
    "and is tested on those of the others."
)
AS_MANIFEST, TRAIN_ON = "Download the manifest", "Train on it"
ATTRIBUTE = "Attribute"
KEYS = {
    "genre": tuple("1234567890"),
    "energy": tuple("qwe"),
    "valence": tuple("asd"),
    "danceability": tuple("uio"),
}
"""The key of each value, in the order of GENRES and LEVELS."""


@dataclass(frozen=True)
class Place:
    """The scene that is played."""

    film_id: int
    run: StoredRun

    @property
    def span_s(self) -> tuple[int, int]:
        return self.run.start_s, self.run.end_s


def _values(attribute: str) -> tuple[str, ...]:
    return GENRES if attribute == "genre" else LEVELS[attribute]


def _marked(place: Place) -> dict[str, str]:
    """The values chosen for this scene that are not saved yet."""
    scene = (place.film_id, place.run.start_s)
    if st.session_state.get("ear-marked", (None,))[0] != scene:
        st.session_state["ear-marked"] = (scene, {})
    marked: dict[str, str] = st.session_state["ear-marked"][1]
    return marked


def _mark(place: Place, attribute: str, value: str) -> None:
    _marked(place)[attribute] = value


def _rows(place: Place, wanted: tuple[str, ...]) -> None:
    """A row of buttons for each attribute; the current value is marked."""
    for attribute, keys in KEYS.items():
        if attribute not in wanted:
            continue
        counts = _marked(place).get(attribute, place.run.value(attribute))
        st.caption(say(SETS[attribute]))
        with st.container(horizontal=True, gap="small"):
            for value, key in zip(_values(attribute), keys, strict=True):
                st.button(
                    say(value),
                    key=f"set-{attribute}-{value}",
                    shortcut=key,
                    type="primary" if value == counts else "secondary",
                    on_click=_mark,
                    args=(place, attribute, value),
                )


def _change(asking: Actor, place: Place, values: Mapping[str, str | None], said: str, name: str) -> bool:
    """Set values of a scene, and offer to undo it."""
    before = {attribute: place.run.corrections.get(attribute) for attribute in values}
    try:
        correct_run(frame.home(), asking, place.film_id, place.span_s, values)
    except FilmscoreError as error:
        st.session_state["notices"] = (say_error(error),)
        return False
    again = partial(correct_run, frame.home(), asking, place.film_id, place.span_s, before)
    undo.offer(say(said, name, span(place.run)), lambda: (again(), None)[1])
    return True


def _save(asking: Actor, place: Place, wanted: tuple[str, ...], name: str) -> None:
    """Callback: save the chosen values, and the current values of the other attributes as confirmed by a person."""
    values = {attribute: place.run.value(attribute) for attribute in wanted} | _marked(place)
    if _change(asking, place, values, SAVED, name):
        _marked(place).clear()
        _pass(place)


def _unset_scene(asking: Actor, place: Place, name: str) -> None:
    _marked(place).clear()
    _change(asking, place, dict.fromkeys(place.run.corrections), WAS_UNSET, name)


def _pass(place: Place, by: int = 1) -> None:
    """Callback: go to the next scene, or to the previous one within a film."""
    if "film" in st.query_params:
        st.query_params["run"] = str(max(0, place.run.run + by))
    else:
        _skipped().append((place.film_id, place.run.start_s))


def _skipped() -> list[tuple[int, int]]:
    skipped: list[tuple[int, int]] = st.session_state.setdefault("ear-skipped", [])
    return skipped


def _of_film(found: OpenCatalogue, film_id: int) -> Place | None:
    """The scene of a film that the address names."""
    runs = found.snapshot.runs(film_id)
    st.html(links.link(say(ALL_FILMS), "by_ear", {}))
    if not runs:
        st.info(say(NO_SCENES), icon=":material/music_off:")
        return None
    given = st.query_params.get("run", "")
    at = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
    run = runs[min(at, len(runs) - 1)]
    st.caption(say(OF_FILM, run.run + 1, len(runs)))
    return Place(film_id, run)


def _unset(found: OpenCatalogue, wanted: tuple[str, ...]) -> Place | None:
    """The next scene that nobody has labelled."""
    by_doubt = section(say(ORDER), ORDERS, "order") == "doubt"
    skipped = _skipped()
    runs, left = found.snapshot.doubtful_runs(wanted, len(skipped) + 1, by_doubt=by_doubt)
    st.caption(say(LEFT, left) if left else say(ALL_SET))
    ahead = [run for run in runs if (run.film_id, run.start_s) not in skipped]
    if left and not ahead:
        st.info(say(SKIPPED_ALL, left), icon=":material/info:")
        st.button(say(BEGIN_AGAIN), on_click=skipped.clear)
    if not ahead:
        return None
    of_film = found.snapshot.runs(ahead[0].film_id)
    return Place(ahead[0].film_id, next(run for run in of_film if run.run == ahead[0].run))


def _heard(place: Place) -> str:
    """The model's values, with probabilities where they still apply, and the values that a person set."""
    run = place.run
    said = ", ".join(
        say(SURE, say(attribute), say(getattr(run, attribute)), 100 * getattr(run, f"{attribute}_p"))
        for attribute in KEYS
        if attribute not in run.corrections
    )
    by_ear = ", ".join(f"{say(attribute)} {say(value)}" for attribute, value in run.corrections.items())
    return " ".join([say(SAID, said)] * bool(said) + [say(SET_BY_EAR, by_ear)] * bool(by_ear))


def _scene(found: OpenCatalogue, asking: Actor, place: Place, wanted: tuple[str, ...]) -> None:
    name = found.names[place.film_id]
    href = links.film_href(place.film_id)
    place_said = f'<span class="fs-meta">{span(place.run)}</span>'
    st.html(f'<h2 class="fs-title" dir="auto"><a href="{href}">{html.escape(name)}</a> {place_said}</h2>')
    st.html(player_or_why(place.film_id, place.run.start_s, place.run.end_s, name))
    st.caption(_heard(place))
    _rows(place, wanted)
    with st.container(horizontal=True, gap="small"):
        st.button(
            say(SAVE_NEXT),
            key="ear-save",
            type="primary",
            shortcut="Enter",
            icon=":material/check:",
            on_click=_save,
            args=(asking, place, wanted, name),
        )
        if "film" in st.query_params:
            st.button(say(PREVIOUS), key="ear-previous", shortcut="p", on_click=_pass, args=(place, -1))
        st.button(say(NEXT), key="ear-next", shortcut="n", on_click=_pass, args=(place,))
        if place.run.corrections:
            st.button(say(UNSET), key="ear-back", type="tertiary", on_click=_unset_scene, args=(asking, place, name))
    st.html(f'<p class="fs-meta fs-keys">{html.escape(say(KEYS_WORDS))}</p>')


def _learn(asking: Actor) -> None:
    """Offer the corrections as a manifest, and a training on them."""
    with st.expander(say(LEARN)):
        st.write(say(LEARN_WORDS))
        attribute = st.selectbox(say(ATTRIBUTE), list(CHOICES), format_func=say, key="ear-learn")
        try:
            manifest = corrections_manifest(frame.home(), asking, attribute)
        except FilmscoreError as error:
            st.caption(frame.plain(say_error(error)))
            return
        for film in manifest.left_out:
            st.caption(frame.plain(say(film)))
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                say(AS_MANIFEST),
                manifest.text,
                f"{attribute}.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
            if st.button(say(TRAIN_ON), icon=":material/model_training:", key="ear-train"):
                submit(asking, "train", {"model": attribute, "from_corrections": True})


def show() -> None:
    frame.page(say(TITLE), say(LEAD))
    asking = frame.admin_or_stop()
    found = first_start.open_or_begin()
    for notice in st.session_state.pop("notices", ()):
        st.info(frame.plain(notice), icon=":material/info:")
    listening_keys()
    chosen = section(say(SET), SETS, "set")
    wanted = tuple(CHOICES) if chosen == "all" else (chosen,)
    given = st.query_params.get("film", "")
    asked = int(given) if given.isascii() and given.isdecimal() and len(given) < 18 else 0
    place = _of_film(found, asked) if asked in found.names else _unset(found, wanted)
    if place is not None:
        _scene(found, asking, place, wanted)
    undo.bar()
    _learn(asking)


show()
