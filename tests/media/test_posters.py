"""Posters: small JPEGs that are re-encoded from untrusted pictures."""

from __future__ import annotations

import io
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from errors import MediaError
from media.confined import Confined
from media.posters import LARGEST_BYTES, SIZE, small_poster
from tests.media.recordings import Recording, write


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 1200), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", size, (200, 0, 0))
    drawn.paste((0, 0, 200), (size[0] // 2, 0, *size))
    made = io.BytesIO()
    drawn.convert(mode).save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "CMYK"])
def test_a_picture_becomes_a_small_jpeg_of_the_same_shape(tmp_path: Path, kind: str, mode: str) -> None:
    if (kind, mode) in {("JPEG", "RGBA"), ("JPEG", "P"), ("PNG", "CMYK"), ("WEBP", "CMYK")}:
        pytest.skip("a kind does not hold this mode")
    path = tmp_path / "poster.jpg"  # whatever its name says
    path.write_bytes(picture(kind, mode=mode))
    drawn = opened(small_poster(path))
    assert (drawn.format, drawn.size) == ("JPEG", SIZE)
    left, right = drawn.getpixel((40, 200)), drawn.getpixel((260, 200))
    assert mode == "L" or (left[0] > 120 > left[2] and right[2] > 120 > right[0])  # type: ignore[index]


def test_what_a_camera_or_an_editor_wrote_into_it_is_gone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    path = tmp_path / "poster.jpg"
    path.write_bytes(picture(size=(1200, 800), exif=exif))
    data = small_poster(path)
    assert data is not None and b"secret" not in data and b"Exif" not in data
    assert opened(data).size[0] < opened(data).size[1]  # it was turned upright


def bomb() -> bytes:
    """A PNG of 30,000 x 30,000 pixels in a few hundred kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(3_751), 9) * 10
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BAD = {
    "a bomb": bomb(),
    "cut off": picture()[:900],
    "cut off in its head": picture()[:30],
    "text": b"<html><body>poster</body></html>",
    "a vector drawing": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "another kind": picture("BMP"),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "empty": b"",
    "junk": bytes(range(256)) * 50,
    "too large": b"\xff\xd8\xff" + bytes(LARGEST_BYTES),
}


@pytest.mark.fault("A poster that is a bomb, broken, too large or no picture", times=len(BAD))
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_picture_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    (tmp_path / "poster.png").write_bytes(BAD[kind])
    with pytest.raises(MediaError, match=r"^poster\.png: [^\n]+$"):
        small_poster(tmp_path / "poster.png")


def with_cover(path: Path, cover: bytes) -> Path:
    """An mp4 or mkv of a second of silence with a picture in it, as each keeps one."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=8_000, layout="mono")
        if path.suffix == ".mkv":
            out.add_attachment("cover.jpg", "image/jpeg", cover)
        else:
            art = out.add_stream("mjpeg", rate=1)
            art.width, art.height, art.pix_fmt = 400, 600, "yuvj420p"
            art.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8_000), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 8_000, 0, Fraction(1, 8_000)
        if path.suffix != ".mkv":
            packet = av.Packet(cover)
            packet.stream, packet.pts, packet.dts, packet.is_keyframe = art, 0, 0, True
            out.mux(packet)
        for of_sound in (*sound.encode(frame), *sound.encode(None)):
            out.mux(of_sound)
    return path


def test_a_cover_inside_a_container_is_found_in_the_child(tmp_path: Path) -> None:
    plain = write(tmp_path, Recording("plain.mkv", "aac", video="mpeg4", seconds=1))
    with Confined(tmp_path / "scratch") as child:
        for name in ("film.mp4", "film.mkv"):
            assert opened(child.poster(with_cover(tmp_path / name, picture(size=(400, 600))))).size == SIZE
        assert child.poster(plain) is None
