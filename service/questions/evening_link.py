"""An evening for several people as the parameters of an address, and back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from errors import ParameterError
from film import BOUNDS
from recommender.question import Question
from recommender.together import MOST_PEOPLE
from service.questions.link import gone_words, over_words, whole_number
from told import Told

LONGEST_NAME = 40
MOST_LIKES = 50
"""Films that one person likes, or dislikes, in an address."""
MOST_SEEN = 200
SEPARATORS = re.compile(r"[:;,\s]+")
"""What separates people and films in an address cannot be part of a name."""


@dataclass(frozen=True)
class Guest:
    """Somebody who watches tonight."""

    name: str
    likes: tuple[int, ...] = ()
    dislikes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Party:
    """The people of one evening, and what limits their films."""

    guests: tuple[Guest, ...] = ()
    seen: tuple[int, ...] = ()
    minutes: int | None = None
    """Longest film; None: no limit."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(guest.name for guest in self.guests)

    def questions(self) -> dict[str, Question]:
        """The question of each person who likes a film."""
        return {
            guest.name: Question(likes=guest.likes, dislikes=guest.dislikes, seen=self.seen)
            for guest in self.guests
            if guest.likes
        }

    def with_guest(self, guest: Guest) -> Party:
        """The party with one person more.

        Raises:
            ParameterError: the name is empty or taken, or there are too many people.
        """
        name = guest_name(guest.name)
        if not name:
            raise ParameterError(Told("A person needs a name. Write one."))
        if name in self.names:
            raise ParameterError(Told("{}: is here already. Give each person a name of their own.", name))
        if len(self.guests) >= MOST_PEOPLE:
            raise ParameterError(Told("{}: {} people are here already. Remove somebody first.", name, MOST_PEOPLE))
        return replace(self, guests=(*self.guests, replace(guest, name=name)))


@dataclass
class _Reading:
    """Films of an address that the catalogue knows; which it does not know, and how many were too many."""

    known: Collection[int]
    gone: set[int] = field(default_factory=set)
    over: Counter[int] = field(default_factory=Counter)
    """By the largest number of films of a kind."""

    def films(self, text: str, most: int) -> tuple[int, ...]:
        given = [int(part) for part in text.split(",") if part.strip().isdecimal() and len(part) < 18]
        named = tuple(dict.fromkeys(given))
        unique = named[:most]
        self.over[most] += len(named) - len(unique)
        self.gone |= {film_id for film_id in unique if film_id not in self.known}
        return tuple(film_id for film_id in unique if film_id in self.known)


def guest_name(text: str) -> str:
    """A name as an address can hold it: without separators, up to LONGEST_NAME characters."""
    return SEPARATORS.sub(" ", text).strip()[:LONGEST_NAME].strip()


def party_params(party: Party) -> dict[str, str]:
    """The parameters of an address: `people=Ann:3,5:9;Bo:2` (name, likes, dislikes), `seen`, `minutes`."""

    def numbers(films: tuple[int, ...]) -> str:
        return ",".join(map(str, films))

    people = [
        ":".join([guest.name, numbers(guest.likes), *([numbers(guest.dislikes)] if guest.dislikes else [])])
        for guest in party.guests
    ]
    found = {"people": ";".join(people), "seen": numbers(party.seen), "minutes": str(party.minutes or "")}
    return {name: value for name, value in found.items() if value}


def party_from_params(params: Mapping[str, str], known: Collection[int]) -> tuple[Party, tuple[str, ...]]:
    """The party of an address, and notices about what could not be kept. Nothing in an address is an error.

    Args:
        known: the film_ids of the catalogue.
    """
    reading = _Reading(known)
    guests: dict[str, Guest] = {}
    for part in params.get("people", "").split(";"):
        named, likes, dislikes = (*part.split(":"), "", "")[:3]
        name = guest_name(named)
        if name and name not in guests and len(guests) < MOST_PEOPLE:
            liked = reading.films(likes, MOST_LIKES)
            disliked = tuple(one for one in reading.films(dislikes, MOST_LIKES) if one not in liked)
            guests[name] = Guest(name, liked, disliked)
    seen = reading.films(params.get("seen", ""), MOST_SEEN)
    minutes = whole_number(params.get("minutes"), 1, BOUNDS["runtime_minutes"][1])
    over = (notice for most, films in reading.over.items() for notice in over_words(films, most))
    return Party(tuple(guests.values()), seen, minutes), (*gone_words(len(reading.gone)), *over)
