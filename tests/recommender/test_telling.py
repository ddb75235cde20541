"""The sentence of why."""

from __future__ import annotations

from film import Film
from recommender.question import Cause, Reason, Recommendation
from recommender.reasons import AS_IN, AS_IS, BEFORE, BOTH, OF_DECADE
from recommender.telling import sentence
from told import Told


def result(*reasons: tuple[str, float, str], because: str = "") -> Recommendation:
    causes = (Cause(Film(because), 0.5),) if because else ()
    told = tuple(Reason(*(block, share, words)) for block, share, words in reasons)
    return Recommendation(Film("Film"), 1.0, told, causes)


def test_the_strongest_three_that_name_something_make_a_sentence() -> None:
    told = result(
        ("reception", 0.01, "rated 7.1"),
        ("genres", 0.2, "both drama"),
        ("era", 0.5, Told(BEFORE, Told("{} years", 6), "Vertigo")),
        ("people", 0.4, "nobody in common by name"),
        ("music", 0.3, "both calm"),
        ("place", 0.1, "from France"),
        ("prior", 0.05, "rated 7.1 by 1,000 people"),
    )
    assert sentence(told) == "Both calm; both drama; from France."
    assert sentence(result(("era", 0.3, Told(BEFORE, Told("{} years", 6), "Vertigo")))) == ""


def test_the_nearest_like_is_named_once() -> None:
    told = result(
        ("genres", 0.2, Told(AS_IN, Told("crime"), "Vertigo")),
        ("music", 0.3, Told(AS_IS, Told("calm and classical"), "Vertigo")),
        ("people", 0.25, Told(AS_IN, Told("same director: {}", "B"), "Rope")),
        ("embedding", 0.22, "sounds like Vertigo"),
        because="Vertigo",
    )
    said = sentence(told)
    assert said == "Like Vertigo: with music that is calm and classical; crime; also directed by B, as in Rope."


def test_a_sentence_says_that_the_music_is_meant_and_names_a_genre_once() -> None:
    era = ("era", 0.1, Told(AS_IN, Told(OF_DECADE, 1950, Told("thriller")), "Vertigo"))
    genres = ("genres", 0.2, Told(AS_IN, Told("thriller"), "Vertigo"))
    assert sentence(result(genres, era, because="Vertigo")) == "Like Vertigo: thriller; from the 1950s."
    assert sentence(result(era, because="Vertigo")) == "Like Vertigo: 1950s thriller."
    alone = result(("music", 0.3, Told(BOTH, Told("calm"))), ("people", 0.2, Told("same director: {}", "B")))
    assert sentence(alone) == "Both with music that is calm; also directed by B."
