"""Reasons for a recommendation in words: what a film shares with the like that contributes to its score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.titles import series_key, series_name
from film import Film
from recommender.facts import shared
from recommender.plots import shared_words
from recommender.senses import common_terms, dialogue_words, face_words, picture_words
from senses import Dialogue, Faces, Picture
from told import Told, joined, listed

NEARLY_NOTHING = 0.005
"""A smaller share is shown as 0.00 and supports no claim of similarity."""


AFTER, BEFORE, RATED_APART = "{} after {}", "{} before {}", "rated {:.1f} ({}: {:.1f})"
"""Words for something that two films do not share."""
BOTH, OF_DECADE = "both {}", "{}s {}"
AS_IN, AS_IS = "{}, as in {}", "{}, as {} is"
"""Words, together with the like to which they apply."""
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

    def naming(self, words: str) -> str:
        """The words, followed by ", as in Vertigo" if there are other likes."""
        return words if self.alone else Told(AS_IN, words, self.nearest.title)

    def being(self, words: str) -> str:
        """A property of both films: "both dark", or "dark, as Vertigo is" if there are other likes."""
        return Told(BOTH, words) if self.alone else Told(AS_IS, words, self.nearest.title)


def music(c: Comparison) -> str:
    common = shared(c.film_sound, c.nearest_sound)
    if c.share < 0:
        return Told("music of another kind than {}'s", c.nearest.title)
    if not common:
        return Told("a mixture of music near {}'s", c.nearest.title)
    return c.being(listed(common[:3]))


def embedding(c: Comparison) -> str:
    return Told("sounds like {}" if c.share >= 0 else "sounds unlike {}", c.nearest.title)


def _lower(genres: Sequence[str]) -> list[str]:
    """Film genres as written within a sentence; translatable."""
    return [Told(genre.lower()) for genre in genres]


def genres(c: Comparison) -> str:
    common = shared(c.film.genres, c.nearest.genres)
    if not common:
        return Told("another genre: {}", listed(c.film.genres[:2])) if c.film.genres else Told("of another genre")
    words = listed(_lower(common[:3]))
    return Told(BOTH, words) if c.alone else c.naming(words)


def people(c: Comparison) -> str:
    parts = _people_shared(c.film, c.nearest)
    return c.naming(joined("; ", parts)) if parts else Told("other people")


def _people_shared(film: Film, other: Film) -> list[str]:
    parts: list[str] = []
    directors = shared(film.directors, other.directors)
    if directors:
        parts.append(Told("same director: {}", listed(directors)))
    cast = [name for name in shared(film.cast, other.cast) if name not in directors]
    if cast:
        parts.append(Told("with {}", listed(cast[:3])))
    scored = shared(film.composers, other.composers)
    if scored:
        parts.append(Told("both scored by {}", listed(scored[:2])))
    everybody = [[*one.directors, *one.cast, *one.composers] for one in (film, other)]
    crossed = [name for name in shared(*everybody) if name not in (*directors, *cast, *scored)]
    if crossed:
        parts.append(Told("also of {}", listed(crossed[:2])))
    return parts


def series(c: Comparison) -> str:
    """A remake has the same title."""
    return c.naming(Told("same series or title: {}", series_name(c.film.title)))


def place(c: Comparison) -> str:
    parts = _places_shared(c.film, c.nearest)
    if parts:
        return c.naming(joined(", ", parts))
    return Told("places near each other" if c.share > NEARLY_NOTHING else "from elsewhere")


def _series_shared(film: Film, other: Film) -> list[str]:
    return [series_name(film.title)] if series_key(film.title) == series_key(other.title) else []


def _places_shared(film: Film, other: Film) -> list[str]:
    countries = shared(film.countries, other.countries)
    locations = shared(film.locations, other.locations)
    parts: list[str] = [Told("from {}", listed(countries[:2]))] if countries else []
    return [*parts, Told("made at {}", locations[0])] if locations else parts


def era(c: Comparison) -> str:
    year, other = c.film.year, c.nearest.year
    if year is None or other is None:
        return Told("of an unknown year")
    if year // 10 == other // 10:
        common = shared(c.film.genres, c.nearest.genres)
        return c.naming(Told(OF_DECADE, year // 10 * 10, Told(common[0].lower() if common else "film")))
    apart = Told("1 year") if abs(year - other) == 1 else Told("{} years", abs(year - other))
    return Told(AFTER if year > other else BEFORE, apart, c.nearest.title)


def reception(c: Comparison) -> str:
    if c.film.rating is None and c.film.metascore is None:
        return Told("received in an unknown way")
    if c.film.rating is None:
        return Told("Metascore {}", c.film.metascore)
    if c.nearest.rating is None:
        return Told("rated {:.1f}", c.film.rating)
    if abs(c.film.rating - c.nearest.rating) <= ALIKE_RATINGS:
        return Told("rated {:.1f}, like {}", c.film.rating, c.nearest.title)
    return Told(RATED_APART, c.film.rating, c.nearest.title, c.nearest.rating)


def picture(c: Comparison) -> str:
    """Both dark and slow-cut."""
    if c.share < 0:
        return Told("looks unlike {}", c.nearest.title)
    if c.film_seen is None or c.nearest_seen is None:
        return Told("looks like {}", c.nearest.title)
    common = shared(picture_words(c.film_seen), picture_words(c.nearest_seen))
    return c.being(listed(common[:3])) if common else Told("colours and light near {}'s", c.nearest.title)


def faces(c: Comparison) -> str:
    """Much laughter in the faces."""
    if c.film_faces is None or c.nearest_faces is None or c.share < 0:
        return Told("faces like {}'s" if c.share >= 0 else "faces unlike {}'s", c.nearest.title)
    common = shared(face_words(c.film_faces), face_words(c.nearest_faces))
    own, other = 100 * c.film_faces.share, 100 * c.nearest_faces.share
    if common:
        return c.naming(listed(common[:3]))
    if abs(own - other) < 10:
        return c.naming(Told("faces in {:.0f} % of the frames", own))
    return c.naming(Told("faces in {:.0f} % and {:.0f} % of the frames", own, other))


def dialogue(c: Comparison) -> str:
    """Talk of the same things: harbour, ship and captain; quiet films: 20 % dialogue."""
    if c.film_said is None or c.nearest_said is None or c.share < 0:
        return Told("talks like {}" if c.share >= 0 else "talks unlike {}", c.nearest.title)
    said: list[str] = []
    terms = common_terms(c.film_said, c.nearest_said)
    if len(terms) >= 2:
        said.append(Told("talk of the same things: {}", listed(terms[:4])))
    common = shared(dialogue_words(c.film_said), dialogue_words(c.nearest_said))
    share = 100 * c.film_said.share
    if common:
        said.append(Told("{} films: {:.0f} % dialogue", listed(common[:2]), share))
    if not said:
        said.append(Told("as much said, and in the same way: {:.0f} % dialogue", share))
    return c.naming(joined("; ", said))


def plot(c: Comparison) -> str:
    if c.share < -NEARLY_NOTHING:
        return Told("a plot unlike {}'s", c.nearest.title)
    if c.share <= NEARLY_NOTHING:
        return Told("another plot than {}'s", c.nearest.title)
    common = shared_words(c.film.plot, c.nearest.plot)
    if common:
        return Told("a plot like {}'s: {}", c.nearest.title, listed(common[:3]))
    return Told("a plot like {}'s", c.nearest.title)


def prior(film: Film) -> str:
    """Words for the quality prior."""
    if film.rating is None and film.metascore is None:
        return Told("unrated: counted as average")
    parts: list[str] = []
    if film.rating is not None and film.votes:
        parts.append(Told("rated {:.1f} by {:,} people", film.rating, film.votes))
    elif film.rating is not None:
        parts.append(Told("rated {:.1f}", film.rating))
    if film.metascore is not None:
        parts.append(Told("Metascore {}", film.metascore))
    return joined(", ", parts)


def dislikes(nearest: Film, share: float) -> str:
    """Words for what the disliked films take or give."""
    return Told("has something of {}" if share < 0 else "little of {}", nearest.title)


WORDS: dict[str, Callable[[Comparison], str]] = {
    "music": music,
    "embedding": embedding,
    "genres": genres,
    "people": people,
    "series": series,
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
    "series": _series_shared,
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
        return Told("near {} in {}" if comparison.share >= 0 else "far from {} in {}", comparison.nearest.title, block)
    return say(comparison)
