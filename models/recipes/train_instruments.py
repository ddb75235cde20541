"""Fits the map from the MSD network's features of a window to the tags of instruments of the network MTT_musicnn.

    python -m models.recipes.train_instruments DATA/music instruments.npz

The material holds both networks' outputs on the same ten-second windows (windows.npz, mixed.npz): the map learns the
second network's log-odds by ridge regression, so no labels are needed. Prints, for five folds by recording, the
correlation of what the map says with what the network says. The strength of the ridge is the one of STRENGTHS whose
mean correlation is highest.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.ears.heads import tag_logits
from models.ears.instruments import INSTRUMENTS
from models.ears.musicnn import MTT_TAGS

STRENGTHS = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
FOLDS, SEED = 5, 0
Float64 = npt.NDArray[np.float64]


def material(music: Path) -> tuple[Float64, Float64, npt.NDArray[np.str_]]:
    """Features (n, 250), wanted log-odds (n, len(INSTRUMENTS)) and recordings (n,) of all windows."""
    wanted = [MTT_TAGS.index(name) for name in INSTRUMENTS]
    mixed = np.load(music / "mixed.npz")
    tracks = dict(zip(mixed["clip"].astype(str), mixed["track"].astype(str), strict=True))
    features, targets, recordings = [], [], []
    for name in ("windows.npz", "mixed.npz"):
        stored = np.load(music / name)
        features.append(np.hstack([stored["msd_embedding"].astype(np.float64), tag_logits(stored["msd_tags"])]))
        targets.append(tag_logits(stored["mtt_tags"])[:, wanted])
        recordings.append(np.array([tracks.get(clip, clip) for clip in stored["clip"].astype(str)]))
    return np.concatenate(features), np.concatenate(targets), np.concatenate(recordings)


def ridge(x: Float64, y: Float64, strength: float) -> tuple[Float64, Float64]:
    """Weights (d, k) and bias (k,) of standardised features x (n, d)."""
    centre = y.mean(axis=0)
    weights = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ (y - centre))
    return weights, centre


def agreement(x: Float64, y: Float64, recordings: npt.NDArray[np.str_], strength: float) -> Float64:
    """(k,) correlation of the map's and the network's log-odds, each recording predicted by a map of the others."""
    names, place = np.unique(recordings, return_inverse=True)
    fold = np.random.default_rng(SEED).permutation(len(names))[place] % FOLDS
    said = np.empty_like(y)
    for one in range(FOLDS):
        weights, bias = ridge(x[fold != one], y[fold != one], strength)
        said[fold == one] = x[fold == one] @ weights + bias
    return np.array([np.corrcoef(said[:, k], y[:, k])[0, 1] for k in range(y.shape[1])])


def main(music: str, target: str) -> None:
    """Fit, print the agreement, and write the map."""
    x, y, recordings = material(Path(music))
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    x = (x - mean) / scale
    found = {strength: agreement(x, y, recordings, strength) for strength in STRENGTHS}
    best = max(STRENGTHS, key=lambda strength: found[strength].mean())
    weights, bias = ridge(x, y, best)
    print(f"{len(x)} windows of {len(np.unique(recordings))} recordings; strength {best:g}")
    for name, value in zip(INSTRUMENTS, found[best], strict=True):
        print(f"{name:12} {value:.2f}")
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": bias}
    with Path(target).open("wb") as stream:
        small = {name: values.astype(np.float32) for name, values in arrays.items()}
        np.savez_compressed(stream, allow_pickle=False, tags=np.array(INSTRUMENTS), **small)


if __name__ == "__main__":
    main(*sys.argv[1:])
