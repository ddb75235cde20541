"""Excerpts over HTTP: the route of the app, and what the API shares with it."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from errors import AccessError, BusyError, FilmscoreError, MediaError, ParameterError
from media.excerpt import LONGEST_S, MEDIA_TYPES
from service.listening.excerpts import RETRY_AFTER_S, Excerpts
from service.rights.access import actor_of
from service.rights.browsers import SESSION_COOKIE

EXCERPT_PATH = "/excerpt"
_HEADERS = {
    "cache-control": "private, max-age=600",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_STATUS = {AccessError: 403, ParameterError: 400, MediaError: 422, BusyError: 429}


def excerpt_answer(path: Path, kind: str) -> FileResponse:
    """An excerpt, whole or the ranges of bytes that are asked for."""
    return FileResponse(path, media_type=MEDIA_TYPES[kind], headers=_HEADERS)


def excerpt_route(excerpts: Excerpts, base: str = "") -> Route:
    """GET answers with an excerpt for the page's player: film (its id), start, seconds and format."""

    def made(request: Request) -> Response:
        asked = request.query_params
        actor = actor_of(excerpts.home, request.cookies.get(SESSION_COOKIE))
        kind = asked.get("format", "m4a")
        path = excerpts.excerpt(
            actor,
            request.client.host if request.client else "",
            int(_number(asked.get("film", ""), "film")),
            start_s=_number(asked.get("start", "0"), "start"),
            seconds=_number(asked.get("seconds", str(LONGEST_S)), "seconds"),
            kind=kind,
        )
        return excerpt_answer(path, kind)

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(made, request)
        except FilmscoreError as error:
            waiting = {"retry-after": str(RETRY_AFTER_S)} if isinstance(error, BusyError) else {}
            return PlainTextResponse(str(error), _STATUS.get(type(error), 503), waiting)

    return Route(f"{base}{EXCERPT_PATH}", answer, methods=["GET"])


def _number(text: str, name: str) -> float:
    try:
        number = float(text[:20])
        if 0 <= number < 2**31:
            return number
    except ValueError:
        pass
    raise ParameterError(f"excerpt: {name} is no number of 0 or more. Give one.")
