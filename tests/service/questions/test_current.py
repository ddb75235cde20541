"""Opening what is published: at once if it is small; a large one is made ready while its predecessor is shown."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from db.home import Home
from db.state.store import State
from errors import CatalogueError
from recommender.question import Filters
from service.library.publishing import publish
from service.questions import current
from service.questions.app_data import OpenCatalogue
from service.questions.browsing import Wanted
from service.questions.current import CurrentCatalogue, ready_for_first_page, ready_for_pages
from tests.views.catalogue import build

PATIENCE_S = 60


class Gate:
    """Holds up the opening of a catalogue until a test lets it pass."""

    def __init__(self) -> None:
        self.open, self.reached = threading.Event(), threading.Event()
        self.readied: list[str] = []

    def __call__(self, found: OpenCatalogue) -> None:
        self.reached.set()
        assert self.open.wait(PATIENCE_S)
        self.readied.append(found.snapshot.id)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return build(tmp_path_factory.mktemp("current"))


@pytest.fixture
def home(built: Home, tmp_path: Path) -> Home:
    """A copy of its own for each test."""
    return Home.at(Path(shutil.copytree(built.root, tmp_path / "home")))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Every catalogue counts as large."""
    monkeypatch.setattr(current, "MANY", 1)
    gate = Gate()
    gate.open.set()
    yield gate
    gate.open.set()


def changed(home: Home) -> str:
    """Publish a change; the id of the new snapshot."""
    with State.open(home) as state:
        film = state.films()[0]
        assert film.film_id is not None
        state.update_film(film.film_id, votes=(film.votes or 0) + 1)
    return publish(home)


def refuse(home: Home, before: OpenCatalogue | None = None) -> OpenCatalogue:
    raise CatalogueError(f"{home.root}: damaged.")


def shown(catalogue: CurrentCatalogue) -> str:
    found = catalogue.get()
    return found.snapshot.id if found else ""


def test_a_small_catalogue_is_shown_as_soon_as_it_is_published(home: Home) -> None:
    readied: list[OpenCatalogue] = []
    catalogue = CurrentCatalogue(home, readied.append)
    assert catalogue.get() is catalogue.get()
    assert shown(catalogue) != changed(home) == shown(catalogue)
    assert not readied


def test_a_large_one_is_shown_when_it_is_ready_and_until_then_the_one_before(home: Home, gate: Gate) -> None:
    catalogue = CurrentCatalogue(home, gate)
    before = shown(catalogue)
    gate.open.clear()
    gate.reached.clear()
    after = changed(home)
    assert shown(catalogue) == before and gate.reached.wait(PATIENCE_S)
    assert shown(catalogue) == before and shown(catalogue) == before
    coming = catalogue._coming
    assert coming is not None
    gate.open.set()
    coming.join(PATIENCE_S)
    assert shown(catalogue) == after and gate.readied == [after], "it was opened once"


