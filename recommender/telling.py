"""Summarise the strongest reasons for a film in one sentence."""

from __future__ import annotations

from recommender.question import Reason, Recommendation
from recommender.reasons import AFTER, AS_IN, AS_IS, BEFORE, BOTH, OF_DECADE, RATED_APART
from told import Sentence, Told, joined

MOST_REASONS = 3
LEAST_SHARE = 0.02
"""Smaller shares are arithmetic, not reasons to see a film."""
SAY_NOTHING = ("nobody in common by name", "other people", "another genre", "of another genre", "from elsewhere")
"""Beginnings of words that explain a share without a common feature of the films."""

WITHIN = {"same director: {}": "also directed by {}", "talk of the same things: {}": "talk of {}"}
"""Words that stand alone as a reason -> what they are within a sentence, where a second colon would confuse."""


def sentence(result: Recommendation) -> str:
    """The strongest reasons for a film as one sentence: strongest first, the nearest like named once."""
    strongest = sorted(result.reasons, key=lambda one: -one.share)
    named = [one for one in strongest if one.share >= LEAST_SHARE and _names_something(one)]
    genre_said = any(one.block == "genres" for one in named[:MOST_REASONS])
    words = [_within(one.words, of_music=one.block == "music", genre_said=genre_said) for one in named]
    nearest = result.because[0].film.title if result.because else ""
    if nearest and any(_of(nearest, one) is not None for one in words[:MOST_REASONS]):
        telling = [one for one in words if one != f"sounds like {nearest}"][:MOST_REASONS]  # "Like ..." says it
        inner = [_of(nearest, one) for one in telling]
        ordered = [one for one in inner if one is not None]
        ordered += [one for one, within in zip(telling, inner, strict=True) if within is None]
        return Told("Like {}: {}.", nearest, joined("; ", ordered))
    return Sentence("{}.", joined("; ", words[:MOST_REASONS])) if words else ""


def _within(words: str, *, of_music: bool, genre_said: bool) -> str:
    """The words of a reason as they stand in the sentence.

    Args:
        of_music: they describe music, which they leave unsaid: "calm and classical".
        genre_said: another reason names the film's genre; "1950s thriller" then repeats it.
    """
    if not isinstance(words, Told):
        return words
    if of_music and words.template in (AS_IS, BOTH):
        inner, *like = words.values
        return Told(words.template, Told("with music that is {}", inner), *like)
    if genre_said and words.template == OF_DECADE:
        return Told("from the {}s", words.values[0])
    values = (
        _within(one, of_music=False, genre_said=genre_said) if isinstance(one, Told) else one for one in words.values
    )
    return Told(WITHIN.get(words.template, words.template), *values)


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
