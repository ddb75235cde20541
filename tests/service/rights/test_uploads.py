"""Files that browsers send: on the disk and not in memory, with bounds, and removed in the end."""

from __future__ import annotations

import hashlib
import io
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from db.home import Home
from errors import ParameterError
from service.rights import access, upload_door, uploads
from service.rights.arriving import arriving
from service.rights.browsers import SESSION_COOKIE, StreamlitSessions, holder
from service.rights.upload_door import UploadDoor
from service.rights.upload_limits import MB
from service.rights.uploads import KeptFile, Uploads, kept_file
from tests.service.rights.streamlit_client import cookie_header


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Noted:
    """Stands in for Streamlit: what it notes of each file, and its address for files."""

    def __init__(self) -> None:
        self.file_storage: dict[str, dict[str, Any]] = {}
        self.refuses = False

    def remove_session_files(self, session_id: str) -> None:
        self.file_storage.pop(session_id, None)

    async def answer(self, request: Request) -> Response:
        if self.refuses:
            return Response(status_code=403)
        session_id, file_id = request.path_params["session_id"], request.path_params["file_id"]
        if request.method == "DELETE":
            self.file_storage.get(session_id, {}).pop(file_id, None)
            return Response(status_code=204)
        async with request.form() as form:
            (sent,) = form.values()
            assert not isinstance(sent, str)
            record = (sent.filename, sent.content_type, len(await sent.read()))
        self.file_storage.setdefault(session_id, {})[file_id] = record
        return Response(status_code=204)


