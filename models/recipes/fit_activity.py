"""Fits what joins the activity networks, on films that taught none of them, and chooses the chains on others.

    python -m models.recipes.fit_activity DECODED OUT.npz [--films 80] [--seed 61] [--solos DIR ...]
        [--further EVIDENCE.npz ...] [--speech-of JOINT.npz]

A film is three stretches of two minutes (models.recipes.films), each at a level of its own, some 10, 20 or 30 dB below
the first. Films of the part `join` of the recordings teach NETWORKS_JOINED small networks for each activity
(models.ears.joining), which differ in their first weights only, as do the films of --further (bench.evidence), and
drones, alarms and crowds alone, which are neither music nor speech. With --solos people who sing alone and solo
instruments play in some of the films (models.recipes.solos). --speech-of keeps the networks of speech of an earlier
joint. 20 films of the part `validation`, drawn with the next seed, measure the joint beside each network alone and
choose each chain's probability of switching. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from media.geometry import SAMPLE_RATE_HZ as RATE
from models.ears.joining import ACTIVITIES, SECOND, SPEECH_INPUTS, ActivityNetworks, Joining, Joint, around, by_second
from models.ears.smoothing import smooth
from models.features.levelling import levelled
from models.recipes.films import Shelf, crowd, decibels, drone_or_alarm, load_shelves, make_film
from models.recipes.measure_activity import counts, f1

STRETCHES = 3
FIRST_RMS = 0.08
DROPS_DB = (0, 0, 0, -10, -20, -30)
SWITCHING = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
"""At .5 a chain changes nothing."""
ALONE = {"music": ("own music", "event singing", "event music"), "speech": ("own speech", "voice", "event speech")}
NETWORKS_JOINED, HIDDEN, EPOCHS = 8, (48, 24), 15
NOISES, NOISE_S, NOISE_SEED = 30, 30, 78
"""How many drones or alarms, and how many crowds, are heard alone: neither music nor speech."""
FURTHER_DRONES, DRONE_SEED = 30, 178
"""More drones or alarms, because some hold a tone as singers do."""
VALIDATION_FILMS = 20


@dataclass(frozen=True)
class Film:
    """A rendered film."""

    samples: npt.NDArray[np.int16]
    truth: npt.NDArray[np.bool_]
    """(n_seconds, 2): music, speech"""
    drop_db: npt.NDArray[np.float64]
    """(n_seconds,) how far each second's stretch lies below the first"""


def film_of_stretches(rng: np.random.Generator, shelves: dict[str, Shelf]) -> Film:
    """STRETCHES films one after the other, the first at about FIRST_RMS, the others at it or below."""
    sounds, truths, drops = [], [], []
    base = rng.uniform(-6, 6)
    for stretch in range(STRETCHES):
        sound, truth = make_film(rng, shelves)
        drop = float(rng.choice(DROPS_DB)) if stretch else 0.0
        loudness = max(float(np.sqrt(np.mean(np.square(sound)))), 1e-4)
        sounds.append(sound * np.float32(FIRST_RMS / loudness) * decibels(base + drop))
        truths.append(truth)
        drops.append(np.full(len(truth), drop))
    samples = np.round(np.clip(np.concatenate(sounds), -1, 1) * 32_767).astype(np.int16)
    return Film(samples, np.concatenate(truths), np.concatenate(drops))


def films_of(decoded: Path, part: str, count: int, seed: int, solos: Sequence[Path] = ()) -> list[Film]:
    """`count` films of the recordings of one part."""
    shelves, rng = load_shelves(decoded, part, *solos), np.random.default_rng(seed)
    return [film_of_stretches(rng, shelves) for _ in range(count)]


def noises(decoded: Path, part: str) -> list[Film]:
    """NOISES of each kind, then FURTHER_DRONES, all NOISE_S long; the crowds are of the part's voices."""
    shelves, rng, found = load_shelves(decoded, part), np.random.default_rng(NOISE_SEED), []
    for _ in range(NOISES):
        found += [drone_or_alarm(rng, NOISE_S * RATE), crowd(rng, shelves["speech"], NOISE_S * RATE)]
    more = np.random.default_rng(DRONE_SEED)
    found += [drone_or_alarm(more, NOISE_S * RATE) for _ in range(FURTHER_DRONES)]
    return [_neither(sound) for sound in found]


