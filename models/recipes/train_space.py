"""Fits the space that films' music is compared in: principal components of the standardised MSD embedding.

python -m models.recipes.train_space DATA/music/windows.npz OUT.npz
"""

from __future__ import annotations

import sys

import numpy as np

DIMENSIONS = 64


def main(windows: str, out: str) -> None:
    """Write `mean` (200,) and `components` (200, DIMENSIONS), float32; the scale of each input is in the components."""
    with np.load(windows) as stored:
        embedding = stored["msd_embedding"].astype(np.float64)
    mean, scale = embedding.mean(axis=0), embedding.std(axis=0) + 1e-3
    _, _, axes = np.linalg.svd((embedding - mean) / scale, full_matrices=False)
    components = (axes[:DIMENSIONS] / scale).T
    np.savez_compressed(out, mean=mean.astype(np.float32), components=components.astype(np.float32))


if __name__ == "__main__":
    main(*sys.argv[1:])
