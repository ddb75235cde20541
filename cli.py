"""The command line: the verbs of docs/design.md, one module of `commands` each."""

from __future__ import annotations

import errno
import gc
import importlib
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from commands import VERBS
from errors import CatalogueError, FilmscoreError

_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""Faults of the machine that any verb may meet: a full disk, a home that can only be read."""


class Verbs(TyperGroup):
    """Imports a verb's module when the verb is used: `--help` imports none, `recommend` does not wait for the ears."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    _lists_verbs = False

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._lists_verbs = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._lists_verbs = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS:
            return None
        if self._lists_verbs:
            return TyperCommand(cmd_name, help=VERBS[cmd_name].help)
        verbs = typer.Typer()
        verbs.callback()(lambda: None)  # without it, an app of one verb is that verb
        importlib.import_module(f"commands.{VERBS[cmd_name].module}").register(verbs)
        group = typer.main.get_command(verbs)
        assert isinstance(group, TyperGroup)
        return group.commands[cmd_name]


app = typer.Typer(
    name="filmscore",
    cls=Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def filmscore() -> None:
    """A film recommender that listens to the music.

    To look around: `filmscore demo`, then `filmscore serve`. With your own films: `filmscore ingest FOLDER`.
    """
    from db.secret_files import hide_secrets

    hide_secrets()


def main() -> None:
    """Run a command; an expected error is one line on stderr and the exit code of its class."""
    # Modules and a catalogue's titles live until exit: scanning them for garbage costs a tenth of the
    # time to the first answer.
    gc.set_threshold(100_000, 20, 50)
    try:
        app()
    except OSError as error:
        if error.errno not in _OF_THE_DISK:
            raise
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"filmscore: {where}{error.strerror}. Free some space or correct the rights there, then try again.",
            file=sys.stderr,
        )
        sys.exit(CatalogueError.exit_code)
    except FilmscoreError as error:
        from commands.common import option_words

        print(f"filmscore: {option_words(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
