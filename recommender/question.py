"""Questions to the recommender, and its answers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from errors import ParameterError
from film import Film

DEFAULT_VARIETY = 0.1
MOST_WISHES, LONGEST_WISH = 10, 60
"""Of `more` and `less`: how many of each, and characters."""

Aim = Literal["like", "taste"]
"""Two questions with different answers: what is like these films, and what will somebody of this taste like?"""
TASTE_FROM = 4
"""Number of likes from which the default aim is `taste`."""


FIELDS = (
    "music", "variety", "n", "year_from", "year_to", "genre", "country", "director", "collection", "composer",
    "with_music", "max_per_director", "for", "mix", "more", "less",
)  # fmt: skip
"""The settings of a question. Messages name them between backticks; each front door writes its own name for them."""
_FIELD = re.compile(rf"`({'|'.join(FIELDS)})`")


def spelled(message: str, name_of_field: Callable[[str], str]) -> str:
    """A message about a question with the fields that it names written as a front door calls them."""
    return _FIELD.sub(lambda found: name_of_field(found[1]), message)


MIXED = ("sound", "about", "picture", "dialogue", "faces")
"""The groups of blocks that a question may weigh: sound, metadata, picture, dialogue, faces."""
Mix = tuple[tuple[str, float], ...]
"""Weights of some of MIXED that sum to 1; the others weigh nothing."""


def mix_of(weights: Mapping[Any, float]) -> Mix:
    """Make a mix of weights: scaled to sum to 1, in the order of MIXED.

    Raises:
        ParameterError: an unknown name, a weight that is negative or no number, or no weight at all.
    """
    for name, weight in weights.items():
        if name not in MIXED:
            raise ParameterError(
                f"`mix` {name}: nothing that can be weighed. Name {', '.join(MIXED[:-1])} or {MIXED[-1]}."
            )
        if not (math.isfinite(weight) and 0 <= weight <= 1e6):
            raise ParameterError(f"`mix` {name}={weight}: not a weight. Give a number such as 0.5.")
    total = sum(weights.values())
    if total <= 0:
        raise ParameterError(
            "`mix`: leaves nothing to compare by. Give one of them a weight, such as sound=.5,about=.5."
        )
    return tuple((name, weights[name] / total) for name in MIXED if weights.get(name))


def mix_from_text(text: str) -> Mix:
    """Parse a mix such as `sound=.4,about=.4,picture=.2`. Raises like `mix_of`, and for malformed text."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        try:
            weights[name.strip().lower()] = float(number)
        except ValueError:
            raise ParameterError(
                f"`mix` {text}: not of the form sound=.4,about=.3,picture=.1,dialogue=.1,faces=.1."
            ) from None
    return mix_of(weights)


def mix_as_text(mix: Mix) -> str:
    """Format a mix as `mix_from_text` reads it."""
    return ",".join(f"{name}={weight:.4g}" for name, weight in mix)


@dataclass(frozen=True)
class Filters:
    """Filters of a question; a film must pass all of them. Comparisons of words ignore case."""

    year_from: int | None = None
    year_to: int | None = None
    genre: str | None = None
    country: str | None = None
    director: str | None = None
    collection: str | None = None
    with_music: bool = False
    composer: str | None = None

    def named(self) -> dict[str, object]:
        """The filters that are set, by name."""
        values: dict[str, object] = {
            "year_from": self.year_from,
            "year_to": self.year_to,
            "genre": self.genre,
            "country": self.country,
            "director": self.director,
            "collection": self.collection,
            "composer": self.composer,
        }
        named = {name: value for name, value in values.items() if value not in (None, "")}
        return named | ({"with_music": True} if self.with_music else {})


