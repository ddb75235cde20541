"""Posters from the collection: small copies lie in the home, named by the hash of the film's media. None is fetched."""

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
"""Of a copy as we draw it; what is larger is not ours."""
_JPEG = b"\xff\xd8\xff"


def poster_of(home: Home, film: Film) -> bytes | None:
    """The film's poster, a JPEG of at most 300 x 450 pixels; None where there is none."""
    if not film.media_sha256:
        return None
    try:
        with _path(home, film).open("rb") as stream:
            drawn = stream.read(LARGEST_BYTES + 1)
    except OSError:
        return None
    return drawn if drawn.startswith(_JPEG) and len(drawn) <= LARGEST_BYTES else None


def keep_poster(home: Home, film: Film, pictures: Sequence[Path], child: Confined) -> tuple[str, ...]:
    """Keep a small copy of the first of these that is a picture, or a media file with a cover.

    Args:
        pictures: the likeliest first; those that are older than the copy that is kept are not read again.
        child: opens them.

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
        final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.whole(final, private=True) as temporary:
            temporary.write_bytes(drawn)
        break
    return tuple(notes)


def forget_poster(home: Home, film: Film) -> None:
    """Remove the copy of a film's poster."""
    if film.media_sha256:
        with suppress(OSError):
            _path(home, film).unlink()


def _path(home: Home, film: Film) -> Path:
    return home.posters / film.media_sha256[:2] / f"{film.media_sha256}.jpg"
