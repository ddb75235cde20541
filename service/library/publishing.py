"""Publish the catalogue with the recommender's encoding."""

from __future__ import annotations

import time

from db.catalogue.publish import publish as publish_catalogue
from db.home import Home
from recommender.vectors import FilmEncoding
from service.library.ears import model_records
from service.logs import log_event


def publish(home: Home, *, full: bool = False) -> str:
    """Build a new snapshot from the parts and the state, and make it current. Returns the id of the snapshot that
    readers now open."""
    began = time.monotonic()
    snapshot = publish_catalogue(home, FilmEncoding(), full=full, models=model_records(home))
    log_event(home, "publish", snapshot=snapshot, stage="publish", seconds=time.monotonic() - began)
    return snapshot
