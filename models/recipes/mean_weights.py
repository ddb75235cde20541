"""The mean of two exported networks of one graph, which is often steadier than either.

python -m models.recipes.mean_weights A.onnx B.onnx OUT.onnx
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from errors import ModelError


def main(first: str, second: str, target: str) -> None:
    """Average the float arrays of two training stages of one network."""
    import onnx
    from onnx import numpy_helper

    mean, other = onnx.load(first), onnx.load(second)
    for stored, beside in zip(mean.graph.initializer, other.graph.initializer, strict=True):
        ours, theirs = numpy_helper.to_array(stored), numpy_helper.to_array(beside)
        if stored.name != beside.name or ours.shape != theirs.shape:
            raise ModelError(f"{second}: not the same graph as {first}. Take two stages of one training.")
        if ours.dtype == np.float32:
            stored.CopyFrom(numpy_helper.from_array(((ours + theirs) / 2).astype(np.float32), stored.name))
    Path(target).write_bytes(mean.SerializeToString())


if __name__ == "__main__":
    main(*sys.argv[1:])
