"""The films of bench.solos hold what they say."""

from __future__ import annotations

import numpy as np
import pytest

from bench.solos import BRASS, MUSIC, NO_MUSIC, PASSAGE_S, SPEECH_S, _composed, film
from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES


@pytest.mark.parametrize("kind", ["shots", "solo singing"])
def test_passages_lie_between_speech(kind: str) -> None:
    sound, inside = film(kind, 1, seed=5)
    assert sound.size == inside.size * SECOND_SAMPLES == (SPEECH_S + PASSAGE_S) * SAMPLE_RATE_HZ
    assert np.flatnonzero(inside).tolist() == list(range(SPEECH_S + 2, SPEECH_S + PASSAGE_S - 2))
    spoken, passage = sound[: SPEECH_S * SAMPLE_RATE_HZ], sound[SPEECH_S * SAMPLE_RATE_HZ :]
    assert np.sqrt(np.mean(passage**2)) == pytest.approx(0.1, rel=0.01) and np.abs(spoken).max() > 0.1


def test_every_kind_differs_and_is_named_once() -> None:
    assert len({*MUSIC, *NO_MUSIC}) == len(MUSIC) + len(NO_MUSIC)


def test_a_brass_solo_is_one_part_of_the_piece() -> None:
    piece = _composed(("classical",), 0, np.random.default_rng(1)).alone(BRASS[0])
    assert set(piece.programs.values()) == {BRASS[0]} and len({note.channel for note in piece.notes}) > 1
