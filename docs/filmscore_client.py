"""A client of filmscore's HTTP API. `python -m service.api.client_text` writes it from the description.

`Client("http://127.0.0.1:8502").films(query="Vertigo")["films"]` are the films of that title.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, bytes]]
"""Method, address, headers and body -> status and body."""


class RefusedError(Exception):
    """The API refused a request; the text says why."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def send(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
    """Send a request with urllib."""
    try:
        with urlopen(Request(address, body, dict(headers), method=method)) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


class CauseDocument(TypedDict):
    film_id: int
    title: str
    share: float


class EffectDocument(TypedDict):
    name: str
    more: bool
    before: float | None
    after: float | None


class Evening(TypedDict):
    """Several people, and how long the film may be."""

    people: list[Person]
    minutes: NotRequired[int | None]
    n: NotRequired[int]


class FilmDocument(TypedDict):
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


class FilmHeard(TypedDict):
    film_id: int
    title: str
    score: float


class FilmNamed(TypedDict):
    film_id: int
    title: str


class FilmsFound(TypedDict):
    films: list[FilmDocument]
    total: int


class FoundDocument(TypedDict):
    """The document of `filmscore find --json`."""

    understood: list[UnderstoodDocument]
    not_understood: list[str]
    scenes: list[SceneFound]
    films: list[FilmHeard]
    notices: list[str]


class GroupPickDocument(TypedDict):
    film_id: int
    title: str
    year: int | None
    directors: list[str]
    minutes: int | None
    score: float
    people: list[PersonShare]
    words: str


class Health(TypedDict):
    status: str
    snapshot: str
    films: int


class HeardDocument(TypedDict):
    """The document of `filmscore sounds-like --json`."""

    films: list[FilmHeard]
    scenes: list[SceneHeard]
    heard: list[HeardRun]
    effects: list[EffectDocument]
    notices: list[str]


class HeardRun(TypedDict):
    """A stretch of music."""

    start_s: int
    end_s: int
    genre: str
    genre_p: float | None
    danceability: str
    danceability_p: float | None
    valence: str
    valence_p: float | None
    energy: str
    energy_p: float | None
    tags: dict[str, float]
    further: dict[str, float]


class MapDocument(TypedDict):
    of: str
    points: list[MapPoint]
    notices: list[str]


class MapPoint(TypedDict):
    film_id: int
    title: str
    x: float
    y: float
    run: NotRequired[int | None]
    start_s: NotRequired[int | None]
    end_s: NotRequired[int | None]


class MatchDocument(TypedDict):
    words: str
    fit: float
    said: str


class Person(TypedDict):
    """Somebody who watches along."""

    name: str
    likes: list[str | int]
    dislikes: NotRequired[list[str | int]]
    seen: NotRequired[list[str | int]]


class PersonShare(TypedDict):
    name: str
    share: float


class ProfilesDocument(TypedDict):
    profiles: list[str]


class ReasonDocument(TypedDict):
    block: str
    share: float
    words: str


class Refusal(TypedDict):
    """Why nothing was answered: the thing, the fault and the way out."""

    error: str
    detail: NotRequired[list[dict[str, Any]] | None]


class ResultDocument(TypedDict):
    film_id: int
    title: str
    year: int | None
    directors: list[str]
    score: float
    because: list[CauseDocument]
    reasons: list[ReasonDocument]
    note: str


class RunDocument(TypedDict):
    """A stretch of a film's music; a value that a person corrected has no probability."""

    start_s: int
    end_s: int
    genre: str
    genre_p: float | None
    danceability: str
    danceability_p: float | None
    valence: str
    valence_p: float | None
    energy: str
    energy_p: float | None
    tags: dict[str, float]
    further: dict[str, float]
    run: int
    corrected: list[str]
    model_version: str


class RunsDocument(TypedDict):
    film_id: int
    runs: list[RunDocument]