@dataclass(frozen=True)
class Question:
    """A question: liked and disliked films, filters, and the weights of metadata and sound."""

    likes: tuple[int, ...] = ()
    dislikes: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    music: float = 0.5
    """0: compare by metadata only; 1: compare by sound only."""
    variety: float = DEFAULT_VARIETY
    """0: the best by score; 1: the most diverse set."""
    n: int = 10
    filters: Filters = field(default_factory=Filters)
    max_per_director: int | None = None
    aim: Aim | None = None
    """None: chosen by the number of likes."""
    mix: Mix | None = None
    """Weights of the groups; None: `music` decides, with small weights for dialogue and picture."""
    more: tuple[str, ...] = ()
    """What the films should have more of: attributes, genres, tags, decades (`recommender.steering`)."""
    less: tuple[str, ...] = ()
    """What they should have less of."""
    also_unowned: bool = False
    """Also recommend known titles that are not in the catalogue, in a list of their own."""

    @property
    def balance(self) -> float | dict[str, float]:
        """The mix if there is one, else the slider."""
        return self.music if self.mix is None else dict(self.mix)

    @property
    def asked_for(self) -> Aim:
        """The aim of the question; by default `like` for up to three likes and `taste` for more."""
        return self.aim or ("taste" if len(self.likes) >= TASTE_FROM else "like")

    def __post_init__(self) -> None:
        for name in ("music", "variety"):
            value = getattr(self, name)
            if not (math.isfinite(value) and 0 <= value <= 1):
                raise ParameterError(f"`{name}` {value}: not between 0 and 1. Give a number such as 0.5.")
        if self.aim is not None and self.aim not in get_args(Aim):
            raise ParameterError(f"`for` {self.aim}: neither like nor taste. Give one of the two.")
        for name in ("more", "less"):
            words = tuple(
                dict.fromkeys(" ".join(word.replace(",", " ").split()).casefold() for word in getattr(self, name))
            )
            object.__setattr__(self, name, tuple(word for word in words if word))
            if len(words) > MOST_WISHES or any(len(word) > LONGEST_WISH for word in words):
                raise ParameterError(
                    f"`{name}`: up to {MOST_WISHES} words of up to {LONGEST_WISH} characters can be named. Name fewer."
                )
        if set(self.more) & set(self.less):
            raise ParameterError(f"`more` and `less` {min(set(self.more) & set(self.less))}: keep one of the two.")
        if self.n < 1:
            raise ParameterError(f"`n` {self.n}: no film can be shown. Ask for 1 or more.")
        if self.max_per_director is not None and self.max_per_director < 1:
            raise ParameterError(f"`max_per_director` {self.max_per_director}: leaves no film. Give 1 or more.")
        first, last = self.filters.year_from, self.filters.year_to
        if first is not None and last is not None and first > last:
            raise ParameterError(f"`year_from` {first} is after `year_to` {last}: no film fits. Swap them.")
        both = set(self.likes) & set(self.dislikes)
        if both:
            raise ParameterError(f"film {min(both)}: liked and disliked at once. Keep one of the two.")


@dataclass(frozen=True)
class Reason:
    """The share of one block, the dislikes or the prior in a score, with an explanation in words."""

    block: str
    share: float
    words: str


@dataclass(frozen=True)
class Effect:
    """What `more` or `less` of a trait changed: its mean over the answers before and after; None: known of none."""

    name: str
    is_more: bool
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Cause:
    """A like that a film comes from, and its share of the score over all blocks."""

    film: Film
    share: float


@dataclass(frozen=True)
class Recommendation:
    """A film, its score, and the reasons whose shares sum to it."""

    film: Film
    score: float
    reasons: tuple[Reason, ...]
    because: tuple[Cause, ...] = ()
    """Up to three nearest likes, nearest first."""
    note: str = ""
    """Remarks on the comparison, for example that a film has no music."""


@dataclass(frozen=True)
class Answer:
    """The recommended films, most relevant first."""

    likes: tuple[Film, ...]
    results: tuple[Recommendation, ...]
    notices: tuple[str, ...] = ()
    """Notices: parts of the question that could not be answered, and why."""
    aim: Aim = "taste"
    """The aim that was used: films like these, or films for this taste."""
    effects: tuple[Effect, ...] = ()
    """What `more` and `less` changed."""
    unowned: tuple[Recommendation, ...] = ()
    """Recommended titles that are not in the catalogue, if asked for."""
