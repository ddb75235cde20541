"""`python -m bench.sound_alone [--json]`: does music alone find films of the same style?

Sixty pseudo films, 15 each of classical, electronic, pop and rock, are assembled from Emotify's real recordings: 4 or 5
whole recordings per film, no recording in two films. No model was trained on these recordings: the embedding's network
never saw them, its projection and the genre head are fitted here on the other recordings of `windows.npz`, and the
energy and valence heads are fitted out of fold by recording. Danceability needs features that the file lacks, so it is
equal for all. Each film's five nearest films are found at `--music 1`; the films have no other data.

precision@5 = share of the five that have the film's own style; chance = that of a random order; p = share of 9,999
random permutations of the styles over the films that do at least as well.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.given import real_data
from bench.record_catalogue import RecordCatalogue
from db.catalogue.records import FilmRecord
from film import ATTRIBUTES, Activity, Film, MusicRun, WindowAttributes
from ingest.summarise import summarise, summarise_run
from models.recipes.train_heads import RECIPES, material
from models.training.heads_training import FOLDS, Material, fit_head, folds
from recommender import FilmEncoding, Question, Recommender
from recommender.matrix import BlockMatrix

Array = npt.NDArray[np.floating]

STYLES = ("classical", "electronic", "pop", "rock")
FILMS_PER_STYLE = 15
RUN_S = 60
NEAREST = 5
SHUFFLINGS = 9_999
SEED = 3
SPACE = 64


@dataclass(frozen=True)
class HeardClips:
    """Analyses of Emotify's recordings by models that were not trained on them."""

    attributes: dict[str, dict[str, Array]]
    """clip -> attribute -> (n_windows, k) probabilities"""
    embedding: dict[str, Array]
    """clip -> (n_windows, SPACE)"""


def _space(embedding: Array) -> tuple[Array, Array]:
    """Mean and components fitted on the other recordings, as models.recipes.train_space does on all."""
    mean, scale = embedding.mean(axis=0), embedding.std(axis=0) + 1e-3
    axes = np.linalg.svd((embedding - mean) / scale, full_matrices=False)[2]
    return mean, (axes[:SPACE] / scale).T


def _out_of_fold(recipe: Any, data: Material) -> dict[str, Array]:
    """Probabilities by clip, from a head that was fitted without the clip."""
    found: dict[str, Array] = {}
    for train, rest in folds(data.groups, FOLDS):
        head, held = fit_head(recipe, data.part(train)), data.part(rest)
        p = head.probabilities(held.features)
        found |= {str(clip): p[held.groups == clip] for clip in np.unique(held.groups)}
    return found


def hear(music: Path) -> HeardClips:
    """Fit the models on permitted recordings and analyse Emotify's."""
    recipes = {recipe.attribute: recipe for recipe in RECIPES}
    genre = material(music, "genre")
    own = np.char.startswith(genre.groups.astype(str), "emotify-")
    head = fit_head(recipes["genre"], genre.part(~own))
    mean, components = _space(genre.features["msd"][~own])
    heard = genre.part(own)
    p = head.probabilities(heard.features)
    projected = (heard.features["msd"] - mean) @ components
    levels = {name: _out_of_fold(recipes[name], material(music, name)) for name in ("energy", "valence")}
    clips = [str(clip) for clip in np.unique(heard.groups)]
    rows = {clip: heard.groups == clip for clip in clips}
    attributes = {}
    for clip in clips:
        n = int(rows[clip].sum())
        level = {name: levels[name].get(clip, np.full((n, 3), 1 / 3))[:n] for name in ("energy", "valence")}
        attributes[clip] = {"genre": p[rows[clip]], "danceability": np.full((n, 3), 1 / 3), **level}
    return HeardClips(attributes, {clip: projected[rows[clip]] for clip in clips})


def _run(heard: HeardClips, clip: str, start_s: int) -> MusicRun:
    p = heard.attributes[clip]
    windows = WindowAttributes(
        p["genre"].astype(np.float32),
        *(p[name].astype(np.float32) for name in ATTRIBUTES),
        embedding=heard.embedding[clip].astype(np.float32),
    )
    return summarise_run(start_s, start_s + RUN_S, windows)


def pseudo_films(music: Path, heard: HeardClips) -> tuple[list[FilmRecord], list[str]]:
    """The films with the mean and spread of their embeddings, and the style of each film."""
    with (music / "emotify" / "labels.csv").open(encoding="utf-8", newline="") as stream:
        style_of = {f"emotify-{Path(row['path']).stem}": row["genre"] for row in csv.DictReader(stream)}
    rng = np.random.default_rng(SEED)
    records, styles = [], []
    for style in STYLES:
        clips = sorted(clip for clip, own in style_of.items() if own == style and clip in heard.embedding)
        for part in np.array_split(rng.permutation(clips), FILMS_PER_STYLE):
            runs = tuple(_run(heard, str(clip), i * RUN_S) for i, clip in enumerate(part))
            n = len(runs) * RUN_S
            ones = np.ones(n, np.float32)
            activity = Activity(ones, 0 * ones, np.zeros(n, np.int8), np.ones(n, bool))
            embeddings = np.array([run.embedding for run in runs])
            mean, spread = (f(embeddings, axis=0).astype(np.float32) for f in (np.mean, np.std))
            film = Film(f"{style} {len(records) + 1}", film_id=len(records) + 1)
            records.append(FilmRecord(film, summarise(activity, runs), mean, spread, "held-out"))
            styles.append(style)
    return records, styles


def catalogue_of(records: list[FilmRecord]) -> RecordCatalogue:
    """A stand-in for a snapshot of the pseudo films."""
    encoding = FilmEncoding()
    fitted = encoding.fit(records)
    ids = range(1, len(records) + 1)
    blocks, prior = encoding.encode(fitted, records), encoding.prior(fitted, records)
    return RecordCatalogue(records, BlockMatrix.from_blocks(ids, blocks, prior))


def measure(music: Path) -> dict[str, Any]:
    """precision@5 of the style, chance, their ratio and the p-value of the permutation test; also per style."""
    records, styles = pseudo_films(music, hear(music))
    recommender = Recommender(catalogue_of(records))
    nearest = np.array(
        [
            [
                (result.film.film_id or 0) - 1
                for result in recommender.recommend(
                    Question(likes=(film_id,), music=1.0, variety=0.0, n=NEAREST)
                ).results
            ]
            for film_id in range(1, len(records) + 1)
        ]
    )
    label = np.array([STYLES.index(style) for style in styles])
    hits = label[nearest] == label[:, None]
    chance = (FILMS_PER_STYLE - 1) / (len(records) - 1)
    rng = np.random.default_rng(SEED)
    reached = 0
    for _ in range(SHUFFLINGS):
        shuffled = rng.permutation(label)
        reached += float((shuffled[nearest] == shuffled[:, None]).mean()) >= float(hits.mean())
    return {
        "films": len(records),
        "precision_at_5": float(hits.mean()),
        "chance": chance,
        "times_chance": float(hits.mean()) / chance,
        "p": (reached + 1) / (SHUFFLINGS + 1),
        "per_style": {style: float(hits[label == i].mean()) for i, style in enumerate(STYLES)},
        "seed": SEED,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(real_data() / "music")
    if options.json:
        json.dump(result, sys.stdout)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{name}: {value}\n" for name, value in result.items())


if __name__ == "__main__":
    main()
