"""The catalogue as tables for notebooks, and the example notebook of docs/, cell by cell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.notebook import NOTEBOOK, run_cells
from db.home import Home
from errors import CatalogueError, ParameterError
from launch import open_catalogue
from service.library.editing import correct_run
from service.rights.access import LOCAL
from tests.service.heard_home import make_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("frames") / "home")


def test_films_runs_and_vectors_are_those_of_the_snapshot(home: Home) -> None:
    with open_catalogue(home.root) as catalogue:
        assert len(catalogue.films) == 6 and catalogue.films["has_music"].sum() == 4
        assert list(catalogue.summaries.index) == [1, 2, 3, 4]
        stored = [
            (film_id, run.run, run.start_s) for film_id in range(1, 7) for run in catalogue.snapshot.runs(film_id)
        ]
        assert list(catalogue.runs[["film_id", "run", "start_s"]].itertuples(index=False, name=None)) == stored
        assert "embedding" in catalogue.blocks
        for block in catalogue.blocks:
            vectors = catalogue.vectors(block)
            assert np.allclose(np.linalg.norm(vectors.to_numpy(), axis=1), 1, atol=1e-5)
            if vectors.empty:
                continue
            first = int(vectors.index[0])
            assert np.allclose(vectors.loc[first], catalogue.snapshot.vectors(first)[block])
        with pytest.raises(ParameterError, match="embedding"):
            catalogue.vectors("sound")


def test_a_value_that_a_person_set_has_probability_1(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    with open_catalogue(home.root) as catalogue:
        before = catalogue.runs
    correct_run(home, LOCAL, 1, (int(before["start_s"][0]), int(before["end_s"][0])), {"genre": "jazz"})
    with open_catalogue(home.root) as catalogue:
        assert tuple(catalogue.runs.loc[0, ["genre", "genre_p"]]) == ("jazz", 1.0)
    assert before["genre_p"][0] < 1, "a frame stays as it was opened"


def test_a_home_without_a_catalogue_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue there yet"):
        open_catalogue(tmp_path / "empty")


def test_a_catalogue_without_music_has_empty_tables(tmp_path: Path) -> None:
    with open_catalogue(make_home(tmp_path / "home", heard=False).root) as catalogue:
        assert catalogue.runs.empty and catalogue.summaries.empty and len(catalogue.films) == 6


def test_every_cell_of_the_notebook_runs_and_prints(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMSCORE_HOME", str(home.root))
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    printed = run_cells(notebook)
    assert len(printed) == 5 and all(printed)
    assert "6 films, 4 with music" in printed[0]
    kept = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(outputs and outputs[0]["output_type"] == "stream" for outputs in kept), "made by bench.notebook"
