"""Trains the shipped heads of genre on music as films play it, and measures it by grouped cross-validation.

    python -m models.recipes.train_genre DATA/music HEADS.npz [--heard HEARD.npz] [--report REPORT.json]

Material: mixed.npz (ten genres; each clip clean, under speech at four levels, in a narrow band, with hiss), Emotify's
windows of windows.npz (clean) and, with HEARD.npz, their other copies (models.recipes.hear_emotify). Windows of one
track are in one fold, with all its copies. One head learns from all copies alike, and says the genre where somebody
speaks (models.ears.default_ear); the other says it elsewhere and learns from the copies without speech, where a clean
window weighs CLEAN_WEIGHT times as much as another. A third learns from the clean windows whose source has 16 kHz, and
from Emotify's tracks, which are heard here (three minutes). HEADS.npz, as models.recipes.train_heads wrote it, gets the
heads beside its others; so does the report.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from film import GENRES
from media.geometry import WIDE_RATE_HZ, WINDOW_RMS, WINDOW_S
from models.ears.default_ear import GENRE_WIDE, UNDER_SPEECH
from models.ears.default_features import PATCH_S
from models.ears.heads import calibrated, load_heads, save_heads, tag_logits
from models.ears.musicnn import Musicnn
from models.ears.store import load_weights
from models.evaluation.scores import by_clip, calibration_error, confusion_matrix, reliability, score
from models.features.musicnn_mel import patches
from models.recipes.recordings import read
from models.recipes.train_heads import HEARD, feature_blocks
from models.training.heads_training import HeadRecipe, Material, fit_head, out_of_fold

RECIPE = HeadRecipe("genre", GENRES, HEARD, 0.01)
SPOKEN_RECIPE = HeadRecipe(UNDER_SPEECH, GENRES, HEARD, 0.01)
WIDE_RECIPE = HeadRecipe(GENRE_WIDE, GENRES, HEARD, 0.03)
CLEAN, EMOTIFY = "clean", "emotify"
CLEAN_WEIGHT = 4.0
COPY_WEIGHT = 0.3
"""Of a window that is a copy of Emotify's, beside 1 of one of mixed.npz: there are more of them, of four genres."""
Names = npt.NDArray[np.str_]
Sound = npt.NDArray[np.float32]


def with_copies(clean: Material, heard: Path | None) -> tuple[Material, Names]:
    """Emotify's clean windows, and after them the copies of their clips in `heard` with their labels; and of each what
    copy it is: EMOTIFY, or such as "emotify speech-4"."""
    copies = np.full(clean.y.size, EMOTIFY)
    if heard is None:
        return clean, copies
    first = {clip: row for row, clip in enumerate(clean.groups.tolist())}
    with np.load(heard, allow_pickle=False) as stored:
        rows = np.isin(stored["clip"], clean.groups)
        labelled = [first[clip] for clip in stored["clip"][rows].tolist()]
        blocks = {name: np.concatenate([block, stored[name][rows]]) for name, block in clean.features.items()}
        further = np.char.add(f"{EMOTIFY} ", stored["copy"][rows])
    every = clean.part(np.concatenate([np.arange(clean.y.size), labelled]))
    return replace(every, features=blocks), np.concatenate([copies, further])


def copy_weights(copies: Names) -> npt.NDArray[np.float64]:
    """COPY_WEIGHT of each copy of Emotify's, 1 of other windows."""
    return np.where(np.char.startswith(copies, f"{EMOTIFY} "), COPY_WEIGHT, 1.0)


def genre_material(music: Path, heard: Path | None = None) -> tuple[Material, Names, Names]:
    """The labelled windows, and of each its clip and its copy (Emotify's: as `with_copies` says)."""
    mixed, windows = np.load(music / "mixed.npz"), np.load(music / "windows.npz")
    rows = np.char.startswith(windows["clip"], EMOTIFY) & (windows["genre"] >= 0)
    clean = Material(feature_blocks(windows, rows), windows["genre"][rows].astype(np.int64), windows["clip"][rows])
    emotify, own_copies = with_copies(clean, heard)
    mixed_blocks = feature_blocks(mixed, np.ones(mixed["clip"].size, np.bool_))
    copies = np.concatenate([mixed["copy"], own_copies])
    weight = np.where(np.isin(copies, (CLEAN, EMOTIFY)), CLEAN_WEIGHT, copy_weights(copies))
    material = Material(
        {name: np.concatenate([block, emotify.features[name]]) for name, block in mixed_blocks.items()},
        np.concatenate([mixed["genre"].astype(np.int64), emotify.y]),
        np.concatenate([mixed["track"], emotify.groups]),
        weight=weight / weight.mean(),
    )
    return material, np.concatenate([mixed["clip"], emotify.groups]), copies


def hear_window(network: Musicnn, sound: Sound, first: int) -> tuple[Sound, Sound]:
    """Tags and embedding of the window of sound at 16 kHz that starts at a sample: means over three patches."""
    rms = np.sqrt(np.mean(np.square(sound[first : first + WINDOW_S * WIDE_RATE_HZ])))
    starts = first + np.arange(0, WINDOW_S - PATCH_S, PATCH_S) * WIDE_RATE_HZ
    tags, embeddings = network.hear(patches(sound, starts, np.full(starts.size, WINDOW_RMS / rms), wide=True))
    return tags.mean(axis=0), embeddings.mean(axis=0)


