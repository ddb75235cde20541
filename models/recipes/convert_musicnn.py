"""Rebuilds the musicnn networks (Pons and Serra 2019, ISC licence) as ONNX graphs from their TensorFlow 1 weights.

    pip download musicnn==0.1.0 --no-deps && unzip musicnn-0.1.0-py3-none-any.whl -d musicnn
    python -m models.recipes.convert_musicnn musicnn/musicnn/MSD_musicnn models/weights/musicnn_msd.onnx

Needs the extra `train` (TensorFlow reads the checkpoint, onnx writes the graph). Three rewrites make the graph faster
and leave its values as they were:

* a convolution is pooled over frequency before its bias, ReLU and batch normalisation. These are monotone per
channel, so the maximum moves inside; where the normalisation falls (gamma < 0) it is the minimum, that is the maximum
of the negated kernel, negated back;
* a convolution over frequency and time is computed for a group of its filters at a time, and each group is pooled at
once, while it is in the processor's cache: a sixth less time (python -m bench.hearing);
* the middle layers are one-dimensional convolutions over time.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.ears.musicnn import EMBEDDING, MSD_TAGS
from models.features.musicnn_mel import BANDS, FRAMES

EPSILON = 1e-3
"""Of TensorFlow 1's batch normalisation."""
FILTERS_AT_ONCE = 32
HIGH_FILTERS_AT_ONCE = 16
"""The same for kernels of one band, whose output has all 96 bands. Multiples of 16 fill the processor's registers."""

Array = npt.NDArray[np.float32]
Shape = list[int | str]


def read_checkpoint(folder: Path) -> dict[str, Array]:
    """Variables by name. The package's files are named `.index` and `.data-*`, which no reader accepts: copied
    first."""
    try:
        import tensorflow as tf
    except ImportError as missing:
        raise ModelError(
            "musicnn: reading the checkpoint needs TensorFlow. Run: pip install 'filmscore[train]'"
        ) from missing
    with tempfile.TemporaryDirectory() as scratch:
        for source in folder.iterdir():
            if source.name.startswith((".index", ".data-")):
                shutil.copy(source, Path(scratch) / f"musicnn{source.name}")
        reader = tf.train.load_checkpoint(str(Path(scratch) / "musicnn"))
        names = [n for n in reader.get_variable_to_shape_map() if "Adam" not in n and "power" not in n]
        return {name: np.asarray(reader.get_tensor(name), dtype=np.float32) for name in names}


