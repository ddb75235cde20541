"""`filmscore train`: from a manifest to weights, card, metrics and figures, for both architectures."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from errors import ParameterError
from models.examples.clips import OnStep, forget_clips, hear_examples
from models.examples.manifest import Manifest, read_manifest
from models.kinds import ARCHITECTURES, KINDS, class_labels
from models.training.cnn import CnnSettings, import_keras
from models.training.report import TrainingReport, write_report
from models.training.training_thesis import Training, split_clips, train_on

TrainDefault = Callable[[Manifest, Path, bool, int, OnStep | None], TrainingReport]
"""Signature of models.training.default_training.train: manifest, out, balance, seed, on_step."""


def train(
    kind: str,
    data: Path,
    out: Path,
    *,
    architecture: str = "default",
    balance: bool = False,
    seed: int = 0,
    settings: CnnSettings | None = None,
    figures: bool = True,
    on_step: OnStep | None = None,
    beneath: Sequence[Path] = (),
) -> tuple[TrainingReport, str]:
    """Train one model on a manifest and write everything into `out`.

    Args:
        kind: one of KINDS.
        data: manifest CSV (models.examples.manifest).
        out: directory, made if absent. A killed training of the same data and settings goes on from its checkpoint.
        architecture: thesis or default.
        balance: the thesis's halves-then-balance procedure instead of 70/30.
        seed: of split, folds, initial weights and order.
        settings: of the CNN; its seed is replaced by `seed`.
        figures: also draw the figures.
        on_step: told what is being done, the steps done, and their number.
        beneath: as `read_manifest`.

    Returns:
        The report, and why there are no PNG figures (empty if there are).

    Raises:
        ParameterError: the manifest, a clip of it or an option is wrong; raised before training starts.
        ModelError: too few recordings, or TensorFlow is missing.
    """
    if kind not in KINDS or architecture not in ARCHITECTURES:
        raise ParameterError(f"{kind}, {architecture}: train one of {', '.join(KINDS)} as {', '.join(ARCHITECTURES)}.")
    if seed < 0:
        raise ParameterError(f"seed: {seed}. Give 0 or more.")
    manifest = read_manifest(data, kind, beneath=beneath)
    check_trainable(manifest, balance, seed)
    if architecture == "thesis" and kind != "detector":
        import_keras()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ParameterError(f"{out}: cannot be made a directory ({error.strerror}). Choose another --out.") from error
    if architecture == "default":
        report = _default_training()(manifest, out, balance, seed, on_step)
    else:
        command = f"filmscore train {kind} --data {shlex.quote(str(data))} --out {shlex.quote(str(out))}"
        command += f" --architecture thesis --seed {seed}{' --balance' if balance else ''}"
        cnn = CnnSettings(**{**(settings or CnnSettings()).__dict__, "seed": seed})
        words = f"The {len(manifest.clips)} clips of `{data.name}`."
        how = Training(words, command, seed, balance, cnn)
        report = train_on(hear_examples(manifest, out, on_step), out, how, on_step)
    forget_clips(out)
    return report, write_report(report, out, figures)


def check_trainable(manifest: Manifest, balance: bool = False, seed: int = 0) -> None:
    """Reject a manifest that cannot be split into training and test data, before any sound is decoded.

    Raises:
        ParameterError: a class has a single group; the detector lacks a class.
        ModelError: this draw leaves a part without a second class, for groups hold clips of several.
    """
    labels = class_labels(manifest.kind)
    groups = {k: {clip.group for clip in manifest.clips if clip.label == k} for k in range(len(labels))}
    if manifest.kind == "detector" and not all(groups.values()):
        missing = ", ".join(labels[k] for k, of_class in groups.items() if not of_class)
        raise ParameterError(
            f"{manifest.path.name}: no clips of {missing}. The detector learns music, speech and other."
        )
    least = 4 if manifest.kind == "detector" else 2
    for k, of_class in groups.items():
        if of_class and len(of_class) < least:
            row = next(clip.row for clip in manifest.clips if clip.label == k)
            raise ParameterError(
                f"{manifest.path.name}, row {row}: {labels[k]} has {len(of_class)} recording(s) or group(s); "
                f"splitting by recording needs at least {least} of each class. Add some."
            )
    split_clips(
        [clip.group for clip in manifest.clips], np.array([clip.label for clip in manifest.clips]), balance, seed
    )


def _default_training() -> TrainDefault:
    # Named, not imported: the thesis's models can be trained without it.
    train_default: TrainDefault = importlib.import_module("models.training.default_training").train
    return train_default
