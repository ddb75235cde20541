"""An evening for several people, and a surprise: by title, for the API and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.catalogue.snapshot import Snapshot
from recommender import Recommender
from recommender.together import GroupPick, Surprise, surprise, tonight
from service.questions.asking import Wish, ask, name_of, named_films, question_of
from service.questions.known_titles import KnownTitles
from told import Told


def tonight_document(
    snapshot: Snapshot,
    recommender: Recommender,
    people: Mapping[str, Wish],
    n: int,
    minutes: int | None,
    known_titles: KnownTitles | None = None,
) -> dict[str, Any]:
    """The JSON of `filmscore tonight`: films, and how each person would like them.

    Raises:
        ParameterError: an unknown title, or what `recommender.together.tonight` refuses.
    """
    named = named_films(snapshot, known_titles)
    questions = {name: question_of(snapshot, wish, known_titles, named) for name, wish in people.items()}
    picks, notices = tonight(recommender, questions, n, minutes)
    return {"results": [_pick(pick) for pick in picks], "notices": notices}


def _pick(pick: GroupPick) -> dict[str, Any]:
    film = pick.film
    return {
        "film_id": film.film_id,
        "title": film.title,
        "year": film.year,
        "directors": list(film.directors),
        "minutes": film.runtime_minutes,
        "score": pick.score,
        "people": [{"name": name, "share": share} for name, share in pick.shares],
        "words": "; ".join(f"{name} prefers it to {100 * share:.0f} % of the films" for name, share in pick.shares),
    }


def surprise_document(
    snapshot: Snapshot, recommender: Recommender, wish: Wish, known_titles: KnownTitles | None = None
) -> dict[str, Any]:
    """The JSON of `POST /surprise`: one well-received film far from the answers to a question, with its reason."""
    answer = ask(snapshot, recommender, wish, known_titles)
    ids = [result.film.film_id for result in answer.results if result.film.film_id is not None]
    if not ids:
        return {"film": None, "words": "", "notices": list(answer.notices)}
    question = question_of(snapshot, wish, known_titles)
    found = surprise(recommender, ids, (*question.likes, *question.dislikes, *question.seen))
    if found is None:
        return {"film": None, "words": "", "notices": ["No film is left that is not among the answers."]}
    film = found.film
    named = {"film_id": film.film_id, "title": film.title, "year": film.year, "directors": list(film.directors)}
    return {"film": named, "words": surprise_words(found), "notices": []}


def surprise_words(found: Surprise) -> str:
    """Why a film is a surprise: its rating, and the answer that is most like it."""
    rated = Told("not rated") if found.film.rating is None else Told("rated {:.1f}", found.film.rating)
    nearest = name_of(found.nearest)
    return Told("{}, and unlike the answers: the most similar of them is {}, at {:.2f}", rated, nearest, found.likeness)
