"""Write a typed Python client of the HTTP API from its OpenAPI description: `python -m service.api.client_text FILE`.

The client is one module that needs only the standard library: a TypedDict for each document, a method for each route.
"""

from __future__ import annotations

import keyword
import sys
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

_HEAD = '''"""A client of filmscore's HTTP API. `python -m service.api.client_text` writes it from the description.

`Client("http://127.0.0.1:8502").films(query="Vertigo")["films"]` are the films of that title.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Send = Callable[[str, str, Mapping[str, str], bytes | None], tuple[int, bytes]]
"""Method, address, headers and body -> status and body."""


class RefusedError(Exception):
    """The API refused a request; the text says why."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def send(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
    """Send a request with urllib."""
    try:
        with urlopen(Request(address, body, dict(headers), method=method)) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()

'''

_CLIENT = '''
class Client:
    """The routes of the API."""

    def __init__(self, address: str, token: str = "", send: Send = send) -> None:
        """
        Args:
            address: of the API, without the path of a route.
            token: `filmscore api-token create` makes one; some routes need it.
            send: sends requests.
        """
        self._address, self._send = address.rstrip("/"), send
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def _ask(
        self, method: str, path: str, query: Mapping[str, object], kind: str = "", body: bytes | None = None
    ) -> bytes:
        named = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in query.items()
            if value is not None
        }
        asked = f"?{urlencode(named, doseq=True)}" if named else ""
        headers = self._headers | ({"content-type": kind} if kind else {})
        status, answer = self._send(method, f"{self._address}{path}{asked}", headers, body)
        if status >= 400:
            try:
                said = str(json.loads(answer)["error"])
            except (ValueError, KeyError, TypeError):
                said = answer[:200].decode("utf-8", "replace")
            raise RefusedError(status, said)
        return answer
'''


def client_text(description: Schema) -> str:
    """The client's source for an OpenAPI description."""
    schemas = description["components"]["schemas"]
    names = [name for name in sorted(schemas) if schemas[name].get("type") == "object" and name[:5] != "Body_"]
    # A call, unlike a class, evaluates its types immediately, so calls come last.
    documents = [
        _document(name, schemas[name]) for name in sorted(names, key=lambda name: not _is_class(schemas[name]))
    ]
    methods = [
        _method(path, verb, route)
        for path, verbs in description["paths"].items()
        for verb, route in verbs.items()
        if verb in ("get", "post")
    ]
    return _HEAD + "\n".join(documents) + "\n" + _CLIENT + "".join(methods)


def type_of(schema: Schema) -> str:
    """A schema as a Python type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(repr(one) for one in schema.get('enum', [schema.get('const')]))}]"
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(one) for one in schema["anyOf"]))
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema['items'])}]"
    if kind == "object":
        further = schema.get("additionalProperties")
        return f"dict[str, {type_of(further) if isinstance(further, dict) and further else 'Any'}]"
    return _SIMPLE.get(str(kind), "Any")


def _is_class(schema: Schema) -> bool:
    """Whether all field names are valid Python names."""
    return all(name.isidentifier() and not keyword.iskeyword(name) for name in schema.get("properties", {}))


def _document(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    fields = {
        field: type_of(of) if field in required else f"NotRequired[{type_of(of)}]"
        for field, of in schema.get("properties", {}).items()
    }
    if not _is_class(schema):
        lines = "".join(f'        "{field}": {kind},\n' for field, kind in fields.items())
        return f'\n{name} = TypedDict(\n    "{name}",\n    {{\n{lines}    }},\n)\n'
    said = f'    """{" ".join(schema["description"].split())}"""\n\n' if schema.get("description") else ""
    lines = "".join(f"    {field}: {kind}\n" for field, kind in fields.items())
    return f"\nclass {name}(TypedDict):\n{said}{lines or '    pass'}"


def _method(path: str, verb: str, route: Schema) -> str:
    parameters = route.get("parameters", [])
    in_path = [one for one in parameters if one["in"] == "path"]
    in_query = [one for one in parameters if one["in"] == "query"]
    takes = [f"{one['name']}: {type_of(one['schema'])}" for one in in_path]
    content = route.get("requestBody", {}).get("content", {})
    sent = ""
    if "application/json" in content:
        takes.append(f"body: {type_of(content['application/json']['schema'])}")
        sent = ', "application/json", json.dumps(body).encode()'
    before = ""
    if "multipart/form-data" in content:
        takes += ["clip: bytes", 'filename: str = "clip"']
        before = _MULTIPART
        sent = ', f"multipart/form-data; boundary={edge}", body'
    if in_query:
        takes.append("*")
    for one in in_query:
        kind = type_of(one["schema"])
        takes.append(f"{one['name']}: {kind}" if one.get("required") else f"{one['name']}: {_or_none(kind)} = None")
    asked = "{" + ", ".join(f'"{one["name"]}": {one["name"]}' for one in in_query) + "}"
    address = path
    for one in in_path:
        address = address.replace("{" + one["name"] + "}", "{quote(str(" + one["name"] + "), safe='')}")
    answers: list[Schema] = [of for status, of in route["responses"].items() if status.startswith("2")]
    answer: Schema = answers[0].get("content", {}) if answers else {}
    schema = answer.get("application/json", {}).get("schema")
    gives = type_of(schema) if schema else "bytes"
    call = f'self._ask("{verb.upper()}", {"f" * ("{" in address)}"{address}", {asked}{sent})'
    result = call if gives == "bytes" else f'cast("{gives}", json.loads({call}))'
    said = " ".join(str(route.get("description") or route.get("summary") or "").split())
    return (
        f"\n    def {route['operationId']}(self, {', '.join(takes)}) -> {gives}:\n".replace("(self, )", "(self)")
        + f'        """{said}"""\n{before}        return {result}\n'
    )


def _or_none(kind: str) -> str:
    return kind if kind.endswith("None") else f"{kind} | None"


_MULTIPART = """        edge = secrets.token_hex(16)
        name = filename.translate({10: None, 13: None, 34: "_"})
        head = f'--{edge}\\r\\ncontent-disposition: form-data; name="clip"; filename="{name}"\\r\\n\\r\\n'
        body = head.encode() + clip + f"\\r\\n--{edge}--\\r\\n".encode()
"""


def main() -> None:
    """Write the client for this version to a file."""
    from tempfile import TemporaryDirectory

    from db.home import Home
    from service.api.routes import create_app

    with TemporaryDirectory() as folder:
        text = client_text(create_app(Home.at(Path(folder))).openapi())
    Path(sys.argv[1]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
