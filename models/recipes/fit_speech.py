"""Fits what joins the two networks that hear speech, and the chains that smooth music and speech, on validation films.

    python -m models.recipes.fit_speech DECODED [--films 60] [--seed 61]

Films of the validation recordings (models.recipes.films), which taught neither network. Prints the constants that
models.ears.default_ear holds: the logistic regression of truth on both logits, and per chain the F1 of each probability
of switching.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from models.ears.activity_net import ActivityNetwork
from models.ears.default_ear import Fusion
from models.ears.smoothing import smooth
from models.ears.store import load_weights
from models.ears.voice import VoiceNetwork
from models.features.activity_mel import levelled
from models.recipes.films import load_shelves, make_film
from models.recipes.measure_activity import counts, f1

SWITCHING = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4)


def hear(decoded: Path, films: int, seed: int, activity: Path) -> tuple[list[npt.NDArray[np.float32]], list[Any]]:
    """Per film the logits (n_seconds, 3) of music, speech and Silero, and the truth (n_seconds, 2)."""
    shelves, rng = load_shelves(decoded, "validation"), np.random.default_rng(seed)
    own, voice = ActivityNetwork(activity), VoiceNetwork(load_weights("silero_vad"))
    heard, truths = [], []
    for _ in range(films):
        sound, truth = make_film(rng, shelves)
        film = levelled(sound)
        heard.append(np.column_stack([own.hear(film)[0], voice.hear(film)]))
        truths.append(truth)
    return heard, truths


def by_switching(logits: list[npt.NDArray[np.floating]], truths: list[npt.NDArray[np.bool_]]) -> dict[float, float]:
    """F1 per second for each probability of switching."""
    found = {}
    for switching in SWITCHING:
        rows = [
            counts(smooth(1 / (1 + np.exp(-np.clip(film, -15, 15))), switching, switching, 0.5) >= 0.5, truth)
            for film, truth in zip(logits, truths, strict=True)
        ]
        found[switching] = round(f1(np.array(rows)), 4)
    return found


def main() -> None:
    """Print the constants as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("--films", type=int, default=60)
    parser.add_argument("--seed", type=int, default=61)
    parser.add_argument("--activity", type=Path, help="another activity network than the shipped one")
    arguments = parser.parse_args()
    network = arguments.activity or load_weights("activity")
    heard, truths = hear(arguments.decoded, arguments.films, arguments.seed, network)
    joined, truth = np.concatenate(heard), np.concatenate(truths)
    regression = LogisticRegression().fit(joined[:, 1:], truth[:, 1])
    own, voice = (float(w) for w in regression.coef_[0])
    fusion = Fusion(own, voice, float(regression.intercept_[0]))
    result = {
        "fusion": fusion.__dict__,
        "music": by_switching([film[:, 0] for film in heard], [t[:, 0] for t in truths]),
        "speech, our network alone": by_switching([film[:, 1] for film in heard], [t[:, 1] for t in truths]),
        "speech, Silero alone": by_switching([film[:, 2] for film in heard], [t[:, 1] for t in truths]),
        "speech": by_switching([fusion.logit(film[:, 1], film[:, 2]) for film in heard], [t[:, 1] for t in truths]),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
