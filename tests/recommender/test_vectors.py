from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.generated import records
from db.catalogue.fitted import read_fitted, write_fitted
from db.catalogue.publish import publish
from db.catalogue.records import FilmRecord
from db.catalogue.snapshot import Snapshot
from db.catalogue.tables import StoredFilms
from db.home import Home
from db.state.store import State
from film import Film
from recommender.terms import Documents, Words, encode_projection, fit_projection, hashed_direction, unit_rows
from recommender.vectors import DIMENSIONS, FilmEncoding

ENCODING = FilmEncoding()
RECORDS = list(records(200))
FITTED = ENCODING.fit(RECORDS)

names = st.lists(st.sampled_from([*"abcdefgh", "", " A", "É"]), max_size=4).map(tuple)
films = st.builds(
    Film,
    title=st.just("x"),
    directors=names,
    cast=names,
    genres=names,
    countries=names,
    locations=st.lists(st.sampled_from(["Paris, France", "a, b, c, d", ",", ""]), max_size=2).map(tuple),
    year=st.none() | st.integers(1880, 2100),
    rating=st.none() | st.floats(0, 10),
    votes=st.none() | st.integers(0, 10**7),
    metascore=st.none() | st.integers(0, 100),
)


def test_all_blocks_together_are_at_most_256_numbers() -> None:
    assert sum(DIMENSIONS.values()) <= 256


