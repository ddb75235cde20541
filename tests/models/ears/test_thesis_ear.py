"""The thesis's ear keeps the ear's promises."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from errors import ParameterError
from film import MUSIC
from models.ears.ear import load_ear
from models.ears.store import load_weights
from models.ears.thesis_ear import ThesisEar
from models.examples.labelled import shipped_windows
from models.training.training_thesis import network_probabilities

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))


@pytest.fixture(scope="module")
def ear() -> ThesisEar:
    return ThesisEar.load()


def noise(seconds: float) -> np.ndarray:
    return (np.random.default_rng(0).normal(size=round(seconds * 8_000)) * 3_000).astype(np.int16)


def test_the_version_names_architecture_and_weights(ear: ThesisEar) -> None:
    assert ear.model_version.startswith("thesis-1-")
    assert load_ear("thesis").model_version == ear.model_version


def test_unknown_architectures_and_threads_are_refused() -> None:
    with pytest.raises(ParameterError, match="no such architecture"):
        load_ear("cochlea")
    with pytest.raises(ParameterError, match="threads"):
        load_ear("thesis", threads=0)


@pytest.mark.parametrize("seconds", [0, 0.4, 1.0, 2.9, 70])
def test_a_film_has_a_label_for_each_whole_second(ear: ThesisEar, seconds: float) -> None:
    activity, _ = ear.activity(noise(seconds))
    n = int(seconds)
    assert activity.music.shape == activity.speech.shape == activity.label.shape == activity.present.shape == (n,)
    assert (activity.present == (activity.label == MUSIC)).all()
    assert (activity.music + activity.speech <= 1 + 1e-6).all()


def test_loudness_changes_no_label(ear: ThesisEar) -> None:
    samples = noise(30)
    loud, _ = ear.activity(samples)
    quiet, _ = ear.activity((samples // 8).astype(np.int16))
    assert (loud.label == quiet.label).mean() > 0.95


def test_a_run_of_n_seconds_gives_n_minus_nine_windows(ear: ThesisEar) -> None:
    runs = [(0, 12), (20, 30)]
    twelve, ten = ear.attributes(noise(40), runs, None)
    assert len(twelve.genre) == 3 and len(ten.genre) == 1
    assert twelve.embedding.shape == (3, 64)
    for attribute in ("genre", "danceability", "valence", "energy"):
        probabilities = getattr(twelve, attribute)
        assert probabilities.shape == (3, 10 if attribute == "genre" else 3)
        assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_a_long_run_is_heard_as_its_windows_are(ear: ThesisEar) -> None:
    samples = noise(90)
    (whole,) = ear.attributes(samples, [(0, 90)], None)
    (last,) = ear.attributes(samples, [(75, 85)], None)
    assert whole.genre[75] == pytest.approx(last.genre[0], abs=1e-4)


@pytest.mark.skipif(not (DATA / "music" / "windows.npz").exists(), reason="needs FILMSCORE_DATA")
def test_the_shipped_genre_network_has_learnt_its_recordings() -> None:
    examples = shipped_windows("genre", DATA)
    rows = examples.inputs[::10].astype(np.float32)
    said = network_probabilities(load_weights("thesis-genre"), rows).argmax(axis=1)
    assert (said == examples.labels[::10]).mean() > 0.45
