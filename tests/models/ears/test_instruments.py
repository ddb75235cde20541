"""Tags of instruments: the map does what its arrays say, and its file is the map of these tags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from errors import ModelError, ParameterError
from models.ears.instruments import INSTRUMENTS, LEAST_SHOWN, TAGS_KEPT, InstrumentTags
from models.ears.musicnn import MTT_TAGS
from models.ears.store import load_weights
from models.recipes.train_instruments import agreement, ridge


def test_the_shipped_map_keeps_its_likeliest_tags() -> None:
    heard = InstrumentTags.load(load_weights("instruments"))
    rng = np.random.default_rng(3)
    features = {"msd": rng.standard_normal((5, 200)), "tags": rng.standard_normal((5, 50)) - 4}
    p = heard.probabilities(features)
    x = np.hstack([features["msd"], features["tags"]])
    slow = [[1 / (1 + np.exp(-(((row - heard.mean) / heard.scale) @ column + b))) for column, b in
             zip(heard.weights.T, heard.bias, strict=True)] for row in x]  # fmt: skip
    np.testing.assert_allclose(p, np.clip(slow, 1 / (1 + np.exp(15)), 1 / (1 + np.exp(-15))), atol=1e-9)
    kept = heard.strongest(features)
    assert len(kept) <= TAGS_KEPT and list(kept.values()) == sorted(kept.values(), reverse=True)
    assert set(kept) <= set(INSTRUMENTS) <= set(MTT_TAGS) and min(kept.values(), default=1) >= LEAST_SHOWN
    with pytest.raises(ParameterError, match="features a window"):
        heard.probabilities({"msd": np.zeros((1, 7)), "tags": np.zeros((1, 50))})


def test_a_map_of_other_tags_is_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "one.npz", tags=np.array(["kazoo"]), mean=np.zeros(2), scale=np.ones(2), weights=np.ones((2, 1))
    )
    with pytest.raises(ModelError, match="lacks 'bias'"):
        InstrumentTags.load(tmp_path / "one.npz")


def test_the_recipe_finds_a_linear_relation_again() -> None:
    rng = np.random.default_rng(5)
    x, truth = rng.standard_normal((300, 6)), rng.standard_normal((6, 2))
    y = x @ truth + 2
    weights, bias = ridge(x, y, 1e-6)
    np.testing.assert_allclose(weights, truth, atol=0.2)
    np.testing.assert_allclose(bias, y.mean(axis=0))
    assert (agreement(x, y, np.repeat(np.arange(60), 5).astype(str), 1e-6) > 0.99).all()
