"""Questions such as "like Vertigo but calmer": a film of the catalogue, and what should be more or less."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from db.catalogue.snapshot import Snapshot
from errors import ParameterError
from film import Film
from recommender.question import LONGEST_WISH, MOST_WISHES, Question
from recommender.steering import OPPOSITES
from service.questions.asking import find_film
from service.questions.sound_words import MEANINGS, TAG, Wanted

_LIKE = re.compile(
    r"^(?:(?:something|anything|a film|films|a scene|scenes|music|more|sounds?|sounding)\s+)*like\s+(?P<title>.+?)"
    r"(?:\s*,?\s+but\s+(?P<changes>.+?))?[\s.!?]*$",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:,|;|\band\b|\bbut\b)\s*", re.IGNORECASE)
_LESS = re.compile(r"^(?:with\s+)?(?:less|fewer|no|not|without|never)\s+(?:so\s+|as\s+|of\s+)?", re.IGNORECASE)
_MORE = re.compile(
    r"^(?:with\s+)?(?:a\s+(?:bit|little|lot)\s+)?(?:much\s+|far\s+)?(?:(?:more|with)\s+)?", re.IGNORECASE
)
SOUND_ONLY = 1.0


@dataclass(frozen=True)
class LikeFilm:
    """A question that names a film."""

    film: Film
    more: tuple[str, ...]
    less: tuple[str, ...]

    def question(self, n: int) -> Question:
        """What the recommender is asked: films that sound like this one, changed as asked."""
        likes = (self.film.film_id or 0,)
        return Question(likes=likes, music=SOUND_ONLY, n=n, variety=0.0, aim="like", more=self.more, less=self.less)

    def without(self, names: Collection[str]) -> LikeFilm:
        """The question without some of its changes."""
        more, less = (tuple(one for one in kept if one not in names) for kept in (self.more, self.less))
        return replace(self, more=more, less=less)

    def wanted(self) -> tuple[Wanted, ...]:
        """The changes that are known of scenes too, as words of a question."""
        said = [(name, False) for name in self.more] + [(name, True) for name in self.less]
        return tuple(Wanted(name, MEANINGS[name], unwanted) for name, unwanted in said if name in MEANINGS)


def read_like(snapshot: Snapshot, text: str) -> LikeFilm | None:
    """The film of a question "like TITLE" or "like TITLE but CHANGES"; None if the question is not of this form.

    Raises:
        ParameterError: "but" follows, and no film or several films have this title.
    """
    found = _LIKE.match(" ".join(text.split()))
    if found is None:
        return None
    title, changes = found["title"].strip("\"'“”«» "), found["changes"] or ""
    try:
        film = find_film(snapshot, title)
    except ParameterError:
        if changes:
            raise
        return None  # "music like rain": read as words
    more: list[str] = []
    less: list[str] = []
    for part in filter(None, _APART.split(changes)):
        wanted, others = (less, more) if _LESS.match(part) else (more, less)
        rest = _LESS.sub("", part) if wanted is less else _MORE.sub("", part)
        name = trait_of(rest)
        if name and name not in wanted and name not in others:
            wanted.append(name)
    return LikeFilm(film, tuple(more[:MOST_WISHES]), tuple(less[:MOST_WISHES]))


def trait_of(words: str) -> str:
    """The name of a trait for the recommender: of a synonym ("gloomy") the word it stands for, else the words."""
    said = " ".join(words.casefold().split())[:LONGEST_WISH]
    if said in OPPOSITES or said not in MEANINGS:
        return said
    measure = MEANINGS[said][0]
    if measure.kind == TAG:
        return measure.name.casefold()
    return next((word for word in OPPOSITES if MEANINGS.get(word) == MEANINGS[said]), measure.name)
