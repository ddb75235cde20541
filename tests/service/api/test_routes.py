from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import Film
from recommender import Question, Recommender
from service.api import documents, routes
from service.library.publishing import publish
from service.questions.asking import answer_document
from service.rights import access
from service.rights.upload_limits import MB
from tests.service.heard_home import ToneEar, make_home, tone, write_wav


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def client(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(routes, "ear_of", lambda version: ToneEar())
    with TestClient(routes.create_app(home, max_body_bytes=MB)) as opened:
        yield opened


def test_health_names_the_snapshot(client: TestClient) -> None:
    body = client.get("/health").json()
    assert body["status"] == "ok" and body["films"] == 6


def test_a_home_without_films_is_healthy_and_a_damaged_one_is_not(home: Home, tmp_path: Path) -> None:
    with TestClient(routes.create_app(Home.at(tmp_path / "new"))) as client:
        empty = client.get("/health")
        assert (empty.status_code, empty.json()["status"], empty.json()["films"]) == (200, "no catalogue yet", 0)
        assert client.get("/films").status_code == 503
    for path in home.snapshots.rglob("*.duckdb"):
        path.write_bytes(b"damaged")
    with TestClient(routes.create_app(home)) as client:
        assert client.get("/health").status_code == 503


def test_films_are_found_and_hide_where_they_lie(client: TestClient) -> None:
    found = client.get("/films", params={"query": "quiet"}).json()["films"]
    assert [film["title"] for film in found][:2] == ["The Quiet Sea", "The Quiet Sea"]
    assert "media_path" not in found[0]
    assert len(client.get("/films", params={"limit": 4, "offset": 4}).json()["films"]) == 2
    assert client.get("/films/3").json()["year"] == 1958
    missing = client.get("/films/99")
    assert missing.status_code == 404 and "99" in missing.json()["error"]
    assert client.get("/films/99999999999999999999").status_code == 422
    assert client.get("/films", params={"query": "quiet", "offset": 10**30}).status_code == 422


def test_the_api_answers_as_the_recommender_does(client: TestClient, home: Home) -> None:
    body = client.post("/recommend", json={"likes": ["Red Harbour", 3], "music": 0.7}).json()
    with Snapshot.open(home) as snapshot:
        assert body == answer_document(Recommender(snapshot).recommend(Question(likes=(4, 3), music=0.7)))


def test_films_like_one_film(client: TestClient) -> None:
    similar = client.get("/films/4/similar", params={"n": 3}).json()
    asked = client.post("/recommend", json={"likes": [4], "n": 3, "variety": 0, "for": "like"}).json()
    assert similar == asked and similar["for"] == "like" and len(similar["results"]) == 3
    assert client.post("/recommend", json={"likes": [4], "n": 3, "for": "taste"}).json()["for"] == "taste"
    assert client.post("/recommend", json={"likes": [4], "for": "me"}).status_code == 422
    assert client.get("/films/99/similar").status_code == 404
    assert client.get("/films/4/similar", params={"music": "nan"}).status_code == 422


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ({"likes": ["Nowhere"]}, 400),
        ({"likes": ["The Quiet Sea"]}, 400),
        ({"likes": ["Red Harbour"], "dislikes": [4]}, 400),
        ({"music": 2}, 422),
        ({"n": 100000}, 422),
        ({"unknown": 1}, 422),
        ({"likes": ["x" * 1000]}, 422),
        ({"likes": [True]}, 422),
        ({"likes": [10**20]}, 422),
        ({"likes": [" "]}, 400),
        ({"year_from": 10**20}, 422),
    ],
)
def test_wrong_questions_are_refused(client: TestClient, question: dict[str, object], status: int) -> None:
    assert client.post("/recommend", json=question).status_code == status


