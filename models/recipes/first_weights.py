"""Trains the thesis-architecture weights that filmscore ships, from the data folder.

    python -m models.recipes.first_weights --out DIR [KIND ...] [--ship]

One directory per kind with weights, card, metrics and figures; `--ship` copies the weights into `models/weights` and
the cards, with their metrics as JSON, into `models/cards`. The data folder is $FILMSCORE_DATA (default
../shared/data). About an hour on one core.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from film import LABELS
from models.arrays import read_arrays
from models.ears.store import store_weights
from models.ears.svm import level_seconds
from models.examples.labelled import DATA_REMEDY, Examples, shipped_windows
from models.examples.pyaudio_vectors import LabelledVectors, balanced, packaged_vectors
from models.kinds import KINDS
from models.training.report import TrainingReport, write_report
from models.training.training_thesis import Training, train_on

CARDS = Path(__file__).parents[1] / "cards"
SEED = 0

WINDOWS_DATA = (
    "`music/windows.npz` of the data folder: ten-second windows of real recordings at 8 kHz, at RMS 0.1 each "
    "(GTZAN excerpts, Emotify, and teaching material of pyAudioAnalysis's author). "
)
EMOTIFY_LICENCE = (
    "learnt in part from Emotify (Aljanaki, Wiering and Veltkamp 2016, CC BY-NC-SA): not for commercial use, see "
    "`models/weights/LICENSE-emotify.md`."
)
DATA = {
    "detector": (
        "`activity/seconds.npz` of the data folder: 950 seconds of 377 real clips at 8 kHz (music 281, speech 350, "
        "other 319), and for training only 480 vectors of each class from `knn_movie8class` inside pyAudioAnalysis "
        "0.3.14 (film sound, Apache-2.0). Each second's 68 statistics are levelled to RMS 0.1 "
        "(`models.ears.svm.level_seconds`). The machine learns from seconds, as it is served, not from clip averages."
    ),
    "genre": WINDOWS_DATA + "524 clips; country and dance do not occur, hiphop has five clips, metal fourteen.",
    "energy": WINDOWS_DATA + "The Emotify tracks only (285), whose energy is cut into thirds of the listeners' means.",
    "valence": WINDOWS_DATA
    + "The Emotify tracks only (285), whose valence is cut into thirds of the listeners' means.",
    "danceability": (
        "`music/danceability.npz` of the data folder: 346 ten-second windows of 173 real recordings at 8 kHz, at RMS "
        "0.1 each; the continuous danceability is cut into the thirds of that file (0.436, 0.551), not at the "
        "thesis's .33 and .66."
    ),
}
LICENCE = {
    "detector": "features for research use; the pyAudioAnalysis vectors are Apache-2.0.",
    "danceability": "learnt from features for research use (teaching material of pyAudioAnalysis's author).",
}
NOTES = {
    "detector": (
        "A first ear, as the thesis had it; the default models replace it. It has one answer per second, so music "
        "under speech is called speech. The table is of clean clips; on mixed films its F1 per second is .666 for "
        "music and .626 for speech (20 films of two minutes, `python -m models.recipes.measure_activity`, see "
        "`default-activity.md`), and .720 and .867 on the 24 films of `python -m bench.real_films`. More of the "
        "package's vectors hurt music on the validation films, which is why 480 of each class are drawn. "
        "Loudness says nothing to it, so that the noise of a quiet room can pass for music; seconds below -75 dBFS are "
        "never asked (`models.ears.silence`)."
    ),
    "genre": (
        "Trained on a few hundred clips instead of the thesis's balanced 700 tracks. It hardly ever says pop (taken "
        "for rock and electronic), never hiphop, and takes much blues and jazz for electronic. The outputs for country "
        "and dance have never seen an example and stay near zero. Its dense layer of 64 is the thesis ear's embedding."
    ),
    "energy": (
        "About half right where a third is chance; medium is never right. It knows four genres of music, as "
        "Emotify does."
    ),
    "valence": ("Better than chance, not by much; the listeners themselves agree on 55 % only."),
    "danceability": (
        "Better than chance for low and high, not for medium: 0.1 s frames hide the pulse, and there are 173 "
        "recordings in all; the interval is wide."
    ),
}


def first_examples(kind: str, data: Path) -> Examples:
    """The labelled examples that the shipped weights of a kind are made from. Raises ModelError without the data."""
    if kind != "detector":
        return shipped_windows(kind, data)
    arrays = read_arrays(data / "activity" / "seconds.npz", DATA_REMEDY)
    labels = np.array([LABELS.index(name) for name in arrays["label"].astype(str).tolist()], dtype=np.int64)
    clips = arrays["clip"].astype(str)
    return Examples(kind, level_seconds(arrays["features68"].astype(np.float64)), labels, clips, clips)


def film_vectors() -> LabelledVectors:
    """The package's film sound, as many vectors of each class, levelled as the detector's seconds are."""
    drawn = balanced(packaged_vectors("knn_movie8class"), SEED)
    return LabelledVectors(level_seconds(drawn.features), drawn.labels)


def make(kind: str, data: Path, out: Path, ship: bool) -> TrainingReport:
    """Train, measure and write one kind's weights; ship them if asked."""
    folder = out / kind
    folder.mkdir(parents=True, exist_ok=True)
    how = Training(
        data=DATA[kind],
        command=f"python -m models.recipes.first_weights --out DIR {kind} --ship",
        seed=SEED,
        averaged=False,
        extra=film_vectors() if kind == "detector" else None,
        notes=NOTES[kind],
        licence=LICENCE.get(kind, EMOTIFY_LICENCE),
    )

    def on_step(what: str, done: int, steps: int) -> None:
        sys.stderr.write(f"\r{kind}: {what} {done}/{steps}   ")

    report = train_on(first_examples(kind, data), folder, how, on_step)
    no_images = write_report(report, folder)
    sys.stderr.write(f"\n{no_images}\n" if no_images else "\n")
    if ship:
        store_weights(f"thesis-{kind}", report.weights, "svm" if kind == "detector" else "cnn")
        CARDS.mkdir(exist_ok=True)
        for written, suffix in (("card.md", ".md"), ("metrics.json", ".json")):
            shutil.copyfile(folder / written, CARDS / f"thesis-{kind}{suffix}")
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line of the recipe."""
    parser = argparse.ArgumentParser(prog="models.recipes.first_weights", description="Train the thesis weights.")
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help=", ".join(KINDS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--ship", action="store_true")
    given = parser.parse_args(arguments)
    data = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))
    for kind in given.kinds:
        report = make(kind, data, given.out, given.ship)
        clips = report.clip_metrics
        sys.stderr.write(f"{kind}: {clips['n']} test clips, accuracy {clips['accuracy']:.3f}\n")


if __name__ == "__main__":
    main()
