"""The films of bench.solos hold what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.solos import BRASS, PASSAGE_S, SPEECH_S, _composed, film, interval, melody, recorded, rendered
from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES


@pytest.mark.parametrize("kind", ["shots", "solo singing"])
def test_passages_lie_between_speech(kind: str) -> None:
    sound, inside = film(rendered(kind, 1, seed=5), seed=5)
    assert sound.size == inside.size * SECOND_SAMPLES == (SPEECH_S + PASSAGE_S) * SAMPLE_RATE_HZ
    assert np.flatnonzero(inside).tolist() == list(range(SPEECH_S + 2, SPEECH_S + PASSAGE_S - 2))
    spoken, passage = sound[: SPEECH_S * SAMPLE_RATE_HZ], sound[SPEECH_S * SAMPLE_RATE_HZ :]
    assert np.sqrt(np.mean(passage**2)) == pytest.approx(0.1, rel=0.01) and np.abs(spoken).max() > 0.1


def test_a_short_passage_is_repeated() -> None:
    sound, inside = film([np.linspace(-1, 1, SAMPLE_RATE_HZ, dtype=np.float32)], seed=5)
    assert sound.size == inside.size * SECOND_SAMPLES
    assert np.array_equal(sound[-SAMPLE_RATE_HZ:], sound[-2 * SAMPLE_RATE_HZ : -SAMPLE_RATE_HZ])


def test_a_brass_solo_is_the_melody_alone() -> None:
    piece = _composed(("classical",), 0, np.random.default_rng(1)).alone(BRASS[0])
    solo = melody(piece)
    assert len({note.channel for note in piece.notes}) > 1 == len({note.channel for note in solo.notes})
    assert set(solo.programs.values()) == {BRASS[0]}


def test_recordings_are_grouped_by_singer(tmp_path: Path) -> None:
    path = tmp_path / "music_validation.npz"
    np.savez(path, samples=np.arange(6, dtype=np.int16), length=[1, 2, 3], group=["singing/a", "brass/b", "singing/a"])
    found = recorded(path)
    assert {group: [(piece * 32_768).tolist() for piece in pieces] for group, pieces in found.items()} == {
        "singing/a": [[0.0], [3.0, 4.0, 5.0]],
        "brass/b": [[1.0, 2.0]],
    }


def test_the_interval_of_equal_groups_is_a_point() -> None:
    assert interval([0.25, 0.25, 0.25]) == (0.25, 0.25)
    low, high = interval([0.0, 1.0, 0.0, 1.0])
    assert 0 <= low < 0.5 < high <= 1
