"""Trains the thesis-architecture weights that filmscore ships, from the data folder.

    python -m models.first_weights --out DIR [KIND ...] [--ship]

One directory per kind with weights, card, metrics and figures; `--ship` copies the weights into `models/weights` and
the cards into `models/cards`. The data folder is $FILMSCORE_DATA (default ../shared/data). About a quarter of an hour
on one core.
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
from models.examples import Examples, open_arrays, shipped_windows
from models.kinds import KINDS
from models.report import TrainingReport, write_report
from models.store import store_weights
from models.svm import level_seconds
from models.training_thesis import Training, train_on

CARDS = Path(__file__).parent / "cards"
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
        "other 319), each second's 68 statistics levelled to RMS 0.1 (`models.svm.level_seconds`). The machine learns "
        "from seconds, as it is served, not from clip averages."
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
        "under speech is called speech. Measured on clean clips; in a film's mix it is worse. Loudness says nothing "
        "to it: a door and a drum at the same spectrum are told apart by their course within the second only."
    ),
    "genre": (
        "Trained on a few hundred clips instead of the thesis's balanced 700 tracks. The outputs for country and dance "
        "have never seen an example and stay near zero; hiphop and metal are rarely given. Its dense layer of 64 is "
        "the thesis ear's embedding."
    ),
    "energy": "About half right where a third is chance. It knows four genres of music, as Emotify does.",
    "valence": "Barely better than chance; the listeners themselves agree on little more than half the tracks.",
    "danceability": "Little better than chance: 0.1 s frames hide the pulse, and there are 173 recordings in all.",
}


def first_examples(kind: str, data: Path) -> Examples:
    """The labelled examples that the shipped weights of a kind are made from. Raises ModelError without the data."""
    if kind != "detector":
        return shipped_windows(kind, data)
    with open_arrays(data / "activity" / "seconds.npz") as arrays:
        labels = np.array([LABELS.index(name) for name in arrays["label"]], dtype=np.int64)
        clips = arrays["clip"].astype(str)
        return Examples(kind, level_seconds(arrays["features68"]), labels, clips, clips)


def make(kind: str, data: Path, out: Path, ship: bool) -> TrainingReport:
    """Train, measure and write one kind's weights; ship them if asked."""
    folder = out / kind
    folder.mkdir(parents=True, exist_ok=True)
    how = Training(
        data=DATA[kind],
        command=f"python -m models.first_weights --out DIR {kind} --ship",
        seed=SEED,
        averaged=False,
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
        shutil.copyfile(folder / "card.md", CARDS / f"thesis-{kind}.md")
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line of the recipe."""
    parser = argparse.ArgumentParser(prog="models.first_weights", description="Train the shipped thesis weights.")
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
