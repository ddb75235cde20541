"""The thesis's CNN as an ONNX graph: written node by node, weights stored in half precision.

Inputs `log_mel_db` (n, 128, 100) float32; outputs `probabilities` (n, k) and `embedding` (n, 64) float32. The scaling
of the input is part of the graph. Half precision halves the file (3.3 MB); all arithmetic stays in float32.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import durable
from errors import ModelError
from media.geometry import MEL_BANDS, MEL_FRAMES
from models.ears.thesis_ear import EMBEDDING_UNITS
from models.training.cnn import INPUT_OFFSET_DB, INPUT_SCALE_DB

OPSET = 17
IR_VERSION = 9
POOLED = (MEL_BANDS // 4, MEL_FRAMES // 4)
CONV2_FILTERS = 32


def export_cnn(model: Any, path: Path, labels: tuple[str, ...], half: bool = True) -> None:
    """Write a trained Keras CNN of `models.training.cnn.build_cnn` as ONNX.

    Args:
        model: the Keras model.
        path: the .onnx to write.
        labels: class names, stored in the file's metadata.
        half: store the weights as float16 (off: float32, equal to Keras to 1e-5).

    Raises:
        ModelError: the package onnx is not installed, or the model has another shape.
    """
    weights = model.get_weights()
    if len(weights) != 8 or weights[4].shape != (POOLED[0] * POOLED[1] * CONV2_FILTERS, EMBEDDING_UNITS):
        raise ModelError(f"{path.name}: the network is not the thesis's CNN. Build it with models.training.cnn.")
    write_cnn(weights, path, labels, half)


def write_cnn(weights: list[npt.NDArray[np.float32]], path: Path, labels: tuple[str, ...], half: bool) -> None:
    """Write the eight arrays of the CNN (kernel and bias of conv1, conv2, embedding, classes; Keras layout)."""
    try:
        from onnx import TensorProto, checker, helper, save
    except ImportError as error:
        raise ModelError("onnx: not installed. Run: pip install 'filmscore[train]'.") from error

    conv1, bias1, conv2, bias2, dense, dense_bias, last, last_bias = weights
    # Keras flattens (rows, columns, filters); ONNX pools (filters, rows, columns).
    dense = dense.reshape(*POOLED, CONV2_FILTERS, EMBEDDING_UNITS).transpose(2, 0, 1, 3)
    stored = {
        "conv1_w": conv1.transpose(3, 2, 0, 1),
        "conv1_b": bias1,
        "conv2_w": conv2.transpose(3, 2, 0, 1),
        "conv2_b": bias2,
        "dense_w": dense.reshape(-1, EMBEDDING_UNITS),
        "dense_b": dense_bias,
        "last_w": last,
        "last_b": last_bias,
    }
    number = TensorProto.FLOAT
    initializers, nodes = [], []
    for name, array in stored.items():
        kept = np.ascontiguousarray(array, dtype=np.float16 if half else np.float32)
        source = f"{name}_half" if half else name
        initializers.append(_tensor(source, kept))
        if half:
            nodes.append(helper.make_node("Cast", [source], [name], to=number))
    initializers += [
        _tensor("offset", np.float32(INPUT_OFFSET_DB)),
        _tensor("scale", np.float32(INPUT_SCALE_DB)),
        _tensor("channel_axis", np.array([1], np.int64)),
    ]
    same: dict[str, Any] = {"pads": [1, 1, 1, 1], "kernel_shape": [3, 3]}
    pool: dict[str, Any] = {"kernel_shape": [2, 2], "strides": [2, 2]}
    nodes += [
        helper.make_node("Add", ["log_mel_db", "offset"], ["shifted"]),
        helper.make_node("Div", ["shifted", "scale"], ["scaled"]),
        helper.make_node("Unsqueeze", ["scaled", "channel_axis"], ["image"]),
        helper.make_node("Conv", ["image", "conv1_w", "conv1_b"], ["c1"], **same),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("MaxPool", ["r1"], ["p1"], **pool),
        helper.make_node("Conv", ["p1", "conv2_w", "conv2_b"], ["c2"], **same),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("MaxPool", ["r2"], ["p2"], **pool),
        helper.make_node("Flatten", ["p2"], ["flat"], axis=1),
        helper.make_node("Gemm", ["flat", "dense_w", "dense_b"], ["d1"]),
        helper.make_node("Relu", ["d1"], ["embedding"]),
        helper.make_node("Gemm", ["embedding", "last_w", "last_b"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    inputs = [helper.make_tensor_value_info("log_mel_db", number, ["n", MEL_BANDS, MEL_FRAMES])]
    outputs = [
        helper.make_tensor_value_info("probabilities", number, ["n", len(labels)]),
        helper.make_tensor_value_info("embedding", number, ["n", EMBEDDING_UNITS]),
    ]
    graph = helper.make_graph(nodes, "thesis_cnn", inputs, outputs, initializers)
    exported = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="filmscore"
    )
    helper.set_model_props(exported, {"labels": ",".join(labels), "architecture": "thesis"})
    checker.check_model(exported)
    with durable.whole(path) as beside:
        save(exported, str(beside))


def _tensor(name: str, array: npt.NDArray[Any] | np.generic) -> Any:
    from onnx import numpy_helper

    return numpy_helper.from_array(np.asarray(array), name)
