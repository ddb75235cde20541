"""The API does what its description says: odd and ordinary requests, made from the description itself."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from jsonschema import Draft202012Validator

from db.home import Home
from service.api import routes
from service.rights import access
from tests.service.heard_home import ToneEar, make_home

CALLS = 300
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 0.5, 3.0, 1e308, -1e308, 2**31, 10**30, "", "0", "1", "true", "yes", "nan", "\0"),
    *("\ud800", "é" * 600, "(((", "'; DROP TABLE films; --", "../../etc/passwd", [], {}, [[]], [None], [{}], {"a": 1}),
    *([1] * 600, {"likes": [1]}, {"": ""}, "like", "taste", "Red Harbour"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("agreement") / "home")


@pytest.fixture(scope="module")
def client(home: Home) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(routes, "ear_of", lambda version: ToneEar())
        with TestClient(routes.create_app(home), raise_server_exceptions=False) as opened:
            yield opened


class Described:
    """The API's description: what it takes and answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.components = document["components"]
        self.routes = [
            (method, path, route) for path, methods in document["paths"].items() for method, route in methods.items()
        ]

    def fits(self, value: object, schema: dict[str, Any]) -> bool:
        whole = {**schema, "components": self.components}
        return Draft202012Validator(whole).is_valid(value)

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        named: dict[str, Any] = schema
        if "$ref" in schema:
            named = self.components["schemas"][schema["$ref"].rpartition("/")[2]]
        return named

    def value(self, schema: dict[str, Any], chance: random.Random) -> Any:
        """Something that mostly fits a schema."""
        schema = self.resolved(schema)
        if chance.random() < 0.1:
            return chance.choice(ODD)
        if "const" in schema or "enum" in schema:
            return chance.choice(schema.get("enum") or [schema["const"]])
        if "anyOf" in schema:
            return self.value(chance.choice(schema["anyOf"]), chance)
        low, high = schema.get("minimum", -5), min(schema.get("maximum", 30), 30)
        kind = schema.get("type")
        if kind == "object":
            names = [name for name in schema.get("properties", {}) if chance.random() < 0.3]
            names += [name for name in schema.get("required", ()) if name not in names and chance.random() < 0.95]
            made = {name: self.value(schema["properties"][name], chance) for name in names}
            return made if chance.random() < 0.95 else made | {"unknown": 1}
        if kind == "array":
            return [self.value(schema["items"], chance) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
        simple = {
            "integer": chance.randint(low, max(low, high)),
            "number": chance.uniform(low, max(low, high)),
            "boolean": chance.random() < 0.5,
            "null": None,
            "string": chance.choice(("Red Harbour", "quiet", "Drama", "tt0000001", "The Quiet Sea (1955)", "")),
        }
        return simple.get(str(kind), chance.choice(ODD))


def said(value: object) -> str:
    """A value as an address has it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()


def call(client: TestClient, described: Described, route: Any, chance: random.Random, token: str) -> tuple[Any, ...]:
    """Make one request: whether its body fits the description, and the answer."""
    method, path, about = route
    query = {}
    for parameter in about.get("parameters", ()):
        value = described.value(parameter["schema"], chance)
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(said(value), safe="") or "0")
        elif chance.random() < 0.5:
            query[parameter["name"]] = said(value)
    headers = chance.choice(({}, {"Authorization": f"Bearer {token}"}, {"Authorization": "Bearer guessed"}))
    kinds = about.get("requestBody", {}).get("content", {})
    fits = True
    sent: dict[str, Any] = {}
    if "application/json" in kinds:
        schema = kinds["application/json"]["schema"]
        body = described.value(schema, chance)
        content = json.dumps(body)
        fits = described.fits(json.loads(content), schema)
        if chance.random() < 0.1:
            content, fits = chance.choice((content[:-1], "\xff", "", "NaN", '{"likes": [NaN]}', "[" * 500)), False
        sent = {"content": content.encode("latin-1"), "headers": headers | {"content-type": "application/json"}}
    elif kinds:
        clip = chance.choice((b"", b"not a clip", b"RIFF\x24\x00\x00\x00WAVEfmt "))
        sent = {"headers": headers, "files": {chance.choice(("clip", "clip", "other")): ("clip.wav", clip)}}
    else:
        sent = {"headers": headers}
    return fits, client.request(method, path, params=query, **sent)


def faults(described: Described, route: Any, fits: bool, answer: Response) -> Iterator[str]:
    """What of an answer is not as described."""
    _, _, about = route
    status = str(answer.status_code)
    if status not in about["responses"]:
        yield f"{status} is not described"
        return
    if status.startswith("2") and not fits:
        yield "a body that does not fit was taken"
    content = about["responses"][status].get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if status.startswith("2") and kind != "application/json":
        if kind not in content:
            yield f"{kind} is not described"
        return
    schema = content.get("application/json", {}).get("schema", {})
    if not described.fits(answer.json(), schema):
        yield f"the answer to {status} is not as described: {answer.text[:200]}"
    if not status.startswith("2") and not isinstance(answer.json().get("error"), str):
        yield f"{status} without an error"


@pytest.mark.forbidden("A question whose numbers are texts", by_case=True)
@pytest.mark.parametrize(
    "body", [{"variety": "1"}, {"n": "10"}, {"music": True}, {"year_from": "1950"}, {"likes": "x"}]
)
def test_a_value_of_another_type_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/recommend", json=body).status_code == 422


@pytest.mark.fault("Odd requests of every kind to every route of the API")
def test_the_api_does_what_its_description_says(client: TestClient, home: Home) -> None:
    described = Described(client.get("/openapi.json").json())
    token = access.new_api_token(home, access.LOCAL, "described")
    chance = random.Random(16)
    statuses: Counter[int] = Counter()
    found: dict[str, str] = {}
    for number in range(CALLS):
        with_json = [route for route in described.routes if route[1] == "/recommend"]
        route = chance.choice(with_json if number % 2 else described.routes)
        fits, answer = call(client, described, route, chance, token)
        statuses[answer.status_code] += 1
        for fault in faults(described, route, fits, answer):
            request = answer.request
            found.setdefault(f"{route[0]} {route[1]}: {fault}", f"{request.url} {request.read()[:300]!r}")
    assert found == {}
    assert {200, 403, 404, 422} <= set(statuses), "it reaches what it is about"
