"""Posters from the collection. Small copies are stored in the home, named by the hash of the film's media. Nothing is
downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import durable
from db.home import Home
from errors import MediaError
from film import Film
from media.confined import Confined
from media.posters import PICTURE_SUFFIXES

LARGEST_BYTES = 300_000
"""Largest copy that we write. A larger file was not written by filmscore."""
_JPEG = b"\xff\xd8\xff"


def poster_of(home: Home, film: Film) -> bytes | None:
    """The film's poster, a JPEG of at most 300 x 450 pixels, or None."""
    if not film.media_sha256:
        return None
    try:
        with _path(home, film).open("rb") as stream:
            drawn = stream.read(LARGEST_BYTES + 1)
    except OSError:
        return None
    return drawn if drawn.startswith(_JPEG) and len(drawn) <= LARGEST_BYTES else None


def keep_poster(home: Home, film: Film, pictures: Sequence[Path], child: Confined) -> tuple[str, ...]:
    """Store a small copy of the first of these files that is a picture, or a media file with a cover.

    Args:
        pictures: candidates, most likely first. Those that are older than the stored copy are not read again.
        child: the process that opens them.

    Returns:
        What cannot be used, one line each.
    """
    final, notes = _path(home, film), []
    kept_ns = final.stat().st_mtime_ns if final.exists() else 0
    for path in pictures:
        try:
            if kept_ns and max(path.stat().st_mtime_ns, path.stat().st_ctime_ns) < kept_ns:
                break
            drawn = child.poster(path)
        except (MediaError, OSError) as error:
            if path.suffix.lower() in PICTURE_SUFFIXES:  # else a medium that can be heard, but not opened for its cover
                notes.append(str(error))
            continue
        if drawn is None:
            continue
        with durable.whole(final, private=True) as temporary:
            temporary.write_bytes(drawn)
        break
    return tuple(notes)


def forget_poster(home: Home, film: Film) -> None:
    """Delete the copy of a film's poster."""
    if film.media_sha256:
        with suppress(OSError):
            _path(home, film).unlink()


def _path(home: Home, film: Film) -> Path:
    return home.posters / film.media_sha256[:2] / f"{film.media_sha256}.jpg"
