"""Excerpts: who may hear what, what is kept, what is refused in a line, and over HTTP."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from db.home import Home
from db.state.store import State
from errors import AccessError, BusyError, FilmscoreError, MediaError, ParameterError
from film import Film
from media.excerpt import KINDS
from service.api.routes import create_app
from service.listening import excerpts as room
from service.listening.answers import excerpt_route
from service.listening.excerpts import CHILDREN, PER_VISITOR, WAITING, Excerpts
from service.listening.listeners import LOCAL_VARIABLE, WHO, is_local_only, listeners, set_listeners
from service.rights.access import ANYBODY, LOCAL, Actor, new_api_token
from service.rights.media_roots import add_root
from tests.service.heard_home import tone, write_wav

SOME = Actor("someone", "someone")
LENGTH_S = 20


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Film 1: a tone that is an octave higher after ten seconds. Film 2 lies elsewhere, 3 is gone, 4 has no file, 5 is
    damaged, 6 has a picture only."""
    home = Home.at(tmp_path / "home")
    (tmp_path / "films").mkdir()
    (tmp_path / "elsewhere").mkdir()
    two = np.concatenate([tone(500, 10, 48_000), tone(1000, LENGTH_S - 10, 48_000)])
    good = write_wav(tmp_path / "films" / "good.wav", two, 48_000)
    elsewhere = write_wav(tmp_path / "elsewhere" / "other.wav", tone(500, 2))
    damaged = tmp_path / "films" / "damaged.mkv"
    damaged.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(2000))
    with av.open(str(tmp_path / "films" / "picture.mkv"), "w") as out:
        video = out.add_stream("mpeg4", rate=5)
        video.width = video.height = 32
        for packet in [*video.encode(av.VideoFrame(32, 32, "yuv420p")), *video.encode(None)]:
            out.mux(packet)
    paths = (good, elsewhere, tmp_path / "films" / "gone.wav", None, damaged, tmp_path / "films" / "picture.mkv")
    with State.open(home) as state:
        ids = state.add_films([Film(f"Film {i}") for i in range(1, 7)])
        for film_id, path in zip(ids, paths, strict=True):
            if path:
                state.attach_media(film_id, f"{film_id:064x}", 0, str(path), "tone-1")
    add_root(home, LOCAL, tmp_path / "films")
    set_listeners(home, LOCAL, "everybody")
    return home


@pytest.fixture
def excerpts(home: Home) -> Iterator[Excerpts]:
    made = Excerpts(home)
    yield made
    made.close()


