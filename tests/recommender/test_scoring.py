from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import recommender.search
from errors import ParameterError
from recommender.engine import Recommender
from recommender.matrix import BlockMatrix
from recommender.scan import scan
from recommender.scoring import build_query, leanings, parts, scores
from recommender.search import scan_query, search
from recommender.variety import choose
from recommender.weights import DEFAULT_WEIGHTS, Weights, block_weights
from tests.recommender.catalogues import generated, matrices, rows, slow_scores


@pytest.fixture(scope="module", autouse=True, params=[recommender.search.FILMS_WITHOUT_SCAN, 0])
def _both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test of this file holds for films scored at once, and for films that a scan has chosen before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recommender.search, "FILMS_WITHOUT_SCAN", request.param)
        yield


SLIDER = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])


def drawn(data: st.DataObject, matrix: BlockMatrix) -> tuple[list[int], list[int]]:
    order = data.draw(st.permutations(range(len(matrix))))
    n_likes = data.draw(st.integers(1, max(1, len(matrix) - 1)))
    n_dislikes = data.draw(st.integers(0, len(matrix) - n_likes))
    return list(order[:n_likes]), list(order[n_likes : n_likes + n_dislikes])


@given(matrices(), st.data(), SLIDER)
@settings(max_examples=60, deadline=None)
def test_shares_and_score_are_the_formula_written_out(matrix: BlockMatrix, data: st.DataObject, music: float) -> None:
    likes, dislikes = drawn(data, matrix)
    slow = {}
    try:
        query = build_query(matrix, rows(likes), rows(dislikes), music)
    except ParameterError:
        assume(False)
    slow = slow_scores(matrix, likes, dislikes, music, DEFAULT_WEIGHTS)
    everything = np.arange(len(matrix))
    made, total = parts(matrix, query, everything), scores(matrix, query, everything)
    shares = made.shares()
    for i in everything:
        if i not in slow:
            assert np.isnan(total[i])
            continue
        assert total[i] == pytest.approx(slow[i][0], abs=1e-9)
        assert sum(part[i] for part in shares.values()) == pytest.approx(total[i], abs=1e-9)
        for name, share in slow[i][1].items():
            assert shares[name][i] == pytest.approx(share, abs=1e-9)
        of_likes = made.likes[i].sum() + shares["dislikes"][i] + shares["prior"][i]
        assert of_likes == pytest.approx(total[i], abs=1e-9), "the likes' parts are the same sum, cut the other way"


@given(matrices(), st.data(), SLIDER, st.integers(1, 50), st.floats(0.05, 1.0))
@settings(max_examples=60, deadline=None)
def test_search_is_the_slow_loop_with_the_filters_inside(
    matrix: BlockMatrix, data: st.DataObject, music: float, limit: int, passing: float
) -> None:
    likes, dislikes = drawn(data, matrix)
    try:
        query = build_query(matrix, rows(likes), rows(dislikes), music)
    except ParameterError:
        assume(False)
    allowed = np.random.default_rng(len(likes)).random(len(matrix)) < passing
    slow = slow_scores(matrix, likes, dislikes, music, DEFAULT_WEIGHTS)
    candidates = [(-slow[i][0], i) for i in slow if allowed[i] and i not in likes + dislikes]
    found, values = search(matrix, query, limit, allowed, rows(likes + dislikes))
    expected = sorted(candidates)[:limit]
    assert np.allclose(values, [-value for value, _ in expected], atol=1e-9)
    assert set(found) <= {i for _, i in candidates}
    apart = all(abs(a[0] - b[0]) > 1e-9 for a, b in zip(sorted(candidates), sorted(candidates)[1:], strict=False))
    if apart:
        assert found.tolist() == [i for _, i in expected]


@given(matrices(300), st.data(), SLIDER, st.integers(1, 60), st.floats(0.05, 1.0))
@settings(max_examples=100, deadline=None)
def test_search_is_the_sorted_float64_scores_to_the_last_bit(
    matrix: BlockMatrix, data: st.DataObject, music: float, limit: int, passing: float
) -> None:
    likes, dislikes = drawn(data, matrix)
    try:
        query = build_query(matrix, rows(likes), rows(dislikes), music)
    except ParameterError:
        assume(False)
    allowed = np.random.default_rng(limit).random(len(matrix)) < passing
    everything = scores(matrix, query, np.arange(len(matrix)))
    open_ = allowed & ~np.isnan(everything)
    open_[likes + dislikes] = False
    candidates = np.flatnonzero(open_)
    order = np.lexsort((candidates, -everything[candidates]))[:limit]
    found, values = search(matrix, query, limit, allowed, rows(likes + dislikes))
    assert found.tolist() == candidates[order].tolist()
    assert values.tobytes() == everything[candidates[order]].tobytes()


