"""The vectors inside pyAudioAnalysis are read without trusting their pickles."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from errors import ModelError
from film import MUSIC, OTHER, SPEECH
from models.examples.pyaudio_vectors import balanced, packaged_vectors, read_vectors


def written(path: Path, *objects: object) -> Path:
    path.write_bytes(b"".join(pickle.dumps(each) for each in objects))
    return path


@pytest.mark.parametrize(("name", "n"), [("knn_movie8class", 3_040), ("knn_4class", 15_819)])
def test_the_packaged_vectors_are_real_features(name: str, n: int) -> None:
    vectors = packaged_vectors(name)
    assert vectors.features.shape == (n, 68)
    assert np.isfinite(vectors.features).all()
    # Columns 0 and 1 are zero crossing rate and energy: shares.
    assert 0 <= vectors.features[:, :2].min() <= vectors.features[:, :2].max() <= 1
    assert set(np.unique(vectors.labels)) == {MUSIC, SPEECH, OTHER}


def test_raw_is_x_times_std_plus_mean_of_the_68_columns(tmp_path: Path) -> None:
    x = [[1.0] * 136, [2.0] * 136]
    path = written(tmp_path / "m", x, [0, 1], list(range(136)), [2.0] * 136, ["Screams", "Shots"])
    vectors = read_vectors(path)
    assert vectors.features[0].tolist() == [2.0 + k for k in (*range(34), *range(68, 102))]
    assert vectors.labels.tolist() == [SPEECH, OTHER]


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 3",)


@pytest.mark.parametrize("first", [Evil(), "text", [[1.0] * 5]])
def test_pickles_that_name_code_or_hold_other_things_are_refused(tmp_path: Path, first: object) -> None:
    path = written(tmp_path / "m", first, [0], [0.0] * 136, [1.0] * 136, ["Music"])
    with pytest.raises(ModelError, match="not the vectors"):
        read_vectors(path)


def test_missing_and_short_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not in the installed"):
        read_vectors(tmp_path / "none")
    with pytest.raises(ModelError, match="not the vectors"):
        read_vectors(written(tmp_path / "m", [[1.0]]))


def test_balanced_vectors_have_as_many_of_each_label() -> None:
    drawn = balanced(packaged_vectors("knn_movie8class"), 0)
    assert np.bincount(drawn.labels).tolist() == [480, 480, 480]
