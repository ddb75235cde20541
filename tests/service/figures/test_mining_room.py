"""The table that is mined: what it is known by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from db.state.store import State
from service.figures.mining_room import Room
from service.library.publishing import publish
from service.questions.app_data import OpenCatalogue
from tests.views.catalogue import build


def test_what_was_computed_stays_until_something_that_is_mined_changes(tmp_path: Path) -> None:
    home = build(tmp_path)
    before = Room.of(OpenCatalogue.open(home), "founded")
    film_id = before.film_ids[0]
    with State.open(home) as state:
        state.update_film(film_id, votes=4321)
    publish(home)
    voted = Room.of(OpenCatalogue.open(home), "founded")
    assert voted.snapshot != before.snapshot and voted.content == before.content
    table = before.table.copy()
    table.loc[0, "Rating"] = 1.5
    others = (
        replace(before, table=table),
        replace(before, table=before.table.rename(columns={"Rating": "Other"})),
        replace(before, directors=before.directors.str.upper()),
    )
    assert len({before.content, *(other.content for other in others)}) == 4
