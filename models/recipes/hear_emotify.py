"""Hears Emotify's tracks as the default ear hears films, and stores what the energy and valence heads learn from.

    python -m models.recipes.hear_emotify DATA/music/emotify OUT.npz

One window starts every five seconds of a track. `windows.npz` has three windows a track, from other copies: learning
from both makes the heads steadier, and used to a codec.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES
from models.ears.default_features import window_features
from models.ears.musicnn import Musicnn
from models.ears.store import load_weights
from models.recipes.recordings import read

STEP_S = 5
BLOCKS = ("msd", "tags", "features68")
PATCH_STEP_S = 5
"""Twice as often as films are heard: a window is the mean of two or three patches."""


def hear(folder: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Feature blocks (n, d) of all tracks' windows, and the clip (n,) that each is from."""
    network = Musicnn(load_weights("musicnn_msd"))
    heard: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in (*BLOCKS, "clip")}
    for path in sorted(folder.glob("*.opus")):
        samples = read(path)
        features = window_features(network, samples, 0, samples.size // SECOND_SAMPLES, PATCH_STEP_S)
        windows = slice(None, None, STEP_S)
        for name in BLOCKS:
            heard[name].append(features[name][windows].astype(np.float32))
        heard["clip"].append(np.full(len(heard["msd"][-1]), f"emotify-{path.stem}"))
    return {name: np.concatenate(parts) for name, parts in heard.items()}


def main() -> None:
    """Hear and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    np.savez_compressed(arguments.out, allow_pickle=False, **hear(arguments.folder))


if __name__ == "__main__":
    main()
