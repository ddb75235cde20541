"""filmscore at a terminal: the verbs of docs/design.md, one module of `commands` each."""

from __future__ import annotations

import sys

import click
import typer

from commands import REGISTERED
from errors import FilmscoreError

app = typer.Typer(
    name="filmscore",
    help="A film recommender that listens to the music.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for register in REGISTERED:
    register(app)


def main() -> None:
    """Run a command; an expected error is one line on stderr and the exit code of its class."""
    try:
        result = app(standalone_mode=False)
    except FilmscoreError as error:
        print(f"filmscore: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        print("filmscore: stopped", file=sys.stderr)
        sys.exit(130)
    sys.exit(result if isinstance(result, int) else 0)


if __name__ == "__main__":
    main()
