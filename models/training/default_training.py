"""`filmscore train KIND --architecture default`: train a new head on the shipped networks, without TensorFlow.

Attributes: a linear head on the windows' features (models.ears.default_features), as the shipped heads are. Detector: a
linear head of three classes on what the activity network's last layer says of each second.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES, WINDOW_SAMPLES
from models.ears.default_ear import DefaultEar
from models.ears.default_features import features_version
from models.ears.heads import save_heads
from models.evaluation.scores import by_clip, reliability, score
from models.examples.clips import OnStep, at_least, examples_of, hear_clips
from models.examples.labelled import Examples
from models.examples.manifest import Manifest
from models.kinds import class_labels
from models.training.heads_training import FEWEST_GROUPS, HeadRecipe, Material, can_calibrate, fit_head
from models.training.report import TrainingReport
from models.training.training_thesis import split

BLOCKS: dict[str, tuple[str, ...]] = {
    "detector": ("activity",),
    "genre": ("msd", "tags", "features68"),
    "energy": ("msd", "tags"),
    "valence": ("msd", "tags", "features68"),
    "danceability": ("pulse", "features68"),
}
INVERSE_REGULARISATION = {"detector": 0.1, "genre": 0.01, "energy": 0.003, "valence": 0.003, "danceability": 0.01}
LONGEST_S = 80
"""Only the first 80 s of a clip are used (thesis 4.1), in windows of 10 s without overlap."""


def train(manifest: Manifest, out: Path, balance: bool, seed: int, on_step: OnStep | None = None) -> TrainingReport:
    """Compute features of a manifest's clips with the shipped networks, fit a head on one part, and evaluate it on the
    other.

    Args:
        manifest: checked rows of one kind.
        out: existing directory for the weights, `default-KIND.npz` (models.ears.heads.load_heads reads it).
        balance: the thesis's halves-then-balance procedure instead of 70/30.
        seed: of the split; the head itself draws nothing.
        on_step: told what is being done, the steps done, and their number.

    Raises:
        ParameterError: a clip cannot be heard; the message names its row.
        ModelError: too few recordings to split, or the shipped weights cannot be used.
    """
    kind = manifest.kind
    examples, widths = _hear(manifest, out, on_step)
    train_part, test_part = split(examples, balance, seed)
    recipe = HeadRecipe(kind, class_labels(kind), BLOCKS[kind], INVERSE_REGULARISATION[kind])
    learnt, test = _material(train_part, widths), _material(test_part, widths)
    head = replace(fit_head(recipe, learnt), learnt_on=features_version(recipe.blocks))
    weights = out / f"default-{kind}.npz"
    save_heads({kind: head}, weights)
    p = head.probabilities(test.features)
    truth, predicted = by_clip(p, test_part.clips.tolist(), test_part.labels)
    command = f"filmscore train {kind} --data {shlex.quote(str(manifest.path))} --out {shlex.quote(str(out))}"
    return TrainingReport(
        kind=kind,
        architecture="default",
        weights=weights,
        clip_metrics=score(truth, predicted, recipe.labels),
        row_metrics=score(test_part.labels, p.argmax(axis=1), recipe.labels),
        split={
            "train_clips": len(np.unique(train_part.clips)),
            "train_rows": len(train_part),
            "test_clips": len(np.unique(test_part.clips)),
            "test_rows": len(test_part),
        },
        reliability=reliability(p, test_part.labels),
        seed=seed,
        balance=balance,
        data=f"The {len(manifest.clips)} clips of `{manifest.path.name}`.",
        command=f"{command} --architecture default --seed {seed}{' --balance' if balance else ''}",
        settings={"C": recipe.inverse_regularisation, "features": " + ".join(recipe.blocks)}
        | {"temperature": round(head.temperature, 3), "networks": head.learnt_on},
        notes="A linear head on the shipped networks; its probabilities are "
        + (
            "calibrated within the training part."
            if can_calibrate(learnt)
            else f"not calibrated, which takes {FEWEST_GROUPS} recordings or groups in the training part."
        ),
    )


def _hear(manifest: Manifest, out: Path, on_step: OnStep | None) -> tuple[Examples, dict[str, int]]:
    ear = DefaultEar.load()
    kind = manifest.kind
    identity = f"{ear.model_version} {kind} {LONGEST_S}"
    heard = hear_clips(manifest, lambda samples: clip_features(ear, kind, samples), identity, out, on_step)
    widths = {name: block.shape[1] for name, block in heard[0].items()}
    return examples_of(manifest, [np.hstack(list(clip.values())) for clip in heard]), widths


def clip_features(ear: DefaultEar, kind: str, samples: npt.NDArray[np.int16]) -> dict[str, npt.NDArray[np.floating]]:
    """Feature blocks of a clip's seconds (detector) or of its windows without overlap."""
    if kind == "detector":
        return {"activity": ear.activity_features(at_least(samples, SECOND_SAMPLES)[: LONGEST_S * SECOND_SAMPLES])}
    heard = at_least(samples, WINDOW_SAMPLES)[: LONGEST_S * SECOND_SAMPLES]
    features = ear.window_features(heard, 0, len(heard) // SECOND_SAMPLES)
    step = WINDOW_SAMPLES // SECOND_SAMPLES
    return {name: features[name][::step] for name in BLOCKS[kind]}


def _material(examples: Examples, widths: dict[str, int]) -> Material:
    ends = np.cumsum(list(widths.values()))
    blocks = np.split(examples.inputs, ends[:-1], axis=1)
    features = dict(zip(widths, blocks, strict=True))
    return Material(features, examples.labels, examples.groups)
