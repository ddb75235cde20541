"""The app as served: cookies, whose session a page is, and which files it takes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import ConnectionClosed

from db.home import Home
from db.state.store import State
from service.jobs import jobs
from service.library.publishing import publish
from service.rights import access
from service.rights.app_door import MOST_PAGES, TICKET_HEADER, Door, session_route
from service.rights.browsers import BROWSER_COOKIE, SESSION_COOKIE, StreamlitSessions, Tickets, browser_key
from service.rights.headers import APP, EVERYWHERE
from service.rights.uploads import Uploads
from tests.browser.server import served
from tests.db.sample import filled
from tests.service.rights.streamlit_client import Tab, cookie_header, tab

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = filled(tmp_path_factory.mktemp("door") / "home")
    publish(home)
    access.set_password(home, access.setup_token(home), PASSWORD)
    return home


@pytest.fixture(scope="module")
def app(home: Home) -> Iterator[str]:
    with served(home.root, options=["--no-worker"]) as address:
        yield address


def signed_in(home: Home) -> dict[str, str]:
    return {SESSION_COOKIE: access.new_session(home)}


def statuses(home: Home) -> list[str]:
    with State.open(home) as state:
        return [job.status for job in state.jobs()]


def ask(address: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(address, headers=headers, timeout=60)


def upload(app: str, of: Tab, n_bytes: int, cookies: dict[str, str], file_id: str = "one") -> httpx.Response:
    """As a page sends a file."""
    xsrf = dict(ask(f"{app}/_stcore/health").cookies)
    headers = cookie_header(cookies | xsrf) | {"x-xsrftoken": xsrf["_streamlit_xsrf"]}
    address = f"{app}/_stcore/upload_file/{of.session_id}/{file_id}"
    return httpx.put(address, headers=headers, files={"file": ("clip.wav", b"\0" * n_bytes, "audio/wav")}, timeout=60)


def test_a_page_gives_each_browser_a_signed_cookie_that_no_script_reads(app: str) -> None:
    given = ask(app).headers["set-cookie"]
    assert given.startswith(f"{BROWSER_COOKIE}=") and "HttpOnly" in given and "SameSite=Lax" in given
    kept = given.partition(";")[0].partition("=")[2]
    assert "set-cookie" not in ask(app, headers=cookie_header({BROWSER_COOKIE: kept})).headers
    for forged in (f"{kept[:-1]}{'0' if kept[-1] != '0' else '1'}", "me.0", "me", "."):
        assert "set-cookie" in ask(app, headers=cookie_header({BROWSER_COOKIE: forged})).headers
    assert ask(app).headers["set-cookie"].partition(";")[0] != given.partition(";")[0]


def test_every_answer_of_the_app_says_what_a_browser_may_do_with_it(app: str) -> None:
    for path in ("", "/_stcore/health", "/static/nothing.js", "/session"):
        answer = ask(app + path)
        assert EVERYWHERE.items() <= dict(answer.headers).items() and answer.headers["content-security-policy"] == APP


@pytest.mark.forbidden("An admin's fragment goes on after all sessions ended")
def test_a_page_that_stays_open_is_a_visitor_s_when_its_session_ended(app: str, home: Home) -> None:
    number = jobs.submit(home, access.LOCAL, "publish", {})
    jobs.cancel(home, access.LOCAL, number)
    cookies = signed_in(home)
    with tab(app, cookies) as opened:
        page = opened.run("jobs")
        (fragment,) = page.fragments
        retry = page.buttons["Try again"]
        assert "submitted" in page.text
        access.change_password(home, access.LOCAL, PASSWORD)
        before = statuses(home)
        seen = opened.run("jobs", fragment, click=retry)
    assert "Sign in first" in seen.text and "submitted" not in seen.text
    assert statuses(home) == before == ["cancelled"]


@pytest.mark.forbidden("A connection without a cookie names an admin's Streamlit session")
def test_a_session_goes_on_in_the_browser_that_began_it_only(app: str, home: Home) -> None:
    cookies = signed_in(home)
    with tab(app, cookies) as admin:
        assert "Sign in first" not in admin.run("jobs").text
        for stranger in ({}, {SESSION_COOKIE: "guessed"}, {BROWSER_COOKIE: "x.y"}):
            with tab(app, stranger, admin.session_id) as taken:
                page = taken.run("jobs")
            assert "Sign in first" in page.text
            assert taken.session_id != admin.session_id, "the admin's page would lose its session"
        assert "Sign in first" not in admin.run("jobs").text
    with tab(app, cookies, admin.session_id) as again:
        again.run("jobs")
    assert again.session_id == admin.session_id, "a browser that was cut off goes on"


@pytest.mark.forbidden("A file sent to a page that takes none, or by somebody else")
def test_only_pages_that_take_files_are_sent_some(app: str, home: Home) -> None:
    with tab(app) as visitor:
        visitor.run("lists")
        assert upload(app, visitor, 10, {}).status_code == 403
        visitor.run("")
        assert upload(app, visitor, 10, {}).status_code == 204, "ratings"
        visitor.run("sounds_like")
        assert upload(app, visitor, 10, {}).status_code == 204
        assert [file.stat().st_size for file in home.scratch.glob("arriving-*/*")] == [10], "on the disk"
        assert upload(app, visitor, 10, signed_in(home)).status_code == 403, "not who opened it"
    cookies = signed_in(home)
    with tab(app, cookies) as admin:
        admin.run("add_films")
        assert upload(app, admin, 10, cookies).status_code == 204
        assert upload(app, admin, 10, {}).status_code == 403
        access.change_password(home, access.LOCAL, PASSWORD)
        assert upload(app, admin, 10, cookies).status_code == 403


@pytest.mark.forbidden("A message of many megabytes to a page")
def test_a_long_message_is_refused_before_it_is_taken_in(app: str) -> None:
    with tab(app) as opened:
        opened.run("lists")
        with pytest.raises(ConnectionClosed) as closed:
            opened.connection.send(b"\0" * 10_000_000)  # Streamlit takes in up to 200 MB, and reads up to 25
            opened.connection.recv(timeout=60)
        # A client may be cut off while it sends, before the reason arrives; a message that was read ends with 1002.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    assert ask(f"{app}/_stcore/health").status_code == 200


@pytest.mark.forbidden("A program that drives pages without a browser's cookies")
def test_the_agent_api_of_the_framework_is_off(app: str) -> None:
    for path in ("interact", "mcp"):
        refused = httpx.post(f"{app}/_stcore/agent/{path}", json={"page": "jobs"}, timeout=60)
        assert refused.status_code in (400, 403) and "does not serve the agent API" in refused.text


@pytest.mark.forbidden("The framework's figures of caches and sessions, read by a visitor")
def test_the_framework_s_metrics_are_not_served(app: str) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=cache"):
        answer = ask(app + path)
        assert answer.status_code == 404 and "cache" not in answer.text


@pytest.mark.forbidden("A path that leads out of the folders of static files and media", by_case=True)
@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../../../../../etc/passwd",
        "/app/static/..%2f..%2fapp.py",
        "/app/static/%2e%2e/app.py",
        "/app/static//etc/passwd",
        "/app/static/C:%5Cx",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/media/%2e%2e%2fetc%2fpasswd",
        "/component/x/../../../etc/passwd",
        "/_stcore/bidi-components/x/..%2f..%2fetc/passwd",
    ],
)
def test_nothing_outside_of_the_served_folders_is_read(app: str, path: str) -> None:
    host = urlsplit(app).netloc
    with socket.create_connection((host.partition(":")[0], int(host.partition(":")[2])), timeout=60) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))  # a client would tidy the path
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 404")) and b"root:" not in answer and b"import" not in answer


@pytest.mark.forbidden("Headers that name another host, way or visitor", by_case=True)
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL", "X-Rewrite-URL"],
)
def test_a_stranger_s_forwarding_headers_change_nothing(app: str, header: str) -> None:
    value = {"X-Forwarded-Proto": "https", "Forwarded": "for=1.2.3.4;host=evil.example;proto=https"}
    plain, odd = ask(app), ask(app, headers={header: value.get(header, "//evil.example/jobs")})
    assert odd.text == plain.text and "evil" not in str(odd.headers)
    assert "strict-transport-security" not in odd.headers and "Secure" not in odd.headers["set-cookie"]


@pytest.mark.forbidden("More open pages of one address than there may be")
def test_one_address_has_so_many_pages_open_and_an_admin_one_more(home: Home) -> None:
    goes_on = asyncio.Event()

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await goes_on.wait()

    uploads = Uploads(lambda: mock.Mock(file_storage={}), lambda _: True, lambda: home.scratch)
    door = Door(page, home, browser_key(home), StreamlitSessions(), uploads)
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    def opened(client: str, cookies: Mapping[str, str] | None = None) -> Coroutine[Any, Any, None]:
        headers = [(name.encode(), value.encode()) for name, value in cookie_header(cookies or {}).items()]
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers, "client": (client, 1)}
        return door(scope, mock.Mock(), send)

    async def visit() -> None:
        pages = [asyncio.ensure_future(opened("10.0.0.1")) for _ in range(MOST_PAGES)]
        await asyncio.sleep(0)
        await opened("10.0.0.1")
        assert [message["type"] for message in said] == ["websocket.close"]
        pages += [asyncio.ensure_future(opened(*who)) for who in (("10.0.0.2",), ("10.0.0.1", signed_in(home)))]
        while len(door._pages) < 2 or door._pages["10.0.0.1"] <= MOST_PAGES:
            await asyncio.sleep(0.01)
        goes_on.set()
        await asyncio.gather(*pages)
        await opened("10.0.0.1")
        assert len(said) == 1 and not door._pages

    with ThreadPoolExecutor(1) as one:  # where browser tests ran before, this thread has a running event loop
        one.submit(asyncio.run, visit()).result()


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def routed(home: Home, tickets: Tickets, base_url: str = "http://localhost") -> TestClient:
    return TestClient(Starlette(routes=[session_route(home, tickets)]), base_url=base_url)


@pytest.mark.forbidden("A ticket for a session's cookie is used twice, or late")
def test_a_ticket_is_a_session_s_cookie_once_and_soon(home: Home) -> None:
    clock = Clock()
    tickets = Tickets(clock)
    ticket, late = tickets.issue("token"), tickets.issue("token")
    client = routed(home, tickets)
    given = client.post("/session", headers={TICKET_HEADER: ticket})
    cookie = given.headers["set-cookie"]
    assert given.status_code == 204 and cookie.startswith(f"{SESSION_COOKIE}=token; Path=/; ")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Secure" not in cookie
    clock.now_s = 60.0
    for used in (ticket, late, "", "guessed"):
        assert client.post("/session", headers={TICKET_HEADER: used}).status_code == 403


@pytest.mark.parametrize("way", ["https", "a proxy that speaks https"])
def test_under_https_the_cookie_is_secure(home: Home, way: str) -> None:
    tickets = Tickets()
    client = routed(home, tickets, "https://films.example" if way == "https" else "http://films.example")
    headers = {TICKET_HEADER: tickets.issue("token"), "origin": "https://films.example"}
    assert client.post("/session", headers=headers).headers["set-cookie"].endswith("; Secure")


def test_signing_out_ends_the_session_and_its_cookie(home: Home) -> None:
    token = access.new_session(home)
    answer = routed(home, Tickets()).delete("/session", headers=cookie_header({SESSION_COOKIE: token}))
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert not access.actor_of(home, token).is_admin
