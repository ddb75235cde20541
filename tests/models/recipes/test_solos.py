"""Recordings of single voices become passages, and their packages are read as they are."""

from __future__ import annotations

import re
import struct
import subprocess
import tarfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from media.geometry import SAMPLE_RATE_HZ
from models.recipes import recordings, solos
from models.recipes.recordings import SPEECH, kind_of
from models.recipes.solos import PASSAGE_S, SOURCES, TEACHING, Source, loud, passage, passages, qt_resources


def test_no_group_is_in_two_parts_and_only_free_recordings_teach() -> None:
    parts: dict[tuple[str, str], set[str]] = {}
    for source in SOURCES:
        parts.setdefault((source.kind, source.pattern), set()).add(source.part)
    assert all(len(found) == 1 for found in parts.values())
    assert not [source for source in SOURCES if source.part in TEACHING and "measures only" in source.licence]


@pytest.mark.parametrize("name", ["Amazing.ogg", "Owl.ogg", "Ow2.ogg", "Laugh.ogg"])
def test_shouts_of_the_singing_voice_are_left_out(name: str) -> None:
    [singer] = [source for source in SOURCES if source.group == "singer"]
    assert bool(re.search(singer.pattern, f"hedgewars-data/usr/Sounds/voices/Singer/{name}")) == (name == "Amazing.ogg")


@pytest.mark.parametrize(
    "path",
    [
        "hedgewars-data/usr/share/games/hedgewars/Data/Sounds/voices/Singer/Amazing.ogg",
        "fillets-ng-data/usr/share/games/fillets-ng/sound/viking1/en/d1-z-b1.ogg",
    ],
)
def test_what_is_sung_teaches_no_speech(path: str) -> None:
    assert kind_of(path) is None
    assert kind_of(path.replace("Singer", "British").replace("d1-z-b1", "d1-x-b1")) == SPEECH


def test_phrases_are_all_heard_once_before_one_is_repeated() -> None:
    pieces = [np.full(SAMPLE_RATE_HZ, level, np.float32) for level in (0.25, 0.5, 1.0)]
    found = passage(np.random.default_rng(0), pieces, 12, notes=False)
    assert found.size == 12 * SAMPLE_RATE_HZ
    heard = [level for level in found[SAMPLE_RATE_HZ // 2 :: SAMPLE_RATE_HZ].tolist() if level][:3]
    assert sorted(set(found.tolist()) & {0.25, 0.5, 1.0}) == [0.25, 0.5, 1.0] and len(heard) == 3


def test_notes_are_cut_to_a_melody() -> None:
    notes = [np.full(20 * SAMPLE_RATE_HZ, level, np.float32) for level in (0.5, 1.0)]
    found = passage(np.random.default_rng(0), notes, 15, notes=True)
    changes = np.flatnonzero(np.abs(np.diff((found > 0.75).astype(int))))
    assert found.size == 15 * SAMPLE_RATE_HZ and changes.size > 6


def test_a_measuring_group_has_no_more_passages_than_it_has_sound() -> None:
    source = Source("singing", "test", "somebody", "no tones", "CC0")
    short = [np.ones(2 * SAMPLE_RATE_HZ, np.float32)]
    [only] = passages(np.random.default_rng(0), source, short)
    assert only.size == PASSAGE_S * SAMPLE_RATE_HZ
    long = [np.ones(50 * SAMPLE_RATE_HZ, np.float32)]
    assert len(list(passages(np.random.default_rng(0), source, long))) == 2


def test_silence_at_the_ends_is_cut() -> None:
    sound = np.zeros(100, np.int16)
    sound[40:60] = 3_000
    assert loud(sound).tolist() == [1.0] * 20


def test_a_download_that_fails_leaves_no_package_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(recordings, "fetch", lambda *_: None)
    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(subprocess.CalledProcessError):
        solos.fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_download_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(command: list[str], *, cwd: str, **_: object) -> None:
        (tmp_path / "A3.mp3").write_bytes(b"note")
        with tarfile.open(Path(cwd) / "downloaded.tgz", "w:gz") as packed:
            packed.add(tmp_path / "A3.mp3", "package/A3.mp3")

    monkeypatch.setattr(recordings, "fetch", lambda *_: None)
    monkeypatch.setattr(subprocess, "run", pack)
    solos.fetch(tmp_path / "packages")
    assert (tmp_path / "packages/tonejs-instrument-tuba-mp3/package/A3.mp3").read_bytes() == b"note"
    assert len(list((tmp_path / "packages").iterdir())) == len(solos.NPM) + len(solos.PYPI)


def resources(files: dict[str, tuple[int, bytes]]) -> bytes:
    """A Qt resource file (version 2) of one folder; flags 1 = by zlib, as `files` says."""
    names, offsets, data, places = b"", [], b"", []
    for name, (_, content) in files.items():
        offsets.append(len(names))
        names += struct.pack(">HI", len(name), 0) + name.encode("utf-16-be")
        places.append(len(data))
        data += struct.pack(">I", len(content)) + content
    tree = struct.pack(">IHII", 0, 2, len(files), 1) + bytes(8)
    for (flags, _), name_at, at in zip(files.values(), offsets, places, strict=True):
        tree += struct.pack(">IHHHI", name_at, flags, 0, 0, at) + bytes(8)
    head = 20
    return b"qres" + struct.pack(">IIII", 2, head, head + len(tree), head + len(tree) + len(data)) + tree + data + names


def test_qt_resources_are_read() -> None:
    packed = struct.pack(">I", 5) + zlib.compress(b"notes")
    stored = resources({"tuba.ogg": (0, b"sound"), "list.txt": (1, packed), "new.bin": (4, b"zstd")})
    assert dict(qt_resources(stored)) == {"tuba.ogg": b"sound", "list.txt": b"notes"}
    with pytest.raises(ValueError, match="not a Qt resource file"):
        list(qt_resources(b"RIFF" + stored[4:]))
