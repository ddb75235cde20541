"""How often the network must hear 3 s of a run: `python -m bench.patches CACHE [--tracks 285]`.

Emotify's tracks ($FILMSCORE_DATA, one minute each) are runs of music. The genre heads learn, in four folds by track,
from the material of models.recipes.train_genre without the held-out tracks; each held-out track is then heard with the
network at several steps, and its genre is the vote of its windows, as in a film. For 8 kHz and 16 kHz the output is the
share of right genres of whole tracks, and of runs of 25 s from their middle. CACHE keeps what was heard (a second of
processor time a track). The first --tracks of an order drawn with seed 5 are used, so that fewer can be measured.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.given import real_data
from film import GENRES
from ingest.summarise import vote
from media.geometry import SECOND_SAMPLES, WIDE_RATE_HZ, WINDOW_S
from models.ears.default_features import PATCH_S, between, patch_gains, second_energies, window_features
from models.ears.heads import Head, tag_logits
from models.ears.musicnn import Musicnn
from models.ears.store import load_weights
from models.features.musicnn_mel import patches
from models.recipes.recordings import read
from models.recipes.train_genre import CLEAN, RECIPE, WIDE_RECIPE, genre_material
from models.training.heads_training import Material, fit_head

STEPS_S = (5, 10, 15, 20)
FOLDS, SEED, ORDER_SEED = 4, 11, 5
SHORT = slice(15, 31)
"""Windows of a run of 25 s."""
Heard = Mapping[str, npt.NDArray[Any]]


def hear(path: Path, network: Musicnn) -> dict[str, npt.NDArray[Any]]:
    """Tags and embeddings of the patches of a track that begin every 5 s, at both rates, and its 68 features."""
    samples, wide = read(path), read(path, rate_hz=WIDE_RATE_HZ)
    seconds = min(samples.size // SECOND_SAMPLES, wide.size // WIDE_RATE_HZ)
    starts = np.minimum(np.arange(0, seconds, STEPS_S[0]), seconds - PATCH_S)
    gains = patch_gains(second_energies(samples, 0, seconds), starts)
    heard: dict[str, npt.NDArray[Any]] = {"starts": starts, "seconds": np.array(seconds)}
    for name, sound, rate_hz in (("8", samples, SECOND_SAMPLES), ("16", wide, WIDE_RATE_HZ)):
        floats = sound.astype(np.float32) / np.float32(32_768)
        mel = patches(floats, starts * rate_hz, gains, wide=rate_hz == WIDE_RATE_HZ)
        heard[f"tags{name}"], heard[f"embedding{name}"] = network.hear(mel)
    heard["features68"] = window_features(network, samples, 0, seconds, seconds)["features68"]
    return heard


def windows(heard: Heard, rate: str, step_s: int) -> dict[str, npt.NDArray[np.float64]]:
    """The blocks of a track's windows, interpolated between patches `step_s` apart."""
    starts, seconds = heard["starts"], int(heard["seconds"])
    wanted = np.minimum(np.arange(0, seconds, step_s), seconds - PATCH_S)
    kept = np.array([int(np.abs(starts - one).argmin()) for one in wanted])
    weights = between(starts[kept], seconds - WINDOW_S + 1)
    tags, embedding = weights @ heard[f"tags{rate}"][kept], weights @ heard[f"embedding{rate}"][kept]
    return {"msd": embedding, "tags": tag_logits(tags), "features68": heard["features68"]}


def wide_head(music: Path, taught: list[tuple[Heard, int, str]]) -> Head:
    """The head for 16 kHz of mixed.npz and of four windows of each taught track (heard, genre, name)."""
    mixed = np.load(music / "mixed.npz")
    rows = (mixed["copy"] == CLEAN) & np.isfinite(mixed["msd16_embedding"].astype(np.float32)).all(axis=1)
    parts = [
        {
            "msd": mixed["msd16_embedding"][rows].astype(np.float64),
            "tags": tag_logits(mixed["msd16_tags"][rows]),
            "features68": mixed["features68"][rows].astype(np.float64),
        }
    ]
    y, groups = [mixed["genre"][rows]], [mixed["track"][rows]]
    for heard, genre, name in taught:
        parts.append({block: values[::15] for block, values in windows(heard, "16", STEPS_S[0]).items()})
        y.append(np.full(len(parts[-1]["msd"]), genre))
        groups.append(np.full(len(parts[-1]["msd"]), name))
    blocks = {block: np.concatenate([part[block] for part in parts]) for block in parts[0]}
    return fit_head(WIDE_RECIPE, Material(blocks, np.concatenate(y).astype(np.int64), np.concatenate(groups)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--tracks", type=int, default=285)
    options = parser.parse_args()
    music = real_data() / "music"
    with (music / "emotify" / "labels.csv").open(encoding="utf-8") as stream:
        genres = {row["path"].removesuffix(".opus"): GENRES.index(row["genre"]) for row in csv.DictReader(stream)}
    paths = sorted((music / "emotify").glob("*.opus"))
    paths = [paths[i] for i in np.random.default_rng(ORDER_SEED).permutation(len(paths))[: options.tracks]]
    options.cache.mkdir(parents=True, exist_ok=True)
    network, tracks = Musicnn(load_weights("musicnn_msd")), []
    for path in sorted(paths):
        stored = options.cache / f"{path.stem}.npz"
        if not stored.exists():
            np.savez(stored, allow_pickle=False, **hear(path, network))
        with np.load(stored) as arrays:
            tracks.append((dict(arrays), genres[path.stem], f"emotify-{path.stem}"))
    material, _, copies = genre_material(music)
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(tracks))
    right: dict[tuple[str, int], list[tuple[bool, bool]]] = {}
    for one in range(FOLDS):
        held = [track for track, place in zip(tracks, fold, strict=True) if place == one]
        taught = [track for track, place in zip(tracks, fold, strict=True) if place != one]
        alone = ~np.char.startswith(copies, "speech") & ~np.isin(material.groups, [name for _, _, name in held])
        heads = {"8": fit_head(RECIPE, material.part(alone)), "16": wide_head(music, taught)}
        for heard, genre, _ in held:
            for rate, head in heads.items():
                for step_s in STEPS_S:
                    p = head.probabilities(windows(heard, rate, step_s))
                    right.setdefault((rate, step_s), []).append((vote(p)[0] == genre, vote(p[SHORT])[0] == genre))
    for (rate, step_s), found in sorted(right.items(), key=lambda item: (int(item[0][0]), item[0][1])):
        whole, short = np.mean(found, axis=0)
        print(f"{rate:>2} kHz, every {step_s:2} s: {whole:.3f} of {len(found)} tracks, {short:.3f} of runs of 25 s")


if __name__ == "__main__":
    main()
