"""A slow forward pass of EfficientNet-Lite0 in NumPy, written apart from the port, and its answers to fixed pictures.

    python -m models.recipes.frames_reference efficientnet-lite0-57934424.pth tests/models/pictures/frames_reference.npz

Convolutions are sums over the kernel's places in float64, batch normalisation is not folded, and the padding is
TensorFlow's "same", counted out. Prints the five likeliest ImageNet classes (by number) of the two photographs that
scikit-learn installs, and how much of the classifier's answers the port's vectors keep.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from models.recipes.convert_frames import main_axes, read

Float64 = npt.NDArray[np.float64]
Tensors = Mapping[str, npt.NDArray[np.float32]]

SIDE = 224
KERNELS = [3, 3, 3, 5, 5, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 3]
STEPS = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
"""Of the sixteen blocks."""


def photographs() -> list[Image.Image]:
    """scikit-learn's "china" (a Chinese palace) and "flower" (a dahlia), both 640 x 427, by their authors CC BY."""
    import sklearn

    folder = Path(sklearn.__file__).parent / "datasets" / "images"
    return [Image.open(folder / name).convert("RGB") for name in ("china.jpg", "flower.jpg")]


def inputs() -> npt.NDArray[np.uint8]:
    """(4, SIDE, SIDE, 3): the photographs' middle squares, noise, and a slope of colours."""
    squares = [
        photo.resize((SIDE, SIDE), Image.Resampling.BICUBIC, ((w - h) / 2, 0, (w + h) / 2, h))
        for photo in photographs()
        for w, h in [photo.size]
    ]
    noise = np.random.default_rng(12).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    slope = np.indices((SIDE, SIDE)).sum(axis=0) * 255 // (2 * SIDE - 2)
    drawn = np.stack([slope, slope[::-1], 255 - slope], axis=2).astype(np.uint8)
    return np.stack([*map(np.asarray, squares), noise, drawn])


def features(tensors: Tensors, picture: npt.NDArray[np.uint8]) -> Float64:
    """(1280,) of a picture (height, width, 3)."""
    x = (picture.astype(np.float64).transpose(2, 0, 1) - 127) / 128
    x = _relu6(_normalised(tensors, "_bn0", _convolved(x, tensors["_conv_stem.weight"], 2)))
    for number, (kernel, step) in enumerate(zip(KERNELS, STEPS, strict=True)):
        name, begun = f"_blocks.{number}", x
        if f"{name}._expand_conv.weight" in tensors:
            x = _relu6(_normalised(tensors, f"{name}._bn0", _convolved(x, tensors[f"{name}._expand_conv.weight"], 1)))
        deep = tensors[f"{name}._depthwise_conv.weight"]
        if deep.shape[-1] != kernel:
            raise ValueError(f"{name}: a kernel of {deep.shape[-1]}, not {kernel}")
        x = _relu6(_normalised(tensors, f"{name}._bn1", _along(x, deep, step)))
        x = _normalised(tensors, f"{name}._bn2", _convolved(x, tensors[f"{name}._project_conv.weight"], 1))
        if step == 1 and x.shape == begun.shape:
            x = x + begun
    x = _relu6(_normalised(tensors, "_bn1", _convolved(x, tensors["_conv_head.weight"], 1)))
    return np.asarray(x.mean(axis=(1, 2)))


def _relu6(x: Float64) -> Float64:
    return np.minimum(np.maximum(x, 0), 6)


def _normalised(tensors: Tensors, name: str, x: Float64) -> Float64:
    mean, variance, scale, shift = (
        tensors[f"{name}.{part}"].astype(np.float64)[:, None, None]
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    return np.asarray((x - mean) / np.sqrt(variance + 1e-3) * scale + shift)


def _places(x: Float64, kernel: int, step: int) -> list[tuple[int, int, Float64]]:
    """For each place of the kernel: its row, its column, and the values that it meets."""
    rows, columns = (-(-side // step) for side in x.shape[1:])
    missing = [max((n - 1) * step + kernel - side, 0) for n, side in zip((rows, columns), x.shape[1:], strict=True)]
    x = np.pad(x, [(0, 0), *((m // 2, m - m // 2) for m in missing)])
    return [
        (i, j, x[:, i : i + step * rows : step, j : j + step * columns : step])
        for i in range(kernel)
        for j in range(kernel)
    ]


def _convolved(x: Float64, weights: npt.NDArray[np.float32], step: int) -> Float64:
    met = _places(x, weights.shape[-1], step)
    return np.asarray(sum(np.tensordot(weights[:, :, i, j].astype(np.float64), values, 1) for i, j, values in met))


def _along(x: Float64, weights: npt.NDArray[np.float32], step: int) -> Float64:
    met = _places(x, weights.shape[-1], step)
    return np.asarray(sum(weights[:, 0, i, j, None, None].astype(np.float64) * values for i, j, values in met))


def main(source: str, target: str) -> None:
    """Store the answers."""
    tensors = read(Path(source))
    told = np.stack([features(tensors, picture) for picture in inputs()])
    vectors = told @ main_axes(tensors["_fc.weight"])
    np.savez_compressed(target, vectors=vectors.astype(np.float32))
    logits = told @ tensors["_fc.weight"].T + tensors["_fc.bias"]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    for row in shares[:2]:
        sys.stdout.write(", ".join(f"{number}: {row[number]:.2f}" for number in np.argsort(-row)[:5]) + "\n")
    weights = tensors["_fc.weight"].astype(np.float64)
    strengths = np.linalg.norm(main_axes(weights), axis=0) ** 2
    sys.stdout.write(f"kept of the classifier: {strengths.sum() / ((weights - weights.mean(axis=0)) ** 2).sum():.2f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
