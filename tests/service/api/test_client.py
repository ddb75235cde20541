"""The typed client agrees with the API's description and sends the right requests."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api import routes
from service.api.client_text import client_text, type_of
from tests.service.heard_home import ToneEar, make_home, tone, write_wav

CLIENT = Path(__file__).parents[3] / "docs" / "filmscore_client.py"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(routes, "ear_of", lambda version: ToneEar())
        with TestClient(routes.create_app(make_home(tmp_path_factory.mktemp("client") / "home"))) as opened:
            yield opened


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("filmscore_client", CLIENT)
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def client(api: TestClient, module: ModuleType) -> Any:
    def send(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        answer = api.request(method, address, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    return module.Client("http://testserver", send=send)


def test_the_client_in_docs_is_the_one_that_the_description_gives(api: TestClient) -> None:
    described = client_text(api.get("/openapi.json").json())
    same = ast.dump(ast.parse(described)) == ast.dump(ast.parse(CLIENT.read_text("utf-8")))
    assert same, "python -m service.api.client_text docs/filmscore_client.py, then ruff format"


def test_every_route_has_a_method(api: TestClient, module: ModuleType) -> None:
    described = api.get("/openapi.json").json()["paths"].values()
    names = {route["operationId"] for verbs in described for route in verbs.values()}
    assert names and all(callable(getattr(module.Client, name)) for name in names)


def test_the_api_answers_the_client(client: Any, tmp_path: Path) -> None:
    assert client.health()["status"] == "ok"
    found = client.films(query="red harbor", limit=1)
    assert found["films"][0]["title"] == "Red Harbour"
    assert client.films(with_music=True)["total"] == 4
    assert client.runs(1)["runs"][0]["genre"]
    assert client.recommend({"likes": ["Red Harbour"], "for": "like", "n": 2})["for"] == "like"
    assert client.drawing(1, "svg").startswith(b"<svg")
    steered = client.similar_scenes(1, 0, n=2, more=["energy", "valence"])
    assert len(steered["scenes"]) == 2 and "effects" in steered
    clip = write_wav(tmp_path / "clip.wav", tone(300, 12)).read_bytes()
    assert client.like_a_clip(clip, 'a "clip"\r\n.wav', n=1)["scenes"]


def test_a_refusal_is_an_error_with_its_line(client: Any, module: ModuleType) -> None:
    with pytest.raises(module.RefusedError, match="99") as refused:
        client.film(99)
    assert refused.value.status == 404
    with pytest.raises(module.RefusedError, match="likes"):
        client.recommend({"likes": 3})
    with pytest.raises(module.RefusedError) as refused:
        client.profile_document("a/../b name")
    assert refused.value.status in (403, 404)


def test_schemas_are_types() -> None:
    assert type_of({"anyOf": [{"type": "integer"}, {"type": "null"}]}) == "int | None"
    assert type_of({"type": "array", "items": {"$ref": "#/components/schemas/Film"}}) == "list[Film]"
    assert type_of({"type": "object", "additionalProperties": {"type": "number"}}) == "dict[str, float]"
    assert type_of({"enum": ["a", "b"], "type": "string"}) == "Literal['a', 'b']"
    assert type_of({}) == "Any"
