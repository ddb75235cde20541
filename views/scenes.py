"""Show scenes grouped by film: the position (a line with the scene as a mark), the similarity, and what they share."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from db.catalogue.stored_runs import StoredRun
from film import ATTRIBUTES, Film, FilmSummary
from recommender import SceneMatch
from service.questions.app_data import OpenCatalogue
from views import links
from views.film_figures import clock, span_of
from views.language import say
from views.player import compare_hint, no_player, player, why_not_heard
from views.sound_print import sound_print_image
from views.theme import Theme

LIKENESS, BOTH, PLACE, BY_FILM = "likeness {:.2f}", "both {}", "{} of {}", "Scenes by film"
LEVEL_OF = "{0} {1}"
"""A level and its attribute."""
LISTEN_BOTH, FROM = "The scenes that sound most alike: {}. Listen:", "{}, from {}"
LEAST_LIKENESS = 0.3
"""Scenes that are less like each other are no reason."""
NONE = "No other scene of the catalogue was analysed yet."


def shared_words(run: StoredRun, other: StoredRun | None) -> str:
    """What a scene has in common with another one, in words; without another scene, or if they share nothing, its own
    description."""
    own = {name: run.value(name) for name in ("genre", *ATTRIBUTES)}
    common = [name for name in own if other is not None and other.value(name) == own[name]]
    names = common or ["genre", "energy"]
    said = ", ".join(say(own[name]) if name == "genre" else say(LEVEL_OF, say(own[name]), say(name)) for name in names)
    return say(BOTH, said) if common else said


def heard_in_both(found: OpenCatalogue, pairs: Sequence[tuple[int, int]]) -> dict[int, str]:
    """What two films' most similar scenes share, with where each is and its player, as HTML by the second film's id;
    films without such scenes are left out.

    Args:
        pairs: film_ids; the first of each is named in the words.
    """
    told = {}
    unheard = why_not_heard(list({film for pair in pairs for film in pair}))
    for scenes in found.recommender.scenes.nearest_pairs(pairs):
        if scenes is None or scenes[0].score < LEAST_LIKENESS:
            continue
        runs = [next((run for run in found.runs(one.film_id) if run.start_s == one.start_s), None) for one in scenes]
        if runs[0] is None or runs[1] is None:
            continue
        lines = ""
        for one in scenes:
            title = found.names[one.film_id]
            heard = "" if unheard[one.film_id] else player(one.film_id, one.start_s, one.end_s, title)
            lines += f"<li>{html.escape(say(FROM, title, clock(one.start_s)))}{heard}</li>"
        said = html.escape(say(LISTEN_BOTH, shared_words(runs[1], runs[0])))
        told[scenes[1].film_id] = f'<div class="fs-both"><p>{said}</p><ul class="fs-lines fs-meta">{lines}</ul></div>'
    return told


def _line(match: SceneMatch, length_s: int, said: str, heard: str) -> str:
    """A scene as a line of its film, the scene as a mark on it, both in words, and its player (HTML, or "")."""
    length = max(length_s, match.end_s, 1)
    left, width = 100 * match.start_s / length, 100 * (match.end_s - match.start_s) / length
    words = say(PLACE, span_of(match.start_s, match.end_s), clock(length))
    return (
        f'<li><div class="fs-strip" role="img" aria-label="{words}">'
        f'<i style="margin-left:{left:.2f}%;width:{max(width, 0.8):.2f}%"></i></div>'
        f'<span class="fs-meta">{words} · {html.escape(said)}</span>{heard}</li>'
    )


def _group(
    found: OpenCatalogue,
    film: Film,
    summary: FilmSummary | None,
    scenes: Sequence[SceneMatch],
    look: Theme,
    other: StoredRun | None,
    said: Mapping[tuple[int, int], str] | None,
    *,
    silent: bool,
) -> str:
    film_id = film.film_id or 0
    runs: Mapping[int, StoredRun] = {run.start_s: run for run in found.runs(film_id)}

    def words(match: SceneMatch) -> str:
        if said is not None:
            return said[film_id, match.start_s]
        run = runs.get(match.start_s)
        return say(LIKENESS, match.score) + (f" · {shared_words(run, other)}" if run else "")

    lines = "".join(
        _line(
            one,
            found.length_s(film_id),
            words(one),
            "" if silent else player(film_id, one.start_s, one.end_s, film.title),
        )
        for one in scenes
    )
    drawing = sound_print_image(film.title, summary, size=64, theme=look)
    title = f'<a href="{links.film_href(film_id)}">{html.escape(film.title)}</a>'
    year = f' <span class="fs-meta">{film.year}</span>' if film.year else ""
    return (
        f'<li class="fs-film">{drawing}<div class="fs-words"><h3 class="fs-title" dir="auto">{title}{year}</h3>'
        f'<ul class="fs-lines">{lines}</ul></div></li>'
    )


def scene_list(
    found: OpenCatalogue,
    scenes: Sequence[SceneMatch],
    look: Theme,
    other: StoredRun | None = None,
    said: Mapping[tuple[int, int], str] | None = None,
) -> None:
    """One list of scenes, grouped by film, the film of the nearest scene first, with players where they can be heard.

    Args:
        other: the scene that they are like; None = a clip, of which only the sound is known.
        said: by film_id and start_s, what is said of each; None = how like it is, and what it shares with `other`.
    """
    if not scenes:
        st.caption(say(NONE))
        return
    groups: dict[int, list[SceneMatch]] = {}
    for match in scenes:
        groups.setdefault(match.film_id, []).append(match)
    summaries = found.snapshot.summaries_of(list(groups))
    films = {film.film_id: film for film in found.snapshot.films_by_id(list(groups))}
    unheard = why_not_heard(list(groups))
    items = "".join(
        _group(found, films[film_id], summaries.get(film_id), own, look, other, said, silent=bool(unheard[film_id]))
        for film_id, own in groups.items()
    )
    told_above = other is not None
    why = "" if told_above or not all(unheard.values()) else next(iter(unheard.values()))
    st.html(f'{no_player(why) if why else ""}<ul class="fs-groups" aria-label="{say(BY_FILM)}">{items}</ul>')
    if not told_above:
        compare_hint(items)
