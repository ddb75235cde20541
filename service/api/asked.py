"""What the HTTP API takes, typed: questions of one person, and of several."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from errors import ParameterError
from recommender import Filters
from recommender.question import DEFAULT_VARIETY, Aim, mix_of
from recommender.together import MOST_PEOPLE
from service.questions.asking import Wish

MAX_FILMS = 500
"""Films of each kind (likes, dislikes) in one question."""
MOST_EACH = 50
"""Likes and dislikes of each of several people: each costs a pass over the catalogue."""
MAX_FILM_ID = MAX_JOB_ID = MAX_RUN = 2**31 - 1

FilmId = Annotated[int, Field(strict=True, ge=1, le=MAX_FILM_ID)]
Text = Annotated[str, Field(max_length=500)]
Mixed = Literal["sound", "about", "picture", "dialogue", "faces"]
Named = Text | FilmId


class Asked(BaseModel):
    """A question. Films are named by title, "Title (Year)", IMDb id, or film_id (a number)."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"likes": ["Vertigo", "tt0054215"], "music": 0.7, "more": ["piano"], "n": 5}]},
    )

    likes: list[Named] = Field(default_factory=list, max_length=MAX_FILMS)
    dislikes: list[Named] = Field(default_factory=list, max_length=MAX_FILMS)
    seen: list[Named] = Field(default_factory=list, max_length=10 * MAX_FILMS)
    music: float = Field(0.5, ge=0, le=1, description="0: what it is about; 1: how it sounds")
    variety: float = Field(DEFAULT_VARIETY, ge=0, le=1)
    n: int = Field(10, ge=1, le=200)
    year_from: int | None = Field(None, ge=0, le=9999)
    year_to: int | None = Field(None, ge=0, le=9999)
    genre: Text | None = None
    country: Text | None = None
    director: Text | None = None
    composer: Text | None = None
    collection: Text | None = None
    with_music: bool = Field(False, strict=True)
    max_per_director: int | None = Field(None, ge=1, le=MAX_FILM_ID)
    aim: Aim | None = Field(
        None,
        alias="for",
        description="`like`: films like these (up to three likes); `taste`: for this taste (from four)",
    )

    mix: dict[Mixed, Annotated[float, Field(ge=0, le=1e6)]] | None = Field(
        None, description="Weights of how films sound, what is known of them, how they look, what they say, their faces"
    )

    more: list[Text] = Field(default_factory=list, description="More of: an attribute, genre, tag or decade")
    less: list[Text] = Field(default_factory=list, description="Less of; `director`: not the same directors")

    also_unowned: bool = Field(False, strict=True, description="Also titles that are not in the catalogue (`unowned`)")

    def wish(self) -> Wish:
        """The question as the command line asks it."""
        filters = Filters(
            self.year_from,
            self.year_to,
            self.genre,
            self.country,
            self.director,
            self.collection,
            self.with_music,
            self.composer,
        )
        films = (tuple(self.likes), tuple(self.dislikes), tuple(self.seen))
        mix = None if self.mix is None else mix_of(self.mix)
        named = (tuple(self.more), tuple(self.less))
        wish = Wish(*films, self.music, self.variety, self.n, filters, self.max_per_director, self.aim, mix, *named)
        return replace(wish, also_unowned=self.also_unowned)


class Person(BaseModel):
    """Somebody who watches along."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=80)
    likes: list[Named] = Field(min_length=1, max_length=MOST_EACH)
    dislikes: list[Named] = Field(default_factory=list, max_length=MOST_EACH)
    seen: list[Named] = Field(default_factory=list, max_length=MAX_FILMS)


class Evening(BaseModel):
    """Several people, and how long the film may be."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"people": [{"name": "Ann", "likes": ["Vertigo"]}, {"name": "Bo", "likes": ["Volver"]}], "minutes": 120}
            ]
        },
    )

    people: list[Person] = Field(min_length=1, max_length=MOST_PEOPLE)
    minutes: int | None = Field(None, ge=1, le=10_000)
    n: int = Field(10, ge=1, le=200)

    def wishes(self) -> dict[str, Wish]:
        """A question for each person.

        Raises:
            ParameterError: two people have one name.
        """
        found = {one.name: Wish(tuple(one.likes), tuple(one.dislikes), tuple(one.seen)) for one in self.people}
        if len(found) < len(self.people):
            raise ParameterError("tonight: two people have the same name. Give each a name of their own.")
        return found
