"""Links from a film to others: films with music by its composers, similar films, scenes similar to one of its
scenes."""

from __future__ import annotations

import html

import streamlit as st

from db.catalogue.stored_runs import StoredRun
from film import Film
from recommender import Question
from recommender.scene_steering import POOL
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import ROW_FILMS, Wanted
from views import film_figures, links
from views.answers import SEE_ALL
from views.language import say
from views.more_less import more_and_less, show_effects
from views.player import compare_hint, player_or_why
from views.scenes import scene_list
from views.theme import Theme
from views.wall import wall

NEAREST, MORE_SCENES, SCENE = "More like this", "More scenes like this", "Scene"
ALSO_BY = "More with music by {}"
MOST_COMPOSERS = 3
SCENES = 6


def by_composers(found: OpenCatalogue, film: Film, look: Theme) -> None:
    """A row for each composer of the film who also wrote the music of another film in the catalogue."""
    for composer in film.composers[:MOST_COMPOSERS]:
        scored = found.shelf.scored_by(composer)
        others = [film_id for film_id in scored if film_id != film.film_id]
        if not others:
            continue
        name = say(ALSO_BY, composer)
        wanted = Wanted(person=composer, sort="rated")
        more = links.link(say(SEE_ALL), "films", wanted.params(), label=f"{say(SEE_ALL)}: {name}")
        st.html(f'<div class="fs-rowhead"><h3 dir="auto">{html.escape(name)}</h3>{more}</div>')
        wall(found, others[:ROW_FILMS], look, name, "fs-row")


def films_like(found: OpenCatalogue, film_id: int, look: Theme) -> None:
    """The films nearest to a film.

    Raises:
        ParameterError: the film has no data to compare it by.
    """
    st.subheader(say(NEAREST), anchor=False)
    more, less = more_and_less("near")
    wish = Question(likes=(film_id,), n=ROW_FILMS, variety=0.0, aim="like", more=more, less=less)
    answer = found.recommender.recommend(wish)
    show_effects(answer.effects, answer.notices if more or less else ())
    wall(found, [near.film.film_id or 0 for near in answer.results], look, say(NEAREST), "fs-row")


def scenes_near(found: OpenCatalogue, film_id: int, run: StoredRun, n: int, look: Theme) -> None:
    """The scenes that sound like a run, with more and less of what the visitor chooses."""
    more, less = more_and_less("scene")
    pool = found.recommender.scenes_like(film_id, run.run, POOL if more or less else n)
    steered = found.recommender.steered_scenes(pool, n, more, less, (film_id, run.run))
    show_effects(steered.effects, steered.notices)
    scene_list(found, steered.scenes, look, run)


def scenes_like(found: OpenCatalogue, film_id: int, look: Theme) -> None:
    """Scenes of other films that sound like a scene of this film, which the visitor chooses."""
    runs = found.runs(film_id)
    st.subheader(say(MORE_SCENES), anchor=False)
    which = st.selectbox(
        say(SCENE),
        range(len(runs)),
        format_func=lambda i: f"{film_figures.span(runs[i])}, {say(runs[i].value('genre'))}",
        key=f"scene-{film_id}",
    )
    if which is not None:
        heard = player_or_why(film_id, runs[which].start_s, runs[which].end_s, found.names[film_id])
        st.html(heard)
        compare_hint(heard)
        scenes_near(found, film_id, runs[which], SCENES, look)