def pitch_hz(path: Path) -> tuple[float, float]:
    """The loudest frequency of the left channel, and how long the file is in seconds."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.channels) == (48_000, 2)
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
    left = np.concatenate([planes[0] if len(planes) == 2 else planes[0, ::2] for planes in frames]).astype(float)
    seconds = len(left) / 48_000
    return float(np.argmax(np.abs(np.fft.rfft(left))) / seconds), seconds


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_excerpt_is_the_place_that_was_asked_for(excerpts: Excerpts, kind: str) -> None:
    path = excerpts.excerpt(ANYBODY, "a", 1, start_s=12.0, seconds=3.0, kind=kind)
    hz, seconds = pitch_hz(path)
    assert hz == pytest.approx(1000, abs=2) and seconds == pytest.approx(3.0, abs=0.1)
    assert path.suffix == f".{kind}" and path.parent.stat().st_mode & 0o777 == 0o700
    assert excerpts.excerpt(ANYBODY, "a", 1, start_s=12.0, seconds=3.0, kind=kind) == path


@pytest.mark.fault("A film that cannot be decoded, asked for an excerpt")
@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"film_id": 1, "start_s": 25}, MediaError, "its sound ends after 0:20 minutes, before this place"),
        ({"film_id": 1, "start_s": -1}, ParameterError, "not a place in a film"),
        ({"film_id": 1, "start_s": float("nan")}, ParameterError, "not a place in a film"),
        ({"film_id": 1, "start_s": 0, "seconds": 31}, ParameterError, "give 1 to 30 seconds"),
        ({"film_id": 1, "start_s": 0, "kind": "exe"}, ParameterError, "not one of m4a, webm, wav"),
        ({"film_id": 2, "start_s": 0}, MediaError, "lies outside of the media roots"),
        ({"film_id": 3, "start_s": 0}, MediaError, "gone.wav is not where it was"),
        ({"film_id": 4, "start_s": 0}, MediaError, "it has no file"),
        ({"film_id": 5, "start_s": 0}, MediaError, "damaged.mkv: damaged or cut off"),
        ({"film_id": 6, "start_s": 0}, MediaError, "picture.mkv: no audio track"),
        ({"film_id": 7, "start_s": 0}, ParameterError, "not in the library"),
    ],
)
def test_what_cannot_be_heard_is_refused_in_a_line(
    excerpts: Excerpts, asked: dict[str, object], error: type[FilmscoreError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        excerpts.excerpt(ANYBODY, "a", **asked)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert not excerpts.home.excerpts.exists() or not list(excerpts.home.excerpts.iterdir())


@pytest.mark.forbidden("Excerpts by who may not listen", "refused")
@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("everybody", {"visitor", "someone", "admin"}),
        ("signed-in", {"someone", "admin"}),
        ("admins", {"admin"}),
        ("nobody", set()),
    ],
)
def test_who_may_listen_is_a_setting(excerpts: Excerpts, who: str, allowed: set[str]) -> None:
    set_listeners(excerpts.home, LOCAL, who)
    for actor in (ANYBODY, SOME, LOCAL):
        assert (excerpts.why_not(actor, [1])[1] == "") == (actor.role in allowed)
        if actor.role not in allowed:
            with pytest.raises(AccessError, match=r"may listen|listening is off"):
                excerpts.excerpt(actor, "a", 1, start_s=0)
    with pytest.raises(AccessError):
        set_listeners(excerpts.home, ANYBODY, "everybody")
    with pytest.raises(ParameterError, match="not one of"):
        set_listeners(excerpts.home, LOCAL, "friends")


def test_until_it_is_said_everybody_listens_on_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path)
    monkeypatch.delenv(LOCAL_VARIABLE, raising=False)
    assert listeners(home) == "signed-in"
    monkeypatch.setenv(LOCAL_VARIABLE, "1")
    assert listeners(home) == "everybody" and listeners(home) in WHO
    local = [("localhost", [], []), ("127.0.0.1", [], []), ("::1", [], []), ("[::1]", [], [])]
    others = [("0.0.0.0", [], []), ("::", [], []), ("", [], []), ("localhost", ["films.example"], [])]
    assert all(is_local_only(*one) for one in local) and not any(is_local_only(*one) for one in others)
    assert not is_local_only("127.0.0.1", [], ["127.0.0.1"])


def test_the_excerpts_heard_longest_ago_go_first(home: Home) -> None:
    small = Excerpts(home, kept_bytes=1_000_000)
    first, second = (small.excerpt(ANYBODY, "a", 1, start_s=at, seconds=2, kind="wav") for at in (0, 1))
    os.utime(first, ns=(1, 1))
    os.utime(second, ns=(2, 2))
    assert small.excerpt(ANYBODY, "a", 1, start_s=0, seconds=2, kind="wav") == first
    third = small.excerpt(ANYBODY, "a", 1, start_s=2, seconds=2, kind="wav")
    assert sorted(home.excerpts.iterdir()) == sorted([first, third])
    small.close()


def test_a_file_that_was_changed_is_cut_anew(excerpts: Excerpts, home: Home) -> None:
    before = excerpts.excerpt(ANYBODY, "a", 1, start_s=0, seconds=1, kind="wav")
    with State.open(home) as state:
        write_wav(Path(state.get_film(1).media_path), tone(2000, 5, 48_000), 48_000)
    after = excerpts.excerpt(ANYBODY, "a", 1, start_s=0, seconds=1, kind="wav")
    assert after != before and pitch_hz(after)[0] == pytest.approx(2000, abs=2)


@pytest.mark.fault("Five hundred excerpts asked for at once", "refused, and nobody else waits", times=500)
def test_of_many_at_once_a_few_wait_and_the_rest_come_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    class Slow(room.Confined):
        def excerpt(self, path: Path, target: Path, **_: object) -> None:  # type: ignore[override]
            begun.release()
            assert go_on.wait(60)
            target.write_bytes(b"sound")

    monkeypatch.setattr(room, "Confined", Slow)
    excerpts = Excerpts(home)
    outcomes: list[str] = []

    def ask(number: int) -> None:
        try:
            excerpts.excerpt(ANYBODY, str(number), 1, start_s=number / 100, seconds=1)
            outcomes.append("heard")
        except BusyError as error:
            outcomes.append(str(error))

    waiting = [threading.Thread(target=ask, args=(number,)) for number in range(0, 100, 10)][: CHILDREN + WAITING]
    for thread in waiting:
        thread.start()
    for _ in range(CHILDREN):
        assert begun.acquire(timeout=60)
    deadline = time.monotonic() + 60
    while excerpts._places and time.monotonic() < deadline:
        time.sleep(0.01)
    for number in range(500):
        ask(1000 + 10 * number)
    assert len(outcomes) == 500 and set(outcomes) == {"excerpt: too many are being cut. Ask again in 5 seconds."}
    go_on.set()
    for thread in waiting:
        thread.join(60)
    assert outcomes[500:] == ["heard"] * len(waiting)


def test_one_visitor_does_not_take_all_the_turns(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Quick(room.Confined):
        def excerpt(self, path: Path, target: Path, **_: object) -> None:  # type: ignore[override]
            target.write_bytes(b"sound")

    monkeypatch.setattr(room, "Confined", Quick)
    now = [100.0]
    excerpts = Excerpts(home, clock=lambda: now[0])
    for number in range(PER_VISITOR):
        excerpts.excerpt(ANYBODY, "a", 1, start_s=number / 10)
    with pytest.raises(BusyError, match="in 60 seconds"):
        excerpts.excerpt(ANYBODY, "a", 1, start_s=90)
    excerpts.excerpt(ANYBODY, "a", 1, start_s=0)  # kept: costs nothing
    excerpts.excerpt(ANYBODY, "b", 1, start_s=90)
    now[0] += 61
    excerpts.excerpt(ANYBODY, "a", 1, start_s=91)


def test_the_api_answers_with_rights_and_ranges(home: Home) -> None:
    token = new_api_token(home, LOCAL, "player")
    with TestClient(create_app(home)) as client:
        whole = client.get("/films/1/excerpt", params={"start": 11, "seconds": 2, "format": "wav"})
        assert whole.status_code == 200 and whole.headers["content-type"] == "audio/wav"
        assert len(whole.content) == pytest.approx(2 * 48_000 * 4, rel=0.01)
        part = client.get(
            "/films/1/excerpt", params={"start": 11, "seconds": 2, "format": "wav"}, headers={"range": "bytes=100-199"}
        )
        assert part.status_code == 206 and part.content == whole.content[100:200]
        assert client.get("/films/99/excerpt").status_code == 404
        assert client.get("/films/1/excerpt", params={"start": "nan"}).status_code == 422
        assert client.get("/films/1/excerpt", params={"seconds": 1000}).status_code == 422
        assert client.get("/films/1/excerpt", params={"format": "exe"}).status_code == 422
        gone = client.get("/films/3/excerpt")
        assert gone.status_code == 422 and "not where it was" in gone.json()["error"]
        set_listeners(home, LOCAL, "signed-in")
        asked = {"start": 11, "seconds": 2, "format": "wav"}
        assert client.get("/films/1/excerpt", params=asked).status_code == 403
        heard = client.get("/films/1/excerpt", params=asked, headers={"authorization": f"Bearer {token}"})
        assert heard.content == whole.content


def test_the_app_answers_its_player(excerpts: Excerpts, monkeypatch: pytest.MonkeyPatch) -> None:
    with TestClient(Starlette(routes=[excerpt_route(excerpts)])) as client:
        asked = {"film": "1", "start": "11", "seconds": "2", "format": "webm"}
        heard = client.get("/excerpt", params=asked)
        assert heard.status_code == 200 and heard.headers["content-type"] == "audio/webm"
        assert heard.headers["cross-origin-resource-policy"] == "same-origin"
        for more, status in (
            ({"film": "x"}, 400),
            ({"film": "9" * 400}, 400),
            ({"film": "77"}, 400),
            ({"start": "nan"}, 400),
            ({"start": "99"}, 422),
            ({"format": "exe"}, 400),
        ):
            refused = client.get("/excerpt", params=asked | more)
            assert (refused.status_code, "\n" in refused.text) == (status, False)

        def busy(*_: object, **__: object) -> Path:
            raise BusyError("excerpt: too many.")

        monkeypatch.setattr(excerpts, "excerpt", busy)
        assert client.get("/excerpt", params=asked).status_code == 429
        set_listeners(excerpts.home, LOCAL, "nobody")
        monkeypatch.undo()
        assert client.get("/excerpt", params=asked).status_code == 403