class Sent:
    """A door with a page before it that takes files of anybody ("open"), and one that takes none ("shut")."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.noted, self.folder, self.kept = Noted(), folder, dict[tuple[str, str], KeptFile]()
        self.opened = {"open", "shut"}
        self.clock, sessions = Clock(), StreamlitSessions()
        for name in ("open", "shut", "other", "third"):
            sessions.bind(name, holder({}), takes_files=name != "shut")
        self.uploads = Uploads(lambda: self.noted, self.opened.__contains__, lambda: folder, self.clock, self.kept)
        inner = Starlette(
            routes=[
                Route(upload_door.UPLOAD_PATH + "{session_id}/{file_id}", self.noted.answer, methods=["PUT", "DELETE"])
            ]
        )
        self.client = TestClient(UploadDoor(inner, home, sessions, self.uploads))

    def put(self, session_id: str, content: bytes, file_id: str = "one", name: str = "clip.wav") -> int:
        files = {"file": (name, content, "audio/wav")}
        return self.client.put(f"{upload_door.UPLOAD_PATH}{session_id}/{file_id}", files=files).status_code

    def on_disk(self) -> list[Path]:
        return list(self.folder.iterdir())


def fits(sent: Sent, session_id: str, sender: str, n_bytes: int) -> bool:
    """Whether there is room for a file now."""
    try:
        with sent.uploads.room(session_id, sender, n_bytes):
            return True
    except ParameterError:
        return False


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    (tmp_path / "arriving").mkdir()
    return Sent(Home.at(tmp_path / "home"), tmp_path / "arriving")


@pytest.mark.forbidden("A file that a page was given stays in the app's memory")
def test_a_file_goes_to_the_disk_and_streamlit_gets_an_empty_one(sent: Sent) -> None:
    content = bytes(range(256)) * 8 * 1024
    assert sent.put("open", content, name='../a "b"\r\nc.wav') == 204
    name, kind, n_bytes = sent.noted.file_storage["open"]["one"]
    assert (kind, n_bytes) == ("audio/wav", 0) and name.endswith("c.wav") and not set(name) & set('/"\r\n')
    (path,) = sent.on_disk()
    assert path.read_bytes() == content and stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = sent.kept["open", "one"]
    assert (kept.path, kept.n_bytes, kept.sha256) == (path, len(content), hashlib.sha256(content).hexdigest())
    assert sent.put("open", b"another") == 204, "in its place"
    assert [one.read_bytes() for one in sent.on_disk()] == [b"another"]
    assert sent.client.delete(f"{upload_door.UPLOAD_PATH}open/one").status_code == 204
    assert not sent.on_disk() and not sent.kept


@pytest.mark.fault("A file that a browser sends does not arrive whole, or has another form", times=5)
@pytest.mark.parametrize(
    ("body", "kind", "length"),
    [
        (
            b"--x\r\nContent-Disposition: form-data; name=f; filename=a.wav\r\n\r\ncut",
            "multipart/form-data; boundary=x",
            0,
        ),
        (b"plain", "text/plain", 0),
        (b"", "multipart/form-data; boundary=x", 0),
        (
            b"--x\r\nContent-Disposition: form-data; name=f\r\n\r\nno file\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            0,
        ),
        (b"longer than it says", "multipart/form-data; boundary=x", 3),
    ],
)
def test_what_is_no_whole_file_leaves_nothing(sent: Sent, body: bytes, kind: str, length: int) -> None:
    headers = {"content-type": kind, "content-length": str(length or len(body))}
    answer = sent.client.put(f"{upload_door.UPLOAD_PATH}open/one", content=body, headers=headers)
    assert answer.status_code == 400 and "whole" in answer.text
    assert not sent.on_disk() and not sent.kept and not sent.noted.file_storage
    assert sent.put("open", b"whole") == 204


def test_what_streamlit_refuses_leaves_nothing(sent: Sent) -> None:
    sent.noted.refuses = True
    assert sent.put("open", b"content") == 403
    assert not sent.on_disk() and not sent.kept


@pytest.mark.forbidden("A file without a length, or for a page that takes none")
def test_what_may_not_be_sent_is_refused_before_it_is_read(sent: Sent) -> None:
    assert sent.put("shut", b"content") == 403 and sent.put("unknown", b"content") == 403

    def pieces() -> Iterator[bytes]:
        yield b"no length"

    assert sent.client.put(f"{upload_door.UPLOAD_PATH}open/one", content=pieces()).status_code == 411
    assert not sent.on_disk()


def test_one_visitor_cannot_take_the_room_of_others(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, n_bytes in (("PAGE_MB", 2), ("VISITOR_MB", 3), ("TOGETHER_MB", 5)):
        monkeypatch.setattr(uploads, name, n_bytes)
    big, small = b"\0" * (MB + MB // 2), b"\0" * (MB // 4)
    sent.opened |= {"other", "third"}
    assert sent.put("open", big) == 204 and sent.put("open", big, "two") == 413
    assert sent.put("other", small) == 204 and sent.put("third", big) == 413, "the same address"
    assert fits(sent, "third", "10.0.0.9", MB)
    with sent.uploads.room("third", "", 2 * MB):  # an admin: the limits of a page and of all only
        assert not fits(sent, "fourth", "", 2 * MB) and fits(sent, "fourth", "", MB)
    sent.opened.discard("open")
    sent.uploads.release()
    sent.clock.now_s = 60.0
    assert sent.put("third", big) == 204 and len(sent.on_disk()) == 2


@pytest.mark.fault("Many large files are sent to the app at once")
def test_what_is_arriving_counts_until_it_arrived_or_not(sent: Sent) -> None:
    with sent.uploads.room("open", "", 60 * MB):
        assert fits(sent, "open", "", 40 * MB) and not fits(sent, "open", "", 41 * MB)
        assert fits(sent, "other", "", 100 * MB)
    assert fits(sent, "open", "", 100 * MB) and not fits(sent, "open", "", 101 * MB)


def test_a_page_that_comes_back_keeps_its_files(sent: Sent) -> None:
    assert sent.put("open", b"content") == 204
    for now_s, is_open in ((0.0, False), (50.0, True), (70.0, False), (129.0, False)):
        sent.clock.now_s = now_s
        (sent.opened.add if is_open else sent.opened.discard)("open")
        sent.uploads.release()
    assert sent.on_disk()
    sent.clock.now_s = 130.0
    sent.uploads.release()
    assert not sent.on_disk() and not sent.noted.file_storage


@pytest.mark.fault("The disk is almost full when a file is sent")
def test_a_full_disk_takes_no_file(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.shutil, "disk_usage", lambda _: SimpleNamespace(free=uploads.SPARE_MB * MB))
    assert sent.put("open", b"content") == 413 and not sent.on_disk()


def test_a_page_reads_its_own_files_only(sent: Sent) -> None:
    sent.uploads.keep("open", "one", "", io.BytesIO(b"content"))
    uploads.KEPT.clear()
    uploads.KEPT.update(sent.kept)
    try:
        assert kept_file("open", "one", "clip.wav").path.read_bytes() == b"content"
        for session_id, file_id in (("other", "one"), ("open", "two")):
            with pytest.raises(ParameterError, match=r"clip\.wav: no longer kept"):
                kept_file(session_id, file_id, "clip.wav")
    finally:
        uploads.KEPT.clear()


def test_an_admin_sends_to_any_page(sent: Sent, tmp_path: Path) -> None:
    home = sent.client.app.home  # type: ignore[attr-defined]
    access.set_password(home, access.setup_token(home), "a long enough password")
    cookies = {SESSION_COOKIE: access.new_session(home)}
    sent.client.app.sessions.bind("shut", holder(cookies), takes_files=False)  # type: ignore[attr-defined]
    sent.client.headers.update(cookie_header(cookies))
    assert sent.put("shut", b"content") == 204 and sent.kept["shut", "one"].sender == ""


@pytest.mark.fault("The app is killed while it holds files")
def test_what_a_killed_process_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    home, usual = Home.at(tmp_path / "home"), tempfile.gettempdir()
    left = home.scratch / "arriving-left"
    left.mkdir()
    (left / "file").write_bytes(b"left")
    with arriving(home) as first:
        assert not left.exists() and tempfile.gettempdir() == str(first) and stat.S_IMODE(first.stat().st_mode) == 0o700
        with arriving(home) as second:
            assert first.exists() and second != first, "the app and the API hold one each"
        assert not second.exists()
    assert not first.exists() and tempfile.gettempdir() == usual