class Graph:
    """Collects nodes and initialisers; every method returns the name of its output."""

    def __init__(self) -> None:
        from onnx import helper, numpy_helper

        self.helper: Any = helper
        self.numpy_helper: Any = numpy_helper
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    def constant(self, values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        name = f"c{len(self.initialisers)}"
        self.initialisers.append(self.numpy_helper.from_array(np.asarray(values, dtype=dtype), name))
        return name

    def add(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"n{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def affine(self, x: str, scale: Array, shift: Array) -> str:
        return self.add("Add", self.add("Mul", x, self.constant(scale)), self.constant(shift))

    def model(
        self, name: str, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape], integers: Collection[str] = ()
    ) -> Any:
        """The checked ONNX model of the nodes so far, its inputs and outputs float32 of these shapes; some int64."""
        from onnx import TensorProto, checker

        values = [
            [
                self.helper.make_tensor_value_info(
                    key, TensorProto.INT64 if key in integers else TensorProto.FLOAT, shape
                )
                for key, shape in ends.items()
            ]
            for ends in (inputs, outputs)
        ]
        body = self.helper.make_graph(self.nodes, name, *values, self.initialisers)
        built = self.helper.make_model(body, opset_imports=[self.helper.make_opsetid("", 18)], ir_version=9)
        checker.check_model(built)
        return built


def _normalisation(variables: dict[str, Array], index: int) -> tuple[Array, Array]:
    prefix = "batch_normalization" + (f"_{index}" if index else "")
    scale = variables[f"{prefix}/gamma"] / np.sqrt(variables[f"{prefix}/moving_variance"] + EPSILON)
    return scale, variables[f"{prefix}/beta"] - scale * variables[f"{prefix}/moving_mean"]


def _front(graph: Graph, x: str, variables: dict[str, Array], index: int, pads: list[int]) -> str:
    """Convolution, maximum over frequency, ReLU, normalisation: (n, channels, FRAMES)."""
    suffix = f"_{index}" if index else ""
    kernel = variables[f"conv2d{suffix}/kernel"].transpose(3, 2, 0, 1)
    bias = variables[f"conv2d{suffix}/bias"]
    scale, shift = _normalisation(variables, index + 1)
    sign = np.where(scale < 0, -1.0, 1.0).astype(np.float32)
    signed, width = kernel * sign[:, None, None, None], BANDS - kernel.shape[3] + 1
    size = HIGH_FILTERS_AT_ONCE if width == BANDS else FILTERS_AT_ONCE
    pooled = []
    for first in range(0, len(signed), size):
        group = graph.constant(signed[first : first + size])
        conv = graph.add("Conv", x, group, pads=pads, kernel_shape=list(kernel.shape[2:]))
        pooled.append(graph.add("MaxPool", conv, kernel_shape=[1, width], strides=[1, width]))
    flat = graph.add("Squeeze", graph.add("Concat", *pooled, axis=1), graph.constant([3], np.int64))
    column = (1, -1, 1)
    active = graph.add("Relu", graph.affine(flat, sign.reshape(column), bias.reshape(column)))
    return graph.affine(active, scale.reshape(column), shift.reshape(column))


def _middle(graph: Graph, x: str, variables: dict[str, Array], index: int) -> str:
    kernel = variables[f"conv2d_{index}/kernel"][:, :, 0, :].transpose(2, 1, 0)
    conv = graph.add(
        "Conv",
        x,
        graph.constant(kernel),
        graph.constant(variables[f"conv2d_{index}/bias"]),
        pads=[3, 3],
        kernel_shape=[7],
    )
    scale, shift = _normalisation(variables, index + 1)
    return graph.affine(graph.add("Relu", conv), scale.reshape(1, -1, 1), shift.reshape(1, -1, 1))


def build(variables: dict[str, Array]) -> Any:
    """ONNX model: `mel` (n, 187, 96) -> `tags` (n, 50) probabilities, `embedding` (n, 200) penultimate layer."""
    graph = Graph()
    scale, shift = _normalisation(variables, 0)
    x = graph.affine(graph.add("Unsqueeze", "mel", graph.constant([1], np.int64)), scale, shift)
    fronts = [_front(graph, x, variables, i, [3, 0, 3, 0]) for i in (0, 1)]
    for i, length in ((2, 128), (3, 64), (4, 32)):
        fronts.append(_front(graph, x, variables, i, [(length - 1) // 2, 0, length // 2, 0]))
    front = graph.add("Concat", *fronts, axis=1)
    first = _middle(graph, front, variables, 5)
    second = graph.add("Add", _middle(graph, first, variables, 6), first)
    third = graph.add("Add", _middle(graph, second, variables, 7), second)
    features = graph.add("Concat", front, first, second, third, axis=1)
    last = graph.constant([2], np.int64)
    maximum = graph.add("ReduceMax", features, last, keepdims=1)
    mean = graph.add("ReduceMean", features, last, keepdims=1)
    flat = graph.add("Flatten", graph.add("Concat", maximum, mean, axis=2))
    dense = graph.add(
        "Gemm",
        graph.affine(flat, *_normalisation(variables, 9)),
        graph.constant(variables["dense/kernel"]),
        graph.constant(variables["dense/bias"]),
    )
    scale, shift = _normalisation(variables, 10)
    embedding = graph.add(
        "Add",
        graph.add("Mul", graph.add("Relu", dense), graph.constant(scale)),
        graph.constant(shift),
        name="embedding",
    )
    logits = graph.add(
        "Gemm", embedding, graph.constant(variables["dense_1/kernel"]), graph.constant(variables["dense_1/bias"])
    )
    graph.add("Sigmoid", logits, name="tags")
    return graph.model(
        "musicnn", {"mel": ["n", FRAMES, BANDS]}, {"tags": ["n", len(MSD_TAGS)], "embedding": ["n", EMBEDDING]}
    )


def main(checkpoint: str, target: str) -> None:
    """Convert one checkpoint folder of the musicnn package to an ONNX file."""
    Path(target).write_bytes(build(read_checkpoint(Path(checkpoint))).SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
