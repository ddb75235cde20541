"""The fast form of musicnn's first layers, against the convolutions written out."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from models.features.musicnn_mel import BANDS
from models.recipes.convert_musicnn import EPSILON, FILTERS_AT_ONCE, Graph, _front

pytest.importorskip("onnx", reason="the extra train is not installed")
FRAMES = 9


@pytest.mark.parametrize(("filters", "width"), [(FILTERS_AT_ONCE + 3, 90), (3, BANDS - 1), (18, 1)])
def test_filters_in_groups_give_what_each_gives_alone(filters: int, width: int) -> None:
    rng = np.random.default_rng(filters)
    kernel = rng.standard_normal((3, width, 1, filters)).astype(np.float32)
    variables = {"conv2d/kernel": kernel, "conv2d/bias": rng.standard_normal(filters).astype(np.float32)}
    gamma, beta, mean = (rng.standard_normal(filters).astype(np.float32) for _ in range(3))
    normal = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": mean**2 + 1}
    variables |= {f"batch_normalization_1/{name}": values for name, values in normal.items()}

    graph = Graph()
    out = _front(graph, "x", variables, 0, [1, 0, 1, 0])
    model = graph.model("front", {"x": [1, 1, FRAMES, BANDS]}, {out: [1, filters, FRAMES]})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    x = rng.standard_normal((FRAMES, BANDS)).astype(np.float32)
    [found] = session.run([out], {"x": x[None, None]})

    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((1, 1), (0, 0))), (3, width))
    active = np.maximum(np.einsum("tbij,ijf->tbf", windows, kernel[:, :, 0]) + variables["conv2d/bias"], 0)
    expected = (gamma * (active - mean) / np.sqrt(mean**2 + 1 + EPSILON) + beta).max(axis=1)
    np.testing.assert_allclose(found[0].T, expected, atol=2e-4)
