"""Fit the map from MSD's tags to the tempo that is likely for such music (models.ears.pace).

    python -m models.recipes.train_pace DATA/music pace.npz

Material: the clean copies of mixed.npz whose tempo other people rated, halved by track. On the first half, in folds by
track, the ridge penalty and the width were chosen among STRENGTHS and .3, .5, .7 octaves; the second half was used
once. For the second half the program prints the share of clips whose tempo is right within TOLERANCE, with the map of
the first half and, for comparison, with one likely tempo for all music. The map that is written is fitted to both
halves.

The beats in mixed.npz are a whole number of frames apart and so up to 3 % off; those in the product are not. mixed.npz
does not say how much sound is between beats, so every double is a candidate here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from models.ears.heads import tag_logits
from models.ears.pace import FASTEST_BPM, SLOWEST_BPM, Pace, chosen
from models.features.signal_features import BAND_GROUPS

STRENGTHS = (100.0, 300.0, 1000.0)
STRENGTH = 300.0
FOLDS = 8
TOLERANCE = 0.04
OCTAVES = (1.0, 2.0, 0.5, 3.0, 1 / 3)
ONE_TEMPO_BPM = 110.0
_GROUP_COLUMNS = 13
_STRENGTH, _TEMPO = 4, 6
"""Indices of a band group's columns in `pulse` (models.features.signal_features.pulse_features)."""

Float64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]


def material(music: Path) -> tuple[Float64, Float64, Float64, Float64, npt.NDArray[np.str_]]:
    """Tags (n, 50) as log-odds, beats in BPM and their strengths (n, groups), tempo (n,) as rated, and tracks (n,)."""
    with np.load(music / "mixed.npz") as stored:
        rows = np.isfinite(stored["bpm"]) & (stored["copy"] == "clean")
        tags, pulse = tag_logits(stored["msd_tags"][rows]), stored["pulse"][rows].astype(np.float64)
        bpm, tracks = stored["bpm"][rows].astype(np.float64), stored["track"][rows].astype(str)
    first = _GROUP_COLUMNS * np.arange(len(BAND_GROUPS))
    return tags, pulse[:, first + _TEMPO], pulse[:, first + _STRENGTH], bpm, tracks


def fit(tags: Float64, bpm: Float64, strength: float) -> Pace:
    """Fit the map to standardised tags by ridge regression, and express it for tags that are not standardised."""
    mean, scale = tags.mean(axis=0), np.maximum(tags.std(axis=0), 1e-6)
    x, y = (tags - mean) / scale, np.log2(np.clip(bpm, SLOWEST_BPM, FASTEST_BPM))
    weights = np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ (y - y.mean())) / scale
    return Pace(weights, float(y.mean() - mean @ weights))


def share_right(found: Float64, bpm: Float64, multiples: tuple[float, ...] = (1.0,)) -> float:
    """Share of tempos within TOLERANCE of the rated one, or of it times one of the multiples."""
    near = np.abs(found[:, None] / bpm[:, None] / np.array(multiples) - 1) < TOLERANCE
    return float(near.any(axis=1).mean())


def tempo(likely: Float64, beats: Float64, strengths: Float64) -> Float64:
    """(n,) as `chosen`, assuming sound between all beats."""
    return chosen(likely, beats, strengths, np.ones_like(beats))[0]


def halves(tracks: npt.NDArray[np.str_], parts: int = 2) -> npt.NDArray[np.int64]:
    """(n,) the fold of each clip, by its track."""
    return np.array([crc32(track.encode()) % parts for track in tracks])


def in_folds(tags: Float64, bpm: Float64, tracks: npt.NDArray[np.str_], strength: float) -> Float64:
    """(n,) likely tempo of each clip by the map of the other folds."""
    fold, likely = halves(np.char.add(tracks, "/fold"), FOLDS), np.empty_like(bpm)
    for one in range(FOLDS):
        likely[fold == one] = fit(tags[fold != one], bpm[fold != one], strength).likely_bpm(tags[fold == one])
    return likely


def main(music: str, target: str) -> None:
    """Print the measures, and write the map."""
    tags, beats, strengths, bpm, tracks = material(Path(music))
    first = halves(tracks) == 0
    for strength in STRENGTHS:
        likely = in_folds(tags[first], bpm[first], tracks[first], strength)
        right = share_right(tempo(likely, beats[first], strengths[first]), bpm[first])
        print(f"first half, {first.sum()} clips, strength {strength:g}: right {right:.3f}")
    ways = {
        "one likely tempo": np.full(len(bpm), ONE_TEMPO_BPM),
        "tempo by tags": fit(tags[first], bpm[first], STRENGTH).likely_bpm(tags),
    }
    former = ("all bands together and one likely tempo, as the former ear had it", ways["one likely tempo"], 1)
    for name, likely, groups in (former, *((name, likely, len(BAND_GROUPS)) for name, likely in ways.items())):
        found = tempo(likely[~first], beats[~first, :groups], strengths[~first, :groups])
        exact, octaves = share_right(found, bpm[~first]), share_right(found, bpm[~first], OCTAVES)
        print(f"second half, {(~first).sum()} clips, {name}: right {exact:.3f}, octaves allowed {octaves:.3f}")
    pace = fit(tags, bpm, STRENGTH)
    with Path(target).open("wb") as stream:
        np.savez_compressed(
            stream, allow_pickle=False, weights=pace.weights.astype(np.float32), bias=np.float32(pace.bias)
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
