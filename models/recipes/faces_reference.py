"""Inputs for the proof of the port of the face networks, as JSON for node, and what node answered as an .npz.

    npm install @vladmandic/face-api@1.7.15 @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
    python -m models.recipes.faces_reference inputs inputs.json
    node models/recipes/faces_reference.mjs inputs.json answers.json
    python -m models.recipes.faces_reference store answers.json tests/models/pictures/faces_reference.npz

The photograph is the portrait of Grace Hopper (US Navy, public domain) that Matplotlib installs; the others are drawn.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from models.pictures.faces import FACE_SIDE

SIDE = 224
"""Of the detector's inputs."""
PORTRAIT_FACE = (160, 50, 400, 340)
"""Left, top, right, bottom of the face in the portrait."""
Pixels = npt.NDArray[np.uint8]


def portrait() -> Image.Image:
    """The portrait, 512 x 600."""
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return Image.open(path).convert("RGB")


def inputs() -> dict[str, list[Pixels]]:
    """Square pictures for each network: noise, a slope of colours, black, and the portrait."""
    rng = np.random.default_rng(11)
    pictures = {}
    for name, side, box in (("detector", SIDE, (0, 0, 512, 512)), ("expressions", FACE_SIDE, PORTRAIT_FACE)):
        slope = np.indices((side, side)).sum(axis=0) * 255 // (2 * side - 2)
        pictures[name] = [
            rng.integers(0, 256, (side, side, 3), np.uint8),
            np.stack([slope, slope[::-1], 255 - slope], axis=2).astype(np.uint8),
            np.zeros((side, side, 3), np.uint8),
            np.asarray(portrait().resize((side, side), Image.Resampling.BILINEAR, box)),
        ]
    return pictures


def main(step: str, *paths: str) -> None:
    """Write the inputs, or store the answers."""
    if step == "inputs":
        flat = {name: [one.ravel().tolist() for one in some] for name, some in inputs().items()}
        Path(paths[0]).write_text(json.dumps(flat), encoding="ascii")
    else:
        answers = json.loads(Path(paths[0]).read_text("ascii"))
        shapes = {"detector": (-1, SIDE // 32, SIDE // 32, 25), "expressions": (-1, 7)}
        cells, shares = (np.array(answers[name], np.float32).reshape(shape) for name, shape in shapes.items())
        np.savez_compressed(paths[1], detector=cells, expressions=shares)


if __name__ == "__main__":
    main(*sys.argv[1:])
