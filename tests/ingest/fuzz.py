"""Mutated films with a picture and subtitles, read as the product reads them: no damage may be more than a warning.

python -m tests.ingest.fuzz [FILES]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from film import Cue
from ingest.senses import read_senses
from media.confined import Confined
from studio import write_media
from studio.pictures import PictureScript, Shot
from studio.subtitling import TextStream
from tests.media.fuzz import mutated

SCRIPT = PictureScript(tuple(Shot(3, (colour,)) for colour in ((200, 40, 30), (30, 60, 190), (12, 14, 16))))
SAYS = "<i>The harbour</i> was quiet, and the ship had gone."
CUES = tuple(Cue(at, at + 1.5, f"{SAYS} {at}") for at in range(0, 8, 2))
BESIDE = {
    ".srt": "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{SAYS}\n\n" for n in range(1, 8)),
    ".vtt": "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n{SAYS}\n\n" for n in range(1, 8)),
    ".ass": "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
    + "".join(f"Dialogue: 0,0:00:0{n}.00,0:00:0{n}.90,Default,{{\\i1}}{SAYS}\n" for n in range(1, 8)),
}


def survive_looking(folder: Path, first: int, files: int) -> Counter[str]:
    """Read the senses of mutated films, each with a mutated subtitle file beside it; how often each sense was there.

    Raises:
        AssertionError: a warning is not one line, or a scratch file is left. What else is raised is a fault, too.
    """
    silence = np.zeros(round(SCRIPT.seconds * 8_000), np.int16)
    sources = [
        write_media(silence, folder / f"source{suffix}", texts=[TextStream(CUES, "eng")], picture=SCRIPT)
        for suffix in (".mkv", ".mp4")
    ]
    scratch, found = folder / "scratch", Counter[str]()
    with Confined(scratch) as child:
        for seed in range(first, first + files):
            source = sources[seed % len(sources)]
            film = folder / str(seed) / f"film{source.suffix}"
            film.parent.mkdir()
            film.write_bytes(mutated(source.read_bytes(), seed))
            suffix = list(BESIDE)[seed % len(BESIDE)]
            film.with_suffix(suffix).write_bytes(mutated(BESIDE[suffix].encode(), seed))
            read = read_senses([film], [SCRIPT.seconds], child)
            assert not any("\n" in warning for warning in (read.subtitles.warning, *read.warnings)), seed
            assert not list(scratch.iterdir()), seed
            there = {"picture": read.picture is not None, "subtitles": bool(read.subtitles.cues)}
            found.update({"films": 1, "nothing": not any(there.values()), **there})
        found["deaths"] = child.deaths
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(f"{dict(survive_looking(Path(place), 0, int((sys.argv[1:] or ['300'])[0])))}\n")
