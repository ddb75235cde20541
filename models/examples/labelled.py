"""Labelled examples for training: seconds or windows of recordings, each with the recording it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError, ParameterError
from models.arrays import read_arrays
from models.kinds import class_labels

LOG_MEL_STEP_DB = 0.5
LOG_MEL_FLOOR_DB = -80.0
"""The data set's uint8 log-mels: dB = value / 2 - 80."""

DATA_REMEDY = "Set FILMSCORE_DATA to the data folder that holds it."

DANCEABILITY_THIRDS = (0.436, 0.551)
"""Thresholds that divide the continuous danceability of danceability.npz into thirds (see its README)."""


@dataclass(frozen=True)
class Examples:
    """n rows of one kind, each with a second's 68 statistics or a window's log-mel."""

    kind: str
    inputs: npt.NDArray[np.floating]
    """(n, 68) features, or (n, 128, 100) log-mel in dB at RMS 0.1"""
    labels: npt.NDArray[np.int64]
    """(n,) class numbers"""
    clips: npt.NDArray[np.str_]
    """(n,) the clip to which each row belongs; predictions are made per clip"""
    groups: npt.NDArray[np.str_]
    """(n,) the unit that a split never divides: a clip or something larger"""

    def __post_init__(self) -> None:
        n = len(self.inputs)
        if not n == len(self.labels) == len(self.clips) == len(self.groups):
            raise ParameterError(f"examples of {self.kind}: inputs, labels, clips and groups differ in length.")
        if not np.isfinite(self.inputs).all():
            raise ModelError(f"examples of {self.kind}: the features hold NaN or infinity. Check the recordings.")
        if n and not 0 <= self.labels.min() <= self.labels.max() < len(class_labels(self.kind)):
            raise ParameterError(f"examples of {self.kind}: a label is outside its classes.")

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, rows: npt.NDArray[np.bool_]) -> Examples:
        """The rows for which the mask (n,) is true."""
        return Examples(self.kind, self.inputs[rows], self.labels[rows], self.clips[rows], self.groups[rows])


def shipped_windows(kind: str, data: Path) -> Examples:
    """The windows that the shipped thesis CNNs are trained on.

    Args:
        kind: genre, energy, valence (music/windows.npz) or danceability (music/danceability.npz, cut into thirds).
        data: the data folder ($FILMSCORE_DATA).

    Raises:
        ModelError: the data folder lacks the file.
    """
    danceability = kind == "danceability"
    path = data / "music" / ("danceability.npz" if danceability else "windows.npz")
    arrays = read_arrays(path, DATA_REMEDY)
    clips = arrays["clip"].astype(str)
    if danceability:
        labels = np.digitize(arrays["danceability"].astype(np.float32), DANCEABILITY_THIRDS).astype(np.int64)
    else:
        labels = arrays[kind].astype(np.int64)
    log_mels = arrays["logmel"].astype(np.float32) * LOG_MEL_STEP_DB + LOG_MEL_FLOOR_DB
    known = labels >= 0
    return Examples(kind, log_mels[known], labels[known], clips[known], clips[known])