@given(matrices(300), st.data(), SLIDER, st.floats(0.5, 20.0))
@settings(max_examples=60, deadline=None)
def test_the_pass_is_never_further_off_than_it_says(
    matrix: BlockMatrix, data: st.DataObject, music: float, length: float
) -> None:
    likes, dislikes = drawn(data, matrix)
    matrix = replace(matrix, vectors=(matrix.vectors * np.float32(length)))  # whatever length stored blocks have
    try:
        query = build_query(matrix, rows(likes), rows(dislikes), music)
    except ParameterError:
        assume(False)
    n = len(matrix)
    asked = scan_query(matrix, query)
    at, found = np.empty(n, np.int32), np.empty(n, np.float32)
    count, _ = scan(
        matrix.fixed.tiles, asked.columns, asked.queries, asked.gains, asked.counts, asked.liked, query.nearest,
        np.float32(query.dislike), matrix.patterns, matrix.prior, np.float32(query.prior), np.ones(n, bool), n,
        np.float32(0), asked.named, at, found,
    )  # fmt: skip
    true = scores(matrix, query, np.arange(n))
    assert at[:count].tolist() == np.flatnonzero(np.isfinite(true)).tolist()
    assert np.abs(found[:count] - true[at[:count]]).max(initial=0.0) <= asked.error


def test_films_alike_score_alike_wherever_they_stand() -> None:
    row = np.random.default_rng(1).standard_normal((1, 124)).astype(np.float32)
    blocks = {"people": np.repeat(row / np.linalg.norm(row), 41, axis=0)}
    matrix = BlockMatrix.from_blocks(range(1, 42), blocks, np.full(41, 0.3, np.float32))
    query = build_query(matrix, rows([0]), rows([]), 0.0)
    assert len(set(scores(matrix, query, np.arange(41)).tolist())) == 1
    assert search(matrix, query, 7, None, rows([0]))[0].tolist() == [1, 2, 3, 4, 5, 6, 7]


UNIT = st.integers(0, 2**32 - 1)


def units(seed: int, n: int, width: int = 6) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((n, width)).astype(np.float32)
    found: np.ndarray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return found


def alike(genres: np.ndarray, era: np.ndarray) -> BlockMatrix:
    """Films whose quality says nothing about them."""
    return BlockMatrix.from_blocks(
        range(1, len(genres) + 1), {"genres": genres, "era": era}, np.full(len(genres), 0.5, np.float32)
    )


@given(UNIT, st.integers(3, 30))
@settings(max_examples=40, deadline=None)
def test_a_twin_of_a_like_comes_first(seed: int, n: int) -> None:
    genres, era = units(seed, n), units(seed + 1, n, 3)
    genres[1], era[1] = genres[0], era[0]
    matrix = alike(genres, era)
    query = build_query(matrix, rows([0]), rows([]), 0.5)
    assert search(matrix, query, 1, None, rows([0]))[0].tolist() == [1]


@given(UNIT, st.integers(4, 30), st.data())
@settings(max_examples=60, deadline=None)
def test_a_further_like_never_lowers_its_twin(seed: int, n: int, data: st.DataObject) -> None:
    genres, era = units(seed, n), units(seed + 1, n, 3)
    genres[1], era[1] = genres[0], era[0]
    matrix = alike(genres, era)
    likes = data.draw(st.lists(st.integers(2, n - 1), min_size=1, max_size=20, unique=True))
    before = scores(matrix, build_query(matrix, rows(likes), rows([]), 0.5), rows([1]))
    after = scores(matrix, build_query(matrix, rows([*likes, 0]), rows([]), 0.5), rows([1]))
    assert after[0] >= before[0] - 1e-9


