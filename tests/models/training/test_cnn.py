"""The thesis's CNN: its shape, its learning rate, its export, and a training that was killed."""

from __future__ import annotations

import builtins
import itertools
import json
import subprocess
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import ModelError, ParameterError
from models.ears.network import open_network
from models.ears.store import WEIGHTS
from models.kinds import class_labels
from models.training.cnn import CnnSettings, History, build_cnn, import_keras, plateau_rate, train_cnn
from models.training.cnn_export import export_cnn, write_cnn

GENRES = class_labels("genre")


def log_mels(n: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=(n, 128, 100)) * 14 - 12).astype(np.float32)


def random_weights(n_classes: int, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (25_600, 64), (64,), (64, n_classes), (n_classes,)]
    return [(rng.normal(size=shape) * 0.5 / np.sqrt(np.prod(shape[:-1]) or 1)).astype(np.float32) for shape in shapes]


def test_the_network_is_the_thesiss() -> None:
    pytest.importorskip("tensorflow")
    model = build_cnn(10, CnnSettings())
    shapes = [tuple(weight.shape) for weight in model.get_weights()]
    assert shapes == [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (25_600, 64), (64,), (64, 10), (10,)]
    assert [layer.name for layer in model.layers if layer.name.startswith(("conv", "pool"))] == [
        "conv1",
        "pool1",
        "conv2",
        "pool2",
    ]
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.001)


@pytest.mark.parametrize(("half", "tolerance"), [(False, 1e-5), (True, 1e-2)])
def test_the_exported_network_equals_keras(tmp_path: Path, half: bool, tolerance: float) -> None:
    pytest.importorskip("tensorflow")
    model = build_cnn(10, CnnSettings())
    model.set_weights(random_weights(10))
    export_cnn(model, tmp_path / "g.onnx", GENRES, half)
    inputs = log_mels(20)
    served, embedding = open_network(tmp_path / "g.onnx").run(["probabilities", "embedding"], {"log_mel_db": inputs})
    expected = model.predict(inputs[..., None], verbose=0)
    assert np.abs(served - expected).max() < tolerance
    assert expected.std() > 0.01
    assert embedding.shape == (20, 64) and embedding.min() == 0


def test_half_precision_halves_the_file_and_hardly_moves_the_shipped_predictions(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    import onnx
    from onnx import numpy_helper

    from models.ears.store import load_weights

    shipped = load_weights("thesis-genre")
    stored = {t.name: numpy_helper.to_array(t).astype(np.float32) for t in onnx.load(str(shipped)).graph.initializer}
    assert shipped.stat().st_size < 3_400_000
    rng = np.random.default_rng(0)
    # The shipped halves, interleaved again with their neighbours as in training.
    names = ["conv1_w", "conv1_b", "conv2_w", "conv2_b", "dense_w", "dense_b", "last_w", "last_b"]
    exact = [
        stored[f"{name}_half"] * (1 + rng.uniform(-0.5, 0.5, stored[f"{name}_half"].shape) * 2**-10) for name in names
    ]
    dense = exact[4].reshape(32, 32, 25, 64).transpose(1, 2, 0, 3).reshape(25_600, 64)
    keras_layout = [
        exact[0].transpose(2, 3, 1, 0),
        exact[1],
        exact[2].transpose(2, 3, 1, 0),
        exact[3],
        dense,
        *exact[5:],
    ]
    write_cnn([w.astype(np.float32) for w in keras_layout], tmp_path / "full.onnx", GENRES, half=False)
    inputs = log_mels(16, 3)
    ours = open_network(shipped).run(["probabilities"], {"log_mel_db": inputs})[0]
    full = open_network(tmp_path / "full.onnx").run(["probabilities"], {"log_mel_db": inputs})[0]
    assert np.abs(ours - full).max() < 1e-2


def test_another_network_is_not_exported(tmp_path: Path) -> None:
    class Other:
        def get_weights(self) -> list[np.ndarray]:
            return [np.zeros((3, 3))]

    with pytest.raises(ModelError, match="not the thesis's CNN"):
        export_cnn(Other(), tmp_path / "x.onnx", GENRES)


@pytest.mark.parametrize("content", [b"", b"no graph at all"])
def test_a_file_that_is_no_network_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"x\.onnx"):
        open_network(tmp_path / "x.onnx")
    with pytest.raises(ModelError, match=r"none\.onnx"):
        open_network(tmp_path / "none.onnx")


