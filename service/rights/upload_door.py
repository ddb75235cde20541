"""Middleware in front of Streamlit's upload address: it decides who may send a file and writes it to disk."""

from __future__ import annotations

import asyncio
import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.home import Home
from errors import FilmscoreError, ParameterError
from service.rights.access import actor_of
from service.rights.browsers import SESSION_COOKIE, StreamlitSessions, holder
from service.rights.media_roots import safe_name
from service.rights.uploads import Uploads

UPLOAD_PATH = "/_stcore/upload_file/"
"""Streamlit's; the session and the id of the file follow."""
ARRIVAL_S = 600.0
"""A file that takes longer to arrive is dropped, because it occupies space."""
_BOUNDARY = "filmscore"


class UploadDoor:
    """Writes files to disk and gives Streamlit an empty file of the same name."""

    def __init__(self, app: ASGIApp, home: Home, sessions: StreamlitSessions, uploads: Uploads) -> None:
        """Wrap an app.

        Args:
            app: Streamlit's.
            home: says who is signed in.
            sessions: says whose page it is, and whether it accepts files from everybody.
            uploads: stores the files.
        """
        self.app, self.home, self.sessions, self.uploads = app, home, sessions, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        session_id, _, file_id = scope["path"].partition(UPLOAD_PATH)[2].partition("/")
        if not self.sessions.is_held(session_id, holder(connection.cookies)):
            await _refused("this page was opened elsewhere. Reload it.", 403)(scope, receive, send)
        elif scope["method"] != "PUT":
            await self.app(scope, receive, send)
            self.uploads.release()
        else:
            await self._put(connection, session_id, file_id, receive, send)

    async def _put(
        self, connection: HTTPConnection, session_id: str, file_id: str, receive: Receive, send: Send
    ) -> None:
        scope, length = connection.scope, connection.headers.get("content-length", "")
        is_admin = await run_in_threadpool(self.is_admin, connection.cookies.get(SESSION_COOKIE))
        if not (is_admin or self.sessions.takes_files(session_id)):
            await _refused("this page takes no files.", 403)(scope, receive, send)
            return
        if not re.fullmatch("[0-9]{1,15}", length):
            await _refused("its length is not said.", 411)(scope, receive, send)
            return
        sender = "" if is_admin else connection.client.host if connection.client else "this machine"
        try:
            with self.uploads.room(session_id, sender, int(length)):
                async with asyncio.timeout(ARRIVAL_S):
                    request = Request(scope, _bounded(receive, int(length)))
                    name, kind = await self._kept(request, session_id, file_id, sender)
                await self._told(scope, _empty_file(name, kind), send)
        except ParameterError as error:
            await _refused(str(error), 413)(scope, receive, send)
        except (TimeoutError, ValueError, HTTPException):
            await _refused("it did not arrive whole. Send it again.", 400)(scope, receive, send)
        except OSError as error:
            await _refused(f"it cannot be kept ({error.strerror}).", 507)(scope, receive, send)
        except ClientDisconnect:
            pass
        self.uploads.release()

    def is_admin(self, token: str | None) -> bool:
        """Whether a session's token belongs to an admin."""
        try:
            return actor_of(self.home, token).is_admin
        except FilmscoreError:  # the state cannot be read: everybody is a visitor
            return False

    async def _kept(self, request: Request, session_id: str, file_id: str, sender: str) -> tuple[str, str]:
        """Name and media type of the single file in a request, after it is on disk.

        Raises:
            HTTPException, ValueError: it sends anything else.
        """
        async with request.form(max_files=1, max_fields=1, max_part_size=1000) as form:
            (sent,) = (one for one in form.values() if isinstance(one, UploadFile))
            await run_in_threadpool(self.uploads.keep, session_id, file_id, sender, sent.file)
            return safe_name(sent.filename or ""), sent.content_type or ""

    async def _told(self, scope: Scope, body: bytes, send: Send) -> None:
        """Hand Streamlit another body; it answers whether it takes the file."""
        headers = MutableHeaders(raw=list(scope["headers"]))
        headers["content-type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        headers["content-length"] = str(len(body))

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app({**scope, "headers": headers.raw}, receive, send)


def _refused(reason: str, status: int) -> Response:
    return PlainTextResponse(f"upload: {reason}", status)


def _bounded(receive: Receive, n_bytes: int) -> Receive:
    """`receive`, for a body that is as long as its header says; a longer one does not arrive."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > n_bytes:
            raise ValueError
        return message

    return receiving


def _empty_file(name: str, kind: str) -> bytes:
    """The body of a form with a file of this name and without a byte."""
    plain = kind if re.fullmatch(r"[\w.+/-]{1,100}", kind, re.ASCII) else "application/octet-stream"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {plain}'
    return f"--{_BOUNDARY}\r\n{head}\r\n\r\n\r\n--{_BOUNDARY}--\r\n".encode()
