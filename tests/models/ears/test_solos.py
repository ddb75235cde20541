"""The films of bench.solos hold what they say."""

from __future__ import annotations

import numpy as np
import pytest

from bench.solos import BRASS, PASSAGE_S, SPEECH_S, _composed, film, melody
from media.geometry import SAMPLE_RATE_HZ, SECOND_SAMPLES


@pytest.mark.parametrize("kind", ["shots", "solo singing"])
def test_passages_lie_between_speech(kind: str) -> None:
    sound, inside = film(kind, 1, seed=5)
    assert sound.size == inside.size * SECOND_SAMPLES == (SPEECH_S + PASSAGE_S) * SAMPLE_RATE_HZ
    assert np.flatnonzero(inside).tolist() == list(range(SPEECH_S + 2, SPEECH_S + PASSAGE_S - 2))
    spoken, passage = sound[: SPEECH_S * SAMPLE_RATE_HZ], sound[SPEECH_S * SAMPLE_RATE_HZ :]
    assert np.sqrt(np.mean(passage**2)) == pytest.approx(0.1, rel=0.01) and np.abs(spoken).max() > 0.1


def test_a_brass_solo_is_the_melody_alone() -> None:
    piece = _composed(("classical",), 0, np.random.default_rng(1)).alone(BRASS[0])
    solo = melody(piece)
    assert len({note.channel for note in piece.notes}) > 1 == len({note.channel for note in solo.notes})
    assert set(solo.programs.values()) == {BRASS[0]}
