"""state.sqlite: all data that people and several processes change. `State` joins its parts."""

from __future__ import annotations

from db.state.films import Correction, Decision
from db.state.lists import ListsState
from db.state.media import Media, MediaState
from db.state.people import AuditEntry, Job, PeopleState, WholeJob

__all__ = ["AuditEntry", "Correction", "Decision", "Job", "Media", "State", "WholeJob"]


class State(MediaState, PeopleState, ListsState):
    """The state of a home: `with State.open(home) as state: ...`. Threads may share it."""
