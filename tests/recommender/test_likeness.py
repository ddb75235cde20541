from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from cli import app
from errors import MetadataError
from recommender.evaluation import encode
from recommender.likeness import FILM_COLUMNS, auc, evaluate_likeness, interval, pair_scores, read_pairs
from recommender.protocol import read_catalogue
from recommender.scoring import build_query, scores
from recommender.weights import LIKE_WEIGHTS

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))

FILMS = """movie,year,rating,genres,director,cast,countries
The Harbour,1950,7.0,Drama|Crime,A Maker,X Player|Y Player,USA
Harbour Nights,1952,6.8,Drama|Crime,A Maker,X Player,USA
The Harbour,1990,5.0,Comedy,B Maker,Z Player,France
Laughing Matters,1991,5.5,Comedy,B Maker,Z Player,France
Émile,2001,8.0,Romance,C Maker,W Player,France
Lone Star,,6.0,Western,D Maker,V Player,USA
"""
PAIRS = """title_1	year_1	title_2	year_2	rating
harbour	1951	harbour nights	1952	OK
the harbour	1989	laughing matters	1991	OK
Harbour	1950	laughing matters	1991	NOT_OK
emile	2001	harbour nights	1953	NOT_OK
harbour	1970	emile	2001	NOT_OK
lone star	1990	emile	2001	OK
no such film	1990	emile	2001	OK
"""


@pytest.fixture
def films(tmp_path: Path) -> Path:
    (tmp_path / "films.csv").write_text(FILMS, "utf-8")
    return tmp_path / "films.csv"


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    (tmp_path / "pairs.tsv").write_text(PAIRS, "utf-8")
    return tmp_path / "pairs.tsv"


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_that_of_scikit_learn_ties_and_all(drawn: list[tuple[int, bool]]) -> None:
    values, good = np.array([v for v, _ in drawn], float), np.array([g for _, g in drawn])
    if good.all() or not good.any():
        return
    assert auc(values, good) == pytest.approx(roc_auc_score(good, values))
    low, high = interval(values, good, rounds=50)
    assert 0 <= low <= high <= 1


def test_pairs_are_found_by_title_and_a_year_within_one(films: Path, pairs: Path) -> None:
    found = read_pairs(pairs, read_catalogue(films, FILM_COLUMNS))
    assert found.rows.tolist() == [[0, 1], [2, 3], [0, 3], [4, 1]]
    assert found.good.tolist() == [True, True, False, False]
    assert found.not_found == 3, "no film of 1970, none without a year where one is given, none of an unknown title"


def test_a_pair_scores_the_mean_of_both_directions_with_one_like(films: Path, pairs: Path) -> None:
    catalogue = read_catalogue(films, FILM_COLUMNS)
    matrix, rows = encode(catalogue), read_pairs(pairs, catalogue).rows
    found = pair_scores(matrix, rows)
    for (first, second), value in zip(rows, found, strict=True):
        ways = [
            scores(matrix, build_query(matrix, np.array([a]), rows[:0, 0], 0.5, LIKE_WEIGHTS), np.array([b]))[0]
            for a, b in ((first, second), (second, first))
        ]
        assert value == pytest.approx(np.mean(ways))


def test_the_document(films: Path, pairs: Path) -> None:
    result = CliRunner().invoke(
        app, ["evaluate", "likeness", "--catalogue", str(films), "--pairs", str(pairs), "--json"]
    )
    document = json.loads(result.stdout)
    assert result.exit_code == 0 and document == evaluate_likeness(films, pairs)
    assert (document["n"], document["not_found"], document["auc"]) == (4, 3, 1.0)
    assert document["interval"][0] <= document["auc"] <= document["interval"][1]
    assert set(document["blocks"]) == {"genres", "people", "place", "era", "reception"}
    assert all(0 <= area <= 1 for area in document["blocks"].values())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("title_1,year_1\na,1\n", "lacks the columns title_2, year_2, rating"),
        ("", "lacks the columns title_1, year_1"),
        (PAIRS.replace("NOT_OK", "BAD"), "line 4: rating 'BAD' is neither OK nor NOT_OK"),
        (PAIRS.replace("1951", "195x"), "line 2: year '195x' is no number"),
        (PAIRS.replace("NOT_OK", "OK"), "not of both kinds"),
    ],
)
def test_a_wrong_table_of_pairs_is_named(films: Path, tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "wrong.tsv").write_text(content, "utf-8")
    with pytest.raises(MetadataError, match=rf"wrong\.tsv.*{message}"):
        evaluate_likeness(films, tmp_path / "wrong.tsv")
    with pytest.raises(MetadataError, match="no such file"):
        evaluate_likeness(films, tmp_path / "none.tsv")


@pytest.mark.skipif(not DATA.exists(), reason="no judged pairs here (FILMSCORE_DATA)")
def test_the_pairs_of_real_judgements_are_found() -> None:
    catalogue = read_catalogue(DATA / "movielens" / "catalogue.csv.gz", FILM_COLUMNS)
    found = read_pairs(DATA / "likeness" / "pairs.tsv", catalogue)
    assert (len(found.good), found.not_found) == (602, 331)
