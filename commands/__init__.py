"""One module a verb (or family of verbs); each has `register(app)`. Listed here in the order of the help."""

from __future__ import annotations

from collections.abc import Callable

import typer

REGISTERED: tuple[Callable[[typer.Typer], None], ...] = ()
