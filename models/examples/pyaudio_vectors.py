"""Feature vectors of real film sound: the data sets inside the pyAudioAnalysis package (Apache-2.0).

Its k-nearest-neighbour models are files of successive pickles, of which the first five are the training vectors: X,
y, mean, std, class names. They are read with an unpickler that makes lists, numbers and strings only. X is z-scored
per file, so raw = X * std + mean; of the 136 columns, 0-33 and 68-101 are the thesis's 68 (means, deviations).

Sample rate and recordings of the vectors are not recorded, so that neither level nor clips are known.
"""

from __future__ import annotations

import importlib.util
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from errors import ModelError
from film import MUSIC, OTHER, SPEECH

FILES = ("knn_movie8class", "knn_4class")
LABEL_OF_CLASS = {"music": MUSIC, "speech": SPEECH, "screams": SPEECH}
"""All other classes (Others1-3, Shots, Fights, silence, other) are OTHER."""

COLUMNS = np.r_[0:34, 68:102]


@dataclass(frozen=True)
class LabelledVectors:
    """Vectors of one file."""

    features: npt.NDArray[np.float64]
    """(n, 68)"""
    labels: npt.NDArray[np.int64]
    """(n,) MUSIC, SPEECH, OTHER"""


class PlainUnpickler(pickle.Unpickler):
    """Unpickles lists, numbers and strings; rejects a pickle that names any class or function."""

    def find_class(self, module: str, name: str) -> NoReturn:
        """Reject."""
        raise pickle.UnpicklingError(f"names {module}.{name}; only lists, numbers and strings are read")


def packaged_vectors(name: str) -> LabelledVectors:
    """The vectors of one of FILES.

    Raises:
        ModelError: pyAudioAnalysis is not installed, or its file is not as in version 0.3.14.
    """
    spec = importlib.util.find_spec("pyAudioAnalysis")
    if spec is None or spec.origin is None:
        raise ModelError("pyAudioAnalysis: not installed. Run: pip install 'filmscore[thesis]'.")
    return read_vectors(Path(spec.origin).parent / "data" / "models" / name)


def read_vectors(path: Path) -> LabelledVectors:
    """The vectors of a pyAudioAnalysis kNN model file (n x 136, five pickles).

    Raises:
        ModelError: missing, no such pickles, or a pickle that names code.
    """
    try:
        with path.open("rb") as stream:
            x, y, mean, std, classes = (PlainUnpickler(stream).load() for _ in range(5))
        scaled, numbers = np.asarray(x, dtype=np.float64), np.asarray(y).astype(np.int64)
        raw = scaled * np.asarray(std, dtype=np.float64) + np.asarray(mean, dtype=np.float64)
        of_class = np.array([LABEL_OF_CLASS.get(_plain(name), OTHER) for name in classes], dtype=np.int64)
        labels = of_class[numbers]
        features = raw[:, COLUMNS]
    except FileNotFoundError as error:
        raise ModelError(f"{path.name}: not in the installed pyAudioAnalysis. Install version 0.3.14.") from error
    except (pickle.UnpicklingError, EOFError, ValueError, IndexError, TypeError, KeyError) as error:
        raise ModelError(
            f"{path.name}: not the vectors of pyAudioAnalysis 0.3.14 ({error}). Install that version again."
        ) from error
    return LabelledVectors(features, labels)


def balanced(vectors: LabelledVectors, seed: int) -> LabelledVectors:
    """As many vectors of each label as the rarest label has, sampled with a seed."""
    rng = np.random.default_rng(seed)
    present, counts = np.unique(vectors.labels, return_counts=True)
    drawn = [rng.permutation(np.flatnonzero(vectors.labels == k))[: counts.min()] for k in present]
    rows = np.sort(np.concatenate(drawn))
    return LabelledVectors(vectors.features[rows], vectors.labels[rows])


def _plain(name: Any) -> str:
    return str(name).strip().lower()
