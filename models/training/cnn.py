"""The thesis's CNN over log-mels (4.2): its definition in Keras and its training.

    log-mel (128, 100) in dB -> (dB + 40) / 20 -> conv 3x3 x 16, ReLU, max pooling 2x2 -> conv 3x3 x 32, ReLU, max
    pooling 2x2 -> flatten -> dense 64, ReLU, L2 -> dense k, softmax, L2

SGD 0.001 and categorical cross-entropy for 120 epochs. The thesis gives no L2 factor (ours: Keras's 0.01), no batch
size (ours: 8) and no dropout rate (ours: 0). It divides the learning rate when the validation accuracy has not risen
for three epochs; taken at its word on the test part this lets the test choose, and can freeze the network at a rate
near zero. Ours looks at a validation part cut from the training part, halves, and stops at a quarter.

TensorFlow trains; it does not serve (`models.training.cnn_export`). It is imported inside the functions only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import durable
from errors import ModelError, ParameterError
from media.geometry import MEL_BANDS, MEL_FRAMES
from models.arrays import read_arrays
from models.ears.thesis_ear import EMBEDDING_UNITS

Float32 = npt.NDArray[np.float32]

INPUT_OFFSET_DB = 40.0
INPUT_SCALE_DB = 20.0
"""Input of the first convolution = (dB + 40) / 20: about zero mean and unit variance for music at RMS 0.1."""


@dataclass(frozen=True)
class CnnSettings:
    """Settings that the thesis fixes (the defaults) and settings that it leaves open."""

    epochs: int = 120
    learning_rate: float = 0.001
    batch_size: int = 8
    """With a few hundred windows in the place of the thesis's 5,600, batches of 8 make about half as many steps in 120
    epochs as batches of 32 made there; batches of 32 would leave the networks untrained."""
    l2: float = 0.01
    dropout: float = 0.0
    patience: int = 3
    """Epochs without a better validation accuracy before the learning rate is halved."""
    lowest_rate: float = 0.00025
    seed: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1 or not 0 <= self.dropout < 1 or self.learning_rate <= 0:
            raise ParameterError(f"{self}: epochs and batch size start at 1, dropout is in [0, 1), rates are > 0.")


@dataclass
class History:
    """One value per completed epoch."""

    accuracy: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)


def import_keras() -> Any:
    """The keras module on TensorFlow.

    Raises:
        ModelError: TensorFlow is not installed; the message names the command.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import tensorflow  # noqa: F401
        from tensorflow import keras
    except ImportError as error:
        raise ModelError(
            "TensorFlow: not installed, and the thesis's CNNs are trained with it. "
            "Run: pip install 'filmscore[train]' (serving them needs no TensorFlow)."
        ) from error
    return keras


