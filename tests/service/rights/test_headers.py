"""Every answer tells a browser what it may do with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from db.home import Home
from service.api.routes import create_app
from service.rights.headers import API, API_DOCS, EVERYWHERE, SecurityHeaders
from service.rights.hosts import Hosts


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/jobs/1", "/docs"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_answer_of_the_api_has_them(tmp_path: Path, path: str, scheme: str) -> None:
    served = SecurityHeaders(Hosts(create_app(Home.at(tmp_path)), ()), API, {"/docs": API_DOCS})
    answer = TestClient(served, base_url=f"{scheme}://localhost").get(path)
    assert EVERYWHERE.items() <= dict(answer.headers).items()
    assert answer.headers["content-security-policy"] == (API_DOCS if path == "/docs" else API)
    assert ("strict-transport-security" in answer.headers) == (scheme == "https")
    assert "access-control-allow-origin" not in answer.headers, "CORS is off"
    refused = TestClient(served, base_url=f"{scheme}://evil.example").get(path)
    assert refused.status_code == 403 and EVERYWHERE.items() <= dict(refused.headers).items()
    assert "--allowed-host" in refused.json()["error"]
