"""What of the API is closed to strangers, and which token opens it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from db.home import Home
from db.state.store import State
from errors import ParameterError
from service.api.gate import AREAS
from service.api.routes import create_app
from service.rights import access, api_tokens
from service.rights.api_tokens import SCOPES


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


CLOSED = {"/docs": "docs", "/openapi.json": "docs", "/metrics": "metrics", "/films": "answers", "/nowhere": "answers"}


@pytest.mark.forbidden("A stranger, and a token that does not reach so far, at what is closed", by_case=True)
@pytest.mark.parametrize("path", CLOSED)
def test_what_is_closed_needs_a_token(home: Home, path: str) -> None:
    token = access.new_api_token(home, access.LOCAL, "reader", "read")
    headers = {"Authorization": f"Bearer {token}"}
    opened = TestClient(create_app(home, closed={CLOSED[path]}))
    refused = opened.get(path)
    assert refused.status_code == 403 and "closed to strangers" in refused.json()["error"]
    assert opened.get(path, headers=headers).status_code != 403
    assert opened.get("/health").status_code != 403
    assert TestClient(create_app(home)).get(path).status_code != 403


@pytest.mark.forbidden("A token of a lesser scope submits a job or has a clip analysed")
def test_each_scope_reaches_as_far_as_the_lesser_ones(home: Home) -> None:
    opened = TestClient(create_app(home, closed=AREAS))
    ways: dict[str, Callable[[dict[str, str]], Response]] = {
        "read": lambda headers: opened.get("/metrics", headers=headers),
        "hear": lambda headers: opened.post("/sounds-like", headers=headers),
        "admin": lambda headers: opened.get("/jobs/1", headers=headers),
    }
    for held in SCOPES:
        token = access.new_api_token(home, access.LOCAL, held, held)
        headers = {"Authorization": f"Bearer {token}"}
        for wanted, way in ways.items():
            reaches = SCOPES.index(held) >= SCOPES.index(wanted)
            assert (way(headers).status_code != 403) == reaches, (held, wanted)
        assert access.api_actor(home, token).is_admin == (held == "admin")


@pytest.mark.forbidden("A token after its end")
def test_a_token_ends(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    token = access.new_api_token(home, access.LOCAL, "for a day", "admin", days=1)
    assert access.api_actor(home, token).is_admin
    today = api_tokens.now()
    monkeypatch.setattr(api_tokens, "now", lambda: today + timedelta(days=1, seconds=1))
    assert access.api_actor(home, token) == access.ANYBODY
    (kept,) = access.api_tokens(home, access.LOCAL).values()
    assert "ended" in api_tokens.said("for a day", kept, api_tokens.now())
    for scope, days in (("all", 1), ("admin", 0), ("admin", 10**9)):
        with pytest.raises(ParameterError):
            access.new_api_token(home, access.LOCAL, "another", scope, days)


def test_a_token_of_before_is_an_admin_s(home: Home) -> None:
    token = access.new_api_token(home, access.LOCAL, "old")
    (kept,) = access.api_tokens(home, access.LOCAL).values()
    with State.open(home) as state:
        state.set_setting("api_tokens", json.dumps({"old": kept.sha256}))
    assert access.api_actor(home, token).is_admin
