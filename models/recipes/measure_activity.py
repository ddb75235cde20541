"""Measures activity on films and clips that taught nothing, the default ear beside the thesis's.

    python -m models.recipes.measure_activity DECODED SECONDS.npz [--films 20] [--part test]

Films: pseudo films of recordings of the part (models.recipes.recordings), F1 per second with a 95 % interval
(bootstrap over films). Clips: the test fifth of seconds.npz, each heard alone; macro F1 of music, speech, other.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.ears.activity_net import ActivityNetwork
from models.ears.default_ear import activity_of
from models.ears.ear import load_ear
from models.ears.store import load_weights
from models.evaluation.scores import score
from models.features import activity_mel
from models.features.levelling import SHORTEST_S, repeats
from models.recipes.films import load_shelves, make_film
from models.recipes.train_activity import seconds_part

Counts = npt.NDArray[np.int64]
RESAMPLES = 1_000


def counts(found: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> Counts:
    """(3,): found and true, found, true."""
    return np.array([(found & truth).sum(), found.sum(), truth.sum()])


def f1(rows: Counts) -> float:
    """F1 of summed counts (n, 3)."""
    hit, found, true = rows.sum(axis=0)
    return float(2 * hit / max(found + true, 1))


def interval(rows: Counts) -> list[float]:
    """95 % interval of F1 over films drawn with replacement."""
    rng = np.random.default_rng(0)
    drawn = [f1(rows[rng.integers(len(rows), size=len(rows))]) for _ in range(RESAMPLES)]
    return [float(x) for x in np.percentile(drawn, [2.5, 97.5])]


def measure_films(decoded: Path, part: str, films: int, seed: int = 4_000) -> dict[str, Any]:
    """F1 per second of each architecture on the same films."""
    shelves, rng = load_shelves(decoded, part), np.random.default_rng(seed)
    ears = {name: load_ear(name) for name in ("default", "thesis")}
    rows: dict[str, list[Counts]] = {}
    for _ in range(films):
        sound, truth = make_film(rng, shelves)
        samples = np.round(sound * 32_767).astype(np.int16)
        for name, ear in ears.items():
            activity, _ = ear.activity(samples)
            speech = activity.speech >= 0.5 if name == "default" else activity.label == 1
            rows.setdefault(f"{name} music", []).append(counts(activity.present, truth[:, 0]))
            rows.setdefault(f"{name} speech", []).append(counts(speech, truth[:, 1]))
    return {key: {"f1": f1(np.array(value)), "95": interval(np.array(value))} for key, value in rows.items()}


def measure_clips(seconds: Path, part: int = 1) -> dict[str, Any]:
    """Metrics of the clips of one fifth of seconds.npz."""
    network = ActivityNetwork(load_weights("activity"))
    names = ("music", "speech", "other")
    with np.load(seconds) as stored:
        keep = seconds_part(stored["clip"]) == part
        clips, labels = stored["clip"][keep], stored["label"][keep]
        power = 10 ** ((stored["logmel"][keep].astype(np.float32) / 2 - 80) / 10)
    truth, found = [], []
    for clip in np.unique(clips):
        own = clips == clip
        n = int(own.sum())
        times = repeats(n) if n < SHORTEST_S else 1
        mel = np.tile(power[own].reshape(-1, activity_mel.BANDS), (times, 1))
        logits, _ = network.hear_mel(activity_mel.scale(mel))
        middle = activity_of(logits[times // 2 * n : times // 2 * n + n])
        music, speech = middle.music.astype(float), middle.speech.astype(float)
        p = np.stack([music, speech, 1 - np.maximum(music, speech)]).mean(axis=1)
        truth.append(names.index(str(labels[own][0])))
        found.append(int(p.argmax()))
    return score(np.array(truth), np.array(found), names)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("seconds", type=Path)
    parser.add_argument("--films", type=int, default=20)
    parser.add_argument("--part", default="test")
    arguments = parser.parse_args()
    result = {"clips": measure_clips(arguments.seconds)}
    result["films"] = measure_films(arguments.decoded, arguments.part, arguments.films)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