@given(UNIT, st.integers(3, 30), st.floats(0.0, 1.0))
@settings(max_examples=40, deadline=None)
def test_a_dislike_lowers_what_is_like_it_and_the_nearest_most(seed: int, n: int, music: float) -> None:
    matrix = alike(units(seed, n), units(seed + 1, n, 3))
    everything = np.arange(n)
    assume(music < 1)
    before = scores(matrix, build_query(matrix, rows([0]), rows([]), music), everything)
    query = build_query(matrix, rows([0]), rows([1]), music)
    change = scores(matrix, query, everything) - before
    likeness = scores(matrix, replace(build_query(matrix, rows([1]), rows([]), music), prior=0.0), everything)
    assert change == pytest.approx(-query.dislike * likeness, abs=1e-9)
    assert change.argmin() == 1, "most of all the disliked film itself"


@given(UNIT, st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_two_distant_tastes_are_both_answered(seed: int, each: int) -> None:
    centres = np.eye(6, dtype=np.float32)[:2]
    rng = np.random.default_rng(seed)
    of = np.repeat([0, 1], 40)
    genres = centres[of] + 0.1 * rng.standard_normal((80, 6)).astype(np.float32)
    genres /= np.linalg.norm(genres, axis=1, keepdims=True)
    matrix = BlockMatrix.from_blocks(range(1, 81), {"genres": genres}, np.full(80, 0.5, np.float32))
    likes = rows([*range(each), *range(40, 40 + each)])
    query = build_query(matrix, likes, rows([]), 0.5)
    pool, relevance = search(matrix, query, 80, None, likes)
    leaning = leanings(matrix, query, pool)
    chosen = pool[choose(matrix, query.weight, pool, relevance, 10, 0.3, [()] * len(pool), None, leaning)]
    assert 3 <= np.count_nonzero(of[chosen] == 0) <= 7


def test_only_the_nearest_likes_make_the_score() -> None:
    angles = np.radians([0.0, 10, 20, 30, 40, 90])
    genres = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    matrix = BlockMatrix.from_blocks(range(1, 7), {"genres": genres}, np.zeros(6, np.float32))
    query = build_query(matrix, rows([1, 2, 3, 4, 5]), rows([]), 0.0, Weights(blocks={"genres": 1.0}, nearest=2))
    expected = (np.cos(np.radians(10)) + np.cos(np.radians(20))) / 2
    assert scores(matrix, query, rows([0]))[0] == pytest.approx(expected, abs=1e-6)


@given(SLIDER, st.sets(st.sampled_from(list(DEFAULT_WEIGHTS.blocks)), min_size=1))
def test_the_slider_splits_the_weight_between_heard_and_known(music: float, blocks: set[str]) -> None:
    weight = block_weights(DEFAULT_WEIGHTS, sorted(blocks), music)
    heard = blocks & {"music", "embedding"}
    known = {block for block in blocks - heard if DEFAULT_WEIGHTS.blocks[block]}
    assert sum(w for b, w in weight.items() if b in heard) == pytest.approx(music if heard else 0)
    assert sum(w for b, w in weight.items() if b not in heard) == pytest.approx(1 - music if known else 0)


def two_blocks(genres: list[list[float]], era: list[list[float]], prior: list[float]) -> BlockMatrix:
    blocks = {"genres": np.array(genres, np.float32), "era": np.array(era, np.float32)}
    return BlockMatrix.from_blocks(range(1, len(prior) + 1), blocks, np.array(prior, np.float32))


def test_a_film_with_half_the_blocks_is_compared_on_those() -> None:
    matrix = two_blocks([[1, 0], [1, 0], [0, 0]], [[1, 0], [0, 0], [1, 0]], [0, 0, 0])
    weights = Weights(blocks={"genres": 3.0, "era": 1.0}, prior=0.0)
    query = build_query(matrix, rows([0]), rows([]), 0.5, weights)
    found = scores(matrix, query, np.arange(3))
    assert found[1] == pytest.approx(1.0), "genres weigh .75 of the question: divided by that alone"
    assert found[2] == pytest.approx(0.5), "era weighs .25 of the question: divided by half of it"


@given(st.floats(0.1, 0.9), st.floats(0, 90), st.floats(0, 90))
def test_a_film_is_not_preferred_for_the_sound_it_lacks(music: float, about: float, sounds: float) -> None:
    def turned(*angles: float | None) -> npt.NDArray[np.float32]:
        directions = [(0.0, 0.0) if a is None else (np.cos(np.radians(a)), np.sin(np.radians(a))) for a in angles]
        return np.array(directions, np.float32)

    blocks = {"embedding": turned(0, sounds, None), "genres": turned(0, about, about)}
    matrix = BlockMatrix.from_blocks(range(1, 4), blocks, np.zeros(3, np.float32))
    query = build_query(matrix, rows([0]), rows([]), music)
    _, heard, unheard = scores(matrix, query, np.arange(3))
    assert unheard <= heard + 1e-6, "two films of one story: the one whose sound is no opposite of the like's is first"
    assert unheard == pytest.approx((1 - music) * np.cos(np.radians(about)), abs=1e-6), "its sound gives nothing"
    known = BlockMatrix.from_blocks(range(1, 3), {"genres": turned(0, about)}, np.zeros(2, np.float32))
    asked = build_query(known, rows([0]), rows([]), music)
    assert scores(known, asked, rows([1]))[0] == pytest.approx(np.cos(np.radians(about)), abs=1e-6), "like not heard"


def test_a_film_without_a_common_block_is_no_candidate_however_good() -> None:
    matrix = two_blocks([[1, 0], [0, 0], [0, 1]], [[0, 0], [1, 0], [0, 0]], [0, 1, 0])
    query = build_query(matrix, rows([0]), rows([]), 0.5)
    assert search(matrix, query, 10, None, rows([0]))[0].tolist() == [2]


def test_likes_that_differ_in_their_blocks_are_each_compared_by_their_own() -> None:
    matrix = two_blocks([[1, 0], [0, 0], [1, 0], [0, 0]], [[0, 0], [1, 0], [0, 1], [1, 0]], [0, 0, 0, 0])
    query = build_query(matrix, rows([0, 1]), rows([]), 0.5, Weights(blocks={"genres": 3.0, "era": 1.0}, prior=0.0))
    made = parts(matrix, query, rows([2, 3]))
    assert made.nearest.tolist() == [[0, 1], [1, -1]], "the fourth film has nothing in common with the first like"
    assert scores(matrix, query, rows([2, 3])).tolist() == pytest.approx([0.5, 1.0])


def test_broken_vectors_are_never_shown() -> None:
    genres = np.array([[1, 0], [np.nan, 1], [0, 0], [np.inf, 0], [1, 0]], np.float32)
    has = {"genres": np.array([True, True, False, True, True])}
    matrix = BlockMatrix.of(
        BlockMatrix(np.arange(1, 6), genres, {"genres": slice(0, 2)}, has, np.array([0, np.nan, 1, 1, 0], np.float32))
    )
    query = build_query(matrix, rows([0]), rows([]), 0.5)
    assert search(matrix, query, 10, None, rows([0]))[0].tolist() == [4]
    assert np.isfinite(matrix.prior).all()


def test_nothing_to_compare_by_says_what_to_do() -> None:
    matrix = two_blocks([[1, 0], [1, 0]], [[1, 0], [1, 0]], [0, 0])
    with pytest.raises(ParameterError, match="`music` 1: none of the liked films has music"):
        build_query(matrix, rows([0]), rows([]), 1.0)


def test_equal_scores_come_in_the_order_of_film_ids() -> None:
    matrix = two_blocks([[1, 0]] * 6, [[1, 0]] * 6, [0.5] * 6)
    query = build_query(matrix, rows([2]), rows([]), 0.5)
    assert search(matrix, query, 3, None, rows([2]))[0].tolist() == [0, 1, 3]


def test_an_unknown_film_is_named() -> None:
    matrix = two_blocks([[1, 0]], [[1, 0]], [0])
    with pytest.raises(ParameterError, match="film 99"):
        matrix.rows_of([99])


def test_hundreds_of_likes_are_answered_exactly() -> None:
    matrix = Recommender(generated()).matrix
    liked = np.arange(0, 250)
    query = build_query(matrix, liked, liked[:0], 0.5)
    found, values = search(matrix, query, 20, None, liked)
    others = np.arange(250, len(matrix))
    right = scores(matrix, query, others)
    order = np.lexsort((others, -right))[:20]
    assert found.tolist() == others[order].tolist() and values.tobytes() == right[order].tobytes()
    assert len(matrix) * len(liked) > 10 * recommender.search.FILMS_WITHOUT_SCAN, "the compiled pass is what is tested"
