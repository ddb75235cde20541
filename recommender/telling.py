"""Summarise the strongest reasons for a film in one sentence."""

from __future__ import annotations

from recommender.question import Reason, Recommendation
from recommender.reasons import AFTER, AS_IN, AS_IS, BEFORE, RATED_APART
from told import Sentence, Told, joined

MOST_REASONS = 3
LEAST_SHARE = 0.02
"""Smaller shares are arithmetic, not reasons to see a film."""
SAY_NOTHING = ("nobody in common by name", "other people", "another genre", "of another genre", "from elsewhere")
"""Beginnings of words that explain a share without a common feature of the films."""


def sentence(result: Recommendation) -> str:
    """The strongest reasons for a film as one sentence: strongest first, the nearest like named once."""
    strongest = sorted(result.reasons, key=lambda one: -one.share)
    words = [one.words for one in strongest if one.share >= LEAST_SHARE and _names_something(one)]
    nearest = result.because[0].film.title if result.because else ""
    if nearest and any(_of(nearest, one) is not None for one in words[:MOST_REASONS]):
        telling = [one for one in words if one != f"sounds like {nearest}"][:MOST_REASONS]  # "Like ..." says it
        inner = [_of(nearest, one) for one in telling]
        ordered = [one for one in inner if one is not None]
        ordered += [one for one, within in zip(telling, inner, strict=True) if within is None]
        return Told("Like {}: {}.", nearest, joined("; ", ordered))
    return Sentence("{}.", joined("; ", words[:MOST_REASONS])) if words else ""


def _of(nearest: str, words: str) -> str | None:
    """The property in words that end with the name of a like, such as "dark, as Vertigo is"; None for other words."""
    if not isinstance(words, Told) or words.template not in (AS_IN, AS_IS):
        return None
    within, title = words.values
    return within if title == nearest and isinstance(within, str) else None


def _names_something(reason: Reason) -> bool:
    """Whether words name something that the films share, rather than explain a share, such as by years that are far
    apart."""
    apart = isinstance(reason.words, Told) and reason.words.template in (AFTER, BEFORE, RATED_APART)
    return not apart and not reason.words.startswith(SAY_NOTHING)
