"""The HTTP API: films, recommendations and searches by sound for other programs, by the app's own code path."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, File, Query, Request, Response, UploadFile
from fastapi import Path as PathParameter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from db.catalogue.current import published
from db.home import Home
from errors import AccessError, BusyError, CatalogueError, FilmscoreError, MediaError, ModelError, ParameterError
from media.excerpt import LONGEST_S, MEDIA_TYPES, SHORTEST_S
from media.geometry import LATEST_S
from recommender import Filters
from recommender.film_map import Basis
from service.admin.metrics import Requests, registry_of
from service.api.asked import MAX_FILM_ID, MAX_JOB_ID, Asked, Evening
from service.api.documents import (
    AnswerDocument,
    FilmDocument,
    FilmsFound,
    FoundDocument,
    Health,
    HeardDocument,
    MapDocument,
    ProfilesDocument,
    Refusal,
    SurpriseDocument,
    TitleDocument,
    TitlesFound,
    TonightDocument,
)
from service.api.examples import add_examples
from service.api.film_routes import Traits, film_routes
from service.api.gate import ANSWERS, CLIP_PATH, Gate, Hearing, actor_of_request, shortened
from service.api.reader import Reader
from service.api.unchanged import Unchanged
from service.jobs import jobs
from service.listening.answers import excerpt_answer
from service.listening.excerpts import RETRY_AFTER_S, Excerpts
from service.logs import log_event
from service.questions.app_data import profiles as saved_profiles
from service.questions.asking import Wish, answer_document, ask, find_film, question_of
from service.questions.evening import surprise_document, tonight_document
from service.questions.finding import find, find_document
from service.questions.mapping import map_document, open_map
from service.questions.profiles import export_profile
from service.questions.sounds_like import document, ear_of, sounds_like
from service.rights.media_roots import safe_name
from service.rights.upload_limits import CLIP_MB, MB


class Wanted(BaseModel):
    """A job to submit."""

    kind: str = Field(max_length=40)
    arguments: dict[str, Any] = {}


MOST_FAULTS = 20
MOST_TITLES = 10_000
"""Titles that are found before filters leave out some."""
FilterText = Annotated[str | None, Query(max_length=500)]
LONGEST_NAME = 100


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The description of a route's refusals: any body or parameter may be malformed, any route may be closed to callers
    without a token, and too many may call it at once."""
    return {status: {"model": Refusal} for status in (403, 422, 429, *statuses)}


def _status(error: FilmscoreError) -> int:
    if isinstance(error, AccessError):
        return 403
    if isinstance(error, BusyError):
        return 429
    if isinstance(error, CatalogueError | ModelError):
        return 503
    return 422 if isinstance(error, MediaError) else 400


