"""From likes to films, with reasons: `from recommender import Recommender, Question`."""

from recommender.engine import Recommender
from recommender.question import Answer, Filters, Question, Reason, Recommendation
from recommender.scenes import SceneMatch
from recommender.vectors import FilmEncoding

__all__ = [
    "Answer",
    "FilmEncoding",
    "Filters",
    "Question",
    "Reason",
    "Recommendation",
    "Recommender",
    "SceneMatch",
]
