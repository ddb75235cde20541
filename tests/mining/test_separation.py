"""Directors are separated by features that differ, and not by features that do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedKFold

from errors import ParameterError
from mining.preprocess import first_director, founded_encoding, thesis_encoding
from mining.separation import _classifier, _held_out, decision_surface, feature_columns, separate, sources_of
from tests.mining.fixtures import directors_apart


@pytest.fixture(scope="module")
def films() -> pd.DataFrame:
    return directors_apart()


def test_music_tells_the_directors_and_metadata_do_not(films: pd.DataFrame) -> None:
    encoded, directors = thesis_encoding(films), first_director(films)
    music = separate(encoded, directors, "music", shuffles=19)
    metadata = separate(encoded, directors, "metadata", shuffles=19)
    assert music.accuracy == 1
    assert music.p_value == pytest.approx(1 / 20)
    assert np.array_equal(music.confusion, np.diag([8, 8, 8]))
    assert metadata.balanced_accuracy < 0.6
    assert music.majority == pytest.approx(1 / 3)


def test_the_confusion_matrix_counts_every_film_once(films: pd.DataFrame) -> None:
    found = separate(thesis_encoding(films), first_director(films), "both", shuffles=0)
    assert found.confusion.sum() == found.films == 24
    assert found.confusion.sum(axis=1).tolist() == [8, 8, 8]
    assert found.accuracy == pytest.approx(np.trace(found.confusion) / 24)


def test_the_same_seed_gives_the_same_answer(films: pd.DataFrame) -> None:
    encoded, directors = thesis_encoding(films), first_director(films)
    first, second = (separate(encoded, directors, "metadata", shuffles=5) for _ in range(2))
    assert (first.accuracy, first.p_value, first.chance) == (second.accuracy, second.p_value, second.chance)


def test_the_director_is_not_among_the_features(films: pd.DataFrame) -> None:
    assert "Director" not in feature_columns(thesis_encoding(films), "both")


def test_one_director_is_refused_by_name_of_the_fault(films: pd.DataFrame) -> None:
    one = films.head(8)
    with pytest.raises(ParameterError, match="two directors, there is one"):
        separate(thesis_encoding(one), first_director(one), "music")
    points = pd.DataFrame({"x": [0.0, 1], "y": [0.0, 1]})
    with pytest.raises(ParameterError, match="two directors"):
        decision_surface(points, pd.Series(["A", "A"]))


def test_surfaces_of_two_films_part_the_plane_between_them() -> None:
    points = pd.DataFrame({"x": [-1.0, 1.0], "y": [0.0, 0.0]})
    surface = decision_surface(points, pd.Series(["Left", "Right"]), resolution=11)
    assert surface.directors == ("Left", "Right")
    assert (surface.winner[:, 0] == 0).all()
    assert (surface.winner[:, -1] == 1).all()
    assert surface.training_accuracy == 1


def test_a_director_of_one_film_is_left_out(films: pd.DataFrame) -> None:
    few = films.iloc[[*range(8, 24), 0]]
    assert separate(thesis_encoding(few), first_director(few), "music", shuffles=0).directors == ("Bob Rock", "Cy Jazz")


def test_what_is_said_and_seen_tells_directors_apart_where_films_have_it() -> None:
    films = directors_apart(6)
    assert sources_of(founded_encoding(films)) == ("music", "metadata", "both")
    rng = np.random.default_rng(2)
    place = films["Director"].map({name: i for i, name in enumerate(sorted(set(films["Director"])))})
    seen = films.assign(Brightness=0.2 + 0.3 * place + rng.normal(0, 0.02, len(films)), Dialogue=rng.random(len(films)))
    encoded = founded_encoding(seen)
    assert sources_of(encoded) == ("music", "metadata", "both", "dialogue", "picture", "all")
    assert feature_columns(encoded, "picture") == ["Brightness"]
    assert set(feature_columns(encoded, "all")) >= {"Brightness", "Dialogue", "Rating", "Jazz"}
    by_picture = separate(encoded, seen["Director"], "picture", shuffles=0)
    by_dialogue = separate(encoded, seen["Director"], "dialogue", shuffles=0)
    assert by_picture.balanced_accuracy > 0.9 > by_dialogue.balanced_accuracy
    few = films.assign(Brightness=[0.5, 0.2, *[np.nan] * (len(films) - 2)])
    assert "Brightness" not in founded_encoding(few).columns


def test_films_held_out_are_classified_as_by_scikit_learns_own_pipeline() -> None:
    rng = np.random.default_rng(11)
    classes = np.array([0] * 9 + [1] * 6 + [2] * 3)
    X = rng.standard_normal((18, 5)) + 0.7 * classes[:, None]
    X[:, 4] = 1.0  # a column that never varies
    splits = list(StratifiedKFold(3, shuffle=True, random_state=1).split(X, classes))
    expected = np.empty_like(classes)
    for train, test in splits:
        expected[test] = _classifier().fit(X[train], classes[train]).predict(X[test])
    assert np.array_equal(_held_out(X, classes, splits), expected)


def test_shuffles_are_counted_and_the_interval_holds_the_accuracy(films: pd.DataFrame) -> None:
    done: list[int] = []
    found = separate(thesis_encoding(films), first_director(films), "metadata", shuffles=3, advance=done.append)
    assert done == [1, 2, 3]
    low, high = found.interval
    assert 0 <= low < found.balanced_accuracy < high <= 1
