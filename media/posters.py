"""The picture of a film (a file beside it, or cover art inside it) as a small JPEG of our own making.

A picture is untrusted input: its format is detected from its content, its size is checked before it is decoded, and
only the re-encoded copy is kept. `media.confined` calls this in its child process.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import av
from av.stream import Disposition
from PIL import Image, ImageOps, UnidentifiedImageError

from media.decode import open_container
from media.source import fault, readable_size

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
LARGEST_BYTES = 20 * 1024**2
MOST_PIXELS = 40_000_000
"""A poster of 4,000 by 6,000 has 24 million."""
SIZE = (300, 450)
"""Width and height that a copy fits into; twice what a page shows."""
_KINDS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
_GREY = (40, 40, 40)
"""Behind what is transparent."""


def small_poster(path: Path) -> bytes | None:
    """A small JPEG of a picture file, or of the cover art inside a media file; None: it has none.

    Raises:
        MediaError: the file cannot be opened; the picture is too large, broken or of another kind than JPEG, PNG, WebP.
    """
    size = readable_size(path)
    if path.suffix.lower() not in PICTURE_SUFFIXES:
        cover = _cover(path)
        return None if cover is None else _drawn_anew(path, cover)
    if size > LARGEST_BYTES:
        raise fault(path, f"larger than {LARGEST_BYTES // 1024**2} MB", "Make the picture smaller, or remove it")
    return _drawn_anew(path, path.read_bytes())


def _cover(path: Path) -> bytes | None:
    """The first picture that a container holds as such."""
    with open_container(path) as container:
        pictures = [one for one in container.streams.video if one.disposition & Disposition.attached_pic]
        if not pictures:
            return None
        try:
            for packet in container.demux(pictures[0]):
                if packet.size:
                    return bytes(packet) if packet.size <= LARGEST_BYTES else None
        except av.FFmpegError:
            return None
    return None


def _drawn_anew(path: Path, data: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pictures that are large, whose pixels are counted here
            with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    what = f"a picture of {picture.width} x {picture.height} pixels"
                    raise fault(path, what, "Make it smaller, or remove it")
                picture.draft("RGB", (2 * SIZE[0], 2 * SIZE[1]))
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
        upright.thumbnail(SIZE)
        drawn = Image.new("RGB", upright.size, _GREY)
        drawn.paste(upright, mask=upright.getchannel("A"))
        made = io.BytesIO()
        drawn.save(made, "JPEG", quality=_QUALITY, optimize=True)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise fault(path, "not a JPEG, PNG or WebP picture", "Convert it, or remove it") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        raise fault(path, "a broken picture", "Copy it again, or remove it") from error
    return made.getvalue()
