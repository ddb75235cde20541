"""Film: what is known of it, its music as a whole (movie layer), run by run (segment layer), and its neighbours.

Thesis 5.3, figures 18-24: director, film and layer are three choices; the search box is the short way.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from db.catalogue.export import table_csv
from db.catalogue.snapshot import StoredRun
from errors import FilmscoreError, ParameterError
from film import ATTRIBUTES, GENRES, LABELS, LEVELS, Film, FilmSummary
from service.library.editing import correct_run
from service.questions.app_data import OpenCatalogue, energy_curve, segment_table
from service.rights.access import Actor
from views import film_figures, frame
from views.address import section, widget_key
from views.film_senses import senses_of_film
from views.scenes import scene_cards
from views.sound_print import sound_print_image, whole_percentages
from views.theme import Theme
from views.titles import MOST_OPTIONS, titles_to_choose

EVERYONE = "every director"


def _choose(found: OpenCatalogue) -> int:
    """Director -> film, or a title typed at once; the address names the film."""
    given = st.query_params.get("film", "")
    asked = int(given) if given.isdecimal() and len(given) < 18 and int(given) in found.names else None
    if given and asked is None:
        st.info("The film of this link is no longer in the catalogue.", icon=":material/link_off:")
    director = st.session_state.get("film-director", EVERYONE)
    ids = _by(found, director)
    if asked is not None and asked not in ids:
        st.session_state["film-director"], ids = EVERYONE, list(found.names)
    film_id = asked if asked is not None else ids[0]
    key = widget_key("film-choice", film_id)
    left, right = st.columns([2, 3])
    if len(found.directors) <= MOST_OPTIONS:
        left.selectbox(
            "Director",
            [EVERYONE, *found.directors],
            key="film-director",
            on_change=lambda: _open(_by(found, st.session_state["film-director"])[0]),
        )
    with right:
        offered = titles_to_choose(found, [film_id], "film", ids)
        st.selectbox(
            "Film (type a part of its title)",
            offered,
            index=offered.index(film_id),
            format_func=lambda one: found.names[one],
            key=key,
            on_change=lambda: _open(st.session_state[key]),
        )
    return film_id


def _by(found: OpenCatalogue, director: str) -> list[int]:
    """The films of a director, or of all."""
    if director not in found.directors:
        return list(found.names)
    films = found.films
    return [int(one) for one in films.loc[films["directors"].map(lambda names: director in list(names)), "film_id"]]


def _open(film_id: int) -> None:
    st.query_params["film"] = str(film_id)


def _facts(film: Film) -> str:
    """Countries, cast, places and plot as HTML; all film text escaped."""
    facts = {
        "Also called": film.other_title,
        "Countries": ", ".join(film.countries),
        "Languages": ", ".join(film.languages),
        "Written by": ", ".join(film.writers[:4]),
        "Music by": ", ".join(film.composers),
        "Cast": ", ".join(film.cast[:8]),
        "Belongs to": film.film_set,
        "Tags": ", ".join(film.tags[:8]),
        "Locations": " | ".join(film.locations[:4]),
        "Metascore": f"{film.metascore} of 100" if film.metascore is not None else "",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items() if value)
    plot = f'<p class="fs-plot">{html.escape(film.plot)}</p>' if film.plot else ""
    return f'{plot}<dl class="fs-facts" dir="auto">{rows}</dl>'


def _key(look: Theme, summary: FilmSummary) -> None:
    whole = whole_percentages(summary.genres)
    names = [(name, look.label[name]) for name in LABELS] + [
        (f"{name} {whole[name]} %", look.genre[name]) for name in GENRES if whole[name]
    ]
    st.html(
        '<div class="fs-key">'
        + "".join(f'<span><i style="background:{colour}"></i>{name}</span>' for name, colour in names)
        + "</div>"
    )


def _level_words(summary: FilmSummary, attribute: str) -> str:
    whole = whole_percentages(getattr(summary, attribute))
    return f"{attribute} " + ", ".join(f"{name} {value} %" for name, value in whole.items())


def _movie_layer(film: Film, summary: FilmSummary, look: Theme) -> None:
    activity = whole_percentages({label: getattr(summary, label) for label in LABELS})
    top = max(GENRES, key=lambda name: summary.genres[name])
    cards = [("Music genre", top), *((name.capitalize(), summary.dominant(name) or "none") for name in ATTRIBUTES)]
    st.html(
        '<div class="fs-cards">'
        + "".join(f'<div class="fs-card"><span>{name}</span><b>{value}</b></div>' for name, value in cards)
        + "</div>"
    )
    for said in (film_figures.presence_words(summary.presence), film_figures.further_words(summary.further)):
        if said:
            st.caption(said)
    left, right = st.columns([4, 7], gap="medium", vertical_alignment="center")
    shares = pd.DataFrame(
        [("heard", name, getattr(summary, name)) for name in LABELS]
        + [("genre", name, summary.genres[name]) for name in GENRES]
        + [(a, level, getattr(summary, a)[level]) for a in ATTRIBUTES for level in LEVELS[a]],
        columns=["what", "value", "percent"],
    )
    with left:
        words = ", ".join(f"{name} {value} %" for name, value in activity.items())
        frame.figure(
            film_figures.two_level_pie(summary, look),
            f"Two-level pie of {film.title}: {words}; genres on the music slice",
            "music",
            shares,
        )
        st.caption("A click on music opens it; a click in the middle closes it.")
    with right:
        frame.figure(
            film_figures.level_rings(summary, look),
            "; ".join(_level_words(summary, name) for name in ATTRIBUTES),
            "levels",
            shares[shares["what"].isin(ATTRIBUTES)],
        )
    _key(look, summary)


def _segment_layer(found: OpenCatalogue, film: Film) -> None:
    runs = found.snapshot.runs(film.film_id or 0)
    names = ("genre", *ATTRIBUTES)
    table = segment_table(runs)
    corrected = any(run.corrections for run in runs)
    shown = table.drop(columns=["start_s", "end_s", *([] if corrected else ["as heard"])])
    shown.insert(0, "start", [film_figures.time_of_day(run.start_s) for run in runs])
    shown.insert(1, "end", [film_figures.time_of_day(run.end_s) for run in runs])
    percent = st.column_config.ProgressColumn("sure", format="%d %%", min_value=0, max_value=100, width="small")
    place = {name: st.column_config.TimeColumn(name, format="H:mm:ss", width="small") for name in ("start", "end")}
    st.dataframe(
        shown,
        hide_index=True,
        alt=f"The runs of music in {film.title}: place, genre, danceability, valence, energy with probabilities",
        column_config=place | {f"{name}_p": percent for name in names},
    )
    st.caption(
        "A segment is ten seconds of music or more. Start and end are hours, minutes and seconds into the film; a "
        "click on a column's head sorts by it. Sure: the mean probability of what was heard."
    )
    asking = frame.actor()
    if asking.is_admin and runs:
        _correct(asking, film, runs)
    st.download_button(
        "Segments as CSV",
        lambda: table_csv(table),
        "segments.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _correct(asking: Actor, film: Film, runs: Sequence[StoredRun]) -> None:
    """An admin says what a run is; the model's value stays beside it."""
    with st.expander("Correct a segment"):
        left, middle, right = st.columns(3)
        which = left.selectbox(
            "Segment", range(len(runs)), format_func=lambda i: film_figures.span(runs[i]), key=f"correct-{film.film_id}"
        )
        run = runs[which or 0]
        attribute = middle.selectbox("Attribute", ["genre", *ATTRIBUTES], key="correct-attribute")
        values = GENRES if attribute == "genre" else LEVELS[attribute]
        heard = f"as heard: {getattr(run, attribute)}"
        now = run.corrections.get(attribute, heard)
        options = [heard, *values]
        value = right.selectbox("It is", options, index=options.index(now), key=f"correct-{attribute}-{which}-{now}")
        if st.button("Keep", disabled=value == now):
            try:
                said = None if value == heard else value
                correct_run(frame.home(), asking, film.film_id or 0, (run.start_s, run.end_s), attribute, said)
            except FilmscoreError as error:
                frame.trouble(error)
                return
            st.toast("The correction is kept; what was heard stays beside it.")
            st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _energy(_found: OpenCatalogue, snapshot: str, film_id: int) -> pd.DataFrame | None:
    return energy_curve(_found, film_id)


