"""Rebuilds the 8 kHz half of Silero VAD (Silero Team, MIT licence) as one ONNX graph that hears a whole piece at once.

    pip download silero-vad==6.2.3 --no-deps && unzip silero_vad-6.2.3-py3-none-any.whl -d silero
    python -m models.recipes.convert_silero silero/silero_vad/data/silero_vad.onnx models/weights/silero_vad.onnx

The package's graph takes 32 ms a call and carries its state outside. Here the frames are the batch of the layers before
the recurrent one and its sequence, so that a call takes as many as wanted; the values are the same. A frame has four
spectra only, so each convolution over them is one matrix product: ONNX Runtime's convolutions of so few moments take
five times as long. Needs the package onnx (extra `train`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.ears.voice import CONTEXT, FRAME, HIDDEN
from models.recipes.convert_musicnn import Graph, Shape

Array = npt.NDArray[np.float32]
HOP = 64
"""Samples from one spectrum to the next."""
GATES = (0, 3, 1, 2)
"""PyTorch's order of an LSTM's gates (input, forget, cell, output) as ONNX wants them (input, output, forget, cell)."""


def read_weights(path: Path) -> dict[str, Array]:
    """The constants of the branch for 8 kHz, by the end of their names.

    Raises:
        ModelError: the graph is not laid out as in silero-vad 6.2.
    """
    import onnx

    choices = [node for node in onnx.load(str(path)).graph.node if node.op_type == "If"]
    branches = [a.g for node in choices for a in node.attribute if a.name == "else_branch"]
    if not branches:
        raise ModelError(f"{path}: no branch for 8 kHz. Take silero_vad.onnx of silero-vad 6.2.3.")
    return {
        node.output[0].rpartition("__")[2]: np.asarray(onnx.numpy_helper.to_array(node.attribute[0].t))
        for node in branches[0].node
        if node.op_type == "Constant"
    }


def _gates(values: Array) -> Array:
    return np.concatenate([values.reshape(4, HIDDEN, -1)[gate] for gate in GATES])


def _dense(kernel: Array, steps: int, stride: int) -> Array:
    """(steps * inputs, steps_after * outputs): a convolution over `steps` moments, padded by one, as one matrix."""
    outputs, inputs, taps = kernel.shape
    after = -(-steps // stride)
    matrix = np.zeros((steps, inputs, after, outputs), np.float32)
    for moment in range(after):
        for tap in range(taps):
            if 0 <= (source := moment * stride + tap - 1) < steps:
                matrix[source, :, moment] = kernel[:, :, tap].T
    return matrix.reshape(steps * inputs, after * outputs)


def build(weights: dict[str, Array]) -> Any:
    """ONNX model: `frames` (n, CONTEXT + FRAME), `h` and `c` (1, 1, HIDDEN) -> `logit` (n,), `h_next`, `c_next`."""
    graph = Graph()

    def ints(*values: int) -> str:
        return graph.constant(list(values), np.int64)

    padded = graph.add("Pad", "frames", ints(0, 0, 0, HOP), mode="reflect")
    basis = weights["stft.forward_basis_buffer"][:, 0].T
    steps = 1 + (CONTEXT + FRAME + HOP - len(basis)) // HOP
    cut = [graph.add("Slice", padded, ints(HOP * t), ints(HOP * t + len(basis)), ints(1)) for t in range(steps)]
    pieces = graph.add("Concat", *(graph.add("Unsqueeze", piece, ints(1)) for piece in cut), axis=1)
    spectrum = graph.add("MatMul", pieces, graph.constant(basis))
    bins = basis.shape[1] // 2
    halves = [graph.add("Slice", spectrum, ints(i * bins), ints((i + 1) * bins), ints(2)) for i in (0, 1)]
    x = graph.add("Sqrt", graph.add("Add", *(graph.add("Mul", half, half) for half in halves)))
    x = graph.add("Reshape", x, ints(-1, steps * bins))
    for layer, stride in enumerate((1, 2, 2, 1)):
        kernel, bias = (weights[f"encoder.{layer}.reparam_conv.{kind}"] for kind in ("weight", "bias"))
        dense = _dense(kernel, steps, stride)
        steps = dense.shape[1] // len(bias)
        x = graph.add("Relu", graph.add("Gemm", x, graph.constant(dense), graph.constant(np.tile(bias, steps))))
    rows, columns = (_gates(weights[f"decoder.rnn.weight_{end}"])[None] for end in ("ih", "hh"))
    bias = np.concatenate([_gates(weights[f"decoder.rnn.bias_{end}"])[:, 0] for end in ("ih", "hh")])[None]
    sequence = graph.add("Unsqueeze", x, ints(1))
    graph.nodes.append(
        graph.helper.make_node(
            "LSTM",
            [sequence, graph.constant(rows), graph.constant(columns), graph.constant(bias), "", "h", "c"],
            ["spoken", "h_next", "c_next"],
            hidden_size=HIDDEN,
        )
    )
    heard = graph.add("Relu", graph.add("Reshape", "spoken", ints(-1, HIDDEN)))
    weight = weights["decoder.decoder.2.weight"].reshape(1, HIDDEN).T
    out = graph.add("Gemm", heard, graph.constant(weight), graph.constant(weights["decoder.decoder.2.bias"]))
    graph.add("Reshape", out, ints(-1), name="logit")
    state: Shape = [1, 1, HIDDEN]
    return graph.model(
        "silero_vad_8khz",
        {"frames": ["n", CONTEXT + FRAME], "h": state, "c": state},
        {"logit": ["n"], "h_next": state, "c_next": state},
    )


def main(source: str, target: str) -> None:
    """Convert the package's graph."""
    Path(target).write_bytes(build(read_weights(Path(source))).SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
