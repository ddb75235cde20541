"""The source file of a sound: checks before opening, its hash, and error messages about it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from errors import MediaError

_PICTURES_AND_SOUND = (
    "3g2 3gp asf avi bik divx dv dvr-ms evo f4v flv gxf ivf m1v m2p m2t m2ts m2v m4v mj2 mk3d mkv mod mov mp4 mpe "
    "mpeg mpg mpv mts mxf nut ogm ogv ps qt rm rmvb roq smk swf tod tp trp ts ty vob vro webm wmv wtv"
)
_SOUND = (
    "aa3 aac ac3 ac4 aif aifc aiff amr ape au awb caf dff dsf dts dtshd eac3 ec3 flac gsm m2a m4a m4b m4r mka mlp mp1 "
    "mp2 mp3 mpa mpc oga ogg oma opus ra rf64 shn snd spx tak thd truehd tta voc vqf w64 wav weba wma wv"
)
_NEITHER = (
    "nfo jpg jpeg png webp gif bmp tif tiff tbn ico svg heic avif pdf epub srt ass ssa vtt sub idx sup smi lrc txt "
    "md htm html xml json yaml csv tsv log ini db sqlite doc docx xls xlsx url lnk desktop strm m3u m3u8 pls cue bup "
    "ifo mpls clpi bdmv jar exe msi dll bat sh py zip rar 7z gz bz2 xz tar tgz sfv md5 sha1 par2 torrent part "
    "crdownload partial tmp bak old ds_store"
)
SOUND_SUFFIXES = frozenset(f".{name}" for name in _SOUND.split())
"""Lower-case suffixes of media without a picture."""
MEDIA_SUFFIXES = frozenset(f".{name}" for name in _PICTURES_AND_SOUND.split()) | SOUND_SUFFIXES
"""Lower-case suffixes that a search for films considers. `decode` itself ignores the suffix."""
_NO_MEDIA = frozenset(f".{name}" for name in _NEITHER.split())
"""Suffixes of other files in film folders; such a file is not opened to identify it."""
_DISC_IMAGES = frozenset({".iso", ".img", ".nrg", ".mdf", ".bin"})
_ARCHIVE_PART = re.compile(r"\.[rz]?\d\d+")
_MEDIA_STARTS = (
    b"\x1aE\xdf\xa3", b"RIFF", b"RF64", b"OggS", b"fLaC", b"ID3", b"FORM", b"\x30\x26\xb2\x75", b"FLV", b".RMF",
    b"\x00\x00\x01\xba", b"\x06\x0e\x2b\x34", b"wvpk", b"caff", b"#!AMR", b"MAC ", b"TTA1",
)  # fmt: skip
OTHER_FILE, DISC_IMAGE = "other file", "disc image"


def kind_of_file(path: Path) -> str:
    """The kind of a file in a film folder: "" for media, by its suffix or else its first bytes; OTHER_FILE; or
    DISC_IMAGE, which can be analysed after its content is copied out."""
    suffix = path.suffix.lower()
    if suffix in MEDIA_SUFFIXES:
        return ""
    if suffix in _DISC_IMAGES:
        return DISC_IMAGE
    if suffix in _NO_MEDIA or _ARCHIVE_PART.fullmatch(suffix):
        return OTHER_FILE
    try:
        return "" if stat.S_ISREG(path.stat().st_mode) and looks_like_media(path) else OTHER_FILE
    except OSError:
        return OTHER_FILE


def looks_like_media(path: Path) -> bool:
    """Whether the first bytes are those of a known container.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(16)
    return head.startswith(_MEDIA_STARTS) or head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def fault(path: Path, what: str, way_out: str) -> MediaError:
    """The error for one file, always on one line, even with odd file names: `<file name>: <what>. <way out>.`"""
    name = "".join(c if c.isprintable() else "?" for c in path.name or str(path))
    return MediaError(f"{name}: {what}. {way_out}.")


def regular(path: Path, status: os.stat_result) -> None:
    """Refuse what is not a regular file by its status.

    Raises:
        MediaError: a directory or a device.
    """
    if stat.S_ISDIR(status.st_mode):
        raise fault(path, "is a directory, not a media file", "Name a file inside it")
    if not stat.S_ISREG(status.st_mode):
        raise fault(path, "is not a regular file", "Copy its content to a file first")


def readable_size(path: Path) -> int:
    """Size in bytes of a regular file that can be opened for reading.

    Raises:
        MediaError: it does not exist, is a directory or a device, may not be read, or is empty.
    """
    try:
        status = path.stat()
        regular(path, status)
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise fault(path, "does not exist", "Check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(path, f"cannot be read ({reason})", "Allow reading it, or leave the file out") from error
    except ValueError as error:
        raise fault(path, f"is not a file name ({error})", "Check the path") from error
    if status.st_size == 0:
        raise fault(path, "empty (0 bytes)", "Copy it again, or leave the file out")
    return status.st_size


def media_sha256(path: Path | str) -> str:
    """SHA-256 of the file's bytes in hexadecimal, read in pieces.

    Raises:
        MediaError: the file does not exist, is empty or cannot be read.
    """
    path = Path(path)
    readable_size(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise fault(path, f"cannot be read ({reason})", "Check the disk, or leave the file out") from error


def joined_sha256(paths: Sequence[Path]) -> str:
    """The identity of a film's content: the `media_sha256` of its file, or a hash of those of its files in their order.

    Raises:
        MediaError: as `media_sha256`.
    """
    digests = [media_sha256(path) for path in paths]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
