"""Thesis 5.2: the whole pipeline on a synthetic file with known ground truth, compared second by second.

The file is rendered with synthetic speech and instruments from a soundfont. The comparison therefore shows that the
pipeline detects the right thing at the right second; the models' cards report their accuracy on real recordings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from db.clock import now
from db.faults import disk_faults
from db.home import Home
from durable import write_text
from errors import CatalogueError
from film import ATTRIBUTES, LABELS, LEVELS, FilmAnalysis, MusicRun
from ingest.analyse import analyse
from models.ears.ear import load_ear
from studio import VALIDITY_SEED, MusicSegment, Rendered, render, validity_script, write_media

NOTE = (
    "The file is rendered (synthetic speech, soundfont instruments): this tests the pipeline, not the ear. "
    "The models' cards report their accuracy on real recordings."
)
CORRECT, SIMPLE, EXTREME, WRONG, NOT_FOUND = "correct", "simple error", "extreme error", "wrong", "not found"
"""Marks of a prediction. For levels, an error of one level is simple and an error of two levels is extreme. A genre is
correct or wrong. "not found" means that no run was detected at the song."""


@dataclass(frozen=True)
class Comparison:
    """One predicted value and the ground truth."""

    true: str
    predicted: str | None
    probability: float | None
    mark: str


@dataclass(frozen=True)
class SegmentComparison:
    """One song of the file, and the run that covers most of it."""

    start_s: int
    end_s: int
    tempo_bpm: float
    mode: str
    run_start_s: int | None
    run_end_s: int | None
    genre: Comparison
    danceability: Comparison
    valence: Comparison
    energy: Comparison


@dataclass(frozen=True)
class Validity:
    """What the validity page shows."""

    made_at: str
    architecture: str
    model_version: str
    duration_s: int
    label_true: tuple[str, ...]
    """One value per second, of LABELS; the next four fields likewise."""
    label_predicted: tuple[str, ...]
    music_p: tuple[float, ...]
    speech_p: tuple[float, ...]
    music_true: tuple[bool, ...]
    speech_true: tuple[bool, ...]
    segments: tuple[SegmentComparison, ...]
    accuracy: dict[str, float]
    """label: share of seconds; genre, danceability, valence, energy: share of songs that are correct; music_f1,
    speech_f1: presence per second."""
    confusion: tuple[tuple[int, ...], ...]
    """Seconds; rows are the ground truth, both axes in the order of LABELS."""
    note: str = NOTE


def mark_level(attribute: str, true: str, predicted: str | None) -> str:
    """CORRECT, SIMPLE or EXTREME by the distance between two levels; NOT_FOUND without a prediction."""
    if predicted is None:
        return NOT_FOUND
    levels = LEVELS[attribute]
    return (CORRECT, SIMPLE, EXTREME)[abs(levels.index(true) - levels.index(predicted))]


def mark_genre(true: str, predicted: str | None) -> str:
    """CORRECT or WRONG; NOT_FOUND without a prediction."""
    if predicted is None:
        return NOT_FOUND
    return CORRECT if true == predicted else WRONG


def validity_path(home: Home) -> Path:
    """The path of the stored comparison."""
    return home.root / "validity.json"


def media_path(home: Home) -> Path:
    """The path of the synthetic file, so that people can listen to it."""
    return home.root / "media" / "validity.flac"


def run_validity(home: Home, *, architecture: str = "default") -> Validity:
    """Render the evaluation file, analyse it like any film with the heads in use, compare, and store the comparison.

    Raises:
        ModelError: the extra `studio` or the ear is missing.
        CatalogueError: the home is not writable.
    """
    ear = load_ear(architecture, own=home.models)
    rendered = render(validity_script(), VALIDITY_SEED)
    media = media_path(home)
    with disk_faults(str(media)):
        media.parent.mkdir(parents=True, exist_ok=True)
        write_media(rendered, media)
    analysis = analyse(media, ear, scratch_dir=home.scratch)
    made = compare(rendered, analysis, architecture)
    with disk_faults(str(validity_path(home))):
        write_text(validity_path(home), json.dumps(asdict(made), ensure_ascii=False, indent=1))
    return made


def load_validity(home: Home) -> Validity | None:
    """The stored comparison, or None if there is none yet.

    Raises:
        CatalogueError: the file exists but cannot be read.
    """
    path = validity_path(home)
    if not path.exists():
        return None
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        segments = tuple(_segment(row) for row in stored.pop("segments"))
        confusion = tuple(tuple(row) for row in stored.pop("confusion"))
        rest: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in stored.items()}
        return Validity(segments=segments, confusion=confusion, **rest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path}: cannot be read. Run `filmscore validity` to create it again.") from error


def _segment(row: dict[str, Any]) -> SegmentComparison:
    values: dict[str, Any] = {name: Comparison(**row.pop(name)) for name in ("genre", *ATTRIBUTES)}
    return SegmentComparison(**row, **values)


def compare(rendered: Rendered, analysis: FilmAnalysis, architecture: str) -> Validity:
    """Compare an analysis with the ground truth of the analysed film. A last second that only one of them has is
    ignored."""
    heard = analysis.activity
    n = min(rendered.seconds, len(heard.label))
    true, predicted = rendered.label[:n], heard.label[:n]
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(confusion, (true, predicted), 1)
    segments = tuple(_compare_segment(segment, analysis.runs) for segment in rendered.segments)
    accuracy = {
        "label": float((true == predicted).mean()),
        "music_f1": _f1(rendered.music[:n], heard.present[:n]),
        "speech_f1": _f1(rendered.speech[:n], heard.speech[:n] >= 0.5),
    }
    for name in ("genre", *ATTRIBUTES):
        marks = [getattr(segment, name).mark for segment in segments]
        accuracy[name] = marks.count(CORRECT) / len(marks) if marks else 0.0
    return Validity(
        made_at=now(),
        architecture=architecture,
        model_version=analysis.model_version,
        duration_s=n,
        label_true=tuple(LABELS[i] for i in true),
        label_predicted=tuple(LABELS[i] for i in predicted),
        music_p=tuple(round(float(p), 4) for p in heard.music[:n]),
        speech_p=tuple(round(float(p), 4) for p in heard.speech[:n]),
        music_true=tuple(bool(p) for p in rendered.music[:n]),
        speech_true=tuple(bool(p) for p in rendered.speech[:n]),
        segments=segments,
        accuracy=accuracy,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
    )


def _f1(true: npt.NDArray[np.bool_], predicted: npt.NDArray[np.bool_]) -> float:
    both = int((true & predicted).sum())
    either = int(true.sum()) + int(predicted.sum())
    return 2 * both / either if either else 1.0


def _compare_segment(segment: MusicSegment, runs: Sequence[MusicRun]) -> SegmentComparison:
    def shared_s(run: MusicRun) -> int:
        return min(run.end_s, segment.end_s) - max(run.start_s, segment.start_s)

    best = max(runs, key=shared_s, default=None)
    run = best if best is not None and shared_s(best) > 0 else None

    def beside(attribute: str) -> Comparison:
        true = getattr(segment, attribute)
        predicted = getattr(run, attribute) if run else None
        mark = mark_genre(true, predicted) if attribute == "genre" else mark_level(attribute, true, predicted)
        return Comparison(true, predicted, getattr(run, f"{attribute}_p") if run else None, mark)

    return SegmentComparison(
        start_s=segment.start_s,
        end_s=segment.end_s,
        tempo_bpm=segment.tempo_bpm,
        mode=segment.mode,
        run_start_s=run.start_s if run else None,
        run_end_s=run.end_s if run else None,
        genre=beside("genre"),
        danceability=beside("danceability"),
        valence=beside("valence"),
        energy=beside("energy"),
    )