@pytest.mark.parametrize("kind", ["genre", "danceability", "valence", "energy"])
def test_a_training_takes_the_settings_of_the_shipped_networks(kind: str) -> None:
    card = json.loads((WEIGHTS.parent / "cards" / f"thesis-{kind}.json").read_text(encoding="utf-8"))
    assert card["settings"] == asdict(CnnSettings())


@given(st.lists(st.floats(0, 1), max_size=120))
def test_the_learning_rate_only_falls_and_never_freezes(accuracies: list[float]) -> None:
    settings = CnnSettings()
    rates = [plateau_rate(accuracies[:k], settings) for k in range(len(accuracies) + 1)]
    assert rates[0] == settings.learning_rate
    assert all(b <= a for a, b in itertools.pairwise(rates))
    assert min(rates) >= settings.lowest_rate


def test_three_epochs_without_a_better_accuracy_halve_the_rate() -> None:
    settings = CnnSettings(lowest_rate=0.0)
    assert plateau_rate([0.5, 0.5, 0.4], settings) == 0.001
    assert plateau_rate([0.5, 0.5, 0.4, 0.5], settings) == 0.0005
    assert plateau_rate([0.5, 0.4, 0.4, 0.6, 0.5, 0.5], settings) == 0.001


def trained(checkpoint: Path, epochs: int, stop_after: int | None = None) -> tuple[Any, History]:
    class KilledError(Exception):
        pass

    def on_epoch(done: int, history: History) -> None:
        if done == stop_after:
            raise KilledError

    settings = CnnSettings(epochs=epochs, batch_size=4, learning_rate=0.01, seed=3)
    labels = np.arange(12) % 3
    data = log_mels(12, 1) + 5 * labels[:, None, None].astype(np.float32)
    validation = np.arange(12) >= 9
    try:
        return train_cnn(data, labels, validation, 3, settings, checkpoint, on_epoch)
    except KilledError:
        return None, History()


def test_a_killed_training_resumes_where_it_stopped(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    whole, history = trained(tmp_path / "a.npz", 3)
    trained(tmp_path / "b.npz", 3, stop_after=2)
    resumed, again = trained(tmp_path / "b.npz", 3)
    assert len(again.loss) == len(history.loss) == 3
    assert again.loss == pytest.approx(history.loss, rel=1e-5)
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"], "no temporary file is left"


def test_a_checkpoint_of_another_training_is_not_used(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    trained(tmp_path / "a.npz", 2)
    _, history = trained(tmp_path / "a.npz", 1)
    assert len(history.loss) == 1


def test_a_broken_checkpoint_is_named(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    (tmp_path / "a.npz").write_bytes(b"PK half")
    with pytest.raises(ModelError, match=r"a\.npz.*Delete it to start again"):
        trained(tmp_path / "a.npz", 1)


def test_without_tensorflow_the_message_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == "tensorflow":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match=r"pip install 'filmscore\[train\]'"):
        import_keras()


def test_hearing_imports_no_tensorflow() -> None:
    code = textwrap.dedent("""
        import sys
        from models.ears.ear import load_ear
        load_ear("thesis")
        import models.training.from_manifest, models.evaluation.on_manifest
        print("tensorflow" in sys.modules or "keras" in sys.modules)
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"dropout": 1.0}, {"learning_rate": 0.0}, {"batch_size": 0}])
def test_impossible_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        CnnSettings(**wrong)
