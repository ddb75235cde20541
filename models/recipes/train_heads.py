"""Trains the shipped heads of energy, valence and danceability, and measures their recipes by cross-validation.

    python -m models.recipes.train_heads DATA/music OUT.npz [--report REPORT.json]

Genre comes from models.recipes.train_genre afterwards, and models.recipes.train_moods puts energy and valence learnt on
more in the place of these. Energy and valence: Emotify's thirds and, for the ridge half, the listeners' means.
Danceability: the thirds of danceability.npz. The report has twenty grouped 70/30 splits, and the split on whose test
part the thesis's CNNs are measured (models.recipes.first_weights).
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit

from film import LEVELS
from models.ears.heads import Features, save_heads, tag_logits
from models.evaluation.scores import by_clip, calibration_error, confusion_matrix, reliability, score, wilson_interval
from models.examples.labelled import shipped_windows
from models.features.signal_features import pulse_features
from models.training.heads_training import HeadRecipe, Material, fit_head
from models.training.training_thesis import split

SPLITS = 20
TEST_SHARE = 0.3
PLAIN_C = 0.01
DANCEABILITY_CUTS = (0.436, 0.551)
HEARD = ("msd", "tags", "features68")
Rows = npt.NDArray[np.integer] | npt.NDArray[np.bool_]
RECIPES = (
    HeadRecipe("energy", LEVELS["energy"], ("msd", "tags"), 0.003, 1_000.0),
    HeadRecipe("valence", LEVELS["valence"], HEARD, 0.003),
    HeadRecipe("danceability", LEVELS["danceability"], ("pulse", "features68"), 0.01, 500.0),
)


def feature_blocks(stored: Any, rows: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.floating]]:
    """The blocks HEARD of some rows of stored features."""
    return {
        "msd": stored["msd_embedding"][rows].astype(np.float64),
        "tags": tag_logits(stored["msd_tags"][rows]),
        "features68": np.nan_to_num(stored["features68"][rows].astype(np.float64)),
    }


def emotify_values(labels: Path) -> dict[str, dict[str, float]]:
    """Clip name -> continuous energy and valence, and the weight of their listeners."""
    table: dict[str, dict[str, float]] = {}
    with labels.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            m = {k: float(v) for k, v in row.items() if k not in ("path", "genre")}
            energy = m["power"] + m["joyful_activation"] + m["tension"] - m["calmness"] - m["tenderness"] - m["sadness"]
            valence = (
                m["joyful_activation"] + m["amazement"] + m["calmness"] + m["tenderness"] - m["tension"] - m["sadness"]
            )
            clip = f"emotify-{Path(row['path']).stem}"
            table[clip] = {"energy": energy, "valence": valence, "trust": float(np.sqrt(m["listeners"]))}
    return table


def material(music: Path, attribute: str) -> Material:
    """The labelled windows of an attribute; of Emotify's with the listeners' continuous values and where the thirds of
    these part."""
    if attribute == "danceability":
        stored = np.load(music / "danceability.npz")
        rows = np.ones(stored["clip"].size, np.bool_)
        values = stored["danceability"].astype(np.float64)
        features: Features = feature_blocks(stored, rows) | {
            "pulse": pulse_features(stored["fine_logmel"].astype(np.float32) / 2 - 80)
        }
        return Material(
            features, np.digitize(values, DANCEABILITY_CUTS), stored["clip"], values, np.array(DANCEABILITY_CUTS)
        )
    stored = np.load(music / "windows.npz")
    rows = stored[attribute] >= 0
    y, clips = stored[attribute][rows].astype(np.int64), stored["clip"][rows]
    blocks = feature_blocks(stored, rows)
    known = emotify_values(music / "emotify" / "labels.csv")
    values = np.array([known[str(c)][attribute] for c in clips])
    trust = np.array([known[str(c)]["trust"] for c in clips])
    cuts = np.array([(values[y == k].max() + values[y == k + 1].min()) / 2 for k in (0, 1)])
    return Material(blocks, y, clips, values, cuts, trust / trust.mean())


def plain_baseline(data: Material, train: Rows, test: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Truth and prediction of the test clips by a logistic regression (C PLAIN_C) on the MSD embedding alone."""
    mean, scale = data.features["msd"][train].mean(axis=0), data.features["msd"][train].std(axis=0) + 1e-3
    standardised = (data.features["msd"] - mean) / scale
    model = LogisticRegression(C=PLAIN_C, max_iter=1_000).fit(standardised[train], data.y[train])
    p = np.zeros((data.y[test].size, int(data.y.max()) + 1))
    p[:, model.classes_] = model.predict_proba(standardised[test])
    return by_clip(p, data.groups[test].tolist(), data.y[test])


