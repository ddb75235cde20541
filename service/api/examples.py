"""An example of each answer, which the OpenAPI description shows: answers of the demo catalogue, shortened
(`bench/api_examples.py` writes them)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

FILE = "api_examples.json"


@cache
def examples() -> dict[str, Any]:
    """ "get /films/{film_id}" -> the JSON of an answer."""
    found: dict[str, Any] = json.loads((files("service") / "data" / FILE).read_text(encoding="utf-8"))
    return found


def add_examples(app: FastAPI) -> None:
    """Let the description of `app` show the examples of its answers."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for path, verbs in described()["paths"].items():
                for verb, route in verbs.items():
                    content = route["responses"].get("200", {}).get("content", {})
                    if "application/json" in content and f"{verb} {path}" in examples():
                        content["application/json"]["example"] = examples()[f"{verb} {path}"]
        return described()

    app.openapi = openapi  # type: ignore[method-assign]
