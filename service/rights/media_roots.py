"""Which files an admin may name in the app and the API: those below the media roots, and uploads."""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import durable
from db.home import Home
from db.state.store import State
from errors import AccessError, FilmscoreError, MediaError, ParameterError
from media.confined import Confined
from media.source import MEDIA_SUFFIXES
from service.rights.access import Actor
from service.rights.upload_limits import MB, PAGE_MB, SPARE_MB
from told import Told

VARIABLE = "FILMSCORE_MEDIA_ROOTS"
LISTED = 2000
"""Entries of a folder that are shown."""

_SETTING = "media_roots"


@dataclass(frozen=True)
class Listing:
    """A folder below a media root."""

    folder: Path
    root: Path
    folders: tuple[str, ...]
    files: tuple[str, ...]
    """Media files only."""
    more: int
    """Entries that are not listed because there are too many."""


def media_roots(home: Home) -> tuple[Path, ...]:
    """The folders that films may come from: the environment's, those an admin added, and the uploads."""
    named = [Path(text) for text in os.environ.get(VARIABLE, "").split(os.pathsep) if text]
    with State.open(home) as state:
        named += [Path(text) for text in json.loads(state.setting(_SETTING) or "[]")]
    named.append(uploads(home))
    return tuple(dict.fromkeys(path.expanduser().resolve() for path in named))


def uploads(home: Home) -> Path:
    """Where uploaded files are kept."""
    home.uploads.mkdir(mode=0o700, exist_ok=True)
    return home.uploads


def add_root(home: Home, actor: Actor, path: Path) -> Path:
    """Allow films from a folder. Only the command line offers this: who may name roots may read every file.

    Raises:
        AccessError: not an admin.
        ParameterError: not a folder.
    """
    actor.require_admin("add a media root")
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise ParameterError(f"{path}: not a folder. Name one that exists.")
    with State.open(home) as state, state.transaction():
        known = json.loads(state.setting(_SETTING) or "[]")
        state.set_setting(_SETTING, json.dumps(sorted({*known, str(folder)})))
        state.audit("add media root", actor.name, {"path": str(folder)})
    return folder


def remove_root(home: Home, actor: Actor, path: Path) -> None:
    """Allow films from a folder no longer; films that were heard stay.

    Raises:
        AccessError, ParameterError: not an admin; not a root that was added.
    """
    actor.require_admin("remove a media root")
    folder = str(path.expanduser().resolve())
    with State.open(home) as state, state.transaction():
        known = json.loads(state.setting(_SETTING) or "[]")
        if folder not in known:
            raise ParameterError(f"{path}: not a media root that was added. Roots of {VARIABLE} are changed there.")
        state.set_setting(_SETTING, json.dumps([one for one in known if one != folder]))
        state.audit("remove media root", actor.name, {"path": folder})


def checked(home: Home, path: str | Path) -> Path:
    """The file or folder behind a path, links followed.

    Raises:
        AccessError: it lies outside of the media roots.
        ParameterError: it does not exist.
    """
    try:
        real = Path(path).expanduser().resolve()
        exists = real.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise ParameterError(f"{str(path)!r}: not a path. Choose one below the media roots.") from error
    if not any(real.is_relative_to(root) for root in media_roots(home)):
        raise AccessError(
            Told(
                "{}: outside of the media roots. Add its folder with `filmscore roots add FOLDER`, or name it in {} "
                "where the app is started.",
                path,
                VARIABLE,
            )
        )
    if not exists:
        raise ParameterError(Told("{}: no such file or folder.", path))
    return real


def allows(home: Home, path: Path) -> bool:
    """Whether a path exists below the media roots."""
    try:
        checked(home, path)
    except FilmscoreError:
        return False
    return True


def browse(home: Home, actor: Actor, folder: str | Path) -> Listing:
    """List a folder below a media root.

    Raises:
        AccessError, ParameterError: as `checked`; or not a folder, or not readable.
    """
    actor.require_admin("browse the media roots")
    real = checked(home, folder)
    roots = media_roots(home)
    root = max((one for one in roots if real.is_relative_to(one)), key=lambda one: len(one.parts))
    try:
        entries = sorted(os.scandir(real), key=lambda entry: entry.name.casefold())
    except OSError as error:
        raise ParameterError(f"{folder}: cannot be listed ({error.strerror}). Choose a folder.") from error
    folders = [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    files = [entry.name for entry in entries if Path(entry.name).suffix.lower() in MEDIA_SUFFIXES and entry.is_file()]
    more = max(0, len(folders) - LISTED) + max(0, len(files) - LISTED)
    return Listing(real, root, tuple(folders[:LISTED]), tuple(files[:LISTED]), more)


def safe_name(name: str) -> str:
    """A file name without folders, control characters or what a file system refuses; at most 250 bytes of UTF-8."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    short = stem[:110].encode()[:200].decode(errors="ignore")
    return f"{short or 'upload'}{dot}{suffix[:9]}"


def accept_upload(home: Home, actor: Actor, name: str, stream: BinaryIO, limit_bytes: int = PAGE_MB * MB) -> Path:
    """Keep an uploaded film, if it is one.

    Args:
        name: as the browser says; only its last part is used.
        stream: its bytes.
        limit_bytes: of the file.

    Raises:
        AccessError: not an admin.
        MediaError: larger than the limit or the disk, or nothing that can be heard.
    """
    actor.require_admin("upload a film")
    folder = uploads(home)
    wanted = safe_name(name)
    if Path(wanted).suffix.lower() not in MEDIA_SUFFIXES:
        raise MediaError(
            Told("{}: not a media file by its name. Upload one of {}.", wanted, ", ".join(sorted(MEDIA_SUFFIXES)))
        )
    with _beside(folder) as arriving:
        taken = 0
        with durable.open_private(arriving) as out:
            while piece := stream.read(1 << 20):
                taken += len(piece)
                if taken > limit_bytes:
                    what = f"{wanted}: larger than {limit_bytes / MB:.0f} MB"
                    raise MediaError(f"{what}. Put it below a media root and choose it there.")
                if shutil.disk_usage(folder).free < SPARE_MB * MB:
                    raise MediaError(Told("{}: the disk has less than 1 GB left. Make room, then try again.", wanted))
                out.write(piece)
        try:
            with Confined() as child:
                child.choose_audio_track(arriving)
        except MediaError as error:
            raise MediaError(str(error).replace(arriving.name, wanted)) from error
        target = _placed(arriving, folder, wanted)
    with State.open(home) as state:
        state.audit("upload", actor.name, {"name": target.name, "bytes": taken})
    return target


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    arriving = folder / f".arriving-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        yield arriving
    finally:
        arriving.unlink(missing_ok=True)


def _placed(arriving: Path, folder: Path, name: str) -> Path:
    """Where an upload came to lie. Looking for a free name and taking it are one step: many may arrive at once."""
    stem, suffix = Path(name).stem, Path(name).suffix
    for n in range(1, 10_000):
        target = folder / (name if n == 1 else f"{stem} ({n}){suffix}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            continue
        try:
            durable.replace(arriving, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target
    raise MediaError(f"{name}: too many uploads of this name. Rename it, then upload it again.")