class SceneDocuments(TypedDict):
    scenes: list[SceneHeard]
    effects: list[EffectDocument]
    notices: list[str]


class SceneFound(TypedDict):
    film_id: int
    title: str
    score: float
    run: int
    start_s: int
    end_s: int
    matches: list[MatchDocument]


class SceneHeard(TypedDict):
    film_id: int
    title: str
    score: float
    start_s: int
    end_s: int
    run: int


class SummaryDocument(TypedDict):
    """The music of a film on the whole, in percent."""

    film_id: int
    music: float
    speech: float
    other: float
    genres: dict[str, float]
    danceability: dict[str, float]
    valence: dict[str, float]
    energy: dict[str, float]
    dominant: dict[str, str | None]
    further: dict[str, float]
    presence: dict[str, float]
    loudness: dict[str, float]


class SurpriseDocument(TypedDict):
    film: SurprisingFilm | None
    words: str
    notices: list[str]


class SurprisingFilm(TypedDict):
    film_id: int
    title: str
    year: int | None
    directors: list[str]


class TitleDocument(TypedDict):
    """A title outside of the catalogue."""

    film_id: int
    imdb_id: str
    title: str
    year: int | None
    directors: list[str]
    votes: int | None


class TitlesFound(TypedDict):
    titles: list[TitleDocument]
    loaded: bool


class TonightDocument(TypedDict):
    results: list[GroupPickDocument]
    notices: list[str]


class UnderstoodDocument(TypedDict):
    words: str
    unwanted: bool
    read_as: str


class UnownedDocument(TypedDict):
    film_id: int
    title: str
    year: int | None
    directors: list[str]
    score: float
    because: list[CauseDocument]
    reasons: list[ReasonDocument]
    note: str
    imdb_id: str
    owned: Literal[False]


class Wanted(TypedDict):
    """A job to submit."""

    kind: str
    arguments: NotRequired[dict[str, Any]]


AnswerDocument = TypedDict(
    "AnswerDocument",
    {
        "likes": list[FilmNamed],
        "results": list[ResultDocument],
        "unowned": list[UnownedDocument],
        "notices": list[str],
        "effects": list[EffectDocument],
        "for": Literal["like", "taste"],
    },
)


Asked = TypedDict(
    "Asked",
    {
        "likes": NotRequired[list[str | int]],
        "dislikes": NotRequired[list[str | int]],
        "seen": NotRequired[list[str | int]],
        "music": NotRequired[float],
        "variety": NotRequired[float],
        "n": NotRequired[int],
        "year_from": NotRequired[int | None],
        "year_to": NotRequired[int | None],
        "genre": NotRequired[str | None],
        "country": NotRequired[str | None],
        "director": NotRequired[str | None],
        "composer": NotRequired[str | None],
        "collection": NotRequired[str | None],
        "with_music": NotRequired[bool],
        "max_per_director": NotRequired[int | None],
        "for": NotRequired[Literal["like", "taste"] | None],
        "mix": NotRequired[dict[str, float] | None],
        "more": NotRequired[list[str]],
        "less": NotRequired[list[str]],
        "also_unowned": NotRequired[bool],
    },
)


