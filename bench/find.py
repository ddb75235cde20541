"""How well words find music, on music that taught nothing: what the studio composes and plays.

    python -m bench.find [--pieces 4] [--json]

Two sets of 12-second pieces are heard by the default ear at 8 kHz. Solo: a piece whose parts are all played by one
instrument of a General MIDI soundfont, without drums and voices; average precision of each tag of
`models.ears.instruments` and of guitar, against chance (the share of the pieces with that instrument). Ensemble: pieces
of the ten genres, slow and fast, of low and high intensity. Fifty questions (QUESTIONS), each judged by what was
written: precision among the first five scenes, against the share of all that fit. Instruments are looked for in both
sets; genres, paces and moods in the ensembles alone, since rock played by a harp is neither rock nor not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly
from sklearn.metrics import average_precision_score

from db.catalogue.run_facts import RunFacts
from film import ATTRIBUTES, GENRES, MusicRun
from ingest.summarise import summarise_run
from media.geometry import SAMPLE_RATE_HZ
from models.ears.ear import load_ear
from models.ears.instruments import INSTRUMENTS
from service.questions.finding import fits_of
from service.questions.sound_words import read_question
from studio.composing import compose
from studio.instruments import PLAYED_HZ, perform
from studio.script import MusicCue

SECONDS, FIRST, PEAK = 12, 5, 0.3
PROGRAMS: dict[str, tuple[int, ...]] = {
    "piano": (0, 1), "guitar": (24, 25), "strings": (48, 49), "violin": (40,), "cello": (42,), "flute": (73,),
    "harp": (46,), "harpsichord": (6,), "choir": (52, 53), "synth": (80, 81), "organ": (19, 16),
}  # fmt: skip
SOLO_GENRES = ("classical", "pop", "jazz", "country", "blues", "rock")
SLOW_BPM, FAST_BPM = 62.0, 152.0


@dataclass(frozen=True)
class Piece:
    """What was written."""

    genre: str
    instrument: str = ""
    """Of a solo piece."""
    bpm: float = 0.0
    intensity: str = "medium"


Judge = Callable[[Piece], bool]


def _genre(*names: str) -> Judge:
    return lambda piece: not piece.instrument and piece.genre in names


def _played(*names: str) -> Judge:
    return lambda piece: piece.instrument in names


def _pace(fast: bool) -> Judge:
    return lambda piece: piece.bpm >= FAST_BPM if fast else 0 < piece.bpm <= SLOW_BPM


def _intensity(level: str) -> Judge:
    return lambda piece: not piece.instrument and piece.intensity == level


def _all(*judges: Judge) -> Judge:
    return lambda piece: all(judge(piece) for judge in judges)


def _questions() -> dict[str, Judge]:
    """Fifty questions, each with what fits it."""
    words = {
        "classical": _genre("classical"), "jazz": _genre("jazz"), "rock": _genre("rock"), "metal": _genre("metal"),
        "blues": _genre("blues"), "country": _genre("country"), "electronic": _genre("electronic"),
        "hip hop": _genre("hiphop"), "dance": _genre("dance"), "pop": _genre("pop"),
        "heavy metal": _genre("metal"), "big band": _genre("jazz"), "orchestra": _genre("classical"),
        "club": _genre("dance"), "rap": _genre("hiphop"), "techno": _genre("electronic", "dance"),
        "piano": _played("piano"), "solo piano": _played("piano"), "guitar": _played("guitar"),
        "strings": _played("strings", "violin", "cello"), "string section": _played("strings", "violin", "cello"),
        "violin": _played("violin"), "cello": _played("cello"), "flute": _played("flute"), "harp": _played("harp"),
        "harpsichord": _played("harpsichord"), "choir": _played("choir"), "synth": _played("synth"),
        "a choir singing": _played("choir"), "acoustic guitar": _played("guitar"),
    }  # fmt: skip
    slow, fast, calm, loud = _pace(False), _pace(True), _intensity("low"), _intensity("high")
    words |= {"slow": slow, "fast": fast, "calm": calm, "energetic": loud}
    for genre in ("classical", "jazz", "rock", "electronic"):
        words |= {f"slow {genre}": _all(slow, words[genre]), f"fast {genre}": _all(fast, words[genre])}
        words |= {f"calm {genre}": _all(calm, words[genre]), f"wild {genre}": _all(loud, words[genre])}
    return words


QUESTIONS = _questions()


def written(pieces: int) -> list[Piece]:
    """The pieces of both sets; `pieces` of each instrument."""
    solo = [Piece(SOLO_GENRES[i % len(SOLO_GENRES)], name) for name in PROGRAMS for i in range(pieces)]
    band = [
        Piece(genre, "", bpm, intensity)
        for genre in GENRES
        for bpm in (SLOW_BPM, FAST_BPM)
        for intensity in ("low", "high")
    ]
    return [*solo, *band]


def played(piece: Piece, seed: int) -> npt.NDArray[np.int16]:
    """(SECONDS * 8000,) the sound of a piece."""
    rng = np.random.default_rng([seed, 21])
    cue = MusicCue(piece.genre, 0.0, SECONDS, tempo_bpm=piece.bpm or None, intensity=piece.intensity)
    composed = compose(cue, rng)
    if piece.instrument:
        programs = PROGRAMS[piece.instrument]
        program = programs[seed % len(programs)]
        composed = composed.alone(program)
    sound = resample_poly(perform(composed, SECONDS, rng), 1, PLAYED_HZ // SAMPLE_RATE_HZ)
    return (sound / max(float(np.abs(sound).max()), 1e-9) * PEAK * 32_767).astype(np.int16)


def facts_of(runs: list[MusicRun]) -> RunFacts:
    """The facts that `filmscore find` searches, of runs that are films of their own."""
    names = ("genre", *ATTRIBUTES)
    n = len(runs)
    named: dict[str, npt.NDArray[np.float64]] = {}
    for row, run in enumerate(runs):
        for name, value in (run.further | run.tags).items():
            named.setdefault(name, np.full(n, np.nan))[row] = value
    return RunFacts(
        np.arange(1, n + 1),
        np.zeros(n, np.int64),
        np.array([run.start_s for run in runs]),
        np.array([run.end_s for run in runs]),
        {name: np.array([getattr(run, name) for run in runs], object) for name in names},
        {name: np.array([getattr(run, f"{name}_p") for run in runs]) for name in names},
        named,
    )


def measure(pieces: int) -> dict[str, Any]:
    """Average precision per tag, and precision of each question, with chance beside both."""
    ear = load_ear()
    scores = written(pieces)
    runs = []
    for seed, piece in enumerate(scores):
        samples = played(piece, seed)
        [windows] = ear.attributes(samples, [(0, SECONDS)], None)
        runs.append(summarise_run(0, SECONDS, windows))
    facts = facts_of(runs)
    solo = np.array([bool(piece.instrument) for piece in scores])
    tags = {}
    for name in (*INSTRUMENTS, "guitar"):
        truth = np.array([piece.instrument == name for piece in scores])[solo]
        if truth.any():
            value = np.nan_to_num(facts.named.get(name, np.zeros(len(scores))))[solo]
            tags[name] = {
                "average_precision": round(float(average_precision_score(truth, value)), 3),
                "chance": round(float(truth.mean()), 3),
            }
    questions = {}
    for words, fits in QUESTIONS.items():
        truth = np.array([fits(piece) for piece in scores])
        asked = np.flatnonzero(np.ones(len(scores), bool) if truth[solo].any() else ~solo)
        truth = truth[asked]
        first = np.argsort(-fits_of(facts, read_question(words))[1][asked], kind="stable")[:FIRST]
        possible = min(FIRST, int(truth.sum())) / FIRST
        questions[words] = {
            "precision": round(float(truth[first].mean()), 3),
            "chance": round(float(truth.mean()), 3),
            "possible": possible,
        }

    def mean(table: dict[str, dict[str, float]], key: str) -> float:
        return round(float(np.mean([row[key] for row in table.values()])), 3)

    return {
        "scenes": len(scores),
        "mean_average_precision": mean(tags, "average_precision"),
        "mean_chance": mean(tags, "chance"),
        "tags": tags,
        "precision_at_5": mean(questions, "precision"),
        "question_chance": mean(questions, "chance"),
        "question_possible": mean(questions, "possible"),
        "questions": questions,
    }


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=4, help="solo pieces of each instrument")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.pieces)
    if arguments.json:
        print(json.dumps(found))
        return
    print(
        f"{found['scenes']} scenes; mean average precision {found['mean_average_precision']} ({found['mean_chance']})"
    )
    for name, row in found["tags"].items():
        print(f"{name:14} {row['average_precision']:.2f}  chance {row['chance']:.2f}")
    print(f"{len(found['questions'])} questions: precision at 5 {found['precision_at_5']} ({found['question_chance']})")
    for words, row in found["questions"].items():
        print(f"{words:18} {row['precision']:.2f}  chance {row['chance']:.2f}  at most {row['possible']:.2f}")


if __name__ == "__main__":
    main()
