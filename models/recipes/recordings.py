"""Free recordings for training activity: fetched as Debian packages, decoded to 8 kHz, sorted by what they are.

    python -m models.recipes.recordings CACHE [--emotify DIR]

Packages are downloaded and unpacked, never installed. The recipe ships; the recordings do not. Kinds come from the
path of a recording inside its package (RULES, the first that matches); a group is a voice, an album or a package, and
a group belongs to one part only: `train`, `join` (fits what joins networks that `train` taught), `validation` (chooses
among models) or `test` (looked at once, for the card); but `join` takes half of the recordings of the groups that
`validation` has.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from media.geometry import SAMPLE_RATE_HZ

JOIN = (
    *("extremetuxracer-data", "flare-game", "ktuberling-data", "lincity-ng-data", "pingus-data", "supertux-data"),
    *("xmoto-data", "searchandrescue-data"),
)
FURTHER = (
    *("7kaa-data", "asterisk-moh-opsound-wav", "btanks-data", "lmms-common", "lomiri-sounds", "sonic-pi-samples"),
    *("sound-icons", "supertuxkart-data", "wordwarvi-sound"),
)
"""Engines, alarms, fights and animals, and songs, choirs and drum loops among the music."""
PACKAGES = (
    *(f"asterisk-core-sounds-{language}-wav" for language in ("en", "es", "fr", "it", "ru")),
    *("asterisk-prompt-it-menardi-wav", "asterisk-prompt-fr-armelle", "asterisk-prompt-es-co"),
    *("fillets-ng-data", "tuxpaint-stamps-default", "klettres-data", "hedgewars-data", "unknown-horizons"),
    *("openarena-data", "nexuiz-data", "wesnoth-1.16-data", "warzone2100-data", "freedroidrpg-data", "ufoai-sound"),
    *("colobot-common-sounds", "wesnoth-1.16-music", "ufoai-music", "warzone2100-music", "hyperrogue-music"),
    *("nexuiz-music", "drascula-music", "singularity-music", "blobwars-data", "trigger-rally-data"),
    *("fretsonfire-songs-muldjord", "fretsonfire-songs-sectoid", "asc-music"),
    *JOIN,
    *FURTHER,
)
SUFFIXES = {".ogg", ".oga", ".wav", ".mp3", ".flac", ".opus", ".m4a"}
ARCHIVES = {".pk3", ".wz", ".zip"}
SPEECH, MUSIC, EFFECT = "speech", "music", "effect"
RULES: tuple[tuple[str, str | None], ...] = (  # None: not certain, or sung (models.recipes.solos)
    (r"asterisk-(core|prompt).*(/silence/|beep|tone|ring|hello-world-music|moh)", None),
    (r"asterisk-(core|prompt)", SPEECH),
    (r"tuxpaint.*_desc", SPEECH),
    (r"tuxpaint.*/hobbies/music/", None),
    (r"tuxpaint.*/alphabets/|tuxpaint.*/math/", None),
    (r"klettres.*/(syllab|alpha)/", SPEECH),
    (r"ktuberling/sounds/", SPEECH),
    (r"hedgewars.*/Sounds/voices/Singer/|fillets-ng/sound/viking1/en/d1-z", None),
    (r"hedgewars.*/Sounds/voices/", SPEECH),
    (r"unknown-horizons.*/voice/", SPEECH),
    (r"fillets-ng/sound/music/|fillets-ng/music/", MUSIC),
    (r"fillets-ng/sound/cancan/", None),
    (r"scummvm/drascula/(de|en|es|fr|it)/", None),
    (r"hyperrogue/sounds/(speak-|seen-(cultist|necromancer|vizier))", None),
    (r"hyperrogue/sounds/", EFFECT),
    (r"freedroidrpg.*/sound/effects", None),
    (r"fillets-ng/sound/[^/]+/(cs|nl|en|de)/", SPEECH),
    (r"warzone2100-data.*(sequence|/voice|/messages?/|campaign.*brief)", SPEECH),
    (r"sound/feedback/|announcer", SPEECH),
    (r"flare-game/.*/soundfx/npcs/", SPEECH),
    (r"pingus.*/sounds/(goodidea|letsgo|ohno)", None),
    (r"sound/player|/voices?/|/speech|/taunt", None),
    (r"sonic-pi-samples/.*/(loop_|ambi_(choir|piano|lunar)|bass_|guit_|misc_cineboom)", MUSIC),
    (r"sonic-pi-samples/", None),
    (r"lmms-common/.*/samples/beats/", MUSIC),
    (r"lmms-common/", None),
    (r"asterisk-moh|lomiri-sounds/.*/ringtones/", MUSIC),
    (r"/music|-music/|/albums/|fretsonfire-songs", MUSIC),
    (r"/sounds?/|/sfx|/audio/|/stamps/|/sound", EFFECT),
)
TEST = (
    "asterisk-core-sounds-es",
    "fillets-ng-data/speech/a",
    "tuxpaint-stamps-default/speech/es",
    "nexuiz-music",
    "openarena-data",
    "singularity-music",
    "unknown-horizons/effect",
)
VALIDATION = (
    "asterisk-core-sounds-ru",
    "tuxpaint-stamps-default/speech/fr",
    "drascula-music",
    "freedroidrpg-data",
    "hyperrogue-music",
    "colobot-common-sounds/effect",
    "hedgewars-data/speech/r",
)
SHARED = ("openarena-data/effect", "unknown-horizons/effect")
"""Effects unlike those of the other packages (hums, drones): one half teaches, the other half tests."""
LONGEST_S = 150
EMOTIFY_TEST_EVERY = 5
"""Emotify tracks whose number this divides are never trained on: pseudo films are assembled from them."""


@dataclass(frozen=True)
class Recording:
    """One decoded recording."""

    kind: str
    group: str
    part: str
    path: str
    samples: npt.NDArray[np.int16]
    """(n,) at 8 kHz"""


def fetch(cache: Path, packages: tuple[str, ...] = PACKAGES) -> None:
    """Download and unpack what the cache lacks; a package the archive has not is skipped."""
    cache.mkdir(parents=True, exist_ok=True)
    for package in packages:
        target = cache / package
        if not target.exists() and not subprocess.run(["apt-get", "download", "-qq", package], cwd=cache).returncode:
            archive = next(cache.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg-deb", "-x", str(archive), str(target)], check=True)
            archive.unlink()
        for inner in [p for p in target.rglob("*") if p.suffix in ARCHIVES]:
            folder = inner.with_suffix(".d")
            if not folder.exists() and zipfile.is_zipfile(inner):
                with zipfile.ZipFile(inner) as content:
                    names = [n for n in content.namelist() if Path(n).suffix.lower() in SUFFIXES]
                    content.extractall(folder, names)


def kind_of(path: str) -> str | None:
    """What a recording is by its path below the cache, or None where that is not certain."""
    return next((kind for pattern, kind in RULES if re.search(pattern, path, re.IGNORECASE)), None)


def group_of(path: str, kind: str) -> str:
    """The voice, album or package a recording comes from."""
    package = path.split("/")[0]
    if package == "tuxpaint-stamps-default" and (language := re.search(r"_desc_([a-z]+)", path)):
        return f"{package}/{kind}/{language.group(1)}"
    if package in ("hedgewars-data", "fillets-ng-data") and kind == SPEECH:
        folder = Path(path).parts[-3 if package == "fillets-ng-data" else -2]
        return f"{package}/{kind}/{folder.lower()}"
    return f"{package}/{kind}"


def part_of(group: str, path: str) -> str:
    """`train`, `join`, `validation` or `test`."""
    if group in SHARED:
        return "test" if zlib.crc32(path.encode()) % 2 else "train"
    if group.startswith(TEST):
        return "test"
    if group.startswith(VALIDATION):
        return "join" if zlib.crc32(path.encode()) % 2 else "validation"
    return "join" if group.startswith(JOIN) else "train"


def read(path: Path, longest_s: int = LONGEST_S, rate_hz: int = SAMPLE_RATE_HZ) -> npt.NDArray[np.int16]:
    """(n,) int16 mono of at most the first `longest_s` seconds; empty where it cannot be decoded."""
    blocks: list[npt.NDArray[np.int16]] = []
    taken = 0
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
            for frame in container.decode(audio=0):
                for piece in resampler.resample(frame):
                    blocks.append(piece.to_ndarray()[0])
                    taken += blocks[-1].size
                if taken >= longest_s * rate_hz:
                    break
    except (av.error.FFmpegError, IndexError):
        return np.zeros(0, np.int16)
    return np.concatenate(blocks)[: longest_s * rate_hz] if blocks else np.zeros(0, np.int16)


def recordings(
    cache: Path, emotify: Path | None, shortest_s: float = 0.4, most_per_group: int = 400
) -> Iterator[Recording]:
    """All recordings of a cache in a fixed order, Emotify's tracks (part by number) after the packages'."""
    counts: dict[str, int] = {}
    for path in sorted(p for p in cache.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()):
        name = str(path.relative_to(cache))
        kind = kind_of(name)
        if kind is None or counts.get(group := group_of(name, kind), 0) >= most_per_group:
            continue
        samples = read(path)
        if samples.size >= shortest_s * SAMPLE_RATE_HZ and np.abs(samples).max() > 300:
            counts[group] = counts.get(group, 0) + 1
            yield Recording(kind, group, part_of(group, name), name, samples)
    for path in sorted(emotify.glob("*.opus")) if emotify else []:
        held_out = int(path.stem) % EMOTIFY_TEST_EVERY == 0
        yield Recording(MUSIC, f"emotify/{path.stem}", "test" if held_out else "train", path.name, read(path))


def main() -> None:
    """Fetch, decode, and store everything as one npz per kind and part below CACHE/decoded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--emotify", type=Path)
    arguments = parser.parse_args()
    fetch(arguments.cache / "packages")
    gathered: dict[str, list[Recording]] = {}
    for recording in recordings(arguments.cache / "packages", arguments.emotify):
        gathered.setdefault(f"{recording.kind}_{recording.part}", []).append(recording)
    (arguments.cache / "decoded").mkdir(exist_ok=True)
    for name, found in gathered.items():
        np.savez(
            arguments.cache / "decoded" / f"{name}.npz",
            samples=np.concatenate([r.samples for r in found]),
            length=np.array([r.samples.size for r in found]),
            group=np.array([r.group for r in found]),
            path=np.array([r.path for r in found]),
        )


if __name__ == "__main__":
    main()
