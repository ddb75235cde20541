"""By which names the app and the API are reached, which pages may ask them for more than reading, and that nothing
leaves this machine while they work."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from db.home import Home
from db.state.store import State
from service.jobs import jobs
from service.library.publishing import publish
from service.rights import access
from service.rights.hosts import Hosts
from tests.browser.server import ROOT, served
from tests.db.sample import filled

PORT = "8501"


def client(*allowed: str, host: str = f"localhost:{PORT}") -> TestClient:
    """An app behind Hosts that answers with the Origin it sees."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.headers.get("origin", "none"))

    async def stream(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.headers.get("origin", "none"))
        await websocket.close()

    routes = [Route("/", answer, methods=["GET", "PUT"]), WebSocketRoute("/stream", stream)]
    return TestClient(Hosts(Starlette(routes=routes), allowed), base_url=f"http://{host}")


def seen(opened: TestClient, origin: str | None) -> str:
    """Which Origin a websocket's server sees, or "refused"."""
    headers = {} if origin is None else {"origin": origin}
    try:
        with opened.websocket_connect(f"ws://{opened.base_url.netloc.decode()}/stream", headers=headers) as websocket:
            return str(websocket.receive_text())
    except WebSocketDisconnect as refused:
        assert refused.code == 1008
        return "refused"


OWN = (
    "localhost",
    f"localhost:{PORT}",
    "LOCALHOST.",
    "127.0.0.1:80",
    "[::1]:8501",
    "192.168.1.7:9000",
    "app.localhost",
)
FOREIGN = (
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "[::1]evil.example",
    "[::1]:80evil.example",
    "[::1",
    "me@localhost",
    "",
    "a b",
)


@pytest.mark.parametrize("host", OWN)
def test_this_machine_s_own_names_and_numbers_are_answered(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 200


@pytest.mark.forbidden("A request by a foreign name (DNS rebinding)", by_case=True)
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_refused(host: str) -> None:
    refused = client().get("/", headers={"host": host, "origin": f"http://{host}"})
    assert refused.status_code == 403 and "--allowed-host" in refused.text
    assert client("films.example").get("/", headers={"host": host}).status_code == 403


def test_a_name_that_was_allowed_is_answered() -> None:
    for host in ("films.example", "Films.Example:443", "films.example."):
        assert client("films.example").get("/", headers={"host": host}).status_code == 200
    assert client("*").get("/", headers={"host": "anything.example"}).status_code == 200


@pytest.mark.forbidden("A websocket or an upload asked for by a foreign page", by_case=True)
@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://evil.example",
        "https://evil.example:8501",
        "null",
        "",
        "file://",
        "http://localhost",
    ],
)
def test_a_page_of_another_origin_only_reads_and_is_told_nothing(origin: str) -> None:
    for opened in (client(), client("films.example"), client("*")):
        assert seen(opened, origin) == "refused"
        assert opened.put("/", headers={"origin": origin}).status_code == 403
        assert opened.get("/", headers={"origin": origin}).text == "none", "so nothing is allowed to it"


def test_a_page_of_ours_is_let_through_also_behind_a_proxy_that_changes_the_host() -> None:
    own = f"http://localhost:{PORT}"
    assert seen(client(), own) == own and client().put("/", headers={"origin": own}).text == own
    assert seen(client(), None) == "none"
    assert seen(client("films.example"), "https://films.example") == f"https://localhost:{PORT}"


WATCH = """
import os, sys

def note(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments[0]
    else:
        return
    if isinstance(address, tuple):
        address = address[0]
    with open(os.environ["CONNECTIONS"], "a") as log:
        log.write(f"{event} {address!r}\\n")

note("socket.connect", (None, "/watched by " + " ".join(sys.orig_argv[:5])))
sys.addaudithook(note)
"""
HERE = ("'localhost'", "'127.0.0.1'", "'::1'", "'0.0.0.0'", "None", "'/", "b'/")


def handshake(address: str, host: str, origin: str) -> int:
    """The status that a websocket's handshake gets."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as connection:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n"
            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        return int(connection.recv(100).split()[1])


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 180
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@contextmanager
def api_served(home: Home) -> Iterator[str]:
    """Serve the API on a home; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cli", "api", "--home", str(home.root), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health", timeout=60).status_code == 200
        except httpx.TransportError:
            assert process.poll() is None
            return False

    try:
        wait_until(answers)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=90)


@pytest.mark.forbidden("Something leaves this machine while app, worker and API work")
def test_app_worker_and_api_connect_to_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = filled(tmp_path / "home")
    publish(home)
    log = tmp_path / "connections"
    log.touch()
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path / "watch"), str(ROOT))))
    monkeypatch.setenv("CONNECTIONS", str(log))
    to_everybody = ("--address", "0.0.0.0")  # where Streamlit would ask the internet for this machine's address
    with served(home.root, options=to_everybody) as address, api_served(home) as api:
        name = urlsplit(address).netloc
        assert handshake(address, name, address) == 101
        for host, origin in ((name, "http://evil.example"), (name, "http://localhost:3"), ("evil.example", address)):
            assert handshake(address, host, origin) == 403
        assert httpx.get(f"{api}/films", timeout=60).status_code == 200
        assert httpx.get(f"{api}/films", headers={"host": "evil.example"}, timeout=60).status_code == 403
        jobs.submit(home, access.LOCAL, "publish", {})

        def done() -> bool:
            with State.open(home) as state:
                return state.jobs()[0].status == "done"

        wait_until(done)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.split()[1].startswith(HERE)] == []
    for process in ("app_process", " worker", " api"):
        assert any("watched" in line and process in line for line in lines), process
