"""Training goes on from former weights when asked to; the best epoch's weights stay."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.features import activity_mel
from models.recipes import train_activity
from models.recipes.films import FILM_S
from models.recipes.train_activity import train


class Model:
    """Stands for the network: remembers what it is asked to do, and is right about the films once it has learnt."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.rates: list[float] = []

    def load_weights(self, path: Path) -> None:
        self.did.append(f"loaded {path.name}")

    def compile(self, optimizer: Any, loss: Any) -> None:
        self.optimizer = optimizer

    def fit(self, *_: Any, **__: Any) -> Any:
        self.did.append("learnt")
        self.rates.append(self.optimizer.learning_rate)
        return SimpleNamespace(history={"loss": [0.5]})

    def predict(self, inputs: np.ndarray, **_: Any) -> np.ndarray:
        right = 1.0 if self.did.count("learnt") == 2 else -1.0  # the second of three epochs is the best
        return np.full((len(inputs), inputs.shape[1] // activity_mel.FRAMES_PER_SECOND, 2), right)

    def save_weights(self, path: Path) -> None:
        self.did.append("saved")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    """Three epochs of a minute each, without Keras."""
    model, minutes = Model(), iter([0.0, 0.0, 1.0, 2.0, 3.0])
    keras = SimpleNamespace(
        utils=SimpleNamespace(set_random_seed=lambda seed: None, PyDataset=object),
        optimizers=SimpleNamespace(AdamW=lambda rate, **_: SimpleNamespace(learning_rate=rate)),
        losses=SimpleNamespace(BinaryCrossentropy=lambda **_: None),
    )
    monkeypatch.setitem(sys.modules, "keras", keras)  # type: ignore[arg-type]
    monkeypatch.setattr(train_activity, "network", lambda: model)
    monkeypatch.setattr(train_activity, "LabelledSeconds", lambda *_: None)
    monkeypatch.setattr(train_activity.Crops, "epoch", lambda *_: None)
    monkeypatch.setattr(train_activity.time, "monotonic", lambda: 60 * next(minutes))
    clips = np.zeros((3, activity_mel.FRAMES_PER_SECOND, activity_mel.BANDS)), np.arange(3)
    monkeypatch.setattr(train_activity, "validation_clips", lambda _: clips)
    return model


@pytest.fixture
def films(tmp_path: Path) -> Path:
    inputs = np.zeros((1, FILM_S * activity_mel.FRAMES_PER_SECOND, activity_mel.BANDS), np.float16)
    for name in ("train1.npz", "validation1.npz"):
        np.savez(tmp_path / name, inputs=inputs, truth=np.ones((1, FILM_S, 2), np.bool_))
    return tmp_path


def test_training_goes_on_from_former_weights_at_the_rate_that_is_asked_for(model: Model, films: Path) -> None:
    train([films], Path("seconds.npz"), films / "best.weights.h5", 3, 0, Path("former.weights.h5"), 1e-4)
    assert model.did[0] == "loaded former.weights.h5"
    assert model.did.count("learnt") == 3
    assert 1e-5 < max(model.rates) <= 1.1e-4


def test_training_starts_at_drawn_weights_without_former_weights_and_keeps_the_best_epoch(
    model: Model, films: Path
) -> None:
    train([films], Path("seconds.npz"), films / "best.weights.h5", 3, 0)
    assert model.did[0] == "learnt"
    assert max(model.rates) > 1e-4
    assert model.did[-2:] == ["saved", "learnt"]