def _timeline(found: OpenCatalogue, film: Film, look: Theme, colour_print: str) -> None:
    film_id = film.film_id or 0
    heard = found.snapshot.activity(film_id)
    if heard is None or not len(heard.label):
        return
    st.subheader("From beginning to end", anchor=False)
    runs = found.snapshot.runs(film_id)
    energy = _energy(found, found.snapshot.id, film_id)
    seconds = pd.DataFrame({"second": range(len(heard.label)), "label": [LABELS[one] for one in heard.label]})
    seconds = seconds.assign(music_p=heard.music, speech_p=heard.speech)
    frame.figure(
        film_figures.timeline(heard, runs, look, energy, colour_print),
        f"Timeline of {film.title}: music, speech and other each second; the genre and energy of {len(runs)} runs"
        + ("; above, the film's mean colours" if colour_print else ""),
        "timeline",
        seconds if energy is None else seconds.merge(energy, on="second", how="left"),
    )
    st.caption(
        "Drag across the figure to look closer, double-click to see all. The bold line is each segment's level of "
        "energy; the thin one is how energetic each ten seconds around a moment sound, 0 (low) to 2 (high)."
    )


def _neighbours(found: OpenCatalogue, film_id: int, look: Theme) -> None:
    st.subheader("More like this", anchor=False)
    nearest = found.recommender.nearest(film_id, n=6)
    for near, cell in zip(nearest, frame.grid(len(nearest), 3), strict=True):
        with cell, st.container(border=True, height="stretch", key=f"card-near-{near.film.film_id}"):
            frame.film_card(found, near.film, look, size=64)
            frame.open_film_link(near.film)