def test_what_cannot_be_opened_is_tried_again_by_who_asks_next(
    home: Home, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = CurrentCatalogue(home, gate)
    shown(catalogue)
    after = changed(home)
    with monkeypatch.context() as patch:
        patch.setattr(OpenCatalogue, "open", refuse)
        shown(catalogue)
        if coming := catalogue._coming:
            coming.join(PATIENCE_S)
        with pytest.raises(CatalogueError, match="damaged"):
            catalogue.get()
    assert shown(catalogue) == after and not gate.readied


def test_a_catalogue_whose_files_are_gone_is_not_shown_any_longer(home: Home, gate: Gate) -> None:
    catalogue = CurrentCatalogue(home, gate)
    before = shown(catalogue)
    after = changed(home)
    shutil.rmtree(home.snapshots / before)
    assert shown(catalogue) == after


@pytest.mark.parametrize("many", [1, 20_000])
def test_a_catalogue_is_made_ready_when_told_to_and_stays_the_same(
    many: int, home: Home, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "MANY", many)
    catalogue = CurrentCatalogue(home, gate)
    found = catalogue.get()
    assert not gate.readied
    catalogue.make_ready()
    assert catalogue.get() is found and gate.readied == [shown(catalogue)]


def test_what_cannot_be_made_ready_stops_nobody(home: Home, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenCatalogue, "open", refuse)
    CurrentCatalogue(home, gate).make_ready()
    assert not gate.readied


def test_the_first_page_of_a_large_catalogue_that_was_open_before_waits_for_its_films_only(
    home: Home, gate: Gate
) -> None:
    first, again = OpenCatalogue.open(home), OpenCatalogue.open(home)
    ready_for_first_page(first)
    assert "matrix" in first.recommender.__dict__ and "rows" in first.shelf.__dict__
    ready_for_first_page(again)
    assert "films" in again.__dict__ and "matrix" not in again.recommender.__dict__
    assert again.shelf.rows == first.shelf.rows


def test_what_is_published_is_opened_before_somebody_asks(home: Home, gate: Gate) -> None:
    catalogue = CurrentCatalogue(home, gate)
    shown(catalogue)
    gate.reached.clear()
    changed(home)
    catalogue.get_in_background()
    assert gate.reached.wait(PATIENCE_S)


def test_nothing_published_is_nothing_shown(tmp_path_factory: pytest.TempPathFactory) -> None:
    catalogue = CurrentCatalogue(Home.at(tmp_path_factory.mktemp("none")), lambda found: None)
    assert catalogue.get() is None
    catalogue.get_in_background()


def test_a_ready_catalogue_has_what_the_first_page_shows(home: Home) -> None:
    found = OpenCatalogue.open(home)
    ready_for_pages(found)
    assert {"shelf", "films"} <= found.__dict__.keys() and "rows" in found.shelf.__dict__
    assert {"_titles", "_matrix"} <= found.snapshot.__dict__.keys()


def test_what_pages_asked_the_last_catalogue_for_is_taken_over(home: Home) -> None:
    before = OpenCatalogue.open(home)
    first, second, *_ = (int(film_id) for film_id in before.films.index[before.films["has_music"]])
    for film_id in (first, second):
        before.runs(film_id), before.length_s(film_id), before.energy(film_id)
    before._runs[10**6] = ()  # of a film that has gone
    before.drawings([first, second]), before.values("directors"), before.values("collection")
    with State.open(home) as state:
        state.update_film(first, directors=("Somebody New",))
        run = before.runs(first)[0]
        state.correct_run(first, (run.start_s, run.end_s), "genre", "rock")
    publish(home)
    followed, whole = OpenCatalogue.open(home, before), OpenCatalogue.open(home)
    assert followed._runs.keys() == followed._activities.keys() == followed._drawings.keys() == {second}
    assert followed.energy(second) is before.energy(second) is not None and len(followed._energies) == 1
    assert followed.runs(second) is before.runs(second) and followed.runs(first) != before.runs(first)
    assert followed._columns.keys() == {"directors", "collection"}
    assert followed.values("directors") == whole.values("directors") != before.values("directors")
    assert followed.holding("directors", "Somebody New").tolist() == (followed.films.index == first).tolist()


def test_the_shelf_is_shared_until_a_film_stands_elsewhere_on_it(home: Home) -> None:
    before = OpenCatalogue.open(home)
    before.shelf.page(Wanted(sort="rated")), before.enhanced, before.recommender.passing(Filters(genre="Drama"))
    film_id = int(before.films.index[0])
    with State.open(home) as state:
        state.update_film(film_id, votes=1234)
    publish(home)
    voted = OpenCatalogue.open(home, before)
    assert voted.shelf.table is before.shelf.table and voted.shelf._orders.keys() == {"rated"}
    assert voted.recommender._facts._inverted.keys() == {"genres"}
    with State.open(home) as state:
        state.update_film(film_id, rating=9.9)
    publish(home)
    rated, whole = OpenCatalogue.open(home, voted), OpenCatalogue.open(home)
    assert "table" not in rated.shelf.__dict__
    assert rated.shelf.page(Wanted(sort="rated")).film_ids[0] == film_id
    pd.testing.assert_frame_equal(rated.enhanced, whole.enhanced)
    assert rated.enhanced.loc[0, "Rating"] == 9.9
