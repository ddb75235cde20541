"""The HTTP API for other programs: what is in front of all routes, and how errors are answered."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from db.catalogue.current import published
from db.home import Home
from errors import AccessError, BusyError, CatalogueError, FilmscoreError, MediaError, ModelError
from service.admin.metrics import Requests, registry_of
from service.api.admin_routes import admin_routes
from service.api.catalogue_routes import catalogue_routes
from service.api.documents import Health, refusals
from service.api.examples import add_examples
from service.api.film_routes import film_routes
from service.api.gate import ANSWERS, LONGEST_NAME, Gate, Hearing, shortened
from service.api.question_routes import clip_routes, question_routes
from service.api.reader import Reader
from service.api.unchanged import Unchanged
from service.listening.excerpts import RETRY_AFTER_S
from service.logs import log_event
from service.questions.sounds_like import ear_of
from service.rights.upload_limits import CLIP_MB, MB

MOST_FAULTS = 20


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
    reader = Reader(home, lambda version: ear_of(version))
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

    _say_errors(app, home)

    @app.get("/health", response_model=Health, responses=refusals(503))
    def health() -> dict[str, Any]:
        """Whether films can be recommended, and from which snapshot; a home without a catalogue is well, too."""
        if not published(home):
            return {"status": "no catalogue yet", "snapshot": "", "films": 0}
        snapshot = reader.current().snapshot
        return {"status": "ok", "snapshot": snapshot.id, "films": snapshot.manifest.films}

    app.include_router(catalogue_routes(reader))
    app.include_router(film_routes(reader, embed_in, ANSWERS in closed))
    app.include_router(question_routes(reader))
    app.include_router(admin_routes(reader))
    app.include_router(clip_routes(reader, hearing))
    add_examples(app)
    return app


def _say_errors(app: FastAPI, home: Home) -> None:
    """Answer errors as `{"error": ...}`, each kind with its status."""

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
