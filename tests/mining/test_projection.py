"""Components by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

from errors import ParameterError
from mining.preprocess import founded_encoding, thesis_encoding
from mining.projection import principal_components, project
from tests.mining.fixtures import directors_apart, row


def test_two_standardised_features_by_hand() -> None:
    # x = -1 -1 1 1 and y = -1 1 1 1 (sd sqrt(.75)): r = 1/sqrt(3), so the shares are (1 +- r)/2, the axes the diagonals
    found = principal_components(pd.DataFrame({"x": [-1, -1, 1, 1.0], "y": [-1, 1, 1, 1.0]}))
    r = 1 / np.sqrt(3)
    assert found.explained.tolist() == pytest.approx([(1 + r) / 2, (1 - r) / 2])
    assert found.loadings["1"].tolist() == pytest.approx([np.sqrt(0.5)] * 2)


def test_as_is_the_widest_feature_decides() -> None:
    # variances 100 and 1, uncorrelated: 100/101 and 1/101
    table = pd.DataFrame({"wide": [-10, -10, 10, 10.0], "narrow": [-1, 1, -1, 1.0]})
    assert principal_components(table, standardise=False).explained.tolist() == pytest.approx([100 / 101, 1 / 101])
    assert principal_components(table).explained.tolist() == pytest.approx([0.5, 0.5])


def test_scores_equal_scikit_learn_up_to_sign() -> None:
    table = pd.DataFrame(np.random.default_rng(1).normal(size=(30, 5)))
    ours = principal_components(table, standardise=False)
    theirs = PCA(2).fit(table)
    np.testing.assert_allclose(np.abs(ours.scores), np.abs(theirs.transform(table)), atol=1e-10)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_)


def test_constant_features_and_incomplete_films_are_told() -> None:
    table = pd.DataFrame({"a": [1, 2, 3, np.nan], "same": [1, 1, 1, 1.0]})
    found = principal_components(table)
    assert found.constant == ("same",)
    assert found.left_out == 1
    assert found.scores["2"].abs().max() == 0


def test_one_film_or_films_all_alike_are_refused() -> None:
    with pytest.raises(ParameterError, match="two films"):
        principal_components(pd.DataFrame({"a": [1.0]}))
    with pytest.raises(ParameterError, match="differ"):
        principal_components(pd.DataFrame({"a": [1.0, 1.0]}))


def test_figure_33_puts_metadata_on_x_and_music_on_y() -> None:
    encoded = thesis_encoding(pd.DataFrame([*directors_apart().to_dict("records"), row("No music", "Ada Blue")]))
    found = project(encoded, "both")
    assert found.left_out == 1
    assert len(found.points) == 24
    np.testing.assert_allclose(found.points["x"], found.parts["metadata"].scores["1"])
    np.testing.assert_allclose(found.points["y"], found.parts["music"].scores["1"])
    assert found.x_title.startswith("Metadata")


def test_two_films_project() -> None:
    films = directors_apart().iloc[[0, 8]]
    assert len(project(thesis_encoding(films), "both").points) == 2


def test_what_is_said_and_seen_has_a_plane_of_its_own_of_the_figures_that_most_films_know() -> None:
    films = directors_apart()
    rng = np.random.default_rng(4)
    bright = rng.random(len(films))
    films = films.assign(Brightness=bright, Contrast=0.5 * bright, Dialogue=rng.random(len(films)), Sentiment=np.nan)
    films.loc[films.index[:6], "Sentiment"] = 0.1  # known for few of them
    films.loc[films.index[-2:], ["Brightness", "Contrast"]] = np.nan
    found = project(founded_encoding(films), "senses")
    assert list(found.parts) == ["senses"] and found.x_title.startswith("Said and seen, component 1 (")
    assert sorted(found.parts["senses"].loadings.index) == ["Brightness", "Contrast", "Dialogue"]
    assert (len(found.points), found.left_out) == (len(films) - 2, 2)


@pytest.mark.parametrize("encode", [founded_encoding, thesis_encoding])
def test_films_without_other_senses_have_no_such_plane(encode: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    with pytest.raises(ParameterError, match="nothing is known here of what is said and seen"):
        project(encode(directors_apart()), "senses")
