"""Train the thesis's models on labelled examples: split, fit, and evaluate on the test part, which influences no
choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.ears.network import open_network
from models.ears.svm import load_svm
from models.evaluation.scores import by_clip, reliability, score
from models.examples.clips import OnStep
from models.examples.labelled import Examples
from models.examples.pyaudio_vectors import LabelledVectors
from models.examples.split import TEST_PART, VALIDATION_PART, halves_then_balance, held_out
from models.kinds import class_labels
from models.training.cnn import CnnSettings, History, train_cnn
from models.training.cnn_export import export_cnn
from models.training.report import TrainingReport
from models.training.training_svm import fit_detector, long_term_averages

CHECKPOINT = "checkpoint.npz"
_BATCH = 64


@dataclass(frozen=True)
class Training:
    """How to train on some examples, and the texts for the card."""

    data: str
    command: str
    seed: int = 0
    balance: bool = False
    cnn: CnnSettings = field(default_factory=CnnSettings)
    extra: LabelledVectors | None = None
    """Detector: additional training vectors, never used for testing"""
    own_weight: float = 1.0
    averaged: bool = True
    """Detector: train on each clip's mean (long-term averaging) instead of its seconds"""
    notes: str = ""
    licence: str = "As the recordings it was trained on allow."


def train_on(examples: Examples, out: Path, how: Training, on_step: OnStep | None = None) -> TrainingReport:
    """Train one thesis model and evaluate it.

    Args:
        examples: all labelled rows; split here, by group.
        out: existing directory for the weights and the checkpoint. A killed training of a CNN goes on from there.
        how: seed, procedure and words.
        on_step: told what is being done, the steps done, and their number.

    Raises:
        ModelError: too few recordings to split, or TensorFlow is missing (CNNs).
    """
    train, test = split(examples, how.balance, how.seed)
    labels = class_labels(examples.kind)
    weights = out / f"thesis-{examples.kind}{'.npz' if examples.kind == 'detector' else '.onnx'}"
    history: History | None = None
    by_c = {}
    probabilities: npt.NDArray[np.floating]
    if examples.kind == "detector":
        learnt = long_term_averages(train) if how.averaged else train
        fitted = fit_detector(
            learnt, how.seed, how.extra, how.own_weight, lambda n, of: on_step("choosing C", n, of) if on_step else None
        )
        fitted.model.save(weights)
        by_c = fitted.by_c
        settings = {"C": fitted.model.c, "gamma": "1/68", "support vectors": len(fitted.model.support)}
        settings |= {"long-term averaging": how.averaged}
        probabilities = load_svm(weights).probabilities(test.inputs)
    else:
        history = _train_network(train, weights, out / CHECKPOINT, how, on_step)
        settings = asdict(how.cnn)
        probabilities = network_probabilities(weights, np.asarray(test.inputs, dtype=np.float32))
    truth, predicted = by_clip(probabilities, test.clips.tolist(), test.labels)
    report = TrainingReport(
        kind=examples.kind,
        architecture="thesis",
        weights=weights,
        clip_metrics=score(truth, predicted, labels),
        row_metrics=score(test.labels, probabilities.argmax(axis=1), labels),
        split={
            "train_clips": len(np.unique(train.clips)),
            "train_rows": len(train),
            "test_clips": len(np.unique(test.clips)),
            "test_rows": len(test),
        },
        seed=how.seed,
        balance=how.balance,
        data=how.data,
        command=how.command,
        settings=settings,
        history=history,
        by_c=by_c,
        reliability=reliability(probabilities, test.labels),
        notes=how.notes,
        licence=how.licence,
    )
    (out / CHECKPOINT).unlink(missing_ok=True)
    return report


def split(examples: Examples, balance: bool, seed: int) -> tuple[Examples, Examples]:
    """Training and test part; clips are drawn, and all rows of a group stay together.

    Raises:
        ModelError: too few recordings for two classes on both sides.
    """
    _, first, inverse = np.unique(examples.clips, return_index=True, return_inverse=True)
    train, test = split_clips(examples.groups[first].tolist(), examples.labels[first], balance, seed)
    return examples.where(train[inverse]), examples.where(test[inverse])


def split_clips(
    groups: Sequence[str], labels: npt.NDArray[np.integer], balance: bool, seed: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Masks (n,) of the clips of the training and of the test part. Raises as `split`."""
    if balance:
        train, test = halves_then_balance(groups, labels, seed)
    else:
        test = held_out(groups, labels, TEST_PART, seed)
        train = ~test
    for name, part in (("training", train), ("test", test)):
        if len(np.unique(labels[part])) < 2:
            raise ModelError(
                f"the manifest: the {name} part has fewer than two classes, for want of recordings. "
                "Each class needs at least two files or groups; add some."
            )
    return train, test


def network_probabilities(weights: Path, log_mels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, k) probabilities of log-mels (n, 128, 100) by an exported CNN, in batches."""
    network = open_network(weights)
    starts = range(0, len(log_mels), _BATCH)
    parts = [network.run(["probabilities"], {"log_mel_db": log_mels[k : k + _BATCH]})[0] for k in starts]
    return np.concatenate(parts)


def _train_network(train: Examples, weights: Path, checkpoint: Path, how: Training, on_step: OnStep | None) -> History:
    labels = class_labels(train.kind)
    validation = held_out(train.groups.tolist(), train.labels, VALIDATION_PART, how.seed + 1)

    def on_epoch(done: int, history: History) -> None:
        if on_step is not None:
            on_step(f"training, validation accuracy {history.val_accuracy[-1]:.2f}", done, how.cnn.epochs)

    model, history = train_cnn(
        np.asarray(train.inputs, dtype=np.float32),
        train.labels,
        validation,
        len(labels),
        how.cnn,
        checkpoint,
        on_epoch,
    )
    export_cnn(model, weights, labels)
    return history
