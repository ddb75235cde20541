"""Publish: what the catalogue joins, encoded as the recommender wants it."""

from __future__ import annotations

from db.home import Home
from db.publish import publish as publish_catalogue
from recommender.vectors import FilmEncoding
from service.ears import model_records


def publish(home: Home, *, full: bool = False) -> str:
    """Join parts and state into a new snapshot and swap it in; the id of the snapshot that readers now open."""
    return publish_catalogue(home, FilmEncoding(), full=full, models=model_records(home))