def _neither(sound: npt.NDArray[np.floating]) -> Film:
    samples = np.round(np.clip(sound, -1, 1) * 32_767).astype(np.int16)
    return Film(samples, np.zeros((NOISE_S, 2), np.bool_), np.zeros(NOISE_S))


def evidence_of(films: list[Film]) -> list[npt.NDArray[np.float32]]:
    """(n_seconds, EVIDENCE) of each film."""
    networks = ActivityNetworks()
    return [networks.hear(levelled(film.samples))[0] for film in films]


def fit(
    evidence: list[npt.NDArray[np.float32]], truths: list[npt.NDArray[np.bool_]], speech: Joining | None = None
) -> Joint:
    """Small networks on the evidence around each second of some films, whose truth is (n_seconds, 2) each; with the
    networks of speech that are given."""
    rows, truth = np.vstack([around(film) for film in evidence]), np.concatenate(truths).astype(np.int64)
    return Joint(
        fit_one(rows, truth[:, 0]),
        speech or fit_one(rows[:, :SPEECH_INPUTS], truth[:, 1]),
    )


def fit_one(rows: npt.NDArray[np.float64], truth: npt.NDArray[np.int64]) -> Joining:
    """NETWORKS_JOINED small networks on (n, inputs) rows and (n,) truth."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    taught = [
        MLPClassifier(HIDDEN, alpha=1.0, max_iter=EPOCHS, random_state=seed, learning_rate_init=2e-3, batch_size=500)
        for seed in range(NETWORKS_JOINED)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # EPOCHS ends the learning, as chosen
        for network in taught:
            network.fit((rows - mean) / scale, truth)
    layers = tuple(
        (
            np.stack([network.coefs_[k] for network in taught]),
            np.stack([network.intercepts_[k][None] for network in taught]),
        )
        for k in range(len(HIDDEN) + 1)
    )
    return Joining(mean, scale, layers)


def by_switching(
    logits: Sequence[npt.NDArray[np.floating]], films: list[Film], column: int, least_drop_db: float = 0.0
) -> dict[float, float]:
    """F1 per second for each probability of switching, over the seconds at or below a drop."""
    found = {}
    for switching in SWITCHING:
        rows = []
        for film, heard in zip(films, logits, strict=True):
            p = smooth(1 / (1 + np.exp(-np.clip(heard, -15, 15))), switching, switching, 0.5)
            kept = film.drop_db <= least_drop_db
            rows.append(counts(p[kept] >= 0.5, film.truth[kept, column]))
        found[switching] = round(f1(np.array(rows)), 4)
    return found


def measured(joint: Joint, evidence: list[npt.NDArray[np.float32]], films: list[Film]) -> dict[str, Any]:
    """By activity, F1 of the joint logit, of its quiet stretches, and of each network alone."""
    result: dict[str, Any] = {}
    for column, activity in enumerate(ACTIVITIES):
        logits = [joint.logits(film)[:, column] for film in evidence]
        result[activity] = {"joint": by_switching(logits, films, column)}
        for drop in (-20.0, -30.0):
            result[activity][f"joint, {-drop:.0f} dB down and more"] = by_switching(logits, films, column, drop)
        for name in ALONE[activity]:
            alone = [by_second(film)[:, SECOND.index(name)] for film in evidence]
            result[activity][name] = by_switching(alone, films, column)
    return result


def main() -> None:
    """Fit, store, print the validation figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("decoded", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--films", type=int, default=80)
    parser.add_argument("--seed", type=int, default=61)
    parser.add_argument("--solos", type=Path, nargs="*", default=[])
    parser.add_argument("--further", type=Path, nargs="*", default=[])
    parser.add_argument("--speech-of", type=Path)
    arguments = parser.parse_args()
    speech = Joint.load(arguments.speech_of).speech if arguments.speech_of else None
    teaching = films_of(arguments.decoded, "join", arguments.films, arguments.seed, arguments.solos)
    teaching += noises(arguments.decoded, "join")
    evidence, truths = evidence_of(teaching), [film.truth for film in teaching]
    for path in arguments.further:
        with np.load(path) as stored:
            ends = np.cumsum(stored["seconds"])[:-1]
            evidence += np.split(stored["evidence"], ends)
            truths += np.split(stored["truth"], ends)
    joint = fit(evidence, truths, speech)
    joint.save(arguments.out)
    held = films_of(arguments.decoded, "validation", VALIDATION_FILMS, arguments.seed + 1)
    print(json.dumps(measured(joint, evidence_of(held), held), indent=1))


if __name__ == "__main__":
    main()
