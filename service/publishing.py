"""Publish: what the catalogue joins, encoded as the recommender wants it."""

from __future__ import annotations

from db import publish as catalogue
from db.home import Home
from recommender.vectors import FilmEncoding


def publish(home: Home, *, full: bool = False) -> str:
    """Join parts and state into a new snapshot and swap it in; the id of the snapshot that readers now open."""
    return catalogue.publish(home, FilmEncoding(), full=full)
