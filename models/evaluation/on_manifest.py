"""Evaluate an ear on a manifest's clips: the results that `filmscore evaluate` prints.

A row is a whole clip. Its prediction is the class of the highest mean probability over its windows (attributes) or
seconds (detector); a clip under 10 s (1 s) is repeated to 10 s (1 s).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from errors import ModelError
from film import Activity
from media.confined import Confined
from media.geometry import SECOND_SAMPLES, WINDOW_SAMPLES
from models.ears.default_ear import DefaultEar
from models.ears.ear import Ear, load_ear
from models.ears.network import open_network
from models.ears.own_heads import load_trained, suffix
from models.ears.store import sha256_of
from models.ears.svm import load_svm
from models.ears.thesis_ear import ThesisEar
from models.evaluation.scores import score
from models.examples.clips import OnStep, at_least, heard_clip
from models.examples.manifest import Manifest
from models.kinds import class_labels

Samples = npt.NDArray[np.int16]
Hears = Callable[[Samples], npt.NDArray[np.floating]]
"""(k,) mean class probabilities of one clip of (n,) samples, n >= 1."""


def evaluate(
    manifest: Manifest,
    architecture: str = "default",
    threads: int = 1,
    on_step: OnStep | None = None,
    weights: Path | None = None,
) -> dict[str, Any]:
    """Score models of an architecture on a manifest.

    Args:
        manifest: checked rows of one kind.
        architecture: thesis or default.
        threads: that each model may use.
        on_step: told what is being done, the steps done, and their number.
        weights: what `filmscore train` wrote for this kind and architecture; None: the shipped weights.

    Returns:
        n, labels, accuracy, balanced_accuracy, macro_f1, per_class, confusion as docs/design.md defines them, and
        model_version.

    Raises:
        ParameterError: a clip cannot be heard.
        ModelError: the weights cannot be used.
    """
    if weights is None:
        hears, version = _of_ear(load_ear(architecture, threads), manifest.kind)
    elif architecture == "thesis":
        hears, version = _of_ear(thesis_ear_with(weights, manifest.kind, threads), manifest.kind)
    else:
        hears, version = _of_head(weights, manifest.kind, threads)
    predicted = np.empty(len(manifest.clips), dtype=np.int64)
    with TemporaryDirectory(prefix="filmscore-clips-") as scratch, Confined(Path(scratch)) as child:
        for k, clip in enumerate(manifest.clips):
            with heard_clip(manifest, clip, child) as samples:
                predicted[k] = hears(samples).argmax()
            if on_step is not None:
                on_step("hearing the clips", k + 1, len(manifest.clips))
    truth = np.array([clip.label for clip in manifest.clips], dtype=np.int64)
    return {**score(truth, predicted, class_labels(manifest.kind)), "model_version": version}


def thesis_ear_with(weights: Path, kind: str, threads: int = 1) -> ThesisEar:
    """The thesis's ear with the detector (.npz) or the CNN (.onnx) of this kind that `filmscore train` wrote.

    Raises:
        ModelError: not such a file.
    """
    _check_name(weights, kind, "thesis")
    ear = ThesisEar.load(threads)
    version = ear.model_version + suffix([sha256_of(weights)])
    if kind == "detector":
        detector = load_svm(weights)
        labels = detector.labels
        ear = replace(ear, detector=detector, model_version=version)
    else:
        network = open_network(weights, threads)
        labels = tuple(network.get_modelmeta().custom_metadata_map.get("labels", "").split(","))
        ear = replace(ear, networks={**ear.networks, kind: network}, model_version=version)
    if labels != class_labels(kind):
        raise ModelError(f"{weights}: does not tell {kind}'s classes apart. Name what `filmscore train {kind}` wrote.")
    return ear


def _of_ear(ear: Ear, kind: str) -> tuple[Hears, str]:
    return lambda samples: clip_probabilities(ear, kind, samples), ear.model_version


def _of_head(weights: Path, kind: str, threads: int) -> tuple[Hears, str]:
    """The predictions of a head `default-KIND.npz` on the shipped networks, and the version of an ear with this
    head."""
    _check_name(weights, kind, "default")
    head = load_trained(weights, kind)
    ear = DefaultEar.load(threads)

    def hears(samples: Samples) -> npt.NDArray[np.floating]:
        if kind == "detector":
            features = {"activity": ear.activity_features(at_least(samples, SECOND_SAMPLES)).astype(np.float64)}
        else:
            long_enough = at_least(samples, WINDOW_SAMPLES)
            features = ear.window_features(long_enough, 0, len(long_enough) // SECOND_SAMPLES)
        return np.asarray(head.probabilities(features).mean(axis=0, dtype=np.float64))

    return hears, ear.model_version + suffix([sha256_of(weights)])


def _check_name(weights: Path, kind: str, architecture: str) -> None:
    """Raises ModelError unless the file is there and named as `filmscore train` names this kind and architecture."""
    other = "default" if architecture == "thesis" else "thesis"
    ending = ".onnx" if architecture == "thesis" and kind != "detector" else ".npz"
    if not weights.is_file():
        raise ModelError(f"{weights}: no such file. Name the weights that `filmscore train {kind}` wrote.")
    if weights.suffix != ending or weights.name.startswith(f"{other}-"):
        raise ModelError(
            f"{weights}: not {kind} of the architecture {architecture}, which training names "
            f"{architecture}-{kind}{ending}. Name that, or give the file's --architecture."
        )


def clip_probabilities(ear: Ear, kind: str, samples: Samples) -> npt.NDArray[np.float64]:
    """(k,) mean class probabilities of one clip of (n,) samples, n >= 1."""
    if kind == "detector":
        activity, _ = ear.activity(at_least(samples, SECOND_SAMPLES))
        return np.asarray(activity_probabilities(activity, ear.architecture).mean(axis=0))
    long_enough = at_least(samples, WINDOW_SAMPLES)
    _, memo = ear.activity(long_enough)
    (windows,) = ear.attributes(long_enough, [(0, len(long_enough) // SECOND_SAMPLES)], memo)
    probabilities: npt.NDArray[np.float32] = getattr(windows, kind)
    return np.asarray(probabilities.mean(axis=0, dtype=np.float64))


def activity_probabilities(activity: Activity, architecture: str) -> npt.NDArray[np.float64]:
    """(n_seconds, 3) probabilities of music, speech, other.

    The thesis's detector shares one probability among the three; the default ear hears music and speech apart, and
    other is 1 - max of the two.
    """
    music, speech = activity.music.astype(np.float64), activity.speech.astype(np.float64)
    other = 1 - (music + speech if architecture == "thesis" else np.maximum(music, speech))
    return np.stack([music, speech, np.clip(other, 0, 1)], axis=1)