def _scenes(found: OpenCatalogue, film_id: int) -> None:
    runs = found.snapshot.runs(film_id)
    st.subheader("More scenes like this", anchor=False)
    which = st.selectbox(
        "Scene",
        range(len(runs)),
        format_func=lambda i: f"{film_figures.span(runs[i])}, {runs[i].value('genre')}",
        key=f"scene-{film_id}",
    )
    if which is not None:
        scene_cards(found, found.recommender.scenes_like(film_id, runs[which].run, n=6), 2)


def show() -> None:
    look = frame.page("Film")
    found = frame.open_or_begin()
    film_id = _choose(found)
    film = found.snapshot.film(film_id)
    frame.name_tab(film.title)
    summary = found.snapshot.summary(film_id)
    drawing = frame.poster_image(found.home, film, 168) + sound_print_image(film.title, summary, size=168, theme=look)
    heading = frame.film_heading(film, drawing, tag=frame.demo_tag(film), big=True)
    st.html(f"{heading}{_facts(film)}</div></div>")
    if summary is None:
        st.info(
            f"This film was not heard yet. Add its file to hear it: `{frame.command('ingest FILE')}`.",
            icon=":material/hearing:",
        )
    elif not summary.has_music:
        st.info("No music of ten seconds or more was found in this film.", icon=":material/music_off:")
    else:
        if section("Layer", {"movie": "Movie layer", "segments": "Segment layer"}, "layer") == "segments":
            _segment_layer(found, film)
        else:
            _movie_layer(film, summary, look)
    said = found.snapshot.dialogues([film_id]).get(film_id)
    seen = found.snapshot.pictures([film_id]).get(film_id)
    _timeline(found, film, look, seen.colour_print if seen else "")
    senses_of_film(film, said, seen)
    try:
        _neighbours(found, film_id, look)
        if summary is not None and summary.has_music:
            _scenes(found, film_id)
    except ParameterError as error:
        st.caption(frame.plain(str(error)))


show()