class Client:
    """The routes of the API."""

    def __init__(self, address: str, token: str = "", send: Send = send) -> None:
        """
        Args:
            address: of the API, without the path of a route.
            token: `filmscore api-token create` makes one; some routes need it.
            send: sends requests.
        """
        self._address, self._send = address.rstrip("/"), send
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def _ask(
        self, method: str, path: str, query: Mapping[str, object], kind: str = "", body: bytes | None = None
    ) -> bytes:
        named = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in query.items()
            if value is not None
        }
        asked = f"?{urlencode(named, doseq=True)}" if named else ""
        headers = self._headers | ({"content-type": kind} if kind else {})
        status, answer = self._send(method, f"{self._address}{path}{asked}", headers, body)
        if status >= 400:
            try:
                said = str(json.loads(answer)["error"])
            except (ValueError, KeyError, TypeError):
                said = answer[:200].decode("utf-8", "replace")
            raise RefusedError(status, said)
        return answer

    def health(self) -> Health:
        """Whether films can be recommended, and from which snapshot; a home without a catalogue is well, too."""
        return cast("Health", json.loads(self._ask("GET", "/health", {})))

    def films(
        self,
        *,
        query: str | None = None,
        limit: int | None = None,
        offset: int | None = None,
        genre: str | None = None,
        country: str | None = None,
        director: str | None = None,
        collection: str | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        with_music: bool | None = None,
    ) -> FilmsFound:
        """Films by title (slips are forgiven), or all of them by film_id; filters leave out the others."""
        return cast(
            "FilmsFound",
            json.loads(
                self._ask(
                    "GET",
                    "/films",
                    {
                        "query": query,
                        "limit": limit,
                        "offset": offset,
                        "genre": genre,
                        "country": country,
                        "director": director,
                        "collection": collection,
                        "year_from": year_from,
                        "year_to": year_to,
                        "with_music": with_music,
                    },
                )
            ),
        )

    def titles(self, *, query: str, limit: int | None = None) -> TitlesFound:
        """Titles outside of the catalogue, of IMDb's loaded files; `POST /recommend` takes their IMDb ids as likes."""
        return cast("TitlesFound", json.loads(self._ask("GET", "/titles", {"query": query, "limit": limit})))

    def film(self, film_id: int) -> FilmDocument:
        """One film."""
        return cast("FilmDocument", json.loads(self._ask("GET", f"/films/{quote(str(film_id), safe='')}", {})))

    def excerpt(
        self,
        film_id: int,
        *,
        start: float | None = None,
        seconds: float | None = None,
        format: Literal["m4a", "webm", "wav"] | None = None,
    ) -> bytes:
        """A part of a film to listen to, at -16 LUFS, also by ranges of bytes. Who may listen is a setting."""
        return self._ask(
            "GET",
            f"/films/{quote(str(film_id), safe='')}/excerpt",
            {"start": start, "seconds": seconds, "format": format},
        )

    def summary(self, film_id: int) -> SummaryDocument:
        """What the music of a film is on the whole, in percent."""
        return cast(
            "SummaryDocument", json.loads(self._ask("GET", f"/films/{quote(str(film_id), safe='')}/summary", {}))
        )

    def runs(self, film_id: int) -> RunsDocument:
        """A film's stretches of music in order. A corrected value has no probability."""
        return cast("RunsDocument", json.loads(self._ask("GET", f"/films/{quote(str(film_id), safe='')}/runs", {})))

    def similar_scenes(
        self,
        film_id: int,
        run: int,
        *,
        n: int | None = None,
        more: list[str] | None = None,
        less: list[str] | None = None,
    ) -> SceneDocuments:
        """Scenes of all films that sound like one run of a film."""
        return cast(
            "SceneDocuments",
            json.loads(
                self._ask(
                    "GET",
                    f"/films/{quote(str(film_id), safe='')}/runs/{quote(str(run), safe='')}/similar",
                    {"n": n, "more": more, "less": less},
                )
            ),
        )

    def drawing(
        self,
        film_id: int,
        kind: Literal["svg", "png"],
        *,
        look: Literal["dark", "light"] | None = None,
        size: int | None = None,
    ) -> bytes:
        """A film's sound print."""
        return self._ask(
            "GET",
            f"/films/{quote(str(film_id), safe='')}/print.{quote(str(kind), safe='')}",
            {"look": look, "size": size},
        )

    def embed(self, film_id: int, *, look: Literal["dark", "light"] | None = None) -> bytes:
        """A film as a small page without scripts, for a frame on the sites that `filmscore api --embed-in` names."""
        return self._ask("GET", f"/embed/film/{quote(str(film_id), safe='')}", {"look": look})

    def similar(
        self,
        film_id: int,
        *,
        n: int | None = None,
        music: float | None = None,
        more: list[str] | None = None,
        less: list[str] | None = None,
    ) -> AnswerDocument:
        """The films most like one film: `recommend` with this like alone, for `like`, without variety."""
        return cast(
            "AnswerDocument",
            json.loads(
                self._ask(
                    "GET",
                    f"/films/{quote(str(film_id), safe='')}/similar",
                    {"n": n, "music": music, "more": more, "less": less},
                )
            ),
        )

    def recommend(self, body: Asked) -> AnswerDocument:
        """Films to see next; the document of `filmscore recommend --json`."""
        return cast(
            "AnswerDocument",
            json.loads(self._ask("POST", "/recommend", {}, "application/json", json.dumps(body).encode())),
        )

    def tonight(self, body: Evening) -> TonightDocument:
        """Films for several people: by the mean of their scores, lowered by whoever likes a film least."""
        return cast(
            "TonightDocument",
            json.loads(self._ask("POST", "/tonight", {}, "application/json", json.dumps(body).encode())),
        )

    def surprise(self, body: Asked) -> SurpriseDocument:
        """One well-received film far from the answers to a question, with its reason."""
        return cast(
            "SurpriseDocument",
            json.loads(self._ask("POST", "/surprise", {}, "application/json", json.dumps(body).encode())),
        )

    def find_in_words(self, *, words: str, n: int | None = None) -> FoundDocument:
        """Scenes and films that sound as some words say, each with what matched; as `filmscore find --json`."""
        return cast("FoundDocument", json.loads(self._ask("GET", "/find", {"words": words, "n": n})))

    def film_map(self, *, of: Literal["sound", "about", "picture", "scenes"] | None = None) -> MapDocument:
        """Films as points on a plane: near ones are alike. They stay where they are while films are added."""
        return cast("MapDocument", json.loads(self._ask("GET", "/map", {"of": of})))

    def profile_names(self) -> ProfilesDocument:
        """The saved searches of the terminal and the admin. Needs a token of an admin."""
        return cast("ProfilesDocument", json.loads(self._ask("GET", "/profiles", {})))

    def profile_document(self, name: str) -> bytes:
        """A saved search as `filmscore profiles export` writes it. Needs a token of an admin."""
        return self._ask("GET", f"/profiles/{quote(str(name), safe='')}", {})

    def hand_in(self, body: Wanted) -> dict[str, Any]:
        """Submit a job to the worker (kinds and arguments: docs/operations.md). Needs a token."""
        return cast(
            "dict[str, Any]", json.loads(self._ask("POST", "/jobs", {}, "application/json", json.dumps(body).encode()))
        )

    def job(self, job_id: int) -> dict[str, Any]:
        """How far a job is. Needs a token."""
        return cast("dict[str, Any]", json.loads(self._ask("GET", f"/jobs/{quote(str(job_id), safe='')}", {})))

    def like_a_clip(
        self,
        clip: bytes,
        filename: str = "clip",
        *,
        n: int | None = None,
        more: list[str] | None = None,
        less: list[str] | None = None,
    ) -> HeardDocument:
        """Films and scenes that sound like an uploaded clip, which is not kept; as `filmscore sounds-like --json`."""
        edge = secrets.token_hex(16)
        name = filename.translate({10: None, 13: None, 34: "_"})
        head = f'--{edge}\r\ncontent-disposition: form-data; name="clip"; filename="{name}"\r\n\r\n'
        body = head.encode() + clip + f"\r\n--{edge}--\r\n".encode()
        return cast(
            "HeardDocument",
            json.loads(
                self._ask(
                    "POST",
                    "/sounds-like",
                    {"n": n, "more": more, "less": less},
                    f"multipart/form-data; boundary={edge}",
                    body,
                )
            ),
        )