def create_app(
    home: Home,
    max_body_bytes: int = CLIP_MB * MB,
    closed: Collection[str] = (),
    embed_in: Sequence[str] = (),
) -> FastAPI:
    """The API of one home. Its documentation is at /docs, its OpenAPI description at /openapi.json.

    Args:
        home: whose films.
        max_body_bytes: longest body of a clip.
        closed: which of `gate.AREAS` need a token.
        embed_in: sites that may show a film in a frame (service.figures.embed.checked_origins).
    """
    app = FastAPI(
        title="filmscore",
        description="Films by their music.",
        version="1",
        generate_unique_id_function=lambda route: route.name,
    )
    hearing = Hearing(home)
    app.add_middleware(Unchanged, home=home)
    app.add_middleware(Gate, home=home, hearing=hearing, max_clip_bytes=max_body_bytes, closed=closed)
    reader, excerpts = Reader(home, lambda version: ear_of(version)), Excerpts(home)
    maps: dict[str, tuple[str, dict[str, Any]]] = {}  # by basis: the snapshot, and its document
    map_turn = threading.Lock()
    registry = registry_of(home)
    requests = Requests(registry)

    @app.middleware("http")
    async def counted(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        started, status = time.perf_counter(), 500
        try:
            response = await answer(request)
            status = response.status_code
            return response
        finally:
            route = getattr(request.scope.get("route"), "path", "none")
            requests.answered(route, status, time.perf_counter() - started)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        """For Prometheus; docs/operations.md says what each number is."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.exception_handler(FilmscoreError)
    def refused(request: Request, error: FilmscoreError) -> JSONResponse:
        said = shortened(str(error))
        if isinstance(error, AccessError):
            log_event(home, "refused", source=request.client.host if request.client else "", reason=said)
        waiting = {"Retry-After": str(RETRY_AFTER_S)} if isinstance(error, BusyError) else None
        return JSONResponse({"error": said}, status_code=_status(error), headers=waiting)

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        # The input is not sent back: it may contain NaN, which JSON cannot express.
        faults = [
            {
                "type": fault["type"],
                "loc": [shortened(part, LONGEST_NAME) if isinstance(part, str) else part for part in fault["loc"]],
                "msg": shortened(str(fault["msg"])),
            }
            for fault in error.errors()[:MOST_FAULTS]
        ]
        said = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        return JSONResponse({"error": shortened(said), "detail": faults}, status_code=422)

    @app.exception_handler(HTTPException)
    def unanswered(_: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": str(error.detail)}, status_code=error.status_code, headers=error.headers)

    @app.get("/health", response_model=Health, responses=refusals(503))
    def health() -> dict[str, Any]:
        """Whether films can be recommended, and from which snapshot; a home without a catalogue is well, too."""
        if not published(home):
            return {"status": "no catalogue yet", "snapshot": "", "films": 0}
        snapshot = reader.current().snapshot
        return {"status": "ok", "snapshot": snapshot.id, "films": snapshot.manifest.films}

    @app.get("/films", response_model=FilmsFound, responses=refusals(503))
    def films(
        query: Annotated[str, Query(max_length=500, description="What is typed of a title; empty: all films")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 20,
        offset: Annotated[int, Query(ge=0, le=MAX_FILM_ID)] = 0,
        genre: FilterText = None,
        country: FilterText = None,
        director: FilterText = None,
        collection: FilterText = None,
        year_from: Annotated[int | None, Query(ge=0, le=9999)] = None,
        year_to: Annotated[int | None, Query(ge=0, le=9999)] = None,
        with_music: Annotated[bool, Query(description="Only analysed films with music")] = False,
    ) -> dict[str, Any]:
        """Films by title (slips are forgiven), or all of them by film_id; filters leave out the others."""
        opened = reader.current()
        snapshot = opened.snapshot
        filters = Filters(year_from, year_to, genre, country, director, collection, with_music)
        passing = opened.recommender.passing(filters) if filters.named() else None
        if query.strip():
            found = snapshot.find_titles(query, offset + limit if passing is None else MOST_TITLES)
            allowed = None if passing is None else set(passing)
            found = [film for film in found if allowed is None or film.film_id in allowed]
            total = snapshot.manifest.films if allowed is None else len(found)
            found = found[offset : offset + limit]
        else:
            ids = [int(film_id) for film_id in snapshot.films()["film_id"]] if passing is None else passing
            total, found = len(ids), snapshot.films_by_id(ids[offset : offset + limit])
        return {"films": [FilmDocument.of(film) for film in found], "total": total}

    @app.get("/titles", response_model=TitlesFound, responses=refusals(503))
    def titles(
        query: Annotated[str, Query(min_length=1, max_length=500, description="What is typed of a title")],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        """Titles outside of the catalogue, of IMDb's loaded files; `POST /recommend` takes their IMDb ids as likes."""
        known = reader.current().known_titles
        found = known.search(query, limit) if known is not None else []
        return {"titles": [TitleDocument.of(film) for film in found], "loaded": known is not None}

    @app.get("/films/{film_id}", response_model=FilmDocument, responses=refusals(404, 503))
    def film(film_id: Annotated[int, PathParameter(ge=1, le=MAX_FILM_ID)]) -> FilmDocument | JSONResponse:
        """One film."""
        try:
            return FilmDocument.of(find_film(reader.current().snapshot, film_id))
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)

    @app.get(
        "/films/{film_id}/excerpt",
        response_class=FileResponse,
        responses=refusals(400, 404) | {200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
    )
    def excerpt(
        request: Request,
        film_id: Annotated[int, PathParameter(ge=1, le=MAX_FILM_ID)],
        start: Annotated[float, Query(ge=0, le=LATEST_S, description="Seconds into the film")] = 0.0,
        seconds: Annotated[float, Query(ge=SHORTEST_S, le=LONGEST_S)] = LONGEST_S,
        format: Annotated[Literal["m4a", "webm", "wav"], Query(description="AAC, Opus or PCM")] = "m4a",
    ) -> Response:
        """A part of a film to listen to, at -16 LUFS, also by ranges of bytes. Who may listen is a setting."""
        visitor = request.client.host if request.client else ""
        actor = actor_of_request(home, request)
        try:
            path = excerpts.excerpt(actor, visitor, film_id, start_s=start, seconds=seconds, kind=format)
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return excerpt_answer(path, format)

    app.include_router(film_routes(reader, embed_in, ANSWERS in closed))

    @app.get("/films/{film_id}/similar", response_model=AnswerDocument, responses=refusals(404, 503))
    def similar(
        film_id: Annotated[int, PathParameter(ge=1, le=MAX_FILM_ID)],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
        music: Annotated[float, Query(ge=0, le=1, description="0: what it is about; 1: how it sounds")] = 0.5,
        more: Traits = (),
        less: Traits = (),
    ) -> dict[str, Any] | JSONResponse:
        """The films most like one film: `recommend` with this like alone, for `like`, without variety."""
        opened = reader.current()
        try:
            wish = Wish(likes=(film_id,), n=n, music=music, variety=0.0, aim="like", more=tuple(more), less=tuple(less))
            question = question_of(opened.snapshot, wish)
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return answer_document(opened.recommender.recommend(question))

    @app.post("/recommend", response_model=AnswerDocument, responses=refusals(400, 413, 503))
    def recommend(question: Asked) -> dict[str, Any]:
        """Films to see next; the document of `filmscore recommend --json`."""
        opened = reader.current()
        return answer_document(ask(opened.snapshot, opened.recommender, question.wish(), opened.known_titles))

    @app.post("/tonight", response_model=TonightDocument, responses=refusals(400, 413, 503))
    def tonight(evening: Evening) -> dict[str, Any]:
        """Films for several people: by the mean of their scores, lowered by whoever likes a film least."""
        opened = reader.current()
        return tonight_document(
            opened.snapshot, opened.recommender, evening.wishes(), evening.n, evening.minutes, opened.known_titles
        )

    @app.post("/surprise", response_model=SurpriseDocument, responses=refusals(400, 413, 503))
    def surprise(question: Asked) -> dict[str, Any]:
        """One well-received film far from the answers to a question, with its reason."""
        opened = reader.current()
        return surprise_document(opened.snapshot, opened.recommender, question.wish(), opened.known_titles)

    @app.get("/find", response_model=FoundDocument, responses=refusals(400, 503))
    def find_in_words(
        words: Annotated[str, Query(max_length=10_000, description="How it should sound", examples=["slow sad piano"])],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
    ) -> dict[str, Any]:
        """Scenes and films that sound as some words say, each with what matched; as `filmscore find --json`."""
        opened = reader.current()
        return find_document(find(opened.snapshot, opened.recommender, words, n))

    @app.get("/map", response_model=MapDocument, responses=refusals(503))
    def film_map(
        of: Annotated[
            Basis, Query(description="What makes films near; `scenes`: points are scenes, by sound")
        ] = "sound",
    ) -> dict[str, Any]:
        """Films as points on a plane: near ones are alike. They stay where they are while films are added."""
        opened = reader.current()
        with map_turn:  # one request makes a map; the others wait for it
            made, document = maps.get(of, ("", {}))
            if made != opened.snapshot.id:
                document = map_document(opened.snapshot, open_map(home, opened.snapshot, opened.recommender, of), of)
                maps[of] = opened.snapshot.id, document
        return document

    @app.get("/profiles", response_model=ProfilesDocument, responses=refusals(403))
    def profile_names(request: Request) -> dict[str, Any]:
        """The saved searches of the terminal and the admin. Needs a token of an admin."""
        return {"profiles": saved_profiles(home, "")}

    @app.get("/profiles/{name}", responses=refusals(403, 404, 503))
    def profile_document(name: Annotated[str, PathParameter(max_length=LONGEST_NAME)]) -> Response:
        """A saved search as `filmscore profiles export` writes it. Needs a token of an admin."""
        if name not in saved_profiles(home, ""):
            return JSONResponse({"error": f"{shortened(name, LONGEST_NAME)}: no such saved search."}, status_code=404)
        return Response(export_profile(home, reader.current().snapshot, name), media_type="application/json")

    @app.post("/jobs", status_code=202, responses=refusals(400, 403, 413))
    def hand_in(wanted: Wanted, request: Request) -> dict[str, Any]:
        """Submit a job to the worker (kinds and arguments: docs/operations.md). Needs a token."""
        return {"job_id": jobs.submit(home, request.state.actor, wanted.kind, wanted.arguments)}

    @app.get("/jobs/{job_id}", responses=refusals(400, 403))
    def job(job_id: Annotated[int, PathParameter(ge=1, le=MAX_JOB_ID)], request: Request) -> dict[str, Any]:
        """How far a job is. Needs a token."""
        found = jobs.job(home, request.state.actor, job_id)
        names = ("job_id", "kind", "status", "stage", "progress", "reason", "result")
        return {name: getattr(found, name) for name in names}

    @app.post(CLIP_PATH, response_model=HeardDocument, responses=refusals(413, 503))
    async def like_a_clip(
        request: Request,
        clip: Annotated[UploadFile, File(description="An audio or video clip")],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
        more: Traits = (),
        less: Traits = (),
    ) -> Any:
        """Films and scenes that sound like an uploaded clip, which is not kept; as `filmscore sounds-like --json`."""
        found = await hearing.hear(request, partial(_heard, reader, clip, n, more, less))
        return Response(status_code=499) if found is None else found

    add_examples(app)
    return app


def _heard(reader: Reader, clip: UploadFile, n: int, more: Sequence[str], less: Sequence[str]) -> dict[str, Any]:
    opened = reader.current()
    with tempfile.TemporaryDirectory(dir=reader.home.scratch) as scratch:
        path = Path(scratch) / safe_name(clip.filename or "clip")  # messages about the clip name it
        with path.open("wb") as stream:
            shutil.copyfileobj(clip.file, stream)
        ear = reader.ear(opened.recommender.scene_model_version)
        return document(sounds_like(opened.snapshot, opened.recommender, path, n, Path(scratch), ear, more, less))
