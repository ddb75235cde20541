"""The block `plot`: which plots are read, how they become vectors, and that a text is read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from db.catalogue.records import FilmRecord
from film import Film
from models.texts.sentences import WIDTH
from recommender import plots
from recommender.plots import PLOT_DIMENSION, PlotFit, PlotReader, encode_plot, is_english, shared_words
from recommender.reasons import Comparison, words_for
from recommender.sound import Float64, principal
from recommender.vectors import FilmEncoding


class Letters:
    """Stands for the network: a vector that depends on the text alone; counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        rows = np.stack([np.random.default_rng(list(text.encode())).standard_normal(WIDTH) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Shelf(dict[tuple[str, str], Any]):
    def get(self, version: str, texts: Any) -> dict[str, Any]:  # type: ignore[override]
        return {text: self[version, text] for text in texts if (version, text) in self}

    def put(self, version: str, vectors: Any) -> None:
        self.update({(version, text): vector for text, vector in vectors.items()})


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("A young woman finds a map in her father's desk, and sets out for the island that is on it.", True),
        ("Elvis sings.", True),
        ("Ein Mann sucht in Berlin nach seiner verschwundenen Frau und findet dabei einen alten Freund.", False),
        ("Un jeune homme part à la recherche de son père dans les montagnes du sud de la France.", False),
        ("Un hombre busca a su hermano en una ciudad dominada por el crimen y la corrupción.", False),
        ("En ung man söker efter sin far i bergen och finner där en gammal vän från kriget.", False),
    ],
)
def test_a_plot_that_is_not_english_is_not_read(text: str, english: bool) -> None:
    assert is_english(text) is english
    letters = Letters()
    assert bool(PlotReader(load=lambda: letters).read([text]).any()) is english  # type: ignore[arg-type,return-value]


def test_a_plot_is_read_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, letters = Shelf(), Letters()
    reader = PlotReader(shelf, lambda: letters)  # type: ignore[arg-type,return-value]
    rows = reader.read(["one", "two", "", " one ", "  "])
    assert letters.asked == ["one", "two"] and rows.any(axis=1).tolist() == [True, True, False, True, False]
    assert (rows[0] == rows[3]).all() and (reader.read(["two"])[0] == rows[1]).all()
    another = PlotReader(shelf, lambda: letters)  # type: ignore[arg-type,return-value]
    assert (another.read(["one", "three"])[0] == rows[0]).all() and letters.asked == ["one", "two", "three"]
    monkeypatch.setattr(plots, "model_version", lambda: "another")
    assert PlotReader(shelf, lambda: letters).read(["one"]).any()  # type: ignore[arg-type,return-value]
    assert letters.asked.count("one") == 2, "vectors of another model are not taken"


def fitted_plots(vectors: Float64, at_once: int = 10_000) -> dict[str, Any]:
    fit = PlotFit()
    for first in range(0, len(vectors), at_once):
        fit.add(vectors[first : first + at_once])
    return fit.fitted()


def test_the_axes_are_those_of_a_principal_component_analysis() -> None:
    rng = np.random.default_rng(5)
    spread = np.where(np.arange(WIDTH) < PLOT_DIMENSION, np.linspace(3, 1, WIDTH), 0.05)
    vectors = rng.standard_normal((3_000, WIDTH)) * spread
    made = encode_plot(fitted_plots(vectors), vectors)
    wanted = PCA(PLOT_DIMENSION, svd_solver="full").fit_transform(vectors)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert made.shape == (3_000, PLOT_DIMENSION)
    assert np.abs(made @ made[:50].T - wanted @ wanted[:50].T).max() < 0.02, "the centre is drawn a little to zero"


def test_vectors_that_come_in_batches_give_the_same_axes(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(6).standard_normal((900, WIDTH)) * np.linspace(2, 0.1, WIDTH)
    vectors[::7] = 0
    at_once = fitted_plots(vectors)
    monkeypatch.setattr(plots, "MOST_HELD", 100)
    batches = fitted_plots(vectors, 70)
    assert np.allclose(encode_plot(batches, vectors), encode_plot(at_once, vectors), atol=1e-9)
    assert batches["loss"] == pytest.approx(at_once["loss"])


@pytest.mark.parametrize("n", [12, 39, 40, 100])
def test_the_axes_of_few_long_vectors_are_those_of_their_covariance(n: int) -> None:
    values = np.random.default_rng(n).standard_normal((n, 40)) * np.linspace(2, 0.1, 40)
    centre, axes, scale, loss = principal(values, 10)
    covariance = (values - centre).T @ (values - centre)
    power = np.linalg.eigvalsh(covariance)[::-1]
    assert axes.T @ axes == pytest.approx(np.eye(10), abs=1e-9)
    assert covariance @ axes == pytest.approx(axes * power[:10], abs=1e-8)
    assert (scale, loss) == pytest.approx((np.sqrt(n / power.sum()), 1 - power[:10].sum() / power.sum()))


def test_few_plots_and_none() -> None:
    nothing = np.zeros((4, WIDTH))
    assert not encode_plot(fitted_plots(nothing), nothing).any()
    some = np.vstack([nothing, np.random.default_rng(1).standard_normal((3, WIDTH))])
    made = encode_plot(fitted_plots(some), some)
    assert np.linalg.norm(made, axis=1).round(6).tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert np.isfinite(encode_plot(fitted_plots(some), np.eye(5, WIDTH))).all()


def test_films_about_the_same_come_near_and_the_reason_says_what_they_share() -> None:
    films = [
        Film("Vault", plot="A retired thief is talked into one last robbery of a bank, and nobody can be trusted."),
        Film("Heist", plot="Four friends plan the robbery of a bank on the day that the police are on strike."),
        Film("Meadow", plot="A shy girl befriends a wild horse and learns to ride in the hills of Wales."),
        Film("Nothing"),
    ]
    records = [FilmRecord(film, None, None, None, "") for film in films]
    encoding = FilmEncoding()
    rows = encoding.encode(encoding.fit(records), records)["plot"]
    assert rows[0] @ rows[1] > max(rows[0] @ rows[2], rows[1] @ rows[2]) and not rows[3].any()
    assert shared_words(films[0].plot, films[1].plot) == ["robbery", "bank"]
    words = words_for("plot", Comparison(films[1], films[0], True, 0.2))
    assert words == "a plot like Vault's: robbery and bank"
