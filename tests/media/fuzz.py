"""Mutated media files, opened as the product opens them: what was heard, what refused, what took its decoder down.

    python -m tests.media.fuzz [--files 2000] [--first 50] [--json]

Files of ten containers are written, then bytes are changed at random (seeds from --first on), pieces moved or cut out.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from pathlib import Path

from errors import MediaError
from media.confined import Confined
from tests.media.recordings import Recording, write

# (suffix, codec, video codec)
CONTAINERS = [
    ("mkv", "aac", "mpeg4"), ("mp4", "aac", "mpeg4"), ("webm", "libopus", ""), ("wav", "pcm_s16le", ""),
    ("flac", "flac", ""), ("mp3", "libmp3lame", ""), ("ogg", "flac", ""), ("avi", "libmp3lame", "mpeg4"),
    ("mov", "alac", ""), ("ts", "ac3", ""),
]  # fmt: skip
OUTCOMES = ("heard", "refused", "took the decoder down", "took too long")


def mutated(data: bytes, seed: int) -> bytes:
    """Some bytes replaced, all over or in the header; three files in ten also lose or repeat a piece."""
    draw = random.Random(seed)
    changed = bytearray(data)
    reach = len(changed) if draw.random() < 0.5 else min(len(changed), 2_000)
    for _ in range(draw.choice((1, 3, 10, 100, 1_000))):
        changed[draw.randrange(reach)] = draw.randrange(256)
    if draw.random() < 0.3:
        at, n = draw.randrange(len(changed)), draw.randrange(1, 5_000)
        changed[at : at + n] = changed[at + n : at + 2 * n] if draw.random() < 0.5 else b""
    return bytes(changed)


def survive(folder: Path, first: int, files: int) -> dict[str, Counter[str]]:
    """Open mutated files; by container how often each of OUTCOMES came. Anything else is raised."""
    sources = [
        write(folder, Recording(f"source.{suffix}", codec, rate_hz=16_000 if codec != "ac3" else 48_000, video=video))
        for suffix, codec, video in CONTAINERS
    ]
    scratch = folder / "scratch"
    found: dict[str, Counter[str]] = {source.suffix[1:]: Counter() for source in sources}
    with Confined(scratch) as child:
        for seed in range(first, first + files):
            source = sources[seed % len(sources)]
            mutant = folder / f"mutant{source.suffix}"
            mutant.write_bytes(mutated(source.read_bytes(), seed))
            try:
                with child.decode(mutant) as sound:
                    sound.samples().sum()
                outcome = "heard"
            except MediaError as error:
                said = str(error)
                assert said.startswith(mutant.name + ": ") and "\n" not in said, said
                outcome = "took the decoder down" if "crashes its decoder" in said else "refused"
                outcome = "took too long" if "not decoded after" in said else outcome
            found[source.suffix[1:]][outcome] += 1
            assert not list(scratch.iterdir()), seed
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = survive(Path(folder), options.first, options.files)
    if options.json:
        print(json.dumps(found))
        return
    print("container", *OUTCOMES, sep="\t")
    for container, counts in found.items():
        print(container, *(counts[outcome] for outcome in OUTCOMES), sep="\t")
    print("all", *(sum(counts[outcome] for counts in found.values()) for outcome in OUTCOMES), sep="\t")


if __name__ == "__main__":
    main()
