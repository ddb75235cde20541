"""What is asked of the recommender, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, get_args

from errors import ParameterError
from film import Film

DEFAULT_VARIETY = 0.1

Aim = Literal["like", "taste"]
"""Two questions with different answers: what is like these films, and what will somebody of this taste like?"""
TASTE_FROM = 4
"""From so many likes on a question that does not say is about a taste."""


@dataclass(frozen=True)
class Filters:
    """What an answer must be; all of them at once. Words are compared without regard to case."""

    year_from: int | None = None
    year_to: int | None = None
    genre: str | None = None
    country: str | None = None
    director: str | None = None
    collection: str | None = None
    with_music: bool = False

    def named(self) -> dict[str, object]:
        """The filters that are set, by the name of their option."""
        values: dict[str, object] = {
            "year-from": self.year_from,
            "year-to": self.year_to,
            "genre": self.genre,
            "country": self.country,
            "director": self.director,
            "collection": self.collection,
        }
        named = {name: value for name, value in values.items() if value not in (None, "")}
        return named | ({"with-music": True} if self.with_music else {})


@dataclass(frozen=True)
class Question:
    """Films liked and disliked, and how to weigh what is known against what is heard."""

    likes: tuple[int, ...] = ()
    dislikes: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    music: float = 0.5
    """0: what it is about; 1: how it sounds."""
    variety: float = DEFAULT_VARIETY
    """0: the best by score; 1: as different from each other as can be."""
    n: int = 10
    filters: Filters = field(default_factory=Filters)
    max_per_director: int | None = None
    aim: Aim | None = None
    """None: by the number of likes."""

    @property
    def asked_for(self) -> Aim:
        """What the question is about: as it says, else `like` for up to three likes and `taste` from four on."""
        return self.aim or ("taste" if len(self.likes) >= TASTE_FROM else "like")

    def __post_init__(self) -> None:
        for name in ("music", "variety"):
            value = getattr(self, name)
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise ParameterError(f"--{name} {value}: not between 0 and 1. Give a number such as 0.5.")
        if self.aim is not None and self.aim not in get_args(Aim):
            raise ParameterError(f"--for {self.aim}: neither like nor taste. Give one of the two.")
        if self.n < 1:
            raise ParameterError(f"-n {self.n}: no film can be shown. Ask for 1 or more.")
        if self.max_per_director is not None and self.max_per_director < 1:
            raise ParameterError(f"--max-per-director {self.max_per_director}: leaves no film. Give 1 or more.")
        first, last = self.filters.year_from, self.filters.year_to
        if first is not None and last is not None and first > last:
            raise ParameterError(f"--year-from {first} is after --year-to {last}: no film fits. Swap them.")
        both = set(self.likes) & set(self.dislikes)
        if both:
            raise ParameterError(f"film {min(both)}: liked and disliked at once. Keep one of the two.")


@dataclass(frozen=True)
class Reason:
    """What one block, the dislikes or the prior adds to a score, and why in words."""

    block: str
    share: float
    words: str


@dataclass(frozen=True)
class Cause:
    """A like that brought a film, and what it adds to the score over all blocks."""

    film: Film
    share: float


@dataclass(frozen=True)
class Recommendation:
    """A film, its score, and the reasons whose shares sum to it."""

    film: Film
    score: float
    reasons: tuple[Reason, ...]
    because: tuple[Cause, ...] = ()
    """Up to three likes that it is nearest to, the nearest first."""
    note: str = ""
    """What the reader should know about the comparison, such as a film without music."""


@dataclass(frozen=True)
class Answer:
    """The films to see next, most relevant first."""

    likes: tuple[Film, ...]
    results: tuple[Recommendation, ...]
    notices: tuple[str, ...] = ()
    """What could not be done as asked, and why."""
    aim: Aim = "taste"
    """What was answered: films like these, or films for this taste."""
