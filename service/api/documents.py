"""What the HTTP API answers, typed; with `asked.py` the source of its OpenAPI description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from film import Film
from recommender.question import Aim


class Refusal(BaseModel):
    """Why nothing was answered: the thing, the fault and the way out."""

    error: str
    detail: list[dict[str, Any]] | None = Field(None, description="Where the request is malformed, and how")


class Health(BaseModel):
    status: str = Field(description="`ok`, or `no catalogue yet`")
    snapshot: str
    films: int


class FilmDocument(BaseModel):
    """A film for other programs; where its file lies on this machine is left out."""

    film_id: int | None
    title: str
    year: int | None
    directors: list[str]
    genres: list[str]
    countries: list[str]
    cast: list[str]
    rating: float | None
    metascore: int | None
    imdb_id: str
    collection: str

    @classmethod
    def of(cls, film: Film) -> FilmDocument:
        return cls.model_validate({name: getattr(film, name) for name in cls.model_fields})


class FilmsFound(BaseModel):
    films: list[FilmDocument]
    total: int = Field(description="Films that fit the question, on all pages")


class TitleDocument(BaseModel):
    """A title outside of the catalogue."""

    film_id: int = Field(description="The negative number of its IMDb id")
    imdb_id: str
    title: str
    year: int | None
    directors: list[str]
    votes: int | None

    @classmethod
    def of(cls, film: Film) -> TitleDocument:
        return cls.model_validate({name: getattr(film, name) for name in cls.model_fields})


class TitlesFound(BaseModel):
    titles: list[TitleDocument]
    loaded: bool = Field(description="Whether IMDb's files are loaded")


class FilmNamed(BaseModel):
    film_id: int = Field(description="Negative: a title outside of the catalogue, by the number of its IMDb id")
    title: str


class ReasonDocument(BaseModel):
    block: str = Field(description="A block of the vectors, or `series`, `dislikes` or `prior`")
    share: float = Field(description="What it adds to the score")
    words: str


class CauseDocument(FilmNamed):
    share: float = Field(description="What this like adds to the score")


class ResultDocument(BaseModel):
    film_id: int
    title: str
    year: int | None
    directors: list[str]
    score: float
    because: list[CauseDocument] = Field(description="Up to three likes that it is nearest to, the nearest first")
    reasons: list[ReasonDocument] = Field(description="Their shares sum to the score")
    note: str


class UnownedDocument(ResultDocument):
    imdb_id: str
    owned: Literal[False]


class EffectDocument(BaseModel):
    name: str
    more: bool
    before: float | None = Field(description="Its mean over the answers without `more` and `less`")
    after: float | None


class AnswerDocument(BaseModel):
    """The document of `filmscore recommend --json`."""

    likes: list[FilmNamed]
    results: list[ResultDocument]
    unowned: list[UnownedDocument] = Field(description="Titles that are not in the catalogue, with `also_unowned`")
    notices: list[str]
    effects: list[EffectDocument]
    aim: Aim = Field(alias="for", description="What was answered: films like these, or films for this taste")


class FilmHeard(FilmNamed):
    score: float


class SceneHeard(FilmHeard):
    start_s: int
    end_s: int
    run: int


class SceneDocuments(BaseModel):
    scenes: list[SceneHeard]
    effects: list[EffectDocument] = Field(description="What `more` and `less` changed, over the scenes")
    notices: list[str]


class SummaryDocument(BaseModel):
    """The music of a film on the whole, in percent."""

    film_id: int
    music: float = Field(description="Of the film's seconds; with speech and other 100")
    speech: float
    other: float
    genres: dict[str, float] = Field(description="Of the seconds of music")
    danceability: dict[str, float]
    valence: dict[str, float]
    energy: dict[str, float]
    dominant: dict[str, str | None] = Field(description="The commonest level of each; null without music")
    further: dict[str, float] = Field(description="Tempo, acousticness and others: means over the music")
    presence: dict[str, float] = Field(description="How much of the film has music, speech, and both at once")
    loudness: dict[str, float] = Field(description="Of the film and of its music, in LUFS; what is unknown is absent")


class HeardRun(BaseModel):
    """A stretch of music."""

    start_s: int
    end_s: int = Field(description="Exclusive")
    genre: str
    genre_p: float | None
    danceability: str
    danceability_p: float | None
    valence: str
    valence_p: float | None
    energy: str
    energy_p: float | None
    tags: dict[str, float] = Field(description="The tags that fit best, with their probability")
    further: dict[str, float] = Field(description="Tempo and other numbers, by name")


class RunDocument(HeardRun):
    """A stretch of a film's music; a value that a person corrected has no probability."""

    run: int
    corrected: list[str]
    model_version: str


class RunsDocument(BaseModel):
    film_id: int
    runs: list[RunDocument]


class ProfilesDocument(BaseModel):
    profiles: list[str]


class HeardDocument(BaseModel):
    """The document of `filmscore sounds-like --json`."""

    films: list[FilmHeard]
    scenes: list[SceneHeard]
    heard: list[HeardRun] = Field(description="The clip's own music")
    effects: list[EffectDocument] = Field(description="What `more` and `less` changed, over the scenes")
    notices: list[str]


class UnderstoodDocument(BaseModel):
    words: str
    unwanted: bool = Field(description='Behind "not" or "without"')
    read_as: str = Field(description="The known word that an unknown one was read as; empty for a known one")


class MatchDocument(BaseModel):
    words: str
    fit: float = Field(description="0 to 1")
    said: str = Field(description="What was measured: `sad .31`, `62 bpm`")


class SceneFound(FilmHeard):
    run: int
    start_s: int
    end_s: int
    matches: list[MatchDocument]


class FoundDocument(BaseModel):
    """The document of `filmscore find --json`."""

    understood: list[UnderstoodDocument]
    not_understood: list[str]
    scenes: list[SceneFound]
    films: list[FilmHeard]
    notices: list[str]


class MapPoint(FilmNamed):
    x: float
    y: float
    run: int | None = Field(None, description="Of a scene")
    start_s: int | None = None
    end_s: int | None = None


class MapDocument(BaseModel):
    of: str = Field(description="What makes films near: sound, about, picture, or scenes")
    points: list[MapPoint]
    notices: list[str]


class PersonShare(BaseModel):
    name: str
    share: float = Field(description="Share of the films that this person would like less, 0-1")


class GroupPickDocument(FilmNamed):
    year: int | None
    directors: list[str]
    minutes: int | None
    score: float
    people: list[PersonShare]
    words: str


class TonightDocument(BaseModel):
    results: list[GroupPickDocument]
    notices: list[str]


class SurprisingFilm(FilmNamed):
    year: int | None
    directors: list[str]


class SurpriseDocument(BaseModel):
    film: SurprisingFilm | None
    words: str
    notices: list[str]


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of a route's refusals: any body or parameter may be malformed, any route may be closed to callers
    without a token, and too many may call it at once."""
    return {status: {"model": Refusal} for status in (403, 422, 429, *statuses)}
