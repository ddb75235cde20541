"""The networks of music and of speech are fitted each on its own evidence."""

from __future__ import annotations

import numpy as np
import pytest

from models.ears.joining import EVIDENCE, INPUTS, Joint
from models.recipes import fit_activity

Evidence = list[np.ndarray]


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> tuple[Evidence, Evidence]:
    """Two films where held notes alone tell music, and our network alone tells speech."""
    monkeypatch.setattr(fit_activity, "NETWORKS_JOINED", 2)
    rng = np.random.default_rng(0)
    truths = [np.repeat(rng.random((n // 10, 2)) < 0.5, 10, axis=0) for n in (1200, 800)]
    evidence = [rng.normal(size=(len(truth), EVIDENCE)).astype(np.float32) for truth in truths]
    for film, truth in zip(evidence, truths, strict=True):
        film[:, -1] = truth[:, 0] * 0.8
        film[:, 1] = truth[:, 1] * 8 - 4
    return evidence, truths


def called(joint: Joint, evidence: Evidence) -> np.ndarray:
    return np.concatenate([joint.logits(film) > 0 for film in evidence])


def test_each_activity_is_learnt_from_what_tells_it(films: tuple[Evidence, Evidence]) -> None:
    evidence, truths = films
    joint = fit_activity.fit(evidence, truths)
    assert (joint.music.mean.size, joint.speech.mean.size) == (INPUTS["music"], INPUTS["speech"])
    assert (called(joint, evidence) == np.concatenate(truths)).mean(axis=0).min() > 0.95


def test_speech_of_an_earlier_joint_is_kept(films: tuple[Evidence, Evidence]) -> None:
    evidence, truths = films
    earlier = fit_activity.fit(evidence, truths)
    joint = fit_activity.fit(evidence, [~truth for truth in truths], earlier.speech)
    assert joint.speech is earlier.speech
    assert (called(joint, evidence) == np.concatenate(truths)).mean(axis=0) == pytest.approx([0, 1], abs=0.05)