def test_nan_is_refused_in_words(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    refused = client.post("/recommend", content='{"likes": [3], "music": NaN}', headers=headers)
    assert refused.status_code == 422 and refused.json()["detail"][0]["loc"] == ["body", "music"]


def test_the_openapi_description_says_what_is_answered(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    for method, path in (("get", "/films"), ("post", "/recommend"), ("post", "/sounds-like"), ("get", "/health")):
        answer = described["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        assert "$ref" in answer, path
    shares = described["components"]["schemas"]["ReasonDocument"]["properties"]
    assert set(shares) == {"block", "share", "words"}


def test_every_answer_has_an_example_that_fits_its_description(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    answers = [route["responses"].get("200", {}) for verbs in described.values() for route in verbs.values()]
    shown = [one["content"]["application/json"] for one in answers if "application/json" in one.get("content", {})]
    named = [(one["schema"]["$ref"].rpartition("/")[2], one) for one in shown if "$ref" in one.get("schema", {})]
    assert len(named) >= 15
    for name, one in named:
        getattr(documents, name).model_validate(one["example"])


def test_a_clip_is_heard_and_not_kept(client: TestClient, home: Home, tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "clip.wav", tone(3000, 12))
    body = client.post("/sounds-like", params={"n": 2}, files={"clip": ("../../x.wav", clip.read_bytes())}).json()
    assert body["films"][0]["film_id"] in (2, 3) and len(body["scenes"]) == 2
    assert [(run["start_s"], run["end_s"]) for run in body["heard"]] == [(0, 12)]
    assert all(path.suffix == ".lock" and not path.stat().st_size for path in home.scratch.iterdir())
    refused = client.post("/sounds-like", files={"clip": ("my song.wav", b"no sound at all")})
    assert refused.status_code == 422 and "my song.wav" in refused.text


def test_too_large_an_upload_is_refused(client: TestClient) -> None:
    large = b"0" * 1_100_000
    assert client.post("/sounds-like", files={"clip": ("x.wav", large)}).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield from (b"0" * 100_000 for _ in range(12))

    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert client.post("/sounds-like", content=chunks(), headers=headers).status_code == 413


def test_a_new_snapshot_is_read_at_once(client: TestClient, home: Home) -> None:
    assert client.get("/health").json()["films"] == 6
    with State.open(home) as state:
        state.add_film(Film("A Minute Ago", directors=("Ida Holm",), year=1960, genres=("Drama",), rating=9.0))
    publish(home)
    assert client.get("/health").json()["films"] == 7
    titles = [film["title"] for film in client.post("/recommend", json={"likes": [1]}).json()["results"]]
    assert "A Minute Ago" in titles, "a film of a minute ago is recommended"


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) >= {"/health", "/films", "/recommend", "/sounds-like"}


@pytest.mark.forbidden("POST /jobs without a token, with a guessed and with a revoked one")
def test_jobs_need_a_token(client: TestClient, home: Home) -> None:
    wanted = {"kind": "backup", "arguments": {}}
    token = access.new_api_token(home, access.LOCAL, "media server")
    for authorization in ("", "Bearer ", "Bearer guessed", f"Basic {token}", token, f"Bearer {token}x"):
        refused = client.post("/jobs", json=wanted, headers={"Authorization": authorization})
        assert refused.status_code == 403 and "only an admin" in refused.json()["error"]
        assert client.get("/jobs/1", headers={"Authorization": authorization}).status_code == 403
    headers = {"Authorization": f"Bearer {token}"}
    handed_in = client.post("/jobs", json=wanted, headers=headers)
    assert handed_in.status_code == 202
    job = client.get(f"/jobs/{handed_in.json()['job_id']}", headers=headers).json()
    assert (job["kind"], job["status"]) == ("backup", "queued")
    outside = {"kind": "ingest", "arguments": {"paths": ["/etc"]}}
    assert client.post("/jobs", json=outside, headers=headers).status_code == 403
    assert client.post("/jobs", json={"kind": "format the disk"}, headers=headers).status_code == 400
    access.revoke_api_token(home, access.LOCAL, "media server")
    assert client.post("/jobs", json=wanted, headers=headers).status_code == 403
    log = (home.root / "logs" / "filmscore.jsonl").read_text(encoding="utf-8")
    assert log.count('"event": "refused"') == 14 and token not in log


@pytest.mark.parametrize(
    ("kind", "arguments", "named"),
    [
        ("train", {"seed": "x"}, "seed"),
        ("train", {"seed": None}, "seed"),
        ("train", {"seed": True}, "seed"),
        ("train", {"seed": 10**30}, "seed"),
        ("train", {"seed": -1}, "seed"),
        ("train", {"manifest": None}, "manifest"),
        ("train", {"manifest": ""}, "manifest"),
        ("train", {"model": "\ud800"}, "cannot be trained here"),
        ("reanalyse", {"film_ids": [10**30]}, "no film 1000000000000000000000000000000"),
        ("reanalyse", {"film_ids": [1, 99]}, "no film 99"),
        ("reanalyse", {"film_ids": [True]}, "film_ids"),
        ("reanalyse", {"film_ids": 1}, "film_ids"),
        ("reanalyse", {"film_ids": []}, "film_ids"),
        ("ingest", {"paths": [7]}, "paths"),
        ("ingest", {"paths": [""]}, "paths"),
        ("ingest", {"collection": None}, "collection"),
        ("imdb_load", {"path": 7}, "path"),
        ("restore", {"name": None}, "no such backup"),
        ("backup", {"x": 1}, "no argument x"),
    ],
)
def test_wrong_jobs_are_refused_in_a_sentence(
    client: TestClient, home: Home, kind: str, arguments: dict[str, object], named: str
) -> None:
    (home.root / "uploads").mkdir()
    (home.root / "uploads" / "manifest.csv").touch()
    right = {"model": "energy", "manifest": str(home.root / "uploads" / "manifest.csv")} if kind == "train" else {}
    headers = {"Authorization": f"Bearer {access.new_api_token(home, access.LOCAL, 'media server')}"}
    # Written in ASCII, for half a surrogate is no UTF-8 but can be sent.
    asked = json.dumps({"kind": kind, "arguments": right | arguments})
    refused = client.post("/jobs", content=asked, headers=headers | {"content-type": "application/json"})
    assert refused.status_code == 400 and named in refused.json()["error"]
    with State.open(home) as state:
        assert state.jobs() == []


def test_a_job_number_beyond_all_numbers_is_refused(client: TestClient, home: Home) -> None:
    headers = {"Authorization": f"Bearer {access.new_api_token(home, access.LOCAL, 'media server')}"}
    for number in ("9" * 23, "0", "-1", "x"):
        assert client.get(f"/jobs/{number}", headers=headers).status_code == 422
