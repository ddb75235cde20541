"""Check each request to the HTTP API before its body is read: is it allowed, how long is it, is there a free place?

The bodies are JSON of at most JSON_MB, except for clips. A separate thread analyses clips one after the other; a
few may wait (`service.listening.turns`), and the next is told when to retry. So no other request ever waits for the
analysis of a clip.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.home import Home
from errors import AccessError, BusyError, FilmscoreError
from service.listening.turns import CLIPS, RETRY_AFTER_S, ClipTurns
from service.logs import log_event
from service.rights.access import Actor, api_actor
from service.rights.api_tokens import ADMIN, HEAR, READ, reaches
from service.rights.upload_limits import CLIP_MB, JSON_MB, MB

ARRIVAL_S = 120.0
"""A request whose body takes longer to arrive is dropped, because it occupies a place."""
LONGEST_MESSAGE = 1000
LONGEST_NAME = 100
"""Of a name, and of what a message repeats of one."""
QUESTIONS = 4
"""Number of questions answered at once; each needs a thread, and /health needs one as well."""
WAITING_QUESTIONS = 60
BUSY_AGAIN_S = 2
GONE_S = 10.0
"""How long to check whether a client is still connected."""

CLIP_PATH = "/sounds-like"
EXCERPT_END = "/excerpt"
"""Excerpts have their own queue (`service.listening.excerpts`)."""
DOCS, METRICS, ANSWERS, CLIP_AREA, JOBS = "docs", "metrics", "answers", "clips", "jobs"
AREAS = (DOCS, METRICS, ANSWERS, CLIP_AREA)
"""Parts that can be closed to callers without a token; jobs and profiles are always closed, and /health never is."""
_NEEDS = {JOBS: ADMIN, CLIP_AREA: HEAR}


def area_of(path: str) -> str:
    """Which part of the API a path belongs to; "" for /health."""
    first = path.strip("/").partition("/")[0]
    if first in ("docs", "redoc", "openapi.json"):
        return DOCS
    known = {"health": "", "metrics": METRICS, "jobs": JOBS, "profiles": JOBS, CLIP_PATH.strip("/"): CLIP_AREA}
    return known.get(first, ANSWERS)


def shortened(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """A text that may repeat what was sent: of a long one its beginning and its end, without what UTF-8 cannot say."""
    text = text.encode("utf-8", "replace").decode()
    if len(text) <= longest:
        return text
    kept = (longest - 5) // 2
    return f"{text[:kept]} ... {text[-kept:]}"


def actor_of_request(home: Home, request: Request) -> Actor:
    """Who holds the token of the header `Authorization: Bearer TOKEN`; a visitor without a valid one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return api_actor(home, token.strip() if scheme.lower() == "bearer" else None)


