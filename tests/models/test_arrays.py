"""Files of weights are read without trusting them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errors import ModelError
from models.arrays import read_weights


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"mean": np.zeros(3, np.float32)}, r"one\.npz: lacks 'scale'\. Reinstall it"),
        ({"mean": np.zeros(3), "scale": np.array(["a"])}, r"one\.npz: holds no numbers .*Reinstall it"),
        ({"mean": np.zeros(3), "scale": np.array([None])}, "Reinstall it"),
    ],
    ids=["missing", "text", "an object"],
)
def test_weights_that_are_missing_or_no_numbers_are_refused(tmp_path: Path, arrays: dict[str, Any], why: str) -> None:
    np.savez(tmp_path / "one.npz", **arrays)
    with pytest.raises(ModelError, match=why):
        read_weights(tmp_path / "one.npz", ("mean", "scale"), "Reinstall it.")


def test_weights_are_read_in_double_precision_and_only_those_asked_for(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", mean=np.float32([1, 2]), bias=np.float32(3), tags=np.array(["a"]))
    read = read_weights(tmp_path / "one.npz", ("mean", "bias"), "")
    assert {name: (values.tolist(), values.dtype) for name, values in read.items()} == {
        "mean": ([1.0, 2.0], np.float64),
        "bias": (3.0, np.float64),
    }
