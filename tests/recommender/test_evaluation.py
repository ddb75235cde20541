from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from errors import MetadataError
from recommender import baselines, metrics
from recommender.collaborative import item_knn
from recommender.evaluation import evaluate, recommend_lists
from recommender.protocol import Split, earlier_splits, held_out, read_catalogue, read_splits

DATA = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")) / "movielens"


def test_ndcg_by_hand() -> None:
    found = np.array([False, True, False, True] + [False] * 6)
    ideal = sum(1 / math.log2(rank + 1) for rank in (1, 2, 3))
    assert metrics.ndcg(found, 3) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert metrics.ndcg(np.ones(10, bool), 25) == pytest.approx(1.0), "the ideal runs over min(10, test likes)"


@pytest.mark.parametrize(("likes", "test"), [(10, 2), (14, 2), (15, 3), (3, 1), (100, 20)])
def test_a_fifth_is_held_out(likes: int, test: int) -> None:
    assert held_out(likes) == test


@pytest.mark.parametrize("part", [0.0, 0.4, 0.75, 0.9, 1.0])
def test_what_is_tuned_on_never_holds_test_likes(part: float) -> None:
    split = Split(1, tuple(range(20)), (20, 21, 22, 23, 24))
    (earlier,) = earlier_splits([split], part)
    joined = earlier.training + earlier.test
    assert joined == split.training[: len(joined)], "successive training likes from the first on"
    assert earlier.training and 1 <= len(earlier.test) <= 4


def write_data(folder: Path, n_films: int = 40, n_users: int = 6) -> tuple[Path, Path]:
    rng = np.random.default_rng(3)
    films = pd.DataFrame(
        {
            "movie": [f"Film {i}" for i in range(n_films)],
            "year": rng.integers(1950, 2020, n_films),
            "rating": rng.uniform(4, 9, n_films).round(1),
            "genres": rng.choice(["Drama", "Comedy|Crime", "Horror"], n_films),
            "director": [f"Director {i % 7}" for i in range(n_films)],
            "cast": [f"A{i % 5}|B{i % 3}" for i in range(n_films)],
            "countries": "USA",
            "movielens_id": [i + 100 if i % 10 else np.nan for i in range(n_films)],
        }
    )
    rated = [
        {"userId": user, "movieId": int(movie) + 100, "rating": 4.5 if movie % 3 else 2.0, "timestamp": step // 2}
        for user in range(n_users)
        for step, movie in enumerate(rng.permutation(n_films)[:30])
    ]
    films.to_csv(folder / "films.csv.gz", index=False)
    pd.DataFrame(rated).to_csv(folder / "ratings.csv", index=False)
    return folder / "films.csv.gz", folder / "ratings.csv"


def test_the_split_is_by_time_then_movie_and_over_catalogue_films(tmp_path: Path) -> None:
    films, ratings = write_data(tmp_path)
    catalogue = read_catalogue(films)
    splits = read_splits(ratings, catalogue)
    table = pd.read_csv(ratings)
    for split in splits:
        own = table[(table.userId == split.user) & (table.rating >= 4)]
        own = own[own.movieId.isin(catalogue.row_of)].sort_values(["timestamp", "movieId"])
        rows = [catalogue.row_of[movie] for movie in own.movieId]
        assert list(split.training + split.test) == rows
        assert len(split.test) == max(1, len(rows) // 5)


def test_the_document_has_every_model_and_the_same_figures_twice(tmp_path: Path) -> None:
    films, ratings = write_data(tmp_path)
    result = evaluate(films, ratings)
    rivals = {"random", "popularity", "rating", "tfidf", "item_knn", "item_knn_shrunk", "ease", "als"}
    assert set(result["models"]) == rivals | {"filmscore"}
    further = result["further"]
    assert {name: "ease" in part["models"] for name, part in further.items()} == {
        "cold": False,
        "few": True,
        "tail": True,
    }
    tables = [result["models"], *(part["models"] for part in further.values())]
    for figures in (one for table in tables for one in table.values()):
        assert set(figures) >= {
            "ndcg",
            "recall",
            "hit_rate",
            "coverage",
            "novelty",
            "diversity",
            "calibration",
            "famous",
        }
        low, high = figures["interval_95"]["ndcg"]
        assert low <= figures["ndcg"] <= high
    assert set(result["without"]) == {"genres", "people", "place", "era", "reception"}
    assert evaluate(films, ratings) == result


def test_training_likes_never_come_back_and_candidates_have_an_id(tmp_path: Path) -> None:
    from recommender.evaluation import encode

    films, ratings = write_data(tmp_path)
    catalogue = read_catalogue(films)
    splits = read_splits(ratings, catalogue)
    for lists in (
        recommend_lists(encode(catalogue), catalogue, splits),
        baselines.lists_of(item_knn(splits, len(catalogue.records)), splits, catalogue),
    ):
        for split, rows in zip(splits, lists, strict=True):
            assert not set(rows.tolist()) & set(split.training)
            assert catalogue.candidates[rows].all()


def test_a_wrong_csv_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(MetadataError, match=r"wrong\.csv: lacks the columns movie"):
        read_catalogue(wrong)
    with pytest.raises(MetadataError, match="no such file"):
        read_catalogue(tmp_path / "none.csv")


def test_a_value_that_is_no_number_is_named_with_its_line(tmp_path: Path) -> None:
    films, ratings = write_data(tmp_path)
    table = pd.read_csv(films)
    table["year"] = table["year"].astype(object)
    table.loc[3, "year"] = "199x"
    table.to_csv(tmp_path / "wrong.csv", index=False)
    with pytest.raises(MetadataError, match=r"wrong\.csv, line 5: year '199x' is no number"):
        read_catalogue(tmp_path / "wrong.csv")
    lines = ratings.read_text().splitlines()
    (tmp_path / "rated.csv").write_text("\n".join([*lines[:4], "1,101,good,7", *lines[4:]]))
    with pytest.raises(MetadataError, match=r"rated\.csv, line 5: rating 'good' is no number"):
        read_splits(tmp_path / "rated.csv", read_catalogue(films))


@pytest.mark.skipif(not DATA.exists(), reason="no MovieLens data here (FILMSCORE_DATA)")
def test_the_protocol_on_real_ratings() -> None:
    catalogue = read_catalogue(DATA / "catalogue.csv.gz")
    splits = read_splits(DATA / "ratings.csv.gz", catalogue)
    assert len(splits) == 577
    assert int(catalogue.candidates.sum()) == 8203
    popular = baselines.lists_of(baselines.popularity(splits, len(catalogue.records)), splits, catalogue)
    assert metrics.per_user(popular, splits)["ndcg"].mean() == pytest.approx(0.0614, abs=0.002)
