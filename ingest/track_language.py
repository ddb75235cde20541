"""Which audio track is heard, by its language: the one that was asked for, else the film's original language."""

from __future__ import annotations

from collections.abc import Sequence

from errors import ParameterError
from ingest.languages import language_code
from media.tracks import Choice


def track_in(choice: Choice, languages: Sequence[str]) -> int:
    """The number of the first track in one of these languages, the first language that there is; else the chosen one.

    A commentary, an audio description or a track without a decoder is never taken for its language, and of several
    tracks in a language the container's default counts most.

    Args:
        choice: what a file has, and what would be heard without a language.
        languages: as metadata, containers or people write them, the most wanted first.
    """
    heard = [track for track in choice.tracks if track.codec and not track.purpose]
    for language in languages:
        fitting = [track for track in heard if _same(track.language, language)]
        if fitting:
            return min(fitting, key=lambda track: (track.number != choice.track, not track.default)).number
    return choice.track


def known_language(text: str) -> str:
    """The code of a language that somebody asks for.

    Raises:
        ParameterError: we know no language of this name.
    """
    code = language_code(text)
    if not code:
        raise ParameterError(f"{text}: not a language that filmscore knows. Write it as en, eng or English.")
    return code


def speaks(track_language: str, language: str) -> bool:
    """Whether a track's language is the given one, however both are written."""
    return _same(track_language, language)


def _same(one: str, other: str) -> bool:
    written = one.strip().casefold(), other.strip().casefold()
    codes = language_code(one), language_code(other)
    return bool(written[0]) and (codes[0] == codes[1] != "" or written[0] == written[1])
