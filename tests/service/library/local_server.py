"""A server on this machine for tests of what asks one: answers JSON, or whatever a test wants to be answered."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class LocalServer(ABC):
    """What a server answers, and what it was asked."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        """Of each request."""
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        """What is answered to everything, instead."""

    @abstractmethod
    def reply(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        """The JSON of an answer; None for an empty one."""


@contextmanager
def serving(holds: LocalServer) -> Iterator[str]:
    """Serve until the end of the block; the address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            holds.headers.append(dict(self.headers.items()))
            asked = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            if holds.answer:
                status, headers, data = holds.answer
            else:
                said = holds.reply(self.command, asked.path, {k: v[0] for k, v in parse_qs(asked.query).items()}, body)
                status, headers = (204, {}) if said is None else (200, {"Content-Type": "application/json"})
                data = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()