def measure(recipe: HeadRecipe, data: Material) -> dict[str, Any]:
    """Window and clip accuracy over SPLITS grouped 70/30 splits, with confusion of the clips and reliability of the
    windows of all test parts together, and the plain baseline's accuracy on the same clips."""
    found: list[tuple[float, float, float, float]] = []
    clips: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    windows: list[tuple[npt.NDArray[np.floating], npt.NDArray[np.integer]]] = []
    splitter = GroupShuffleSplit(SPLITS, test_size=TEST_SHARE, random_state=0)
    for train, test in splitter.split(data.y, groups=data.groups):
        held = data.part(test)
        p = fit_head(recipe, data.part(train)).probabilities(held.features)
        truth, said = by_clip(p, held.groups.tolist(), held.y)
        plain_truth, plain = plain_baseline(data, train, test)
        metrics = score(truth, said, recipe.labels)
        right = float((p.argmax(axis=1) == held.y).mean())
        found.append((right, metrics["accuracy"], metrics["balanced_accuracy"], float((plain == plain_truth).mean())))
        clips.append((truth, said))
        windows.append((p, held.y))
    means = np.mean(found, axis=0)
    n = np.mean([truth.size for truth, _ in clips])
    bins = reliability(np.concatenate([p for p, _ in windows]), np.concatenate([y for _, y in windows]))
    truths, saids = (np.concatenate(part) for part in zip(*clips, strict=True))
    return {
        "window_accuracy": float(means[0]),
        "clip_accuracy": float(means[1]),
        "clip_95": 1.96 * float(np.sqrt(means[1] * (1 - means[1]) / n)),
        "clip_balanced": float(means[2]),
        "plain": float(means[3]),
        "confusion": confusion_matrix(truths, saids, len(recipe.labels)).tolist(),
        "reliability": bins,
        "calibration_error": calibration_error(bins),
        "clips": round(float(n)),
    }


def beside_thesis(recipe: HeadRecipe, data: Material, folder: Path) -> dict[str, Any]:
    """Clips on the very test part of the thesis's CNN, by a head that learnt from the very training part, and by the
    plain baseline."""
    _, test = split(shipped_windows(recipe.attribute, folder), balance=False, seed=0)
    held = np.isin(data.groups, np.unique(test.clips))
    windows = data.part(held)
    p = fit_head(recipe, data.part(~held)).probabilities(windows.features)
    found = score(*by_clip(p, windows.groups.tolist(), windows.y), recipe.labels)
    plain = score(*plain_baseline(data, ~held, held), recipe.labels)
    return {
        **{name: found[name] for name in ("n", "accuracy", "balanced_accuracy")},
        "95": wilson_interval(found["accuracy"], found["n"]),
        "plain": {name: plain[name] for name in ("accuracy", "balanced_accuracy")},
    }


def main() -> None:
    """Train on everything, write the heads; with --report also measure by cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    heads, report = {}, {}
    for recipe in RECIPES:
        data = material(arguments.music, recipe.attribute)
        heads[recipe.attribute] = fit_head(recipe, data)
        if arguments.report:
            beside = beside_thesis(recipe, data, arguments.music.parent)
            report[recipe.attribute] = measure(recipe, data) | {"beside_thesis": beside}
    save_heads(heads, arguments.out)
    if arguments.report:
        arguments.report.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
