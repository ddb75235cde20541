"""The scenes of the page Film: a table, one row a scene, and its download."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from db.catalogue.export import table_csv
from db.catalogue.stored_runs import StoredRun
from film import Film
from service.questions.app_data import OpenCatalogue, segment_table
from views import film_figures, frame, links
from views.language import say

COLUMNS = ("Time", "Genre", "Energy", "Valence", "Danceability", "Confidence")
SCENES_NAME = "Scenes with music"
MODEL_SAID, STAR, BY_EAR = "the model said {}", "A star marks what a person set by ear.", "by ear"
SCENE_WORDS = "A scene is ten seconds of music or more. Confidence: how probable the model holds its genre to be."
SCENES_CSV = "Download scenes as CSV"
CORRECT = "Correct these scenes by ear"
KEY, KEY_WORDS = "Key", "A scene has a key where the model is sure of it."


def _scene_rows(runs: Sequence[StoredRun]) -> str:
    """One line a scene, as a table: where it is, its genre and levels, how sure the genre is."""

    def cell(run: StoredRun, name: str, kind: str = "") -> str:
        marked = "*" if name in run.corrections else ""
        said = f' title="{html.escape(say(MODEL_SAID, say(getattr(run, name))))}"' if marked else ""
        return f'<td class="{kind}"{said}>{html.escape(say(run.value(name)))}{marked}</td>'

    def sure(run: StoredRun) -> str:
        return say(BY_EAR) if "genre" in run.corrections else f"{100 * run.genre_p:.0f} %"

    keys = [film_figures.sure_key(run) for run in runs]
    has_keys = any(keys)

    def key_cell(key: str) -> str:
        return f'<td class="fs-wide">{html.escape(key)}</td>' if has_keys else ""

    rows = "".join(
        f'<tr><th scope="row">{film_figures.span(run)}</th>{cell(run, "genre")}{cell(run, "energy")}'
        f"{cell(run, 'valence', 'fs-wide')}{cell(run, 'danceability', 'fs-wide')}{key_cell(key)}"
        f'<td class="fs-num">{sure(run)}</td></tr>'
        for run, key in zip(runs, keys, strict=True)
    )
    kinds = ("", "", "", "fs-wide", "fs-wide", "fs-num")
    names = list(zip(COLUMNS, kinds, strict=True))
    if has_keys:
        names.insert(-1, (KEY, "fs-wide"))
    heads = "".join(f'<th scope="col" class="{kind}">{say(name)}</th>' for name, kind in names)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="fs-scenes" tabindex="0" role="region" aria-label="{say(SCENES_NAME)}">{table}</div>'


def scenes_of_film(found: OpenCatalogue, film: Film) -> None:
    """The table of scenes, its explanation, and its download as CSV."""
    runs = found.runs(film.film_id or 0)
    corrected = f" {say(STAR)}" if any(run.corrections for run in runs) else ""
    st.html(_scene_rows(runs))
    keyed = f" {say(KEY_WORDS)}" if any(map(film_figures.sure_key, runs)) else ""
    st.caption(say(SCENE_WORDS) + keyed + corrected)
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