class Hearing:
    """The places for clips, and the thread that hears them."""

    def __init__(self, home: Home, clips: int = CLIPS) -> None:
        self.turns = ClipTurns(home, clips)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hearing")

    async def hear(self, request: Request, work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """The result for a clip, after its turn has come; None if the client has disconnected by then."""
        loop = asyncio.get_running_loop()

        def in_turn() -> dict[str, Any] | None:
            with self.turns.turn():
                gone = asyncio.run_coroutine_threadsafe(request.is_disconnected(), loop)
                return None if gone.result(GONE_S) else work()

        return await loop.run_in_executor(self._thread, in_turn)


class Turns:
    """Lets a few requests run at once; some others wait, and all further ones are told to retry later."""

    def __init__(self, at_once: int = QUESTIONS, waiting: int = WAITING_QUESTIONS) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._room = at_once + waiting

    async def begin(self) -> Callable[[], None]:
        """Wait for a turn. Returns a function that ends it; further calls of the function do nothing.

        Raises:
            BusyError: too many requests are waiting.
        """
        if not self._room:
            raise BusyError(f"too many questions are being answered. Ask again in {BUSY_AGAIN_S} seconds.")
        self._room -= 1
        held = ExitStack()
        held.callback(self._leave)
        try:
            await self._free.acquire()
        except BaseException:
            held.close()
            raise
        held.callback(self._free.release)
        return held.close

    def _leave(self) -> None:
        self._room += 1


class Gate:
    """Refuses a request before its body is read, or as soon as the body grows too long, whatever its headers say."""

    def __init__(
        self,
        app: ASGIApp,
        home: Home,
        hearing: Hearing,
        max_clip_bytes: int = CLIP_MB * MB,
        closed: Collection[str] = (),
    ) -> None:
        """Wrap the API.

        Args:
            app: answers the requests that pass.
            home: its tokens are valid.
            hearing: the places for clips.
            max_clip_bytes: longest body of a clip.
            closed: which of AREAS need a token.
        """
        self.app, self.home, self.hearing = app, home, hearing
        self.max_clip_bytes, self.closed = max_clip_bytes, frozenset(closed)
        self.turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        area = area_of(path)
        if area == JOBS or area in self.closed:
            try:
                scope.setdefault("state", {})["actor"] = await run_in_threadpool(self._allowed, scope, area)
            except FilmscoreError as error:
                await _refusal(403 if isinstance(error, AccessError) else 503, str(error))(scope, receive, send)
                return
        is_clip = path == CLIP_PATH and scope["method"] == "POST"
        limit = self.max_clip_bytes if is_clip else JSON_MB * MB
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and (len(declared) > 15 or int(declared) > limit):
            await _too_large(limit)(scope, receive, send)
        elif not is_clip:
            waits = area == ANSWERS and not path.endswith(EXCERPT_END)
            await self._bounded(limit, scope, receive, send, self.turns if waits else None)
        else:
            with ExitStack() as held:
                try:
                    held.enter_context(self.hearing.turns.place())
                except BusyError as error:
                    await _busy(str(error), RETRY_AFTER_S)(scope, receive, send)
                    return
                await self._bounded(limit, scope, receive, send)

    def _allowed(self, scope: Scope, area: str) -> Actor:
        """Who holds the token of the header `Authorization: Bearer TOKEN`.

        Raises:
            AccessError: a visitor, or a token with a smaller scope.
            CatalogueError: the state is damaged.
        """
        request = Request(scope)
        actor = actor_of_request(self.home, request)
        needed = _NEEDS.get(area, READ)
        if not reaches(actor.role, needed):
            whose = "only an admin may do this" if needed == ADMIN else "closed to strangers"
            said = f"{area}: {whose}. Send an API token of the scope {needed} as `Authorization: Bearer TOKEN`."
            log_event(self.home, "refused", source=request.client.host if request.client else "", reason=said)
            raise AccessError(said)
        return actor

    async def _bounded(
        self, limit: int, scope: Scope, receive: Receive, send: Send, turns: Turns | None = None
    ) -> None:
        """Pass on a body up to its limit; with `turns`, the request waits for a turn after its body has arrived."""
        taken = 0
        refusal: JSONResponse | None = None
        arrived = answered = False
        latest = time.monotonic() + ARRIVAL_S
        ended: Callable[[], None] = lambda: None  # noqa: E731

        async def counted() -> Message:
            nonlocal taken, refusal, arrived, ended
            if arrived:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, latest - time.monotonic()))
            except TimeoutError:
                refusal = _refusal(408, f"the body did not arrive within {ARRIVAL_S:.0f} seconds. Send a shorter one.")
                return {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            arrived = not message.get("more_body", False)
            if taken > limit:
                refusal = _too_large(limit)
                return {"type": "http.disconnect"}
            if arrived and turns and has_body:
                try:
                    ended = await turns.begin()
                except BusyError as error:
                    refusal = _busy(str(error), BUSY_AGAIN_S)
                    return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            nonlocal answered
            ended()  # a client that reads slowly delays nobody
            if refusal is None:
                answered = True
                await send(message)

        has_body = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        if turns and not has_body:
            try:
                ended = await turns.begin()
            except BusyError as error:
                await _busy(str(error), BUSY_AGAIN_S)(scope, receive, send)
                return
        try:
            await self.app(scope, counted, guarded)
        finally:
            ended()
            if refusal is not None and not answered:
                await refusal(scope, receive, send)


def _busy(text: str, again_s: int) -> JSONResponse:
    refusal = _refusal(429, text)
    refusal.headers["Retry-After"] = str(again_s)
    return refusal


def _too_large(limit: int) -> JSONResponse:
    return _refusal(413, f"the request is larger than {limit / MB:g} MB. Send a shorter clip, or ask for less.")


def _refusal(status: int, text: str) -> JSONResponse:
    answer: dict[str, Any] = {"error": text}
    return JSONResponse(answer, status_code=status)
