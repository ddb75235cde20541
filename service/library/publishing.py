"""Publish the catalogue with the recommender's encoding."""

from __future__ import annotations

import time
from contextlib import suppress

from db.catalogue.manifest import current_manifest
from db.catalogue.publish import publish as publish_catalogue
from db.catalogue.text_vectors import TextVectors
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from recommender.vectors import FilmEncoding
from service.library.ears import model_records
from service.logs import log_event
from service.questions.mapping import refresh_maps


def publish(home: Home, *, full: bool = False) -> str:
    """Build a new snapshot from the parts and the state, and make it current. Returns the id of the snapshot that
    readers now open."""
    began = time.monotonic()
    encoding = FilmEncoding(TextVectors(home))
    encoding.plots.read(_new_plots(home, full))  # before the lock: others may write while many plots are read
    before = _last(home)
    snapshot = publish_catalogue(home, encoding, full=full, models=model_records(home))
    refresh_maps(home, before)
    log_event(home, "publish", snapshot=snapshot, stage="publish", seconds=time.monotonic() - began)
    return snapshot


def _last(home: Home) -> str:
    """The id of the current snapshot; "" if there is none."""
    with suppress(CatalogueError):
        return current_manifest(home).snapshot
    return ""


def _new_plots(home: Home, full: bool) -> list[str]:
    """Plots of films that changed since the last snapshot; of all films where that is not built upon."""
    with State.open(home) as state:
        since = -1
        with suppress(CatalogueError):
            last = current_manifest(home)
            if not full and (last.state_id, last.feature_version) == (state.meta("state_id"), FilmEncoding.version):
                since = last.revision
        return state.plots(since)
