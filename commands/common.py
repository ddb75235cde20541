"""Options and output that all commands share: the home, and printing JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from errors import ParameterError

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        envvar="FILMSCORE_HOME",
        help="Folder of all data (default ~/.filmscore).",
        file_okay=False,
    ),
]
ArchitectureOption = Annotated[
    Literal["default", "thesis"],
    typer.Option("--architecture", help="The models that listen: filmscore's own, or the thesis's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]

console = Console(stderr=True)
"""Logs and progress: stderr, so that stdout holds only the answer."""

output = Console()
"""Tables for people."""


def asked_languages(audio_track: int | None, audio_language: str | None) -> tuple[str, ...]:
    """The language that `--audio-language` asks for.

    Raises:
        ParameterError: it is none, or a track is asked for as well.
    """
    if audio_language is None:
        return ()
    if audio_track is not None:
        raise ParameterError("--audio-track, --audio-language: given together. Choose one.")
    from ingest.track_language import known_language

    return (known_language(audio_language),)


def emit(document: Any) -> None:
    """Print one JSON document on stdout, in UTF-8 whatever the locale; what is no character becomes "?"."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def clock(second: int) -> str:
    """A time of a film: 0:04:10."""
    return f"{second // 3600}:{second // 60 % 60:02}:{second % 60:02}"


def option_words(message: str) -> str:
    """A message about a question with its fields written as options of the command line."""
    if "`" not in message:  # nothing to spell: the recommender need not be imported
        return message
    from recommender.question import spelled

    return spelled(message, lambda field: f"--{field.replace('_', '-')}" if len(field) > 1 else f"-{field}")
