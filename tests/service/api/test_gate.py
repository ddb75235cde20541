"""What the API asks before it reads a body, and what a long or odd request gets."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from db.home import Home
from db.state.store import State
from errors import BusyError, ParameterError
from service.api import gate, question_routes, routes
from service.listening.turns import CLIPS
from service.questions.sounds_like import SoundsLike
from service.rights import access
from service.rights.upload_limits import CLIP_MB, JSON_MB, MB
from tests.service.heard_home import ToneEar, make_home


def run_async(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: where browser tests ran before, this thread has a running event loop."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, work).result()


FORM = "multipart/form-data; boundary=x"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def client(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(routes, "ear_of", lambda version: ToneEar())
    with TestClient(routes.create_app(home)) as opened:
        yield opened


def asked(home: Home, path: str, *, headers: dict[str, str], chunks: list[bytes]) -> tuple[int, dict[str, Any], int]:
    """Status and answer of a POST, and how many chunks of its body were read."""
    sent: list[Any] = []
    left = list(chunks)

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    run_async(routes.create_app(home)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], json.loads(body), len(chunks) - len(left)


@pytest.mark.forbidden("A long body to /jobs without a token")
def test_a_visitor_s_body_to_jobs_is_not_read(home: Home) -> None:
    headers = {"content-type": "application/json"}
    status, answer, read = asked(home, "/jobs", headers=headers, chunks=[b"{}"] * 100)
    assert (status, read) == (403, 0) and "only an admin" in answer["error"]


@pytest.mark.forbidden("A body longer than a request may be", by_case=True)
@pytest.mark.parametrize("declared", [True, False], ids=["as declared", "without saying so"])
@pytest.mark.parametrize("path", ["/recommend", "/jobs", "/sounds-like", "/nowhere"])
def test_a_long_body_is_refused_before_it_is_taken_in(home: Home, path: str, declared: bool) -> None:
    token = access.new_api_token(home, access.LOCAL, "media server")
    is_clip = path == "/sounds-like"
    size = MB * (CLIP_MB if is_clip else JSON_MB)
    headers = {"content-type": FORM if is_clip else "application/json", "authorization": f"Bearer {token}"}
    if declared:
        headers["content-length"] = str(size + 1)
    chunks = [b" " * (size // 10)] * 50
    if is_clip and not declared:
        chunks[0] = b'--x\r\nContent-Disposition: form-data; name="clip"; filename="a.wav"\r\n\r\n' + chunks[0]
    status, answer, read = asked(home, path, headers=headers, chunks=chunks)
    assert read <= (0 if declared else 11)
    if path == "/nowhere" and not declared:
        assert status == 404
    else:
        assert status == 413 and f"larger than {size // MB} MB" in answer["error"]


@pytest.mark.forbidden("A long text that comes back in the answer", by_case=True)
@pytest.mark.parametrize(
    "question",
    [
        {"genre": "x" * 900_000},
        {"country": "x" * 900_000},
        {"director": "x" * 900_000},
        {"collection": "x" * 900_000},
        {"x" * 900_000: 1},
        {f"x{n}": 1 for n in range(50_000)},
        {"likes": ["x" * 400] * 400},
        {"music": "x" * 900_000},
    ],
    ids=["genre", "country", "director", "collection", "a name", "many names", "titles", "a number"],
)
def test_what_is_sent_does_not_come_back_at_length(client: TestClient, question: dict[str, Any]) -> None:
    refused = client.post("/recommend", json=question)
    assert refused.status_code in (400, 422) and len(refused.content) < 20_000
    assert len(refused.json()["error"]) <= gate.LONGEST_MESSAGE


@pytest.mark.forbidden("A long text that comes back from /jobs")
def test_a_job_s_long_argument_does_not_come_back_at_length(client: TestClient, home: Home) -> None:
    headers = {"authorization": f"Bearer {access.new_api_token(home, access.LOCAL, 'media server')}"}
    for arguments in ({"paths": ["/" + "x" * 900_000]}, {"x" * 900_000: 1}, {"film_ids": [10**4000]}):
        kind = "reanalyse" if "film_ids" in arguments else "ingest"
        refused = client.post("/jobs", json={"kind": kind, "arguments": arguments}, headers=headers)
        assert refused.status_code in (400, 403) and len(refused.content) < 2000
    with State.open(home) as state:
        assert state.jobs() == []


def test_a_name_that_utf_8_cannot_say_is_refused_in_words(client: TestClient) -> None:
    refused = client.post("/recommend", content=rb'{"\ud800": 1}', headers={"content-type": "application/json"})
    assert refused.status_code == 422 and refused.json()["error"]


@pytest.mark.parametrize("value", ["yes", 1, "true", "on"])
def test_with_music_is_a_boolean(client: TestClient, value: object) -> None:
    assert client.post("/recommend", json={"with_music": value}).status_code == 422
    assert client.post("/recommend", json={"with_music": True}).status_code == 200


def test_every_refusal_has_an_error_in_words(client: TestClient) -> None:
    broken = client.post("/sounds-like", content=b"--y", headers={"content-type": "multipart/form-data"})
    for refused in (
        broken,
        client.get("/nowhere"),
        client.delete("/films"),
        client.post("/sounds-like"),
        client.get("/films/x"),
        client.post("/sounds-like", files={"clip": ("x.wav", b"")}),
    ):
        assert 400 <= refused.status_code < 500 and isinstance(refused.json()["error"], str), refused.url


@pytest.mark.fault("More clips at once than places")
def test_health_and_questions_never_wait_for_clips_and_the_next_clip_is_told_when_to_come(
    client: TestClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    under_way: list[int] = []

    def slow(*_: object) -> SoundsLike:
        under_way.append(1)
        goes_on.wait(60)
        assert len(under_way) == 1
        under_way.pop()
        return SoundsLike((), (), ())

    monkeypatch.setattr(question_routes, "sounds_like", slow)

    def send() -> Any:
        return client.post("/sounds-like", files={"clip": ("a.wav", b"RIFF")})

    with ThreadPoolExecutor(CLIPS + 1) as clients:
        try:
            sent = [clients.submit(send) for _ in range(CLIPS + 1)]
            done, waiting = wait(sent, return_when=FIRST_COMPLETED)
            assert client.get("/health").status_code == 200
            assert client.post("/recommend", json={}).status_code == 200
        finally:
            goes_on.set()
    (beyond,) = (one.result() for one in done)
    assert beyond.status_code == 429 and {one.result().status_code for one in waiting} == {200}
    assert int(beyond.headers["retry-after"]) > 0 and "Send yours again" in beyond.json()["error"]
    assert send().status_code == 200


@pytest.mark.fault("A client that leaves before its clip's turn")
def test_the_clip_of_a_client_that_left_is_not_heard(home: Home) -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    def heard() -> dict[str, Any]:
        raise AssertionError

    request = Request({"type": "http", "headers": []}, gone)
    assert run_async(gate.Hearing(home).hear(request, heard)) is None


@pytest.mark.fault("More questions at once than are answered, and their clients read slowly")
def test_questions_wait_for_each_other_and_health_for_none(
    client: TestClient, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    under_way, most = [0], [0]
    counting = threading.Lock()

    def slow(*_: object) -> dict[str, Any]:
        with counting:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        goes_on.wait(60)
        with counting:
            under_way[0] -= 1
        raise ParameterError("asked in vain")

    monkeypatch.setattr(question_routes, "ask", slow)
    monkeypatch.setattr(question_routes, "find", slow)
    asked = gate.QUESTIONS + gate.WAITING_QUESTIONS

    def ask_one(number: int) -> Any:
        return client.post("/recommend", json={}) if number % 2 else client.get("/find", params={"words": "slow"})

    with ThreadPoolExecutor(asked + 1) as clients:
        try:
            sent = [clients.submit(ask_one, number) for number in range(asked + 1)]
            done, waiting = wait(sent, return_when=FIRST_COMPLETED)
            assert client.get("/health").status_code == 200
        finally:
            goes_on.set()
    (beyond,) = (one.result() for one in done)
    assert beyond.status_code == 429 and int(beyond.headers["retry-after"]) > 0
    assert {one.result().status_code for one in waiting} == {400} and most == [gate.QUESTIONS]
    assert client.get("/films").status_code == 200, "all turns are free again"


@pytest.mark.forbidden("A body that arrives slowly holds no turn")
def test_a_turn_begins_when_the_body_is_here_and_ends_with_the_answer_s_first_byte() -> None:
    turns = gate.Turns(at_once=1, waiting=0)
    free: list[bool] = []

    async def note() -> None:
        try:
            (await turns.begin())()
        except BusyError:
            free.append(False)
        else:
            free.append(True)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            await note()
        await note()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await note()

    bodies = [{"type": "http.request", "body": b" ", "more_body": more} for more in (True, True, False)]

    async def receive() -> Any:
        return bodies.pop(0)

    async def send(message: Any) -> None:
        pass

    guarded = gate.Gate(app, Home(Path()), hearing=None)  # type: ignore[arg-type]
    scope = {"type": "http", "method": "POST", "path": "/recommend", "headers": []}
    run_async(guarded._bounded(100, scope, receive, send, turns))
    assert free == [True, True, False, True]
