"""How well an ear tells classes apart on a manifest's clips: what `filmscore evaluate` prints.

A row is a whole clip. Its prediction is the class of the highest mean probability over its windows (attributes) or
seconds (detector); a clip under 10 s (1 s) is repeated to 10 s (1 s).
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from film import Activity
from media.geometry import SECOND_SAMPLES, WINDOW_SAMPLES
from models.clips import OnStep, at_least, heard_clip
from models.ear import Ear, load_ear
from models.kinds import class_labels
from models.manifest import Manifest
from models.scores import score


def evaluate(
    manifest: Manifest, architecture: str = "default", threads: int = 1, on_step: OnStep | None = None
) -> dict[str, Any]:
    """Score the shipped models of an architecture on a manifest.

    Returns:
        n, labels, accuracy, balanced_accuracy, macro_f1, per_class, confusion as docs/design.md defines them, and
        model_version.

    Raises:
        ParameterError: a clip cannot be heard.
        ModelError: the weights cannot be used.
    """
    ear = load_ear(architecture, threads)
    predicted = np.empty(len(manifest.clips), dtype=np.int64)
    with TemporaryDirectory(prefix="filmscore-clips-") as scratch:
        for k, clip in enumerate(manifest.clips):
            with heard_clip(manifest, clip, Path(scratch)) as samples:
                predicted[k] = clip_probabilities(ear, manifest.kind, samples).argmax()
            if on_step is not None:
                on_step("hearing the clips", k + 1, len(manifest.clips))
    truth = np.array([clip.label for clip in manifest.clips], dtype=np.int64)
    return {**score(truth, predicted, class_labels(manifest.kind)), "model_version": ear.model_version}


def clip_probabilities(ear: Ear, kind: str, samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
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
