"""Why a film is recommended: each block's share of the score, and in words what it shares with the liked films."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from film import Film
from recommender.facts import shared


class Taste:
    """What the liked films have, and how many of them have it; counted once a question."""

    def __init__(self, likes: Sequence[Film]) -> None:
        self.alone = len(likes) == 1
        self.decades = {like.year // 10 for like in likes if like.year is not None}
        self._counts = {
            "genres": Counter(value.casefold() for like in likes for value in like.genres),
            "directors": Counter(value.casefold() for like in likes for value in like.directors),
            "cast": Counter(value.casefold() for like in likes for value in like.cast),
            "countries": Counter(value.casefold() for like in likes for value in like.countries),
            "locations": Counter(value.casefold() for like in likes for value in like.locations),
        }
        self._counts["people"] = self._counts["directors"] + self._counts["cast"]

    def shared(self, kind: str, values: Sequence[str]) -> list[str]:
        """Those of a film's values that some like has, the ones of most likes first."""
        counts = self._counts[kind]
        common = [value for value in dict.fromkeys(values) if value.casefold() in counts]
        return sorted(common, key=lambda value: -counts[value.casefold()])


NEARLY_NOTHING = 0.005
"""A share below it is shown as 0.00, and likeness is not claimed on it."""


@dataclass(frozen=True)
class Comparison:
    """One result beside the liked film that is nearest to it in the block at hand."""

    film: Film
    nearest: Film
    taste: Taste
    share: float
    film_sound: Sequence[str] = ()
    nearest_sound: Sequence[str] = ()

    @property
    def alone(self) -> bool:
        return self.taste.alone


def listed(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def music(c: Comparison) -> str:
    common = shared(list(c.film_sound), list(c.nearest_sound))
    if c.share < 0:
        return f"music of another kind than {c.nearest.title}'s"
    if not common:
        return f"a mixture of music near {c.nearest.title}'s"
    words = listed(common[:3])
    return f"both {words}" if c.alone else f"{words}, as {c.nearest.title} is"


def embedding(c: Comparison) -> str:
    return f"sounds like {c.nearest.title}" if c.share >= 0 else f"sounds unlike {c.nearest.title}"


def genres(c: Comparison) -> str:
    common = c.taste.shared("genres", c.film.genres)
    if not common:
        return f"another genre: {listed(c.film.genres[:2])}" if c.film.genres else "of another genre"
    words = listed([genre.lower() for genre in common[:3]])
    return f"both {words}" if c.alone else words


def people(c: Comparison) -> str:
    parts = []
    directors = c.taste.shared("directors", c.film.directors)
    if directors:
        parts.append(f"same director: {listed(directors)}")
    cast = [name for name in c.taste.shared("cast", c.film.cast) if name not in directors]
    if cast:
        parts.append(f"with {listed(cast[:3])}")
    crossed = c.taste.shared("people", [*c.film.directors, *c.film.cast])
    crossed = [name for name in crossed if name not in directors and name not in cast]
    if crossed:
        parts.append(f"also of {listed(crossed[:2])}")
    if parts:
        return "; ".join(parts)
    return f"people of the same circle as {c.nearest.title}'s" if c.share > 0 else "other people"


def place(c: Comparison) -> str:
    parts = []
    countries = c.taste.shared("countries", c.film.countries)
    if countries:
        parts.append(f"from {listed(countries[:2])}")
    locations = c.taste.shared("locations", c.film.locations)
    if locations:
        parts.append(f"made at {locations[0]}")
    if parts:
        return ", ".join(parts)
    return "places near each other" if c.share > NEARLY_NOTHING else "from elsewhere"


def era(c: Comparison) -> str:
    year = c.film.year
    if year is None or c.nearest.year is None:
        return "of an unknown year"
    if year // 10 in c.taste.decades:
        common = c.taste.shared("genres", c.film.genres)
        return f"{year // 10 * 10}s {common[0].lower() if common else 'film'}"
    apart = abs(year - c.nearest.year)
    return f"{apart} year{'s' if apart > 1 else ''} from {c.nearest.title}" if apart else f"of {year}"


def reception(c: Comparison) -> str:
    if c.film.rating is None and c.film.metascore is None:
        return "received in an unknown way"
    own = f"rated {c.film.rating:.1f}" if c.film.rating is not None else f"Metascore {c.film.metascore}"
    if c.film.rating is not None and c.nearest.rating is not None:
        return f"{own}, {c.nearest.title} {c.nearest.rating:.1f}"
    return own


def prior(film: Film) -> str:
    """Words for the quality prior."""
    if film.rating is None and film.metascore is None:
        return "unrated: counted as average"
    critics = f"Metascore {film.metascore}"
    if film.rating is None:
        return critics
    by = f" by {film.votes:,} people" if film.votes else ""
    return f"rated {film.rating:.1f}{by}" + (f", {critics}" if film.metascore is not None else "")


def dislikes(nearest: Film, share: float) -> str:
    """Words for what the disliked films take or give."""
    return f"has something of {nearest.title}" if share < 0 else f"little of {nearest.title}"


WORDS: dict[str, Callable[[Comparison], str]] = {
    "music": music,
    "embedding": embedding,
    "genres": genres,
    "people": people,
    "place": place,
    "era": era,
    "reception": reception,
}


def words_for(block: str, comparison: Comparison) -> str:
    """Words for a block; a block that has none of its own is named."""
    say = WORDS.get(block)
    if say is None:
        return f"{'near' if comparison.share >= 0 else 'far from'} {comparison.nearest.title} in {block}"
    return say(comparison)