def wide_material(music: Path) -> tuple[Material, Names, Names]:
    """The labelled windows at 16 kHz, and of each its clip and its source (CLEAN: of mixed.npz, or EMOTIFY)."""
    mixed, windows = np.load(music / "mixed.npz"), np.load(music / "windows.npz")
    rows = (mixed["copy"] == CLEAN) & np.isfinite(mixed["msd16_embedding"].astype(np.float32)).all(axis=1)
    emotify = np.flatnonzero(np.char.startswith(windows["clip"], EMOTIFY) & (windows["genre"] >= 0))
    emotify = emotify[np.argsort(windows["clip"][emotify], kind="stable")]
    clips, starts_s = windows["clip"][emotify], windows["start_s"][emotify]
    network = Musicnn(load_weights("musicnn_msd"))
    heard = []
    for clip in np.unique(clips):
        path = music / "emotify" / f"{clip.removeprefix('emotify-')}.opus"
        sound = read(path, rate_hz=WIDE_RATE_HZ).astype(np.float32) / np.float32(32_768)
        heard += [hear_window(network, sound, int(start_s * WIDE_RATE_HZ)) for start_s in starts_s[clips == clip]]
    tags, embeddings = (np.stack(part) for part in zip(*heard, strict=True))
    parts = {
        "msd": (mixed["msd16_embedding"][rows], embeddings),
        "tags": (tag_logits(mixed["msd16_tags"][rows]), tag_logits(tags)),
        "features68": (mixed["features68"][rows], windows["features68"][emotify]),
    }
    material = Material(
        {name: np.concatenate(part).astype(np.float64) for name, part in parts.items()},
        np.concatenate([mixed["genre"][rows], windows["genre"][emotify]]).astype(np.int64),
        np.concatenate([mixed["track"][rows], clips]),
    )
    source = np.concatenate([np.full(int(rows.sum()), CLEAN), np.full(emotify.size, EMOTIFY)])
    return material, np.concatenate([mixed["clip"][rows], clips]), source


def measure(p: npt.NDArray[np.floating], y: npt.NDArray[np.integer], clips: Names, copies: Names) -> dict[str, Any]:
    """Clips' metrics by copy, confusion of the clean clips, reliability of the windows; of probabilities (n, 10) by
    heads that did not learn from the windows' tracks."""
    by_copy, confusion = {}, np.zeros((len(GENRES), len(GENRES)), np.int64)
    for copy in np.unique(copies):
        rows = copies == copy
        truth, said = by_clip(p[rows], clips[rows].tolist(), y[rows])
        metrics = score(truth, said, GENRES)
        windows = reliability(p[rows], y[rows])
        by_copy[str(copy)] = {name: metrics[name] for name in ("n", "accuracy", "balanced_accuracy")} | {
            "calibration_error": calibration_error(windows)
        }
        if copy in (CLEAN, EMOTIFY):
            confusion += confusion_matrix(truth, said, len(GENRES))
    bins = reliability(p, y)
    return {
        "copies": by_copy,
        "confusion": confusion.tolist(),
        "reliability": bins,
        "calibration_error": calibration_error(bins),
    }


def main() -> None:
    """Train on everything, put the head into the file of heads; with --report also measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", type=Path)
    parser.add_argument("heads", type=Path)
    parser.add_argument("--heard", type=Path, help="what models.recipes.hear_emotify wrote")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    material, clips, copies = genre_material(arguments.music, arguments.heard)
    spoken = np.char.find(copies, "speech") >= 0
    p, heads = np.empty((material.y.size, len(GENRES)), np.float32), load_heads(arguments.heads)
    equal = copy_weights(copies)
    for recipe, taught, rows in (
        (RECIPE, material.part(~spoken), ~spoken),
        (SPOKEN_RECIPE, replace(material, weight=equal / equal.mean()), spoken),
    ):
        heads[recipe.attribute] = head = fit_head(recipe, taught)
        said = calibrated(out_of_fold(recipe, taught), head.temperature)
        p[rows] = said if len(said) == rows.sum() else said[rows]
    wide, wide_clips, sources = wide_material(arguments.music)
    heads[GENRE_WIDE] = head = fit_head(WIDE_RECIPE, wide)
    save_heads(heads, arguments.heads)
    if arguments.report:
        report = json.loads(arguments.report.read_text(encoding="utf-8")) if arguments.report.exists() else {}
        report[RECIPE.attribute] = measure(p, material.y, clips, copies)
        said = calibrated(out_of_fold(WIDE_RECIPE, wide), head.temperature)
        report[GENRE_WIDE] = measure(said, wide.y, wide_clips, sources)
        narrow = np.isin(clips, wide_clips) & np.isin(copies, (CLEAN, EMOTIFY))
        print(
            "the same clips at 8 kHz:", measure(p[narrow], material.y[narrow], clips[narrow], copies[narrow])["copies"]
        )
        arguments.report.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
