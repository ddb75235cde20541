"""Summarise the strongest reasons for a film in one sentence."""

from __future__ import annotations

from recommender.question import Reason, Recommendation

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
    endings = (f", as in {nearest}", f", as {nearest} is")
    if nearest and any(one.endswith(endings) for one in words[:MOST_REASONS]):
        telling = [one for one in words if one != f"sounds like {nearest}"][:MOST_REASONS]  # "Like ..." says it
        of_nearest = [one.removesuffix(endings[0]).removesuffix(endings[1]) for one in telling if one.endswith(endings)]
        return f"Like {nearest}: {'; '.join([*of_nearest, *(one for one in telling if not one.endswith(endings))])}."
    said = "; ".join(words[:MOST_REASONS])
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _names_something(reason: Reason) -> bool:
    """Whether words only explain a share, such as years that are far apart."""
    apart = reason.block == "era" and (" before " in reason.words or " after " in reason.words)
    return not apart and not reason.words.startswith(SAY_NOTHING)
