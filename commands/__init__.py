"""The verbs of `filmscore`: which module of this room holds each. A module is imported when its verb is used.

Every module has `register(app)`, which adds its verbs to a Typer app.
"""

from __future__ import annotations

VERBS: dict[str, str] = {
    "ingest": "ingest",
    "analyse": "analyse",
    "recommend": "recommend",
    "sounds-like": "sounds_like",
    "profiles": "profiles",
    "validity": "validity",
    "train": "train",
    "evaluate": "evaluate",
    "demo": "demo",
    "export": "export",
    "backup": "backup",
    "restore": "backup",
    "doctor": "doctor",
    "api": "api",
    "api-token": "api",
    "imdb": "imdb",
    "metadata": "metadata",
    "spotify": "spotify",
    "mine": "mine",
    "models": "models",
    "roots": "roots",
    "serve": "serve",
    "forget-password": "serve",
    "worker": "worker",
}
"""Verb -> module, in the order of the help."""