def build_cnn(n_classes: int, settings: CnnSettings) -> Any:
    """The compiled Keras model; input (n, 128, 100, 1) log-mel in dB at RMS 0.1, output (n, n_classes)."""
    keras = import_keras()
    keras.utils.set_random_seed(settings.seed)
    layers = keras.layers
    l2 = keras.regularizers.l2(settings.l2)
    stack = [
        keras.Input((MEL_BANDS, MEL_FRAMES, 1), name="log_mel_db"),
        layers.Rescaling(1 / INPUT_SCALE_DB, offset=INPUT_OFFSET_DB / INPUT_SCALE_DB, name="scale"),
        layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
        layers.MaxPooling2D(name="pool1"),
        layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
        layers.MaxPooling2D(name="pool2"),
        layers.Flatten(name="flatten"),
        layers.Dense(EMBEDDING_UNITS, activation="relu", kernel_regularizer=l2, name="embedding"),
        layers.Dropout(settings.dropout, name="dropout"),
        layers.Dense(n_classes, activation="softmax", kernel_regularizer=l2, name="classes"),
    ]
    model = keras.Sequential(stack)
    model.compile(
        optimizer=keras.optimizers.SGD(settings.learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_cnn(
    log_mels: Float32,
    labels: npt.NDArray[np.integer],
    validation: npt.NDArray[np.bool_],
    n_classes: int,
    settings: CnnSettings,
    checkpoint: Path,
    on_epoch: Callable[[int, History], None] | None = None,
) -> tuple[Any, History]:
    """Train, saving a checkpoint after every epoch; a checkpoint of the same training is resumed.

    Args:
        log_mels: (n, 128, 100) dB, the training part (never the test part).
        labels: (n,) class numbers.
        validation: (n,) true for the rows that only steer the learning rate.
        n_classes: outputs; classes without rows stay near zero probability.
        settings: see CnnSettings.
        checkpoint: an .npz, replaced whole after each epoch. Of another training (other data or settings): ignored.
        on_epoch: told the epochs done and the history so far.

    Returns:
        The Keras model after the last epoch, and its history. A training that was killed and resumed gives the same
        weights as one that was not (without dropout).
    """
    keras = import_keras()
    model = build_cnn(n_classes, settings)
    identity = _identity(log_mels, labels, validation, n_classes, settings)
    history = _resume(model, checkpoint, identity)
    inputs = np.asarray(log_mels, dtype=np.float32)[..., None]
    targets = np.eye(n_classes, dtype=np.float32)[labels]
    fit_rows = np.flatnonzero(~validation)
    held = (inputs[validation], targets[validation])
    for epoch in range(len(history.loss), settings.epochs):
        # One generator per epoch, so that a resumed training shuffles like an uninterrupted one.
        keras.utils.set_random_seed(settings.seed + epoch)
        rows = np.random.default_rng((settings.seed, epoch)).permutation(fit_rows)
        rate = plateau_rate(history.val_accuracy, settings)
        model.optimizer.learning_rate.assign(rate)
        fitted = model.fit(
            inputs[rows], targets[rows], batch_size=settings.batch_size, shuffle=False, verbose=0
        ).history
        seen = model.evaluate(*held, batch_size=256, verbose=0, return_dict=True) if validation.any() else {}
        history.accuracy.append(float(fitted["accuracy"][0]))
        history.loss.append(float(fitted["loss"][0]))
        history.val_accuracy.append(float(seen.get("accuracy", fitted["accuracy"][0])))
        history.val_loss.append(float(seen.get("loss", fitted["loss"][0])))
        history.learning_rate.append(rate)
        _save_checkpoint(model, checkpoint, identity, history)
        if on_epoch is not None:
            on_epoch(epoch + 1, history)
    return model, history


def plateau_rate(val_accuracy: list[float], settings: CnnSettings) -> float:
    """The learning rate of the next epoch, from the validation accuracies so far.

    Halved whenever `patience` epochs pass without a new best, never below `lowest_rate`: a function of the history
    alone, so that a resumed training goes on with the rate it had.
    """
    rate, best, waited = settings.learning_rate, -np.inf, 0
    for value in val_accuracy:
        if value > best:
            best, waited = value, 0
            continue
        waited += 1
        if waited >= settings.patience:
            rate, waited = max(rate / 2, min(settings.lowest_rate, settings.learning_rate)), 0
    return rate


def _identity(
    log_mels: Float32,
    labels: npt.NDArray[np.integer],
    validation: npt.NDArray[np.bool_],
    n_classes: int,
    settings: CnnSettings,
) -> str:
    digest = hashlib.sha256(json.dumps([n_classes, asdict(settings)]).encode())
    for array in (np.asarray(log_mels, np.float32), np.asarray(labels, np.int64), np.asarray(validation)):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _save_checkpoint(model: Any, checkpoint: Path, identity: str, history: History) -> None:
    weights = {f"w{i}": weight for i, weight in enumerate(model.get_weights())}
    state = np.array(json.dumps({"identity": identity, "history": asdict(history)}))
    with durable.whole(checkpoint) as beside, beside.open("wb") as stream:
        np.savez(stream, allow_pickle=False, state=state, **weights)


def _resume(model: Any, checkpoint: Path, identity: str) -> History:
    """Set the model to the checkpoint and return its history; an empty history if there is none of this training."""
    if not checkpoint.exists():
        return History()
    saved = read_arrays(checkpoint, "Delete it to start again.")
    try:
        state = json.loads(str(saved["state"]))
        if state["identity"] != identity:
            return History()
        model.set_weights([saved[f"w{i}"] for i in range(len(saved) - 1)])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{checkpoint}: not a checkpoint ({error!r}). Delete it to start again.") from error
    return History(**state["history"])
