"""The trained activity network as ONNX, node by node, its batch normalisations folded into the convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.ears.activity_net import FEATURES
from models.features import activity_mel
from models.recipes.convert_musicnn import Graph, Shape


def _temporal(graph: Graph, x: str, layer: Any) -> str:
    kernel, bias = layer.get_weights()
    reach = layer.dilation_rate[0] * (kernel.shape[0] - 1) // 2
    return graph.add(
        "Conv", x, graph.constant(kernel.transpose(2, 1, 0)), graph.constant(bias),
        kernel_shape=[kernel.shape[0]], dilations=list(layer.dilation_rate), pads=[reach, reach],
    )  # fmt: skip


def _pictures(graph: Graph, x: str, layers: list[Any]) -> str:
    """The two-dimensional layers; TensorFlow's "same" padding with stride 2 on even sizes pads the far side more."""
    norms = iter(layer for layer in layers if type(layer).__name__ == "BatchNormalization")
    for layer in layers:
        if type(layer).__name__ == "Conv2D":
            norm = next(norms)
            gamma, beta, mean, variance = norm.get_weights()
            factor = gamma / np.sqrt(variance + norm.epsilon)
            kernel = (layer.get_weights()[0] * factor).transpose(3, 2, 0, 1)
            total = [kernel.shape[2 + axis] - stride for axis, stride in enumerate(layer.strides)]
            before, after = [t // 2 for t in total], [t - t // 2 for t in total]
            x = graph.add(
                "Conv", x, graph.constant(kernel), graph.constant(beta - factor * mean),
                kernel_shape=list(kernel.shape[2:]), strides=list(layer.strides), pads=[*before, *after],
            )  # fmt: skip
            x = graph.add("Relu", x)
        elif type(layer).__name__ == "MaxPooling2D":
            x = graph.add("MaxPool", x, kernel_shape=list(layer.pool_size), strides=list(layer.pool_size))
    return x


def build(model: Any) -> Any:
    """The ONNX model of a trained `train_activity.network`: `mel` (frames, BANDS) -> `logits` (seconds, 2),
    `features` (seconds, FEATURES)."""
    graph = Graph()
    layers = list(model.layers)
    x = _pictures(graph, graph.add("Unsqueeze", "mel", graph.constant([0, 1], np.int64)), layers)
    x = graph.add("Transpose", x, perm=[0, 3, 1, 2])
    x = graph.add("Reshape", x, graph.constant([1, 6 * 48, -1], np.int64))
    temporal = [layer for layer in layers if type(layer).__name__ == "Conv1D"]
    x = graph.add("Relu", _temporal(graph, x, temporal[0]))
    for layer in temporal[1:-2]:
        x = graph.add("Add", x, graph.add("Relu", _temporal(graph, x, layer)))
    x = graph.add(
        "Concat",
        graph.add("AveragePool", x, kernel_shape=[5], strides=[5]),
        graph.add("MaxPool", x, kernel_shape=[5], strides=[5]),
        axis=1,
    )
    last = graph.add("Relu", _temporal(graph, x, temporal[-2]))
    for name, rows in (("features", last), ("logits", _temporal(graph, last, temporal[-1]))):
        graph.add("Transpose", graph.add("Squeeze", rows, graph.constant([0], np.int64)), perm=[1, 0], name=name)
    outputs: dict[str, Shape] = {"logits": ["seconds", 2], "features": ["seconds", FEATURES]}
    return graph.model("activity", {"mel": ["frames", activity_mel.BANDS]}, outputs)