@given(st.lists(films, max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_row_has_length_one_or_is_missing(some: list[Film]) -> None:
    given_records = [FilmRecord(film, None, None, None, "") for film in some]
    fitted = ENCODING.fit(given_records)
    blocks = ENCODING.encode(fitted, given_records)
    assert list(blocks) == list(DIMENSIONS)
    for name, rows in blocks.items():
        assert rows.shape == (len(some), DIMENSIONS[name]) and rows.dtype == np.float32
        lengths = np.linalg.norm(rows, axis=1)
        assert np.all((lengths == 0) | (np.abs(lengths - 1) < 1e-5))
    assert not blocks["music"].any() and not blocks["embedding"].any()
    prior = ENCODING.prior(fitted, given_records)
    assert prior.shape == (len(some),) and np.all((prior >= 0) & (prior <= 1))


def test_a_fitted_encoder_survives_the_disk_without_pickle(tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_fitted(tmp_path / "encoder.npz", FITTED)
    again = ENCODING.encode(read_fitted(tmp_path / "encoder.npz"), RECORDS[:20])
    for name, rows in ENCODING.encode(FITTED, RECORDS[:20]).items():
        np.testing.assert_array_equal(rows, again[name])


def test_one_film_is_encoded_as_among_all() -> None:
    everything = ENCODING.encode(FITTED, RECORDS)
    for i in (0, 7, 199):
        for name, rows in ENCODING.encode(FITTED, RECORDS[i : i + 1]).items():
            np.testing.assert_allclose(rows[0], everything[name][i], atol=1e-6)


def test_the_fit_is_the_same_every_time() -> None:
    def plain(value: object) -> object:
        return value.tolist() if isinstance(value, np.ndarray) else value

    assert json.dumps(FITTED, default=plain) == json.dumps(ENCODING.fit(RECORDS), default=plain)


def test_films_without_music_have_neither_heard_block() -> None:
    blocks = ENCODING.encode(FITTED, RECORDS)
    for i, record in enumerate(RECORDS):
        assert blocks["music"][i].any() == (record.summary is not None)
        assert blocks["embedding"][i].any() == (record.summary is not None)


def test_an_embedding_of_another_model_or_length_is_a_missing_block() -> None:
    heard = next(record for record in RECORDS if record.embedding_mean is not None)
    assert heard.embedding_mean is not None
    others = [
        replace(heard, model_version="another"),
        replace(heard, embedding_mean=heard.embedding_mean[:10], embedding_spread=None),
        replace(heard, embedding_mean=np.full_like(heard.embedding_mean, np.nan)),
    ]
    blocks = ENCODING.encode(FITTED, others)
    assert not blocks["embedding"].any()
    assert blocks["music"].any(axis=1).all()


def test_films_of_one_director_lie_nearer_than_others() -> None:
    def alike(first: Film, second: Film) -> float:
        rows = ENCODING.encode(FITTED, [FilmRecord(film, None, None, None, "") for film in (first, second)])["people"]
        return float(rows[0] @ rows[1])

    same = alike(Film("a", directors=("Somebody New",)), Film("b", directors=("somebody new ",)))
    assert same == pytest.approx(1.0, abs=1e-6), "a name the fit never saw still agrees with itself"


def test_a_small_vocabulary_is_projected_without_loss() -> None:
    documents = [[("a", 1.0), ("b", 1.0)], [("a", 1.0)], [("b", 1.0), ("c", 1.0)], [("c", 1.0)]]
    fitted = fit_projection(Documents(documents), 12, 4)
    rows = encode_projection(fitted, Words.of(documents), 12, 4)
    idf = dict(zip(fitted["words"], fitted["idf"], strict=True))
    exact = unit_rows(np.array([[idf[w] if w in dict(d) else 0.0 for w in "abc"] for d in documents]))
    np.testing.assert_allclose(rows @ rows.T, exact @ exact.T, atol=1e-6)
    assert fitted["loss"] == pytest.approx(0.0, abs=1e-6)


def test_a_film_of_rare_names_that_cancel_each_other_keeps_the_block() -> None:
    first, sign = hashed_direction("person:a0", 6)
    names = (f"a{i}" for i in range(1, 200))
    against = next(name for name in names if hashed_direction(f"person:{name}", 6) == (first, -sign))
    rows = ENCODING.encode(FITTED, [FilmRecord(Film("x", directors=("A0", against)), None, None, None, "")])["people"]
    assert np.linalg.norm(rows[0]) == pytest.approx(1.0, abs=1e-6)


def test_rare_words_weigh_more_than_common_ones() -> None:
    documents = [[("common", 1.0), (f"word{i // 2}", 1.0)] for i in range(20)]
    fitted = fit_projection(Documents(documents), 40, 4)
    idf = dict(zip(fitted["words"], fitted["idf"], strict=True))
    assert idf["word0"] > idf["common"] >= 1.0


def prior_of(*films: Film) -> list[float]:
    prior = ENCODING.prior(FITTED, [FilmRecord(film, None, None, None, "") for film in films])
    return [float(value) for value in prior]


def test_few_votes_say_less_than_many() -> None:
    few, many = prior_of(Film("x", rating=9.5, votes=3), Film("x", rating=9.5, votes=2_000_000))
    assert many > few
    low_few, low_many = prior_of(Film("x", rating=3.0, votes=3), Film("x", rating=3.0, votes=100_000))
    assert many > low_few and many > low_many


def test_critics_move_the_rating_a_little() -> None:
    praised, plain, panned, better = prior_of(
        Film("x", rating=7.0, votes=10_000, metascore=95),
        Film("x", rating=7.0, votes=10_000),
        Film("x", rating=7.0, votes=10_000, metascore=20),
        Film("x", rating=8.0, votes=10_000, metascore=20),
    )
    assert panned < plain < praised < better


def test_the_step_from_good_to_excellent_counts_for_more_than_that_from_bad_to_poor() -> None:
    bad, poor, good, excellent = prior_of(*(Film("x", rating=value, votes=10**7) for value in (4.5, 5.5, 7.5, 8.5)))
    assert excellent - good > 3 * (poor - bad) > 0


def test_an_unrated_film_has_the_mean_of_the_rated_ones() -> None:
    rated = [r for r in RECORDS if r.film.rating is not None or r.film.metascore is not None]
    assert prior_of(Film("y"))[0] == pytest.approx(float(ENCODING.prior(FITTED, rated).mean()), abs=1e-6)


def test_a_publish_encodes_films_in_columns_as_one_by_one(tmp_path: Path) -> None:
    """Columns read from the catalogue give the same numbers as Python objects, without creating such objects."""
    home = Home.at(tmp_path)
    given = [replace(record.film, film_id=None) for record in records(60, music=0.0)]
    with State.open(home) as state:
        ids = state.add_films(given)
    stored = [FilmRecord(replace(film, film_id=i), None, None, None, "") for i, film in zip(ids, given, strict=True)]
    fitted = ENCODING.fit(stored)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StoredFilms, "films", lambda _: pytest.fail("films were made one by one"))
        publish(home, ENCODING)
    with Snapshot.open(home) as snapshot:
        assert list(snapshot.fitted()["people"]["words"]) == list(fitted["people"]["words"])
        for film_id, expected in zip(ids, np.hstack([*ENCODING.encode(fitted, stored).values()]), strict=True):
            found = snapshot.vectors(film_id)
            held = [found.get(name, np.zeros(width, np.float32)) for name, width in DIMENSIONS.items()]
            np.testing.assert_allclose(np.concatenate(held), expected, atol=1e-6)
