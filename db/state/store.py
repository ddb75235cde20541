"""state.sqlite: all data that people and several processes change. `State` joins its parts."""

from __future__ import annotations

from db.state.films import Correction, Decision, FilmsState, Media
from db.state.lists import ListsState
from db.state.people import AuditEntry, Job, PeopleState, WholeJob

__all__ = ["AuditEntry", "Correction", "Decision", "Job", "Media", "State", "WholeJob"]


class State(FilmsState, PeopleState, ListsState):
    """The state of a home: `with State.open(home) as state: ...`. Threads may share it."""
