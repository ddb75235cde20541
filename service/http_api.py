"""The HTTP API: films, recommendations and searches by sound for other programs, by the app's own code path."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, File, Query, Request, Response, UploadFile
from fastapi import Path as PathParameter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.home import Home
from db.snapshot import Snapshot, current_id, published
from errors import AccessError, CatalogueError, FilmscoreError, MediaError, ModelError, ParameterError
from models.ear import Ear, base_version
from recommender import Recommender
from service import jobs
from service.access import Actor, api_actor
from service.asking import answer_document, ask, find_film
from service.http_documents import (
    MAX_FILM_ID,
    MAX_JOB_ID,
    AnswerDocument,
    Asked,
    FilmDocument,
    FilmsFound,
    Health,
    HeardDocument,
    Refusal,
)
from service.logs import log_event
from service.media_roots import safe_name
from service.metrics import Requests, registry_of
from service.sounds_like import document, ear_of, sounds_like

MAX_BODY_BYTES = 100_000_000


@dataclass(frozen=True)
class Opened:
    """One snapshot with its recommender."""

    snapshot: Snapshot
    recommender: Recommender


class Wanted(BaseModel):
    """A job to hand in."""

    kind: str = Field(max_length=40)
    arguments: dict[str, Any] = {}


class Reader:
    """The current snapshot, opened again when another is published; the ear, one clip at a time."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._ear: Ear | None = None
        self.ear_lock = threading.Lock()

    def current(self) -> Opened:
        """Open what is published now; who still reads an older snapshot keeps it."""
        with self._lock:
            if self._opened is None or self._opened.snapshot.id != current_id(self.home):
                snapshot = Snapshot.open(self.home)
                self._opened = Opened(snapshot, Recommender(snapshot))
            return self._opened

    def ear(self, model_version: str) -> Ear | None:
        """The ear of the catalogue, loaded once; call it with `ear_lock` held."""
        if model_version and (self._ear is None or self._ear.model_version != base_version(model_version)):
            self._ear = ear_of(model_version)
        return self._ear


class BodyLimit:
    """Answers 413 as soon as a request's body grows beyond the limit, whatever its headers say."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self.limit:
            await self._refuse(scope, receive, send)
            return
        taken = 0
        refused = False

        async def counted() -> Message:
            nonlocal taken, refused
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                refused = True
                return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            if not refused:
                await send(message)

        try:
            await self.app(scope, counted, guarded)
        finally:
            if refused:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = f"the upload is larger than {self.limit // 10**6} MB. Send a shorter clip."
        await JSONResponse({"error": text}, status_code=413)(scope, receive, send)


def _status(error: FilmscoreError) -> int:
    if isinstance(error, AccessError):
        return 403
    if isinstance(error, CatalogueError | ModelError):
        return 503
    return 422 if isinstance(error, MediaError) else 400


def create_app(home: Home, max_body_bytes: int = MAX_BODY_BYTES) -> FastAPI:
    """The API of one home. Its documentation is at /docs, its OpenAPI description at /openapi.json."""
    app = FastAPI(title="filmscore", description="Films by their music.", version="1")
    app.add_middleware(BodyLimit, limit=max_body_bytes)
    reader = Reader(home)
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
        if isinstance(error, AccessError):
            log_event(home, "refused", source=request.client.host if request.client else "", reason=str(error))
        said = str(error).encode("utf-8", "replace").decode()  # it may name what JSON cannot say
        return JSONResponse({"error": said}, status_code=_status(error))

    @app.exception_handler(RequestValidationError)
    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not sent back: it may hold NaN, which JSON cannot say.
        faults = [{name: fault[name] for name in ("type", "loc", "msg")} for fault in error.errors()]
        return JSONResponse({"detail": faults}, status_code=422)

    @app.get("/health", response_model=Health)
    def health() -> dict[str, Any]:
        """Whether films can be recommended, and from which snapshot; a home without a catalogue is well, too."""
        if not published(home):
            return {"status": "no catalogue yet", "snapshot": "", "films": 0}
        snapshot = reader.current().snapshot
        return {"status": "ok", "snapshot": snapshot.id, "films": snapshot.manifest.films}

    @app.get("/films", response_model=FilmsFound)
    def films(
        query: Annotated[str, Query(max_length=500, description="What is typed of a title; empty: all films")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 20,
        offset: Annotated[int, Query(ge=0, le=MAX_FILM_ID)] = 0,
    ) -> dict[str, Any]:
        """Films by title (slips are forgiven), or all of them by film_id."""
        snapshot = reader.current().snapshot
        if query.strip():
            found = snapshot.find_titles(query, offset + limit)[offset:]
        else:
            ids = snapshot.films()["film_id"].iloc[offset : offset + limit]
            found = snapshot.films_by_id([int(film_id) for film_id in ids])
        return {"films": [FilmDocument.of(film) for film in found], "total": snapshot.manifest.films}

    @app.get("/films/{film_id}", response_model=FilmDocument, responses={404: {"model": Refusal}})
    def film(film_id: Annotated[int, PathParameter(ge=1, le=MAX_FILM_ID)]) -> FilmDocument | JSONResponse:
        """One film."""
        try:
            return FilmDocument.of(find_film(reader.current().snapshot, film_id))
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)

    @app.post("/recommend", response_model=AnswerDocument, responses={400: {"model": Refusal}})
    def recommend(question: Asked) -> dict[str, Any]:
        """Films to see next; the document of `filmscore recommend --json`."""
        opened = reader.current()
        return answer_document(ask(opened.snapshot, opened.recommender, question.wish()))

    def asking(request: Request) -> Actor:
        """Who holds the token of the header `Authorization: Bearer TOKEN`; a visitor without one."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return api_actor(home, token.strip() if scheme.lower() == "bearer" else None)

    @app.post("/jobs", status_code=202)
    def hand_in(wanted: Wanted, request: Request) -> dict[str, Any]:
        """Hand in a job for the worker (kinds and arguments: docs/operations.md). Needs a token."""
        return {"job_id": jobs.submit(home, asking(request), wanted.kind, wanted.arguments)}

    @app.get("/jobs/{job_id}")
    def job(job_id: Annotated[int, PathParameter(ge=1, le=MAX_JOB_ID)], request: Request) -> dict[str, Any]:
        """How far a job is. Needs a token."""
        found = jobs.job(home, asking(request), job_id)
        names = ("job_id", "kind", "status", "stage", "progress", "reason", "result")
        return {name: getattr(found, name) for name in names}

    @app.post("/sounds-like", response_model=HeardDocument, responses={413: {"model": Refusal}})
    def like_a_clip(
        clip: Annotated[UploadFile, File(description="An audio or video clip")],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
    ) -> dict[str, Any]:
        """Films and scenes that sound like an uploaded clip, which is not kept; as `filmscore sounds-like --json`."""
        opened = reader.current()
        with tempfile.TemporaryDirectory(dir=home.scratch) as scratch:
            path = Path(scratch) / safe_name(clip.filename or "clip")  # messages about the clip name it
            with path.open("wb") as stream:
                shutil.copyfileobj(clip.file, stream)
            with reader.ear_lock:
                ear = reader.ear(opened.recommender.scene_model_version)
                found = sounds_like(opened.snapshot, opened.recommender, path, n, Path(scratch), ear)
        return document(found)

    return app
