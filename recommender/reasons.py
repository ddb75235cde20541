"""Reasons for a recommendation in words: what a film shares with the like that contributes to its score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from film import Film
from recommender.facts import shared
from recommender.plots import shared_words
from recommender.senses import common_terms, dialogue_words, face_words, picture_words
from senses import Dialogue, Faces, Picture

NEARLY_NOTHING = 0.005
"""A smaller share is shown as 0.00 and supports no claim of similarity."""


ALIKE_RATINGS = 0.25
"""Largest difference of ratings that are called similar."""


@dataclass(frozen=True)
class Comparison:
    """A result and the liked film that contributes most of a block's share."""

    film: Film
    nearest: Film
    alone: bool
    """The like is the only one and need not be named."""
    share: float
    film_sound: Sequence[str] = ()
    nearest_sound: Sequence[str] = ()
    film_said: Dialogue | None = None
    nearest_said: Dialogue | None = None
    film_seen: Picture | None = None
    nearest_seen: Picture | None = None
    film_faces: Faces | None = None
    nearest_faces: Faces | None = None

    @property
    def named(self) -> str:
        """The words ", as in Vertigo"; empty without another like."""
        return "" if self.alone else f", as in {self.nearest.title}"


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
    common = shared(c.film.genres, c.nearest.genres)
    if not common:
        return f"another genre: {listed(c.film.genres[:2])}" if c.film.genres else "of another genre"
    words = listed([genre.lower() for genre in common[:3]])
    return f"both {words}" if c.alone else f"{words}{c.named}"


def people(c: Comparison) -> str:
    parts = _people_shared(c.film, c.nearest)
    return "; ".join(parts) + c.named if parts else "other people"


def _people_shared(film: Film, other: Film) -> list[str]:
    parts = []
    directors = shared(film.directors, other.directors)
    if directors:
        parts.append(f"same director: {listed(directors)}")
    cast = [name for name in shared(film.cast, other.cast) if name not in directors]
    if cast:
        parts.append(f"with {listed(cast[:3])}")
    scored = shared(film.composers, other.composers)
    if scored:
        parts.append(f"both scored by {listed(scored[:2])}")
    everybody = [[*one.directors, *one.cast, *one.composers] for one in (film, other)]
    crossed = [name for name in shared(*everybody) if name not in (*directors, *cast, *scored)]
    if crossed:
        parts.append(f"also of {listed(crossed[:2])}")
    return parts


def place(c: Comparison) -> str:
    parts = _places_shared(c.film, c.nearest)
    if parts:
        return ", ".join(parts) + c.named
    return "places near each other" if c.share > NEARLY_NOTHING else "from elsewhere"


def _places_shared(film: Film, other: Film) -> list[str]:
    countries = shared(film.countries, other.countries)
    locations = shared(film.locations, other.locations)
    parts = [f"from {listed(countries[:2])}"] if countries else []
    return [*parts, f"made at {locations[0]}"] if locations else parts


def era(c: Comparison) -> str:
    year, other = c.film.year, c.nearest.year
    if year is None or other is None:
        return "of an unknown year"
    if year // 10 == other // 10:
        common = shared(c.film.genres, c.nearest.genres)
        return f"{year // 10 * 10}s {common[0].lower() if common else 'film'}{c.named}"
    apart = abs(year - other)
    return f"{apart} year{'s' if apart > 1 else ''} {'after' if year > other else 'before'} {c.nearest.title}"


def reception(c: Comparison) -> str:
    if c.film.rating is None and c.film.metascore is None:
        return "received in an unknown way"
    own = f"rated {c.film.rating:.1f}" if c.film.rating is not None else f"Metascore {c.film.metascore}"
    if c.film.rating is not None and c.nearest.rating is not None:
        alike = abs(c.film.rating - c.nearest.rating) <= ALIKE_RATINGS
        return f"{own}, like {c.nearest.title}" if alike else f"{own}, {c.nearest.title} {c.nearest.rating:.1f}"
    return own


def picture(c: Comparison) -> str:
    """Both dark and slow-cut."""
    if c.film_seen is None or c.nearest_seen is None:
        return f"looks {'like' if c.share >= 0 else 'unlike'} {c.nearest.title}"
    common = shared(picture_words(c.film_seen), picture_words(c.nearest_seen))
    if c.share < 0:
        return f"looks unlike {c.nearest.title}"
    if not common:
        return f"colours and light near {c.nearest.title}'s"
    words = listed(common[:3])
    return f"both {words}" if c.alone else f"{words}, as {c.nearest.title} is"


def faces(c: Comparison) -> str:
    """Much laughter in the faces."""
    if c.film_faces is None or c.nearest_faces is None or c.share < 0:
        return f"faces {'like' if c.share >= 0 else 'unlike'} {c.nearest.title}'s"
    common = shared(face_words(c.film_faces), face_words(c.nearest_faces))
    own, other = c.film_faces.share, c.nearest_faces.share
    rates = f"{100 * own:.0f} %" if abs(own - other) < 0.1 else f"{100 * own:.0f} % and {100 * other:.0f} %"
    return (listed(common[:3]) or f"faces in {rates} of the frames") + c.named


def dialogue(c: Comparison) -> str:
    """Talk of the same things: harbour, ship and captain; quiet films: 20 % dialogue."""
    if c.film_said is None or c.nearest_said is None or c.share < 0:
        return f"talks {'like' if c.share >= 0 else 'unlike'} {c.nearest.title}"
    said = []
    terms = common_terms(c.film_said, c.nearest_said)
    if len(terms) >= 2:
        said.append(f"talk of the same things: {listed(terms[:4])}")
    common = shared(dialogue_words(c.film_said), dialogue_words(c.nearest_said))
    if common:
        said.append(f"{listed(common[:2])} films: {100 * c.film_said.share:.0f} % dialogue")
    return ("; ".join(said) or f"as much said, and in the same way: {100 * c.film_said.share:.0f} % dialogue") + c.named


def plot(c: Comparison) -> str:
    if c.share < -NEARLY_NOTHING:
        return f"a plot unlike {c.nearest.title}'s"
    if c.share <= NEARLY_NOTHING:
        return f"another plot than {c.nearest.title}'s"
    common = shared_words(c.film.plot, c.nearest.plot)
    return f"a plot like {c.nearest.title}'s" + (f": {listed(common[:3])}" if common else "")


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
    "dialogue": dialogue,
    "picture": picture,
    "faces": faces,
    "plot": plot,
}


SHARED: dict[str, Callable[[Film, Film], Sequence[str]]] = {
    "genres": lambda film, other: shared(film.genres, other.genres),
    "people": _people_shared,
    "place": _places_shared,
}
"""The names that two films share, for blocks whose words are names."""


def names_something(block: str, film: Film, like: Film) -> bool:
    """Whether a like and a film share a name in a block; True for blocks without names."""
    return block not in SHARED or bool(SHARED[block](film, like))


def words_for(block: str, comparison: Comparison) -> str:
    """Words for a block; a block without words of its own is called by its name."""
    say = WORDS.get(block)
    if say is None:
        return f"{'near' if comparison.share >= 0 else 'far from'} {comparison.nearest.title} in {block}"
    return say(comparison)
