"""Lists of films that readers keep: to watch, seen, own ones."""

from __future__ import annotations

import json
from collections.abc import Sequence

from db.clock import now
from db.state.ledger import Ledger


class ListsState(Ledger):
    """Lists, each of one owner and with a name, in the order in which their films were put in."""

    def lists_of(self, owner: str) -> dict[str, tuple[int, ...]]:
        """Name -> film_ids of all lists of an owner; ids of films that were deleted may be among them."""
        rows = self.rows("SELECT name, films FROM lists WHERE owner = ? ORDER BY name", (owner,))
        return {str(name): tuple(json.loads(films)) for name, films in rows}

    def save_list(self, owner: str, name: str, film_ids: Sequence[int]) -> None:
        """Store a list; one of the same owner and name is replaced."""
        values = (owner, name, json.dumps(list(film_ids)), now())
        self.write("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)", values)

    def replace_in_lists(self, film_id: int, instead: int) -> None:
        """Put a film in the place of another, in everybody's lists."""
        with self.transaction():
            for owner, name, films in self.rows("SELECT owner, name, films FROM lists"):
                kept = json.loads(films)
                if film_id in kept:
                    self.save_list(owner, name, list(dict.fromkeys(instead if one == film_id else one for one in kept)))

    def delete_list(self, owner: str, name: str) -> None:
        """Forget a list."""
        self.write("DELETE FROM lists WHERE owner = ? AND name = ?", (owner, name))
