"""Trains the shipped heads of energy and valence on music as films play it, and measures them.

    python -m models.recipes.train_moods DATA/music HEADS.npz [--heard HEARD.npz] [--report REPORT.json]

Material: Emotify's windows (models.recipes.train_heads), with HEARD.npz for energy also their other copies
(models.recipes.hear_emotify), and the copies of mixed.npz of the clips that other listeners rated: arousal stands for
energy. Their ratings are brought to Emotify's mean and spread, their thirds are their own. A clean window weighs
CLEAN_WEIGHTS times as much as another in the logistic regression. HEADS.npz, as models.recipes.train_heads wrote it,
gets the heads in the place of those of Emotify alone; so does the report.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from models.ears.heads import Array, calibrated, load_heads, save_heads
from models.evaluation.scores import by_clip, calibration_error, reliability, score
from models.recipes.train_genre import CLEAN, EMOTIFY, Names, copy_weights, with_copies
from models.recipes.train_heads import RECIPES, feature_blocks, material
from models.training.heads_training import HeadRecipe, Material, fit_head, out_of_fold

RATINGS = {"energy": "arousal", "valence": "valence"}
"""Attribute -> what mixed.npz calls it."""
CLEAN_WEIGHTS = {"energy": 4.0, "valence": 1.0}
FROM_COPIES = ("energy",)
"""What learns from Emotify's other copies too; valence gained nothing."""
MOODS = tuple(recipe for recipe in RECIPES if recipe.attribute in RATINGS)


def mood_material(music: Path, attribute: str, heard: Path | None = None) -> tuple[Material, Names]:
    """The windows of both sources, and the copy that each is (Emotify's: as `with_copies` says)."""
    (emotify, own_copies), mixed = with_copies(material(music, attribute), heard), np.load(music / "mixed.npz")
    if emotify.values is None or emotify.trust is None:
        raise ValueError(f"{attribute}: Emotify's windows have no ratings")
    rows = np.isfinite(mixed[RATINGS[attribute]])
    rated, copies = mixed[RATINGS[attribute]][rows].astype(np.float64), mixed["copy"][rows]
    clean = rated[copies == CLEAN]
    values = (rated - clean.mean()) / clean.std() * emotify.values.std() + emotify.values.mean()
    more = feature_blocks(mixed, rows)
    all_copies = np.concatenate([own_copies, copies])
    copy = copy_weights(all_copies)
    weight = np.where(np.isin(all_copies, (CLEAN, EMOTIFY)), CLEAN_WEIGHTS[attribute], copy)
    joined = Material(
        {name: np.concatenate([block, more[name]]) for name, block in emotify.features.items()},
        np.concatenate([emotify.y, np.digitize(rated, np.quantile(clean, [1 / 3, 2 / 3]))]),
        np.concatenate([emotify.groups, mixed["track"][rows]]),
        np.concatenate([emotify.values, values]),
        emotify.cuts,
        np.concatenate([emotify.trust, np.ones(rated.size)]) * copy,
        weight / weight.mean(),
    )
    return joined, all_copies


def measure(recipe: HeadRecipe, p: npt.NDArray[np.floating], data: Material, copies: Names) -> dict[str, Any]:
    """Emotify's clips in thirds, Spearman's rho of the expected level and the ratings by copy, reliability of the
    windows; of probabilities (n, 3) by heads that did not learn from the windows' tracks."""
    own = copies == EMOTIFY
    metrics = score(*by_clip(p[own], data.groups[own].tolist(), data.y[own]), recipe.labels)
    expected, values = p @ np.arange(3), np.asarray(data.values)
    bins = reliability(p, data.y)
    return {
        "emotify": {name: metrics[name] for name in ("n", "accuracy", "balanced_accuracy", "confusion")},
        "rho": {
            str(copy): float(spearmanr(expected[copies == copy], values[copies == copy])[0])
            for copy in np.unique(copies)
        },
        "reliability": bins,
        "calibration_error": calibration_error(bins),
    }


def without_mixed(recipe: HeadRecipe, data: Material, copies: Names) -> Array:
    """(n, 3) of heads that learn from Emotify alone, for comparison: other windows weigh nothing."""
    own = np.char.startswith(copies, EMOTIFY)
    trust = np.where(own, np.asarray(data.trust), 0.0)
    return out_of_fold(recipe, replace(data, weight=own.astype(np.float64), trust=trust))


def main() -> None:
    """Train on everything, put the heads into the file; with --report also measure, beside Emotify alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", type=Path)
    parser.add_argument("heads", type=Path)
    parser.add_argument("--heard", type=Path, help="what models.recipes.hear_emotify wrote")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    heads = load_heads(arguments.heads)
    report = json.loads(arguments.report.read_text(encoding="utf-8")) if arguments.report else {}
    for recipe in MOODS:
        heard = arguments.heard if recipe.attribute in FROM_COPIES else None
        data, copies = mood_material(arguments.music, recipe.attribute, heard)
        head = fit_head(recipe, data)
        heads[recipe.attribute] = head
        if arguments.report:
            p = calibrated(out_of_fold(recipe, data), head.temperature)
            report[recipe.attribute] = measure(recipe, p, data, copies)
            alone = measure(recipe, without_mixed(recipe, data, copies), data, copies)
            print(recipe.attribute, "of Emotify alone:", alone["emotify"]["accuracy"], alone["rho"])
    save_heads(heads, arguments.heads)
    if arguments.report:
        arguments.report.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
