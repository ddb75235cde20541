"""The served detector is scikit-learn's, from plain arrays; levelling is what scaling the signal would do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import SVC

from errors import ModelError, ParameterError
from models.ears.svm import RbfSvm, couple, level_seconds, load_svm, standardise
from models.examples.labelled import Examples
from models.examples.pyaudio_vectors import LabelledVectors
from models.features.short_term import second_features
from models.training.training_svm import C_GRID, FittedSvm, fit_detector, long_term_averages, pairwise_weights

MEANS = np.random.default_rng(5).normal(size=(3, 68))


def seconds(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    return MEANS[labels] + 1.5 * rng.normal(size=(n, 68)), labels


def examples(n: int = 150, seed: int = 0) -> Examples:
    inputs, labels = seconds(n, seed)
    clips = np.array([f"clip{k // 3 % 25}-{k % 3}" for k in range(n)])
    return Examples("detector", inputs, labels, clips, clips)


@pytest.fixture(scope="module")
def fitted() -> FittedSvm:
    return fit_detector(examples(), seed=0)


@pytest.mark.parametrize("c", [0.5, 20.0])
def test_decisions_equal_scikit_learn(c: float) -> None:
    inputs, labels = seconds(240, 1)
    mean, std = inputs.mean(axis=0), inputs.std(axis=0)
    scaled = standardise(inputs, mean, std).astype(np.float64)
    machine = SVC(C=c, gamma=1 / 68, decision_function_shape="ovo").fit(scaled, labels)
    served = RbfSvm(
        ("music", "speech", "other"),
        mean,
        std,
        machine.support_vectors_.astype(np.float32),
        pairwise_weights(machine.dual_coef_, machine.n_support_),
        machine.intercept_,
        np.tile([1.0, 0.0], (3, 1)),
        1 / 68,
        c,
    )
    unseen, _ = seconds(700, 2)
    expected = machine.decision_function(standardise(unseen, mean, std).astype(np.float64))
    assert np.abs(served.decisions(unseen) - expected).max() < 1e-6


def test_the_fitted_detector_tells_classes_apart(fitted: FittedSvm) -> None:
    unseen, labels = seconds(300, 3)
    probabilities = fitted.model.probabilities(unseen)
    assert probabilities.sum(axis=1) == pytest.approx(1.0)
    assert probabilities.min() >= 0
    assert (probabilities.argmax(axis=1) == labels).mean() > 0.9
    assert tuple(fitted.by_c) == C_GRID
    assert fitted.by_c[fitted.model.c]["macro_f1"] == max(m["macro_f1"] for m in fitted.by_c.values())


def test_saving_and_loading_changes_nothing(fitted: FittedSvm, tmp_path: Path) -> None:
    fitted.model.save(tmp_path / "d.npz")
    unseen, _ = seconds(20, 4)
    again = load_svm(tmp_path / "d.npz").probabilities(unseen)
    assert (again == fitted.model.probabilities(unseen)).all()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"\x80\x04]."])
def test_files_that_are_no_detector_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"d\.npz"):
        load_svm(path)
    with pytest.raises(ModelError, match="no such file"):
        load_svm(tmp_path / "none.npz")


def test_a_detector_of_another_version_is_refused(fitted: FittedSvm, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("models.ears.svm.VERSION", 7)
    fitted.model.save(tmp_path / "d.npz")
    monkeypatch.undo()
    with pytest.raises(ModelError, match="version 7"):
        load_svm(tmp_path / "d.npz")


@pytest.mark.parametrize("bad", [np.zeros((2, 67)), np.zeros(68), np.full((1, 68), np.nan)])
def test_wrong_features_are_refused(fitted: FittedSvm, bad: np.ndarray) -> None:
    with pytest.raises(ParameterError, match="detector features"):
        fitted.model.probabilities(bad)


def test_no_seconds_give_no_probabilities(fitted: FittedSvm) -> None:
    assert fitted.model.probabilities(np.empty((0, 68))).shape == (0, 3)


def test_extra_vectors_are_learnt_from_but_not_tested_on() -> None:
    inputs, labels = seconds(60, 8)
    found = fit_detector(examples(), 0, LabelledVectors(inputs, labels), own_weight=2.0)
    assert found.by_c[1.0]["n"] == 150


def test_the_detector_needs_all_three_classes() -> None:
    two = examples()
    with pytest.raises(ModelError, match="no clips of other"):
        fit_detector(two.where(two.labels < 2), 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-30, 20))
def test_levelling_undoes_any_gain(seed: int, gain_db: float) -> None:
    rng = np.random.default_rng(seed)
    sound = rng.normal(size=16_000) * 0.03 * np.linspace(0.2, 1, 16_000)
    loud = sound * 10 ** (gain_db / 20)
    plain = level_seconds(second_features(sound, "fixed"))
    assert np.allclose(plain, level_seconds(second_features(loud, "fixed")), atol=1e-6)
    assert plain[:, 1] == pytest.approx(0.01)


def test_levelled_statistics_are_those_of_the_levelled_sound() -> None:
    sound = np.random.default_rng(1).normal(size=8_000) * 0.02
    levelled = sound * 0.1 / np.sqrt(np.mean(sound**2))
    expected = second_features(levelled, "fixed")
    assert np.allclose(level_seconds(second_features(sound, "fixed")), expected, atol=1e-9)


def test_silence_is_not_levelled_up() -> None:
    silence = second_features(np.zeros(8_000), "fixed")
    assert (level_seconds(silence) == silence).all()


@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3))
def test_coupling_agrees_with_an_iterative_solution(pairwise: list[float]) -> None:
    found = couple(np.array([pairwise]), 3)[0]
    r = np.full((3, 3), 0.5)
    for value, (i, j) in zip(pairwise, [(0, 1), (0, 2), (1, 2)], strict=True):
        r[i, j], r[j, i] = value, 1 - value

    def cost(p: np.ndarray) -> float:
        return float(sum((r[j, i] * p[i] - r[i, j] * p[j]) ** 2 for i in range(3) for j in range(3) if i != j))

    assert found.sum() == pytest.approx(1)
    rng = np.random.default_rng(0)
    others = rng.dirichlet(np.ones(3), 300)
    assert cost(found) <= min(cost(p) for p in others) + 1e-9


def test_consistent_pairs_give_back_their_probabilities() -> None:
    p = np.array([0.5, 0.3, 0.2])
    pairwise = np.array([[p[i] / (p[i] + p[j]) for i, j in [(0, 1), (0, 2), (1, 2)]]])
    assert couple(pairwise, 3)[0] == pytest.approx(p, abs=1e-6)


def test_long_term_averages_are_means_of_a_clips_seconds() -> None:
    one = examples(9)
    merged = Examples("detector", one.inputs, np.zeros(9, int), np.repeat(["x", "y", "z"], 3), np.repeat("g", 9))
    averaged = long_term_averages(merged)
    assert averaged.clips.tolist() == ["x", "y", "z"]
    assert np.allclose(averaged.inputs[1], one.inputs[3:6].mean(axis=0))
