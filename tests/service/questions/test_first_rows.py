"""The rows of Discover are kept for the next start, and chosen again where what is kept does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.home import Home
from service.questions import first_rows
from service.questions.app_data import OpenCatalogue
from service.questions.first_rows import keep_rows, take_kept_rows
from tests.views.catalogue import build


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Its rows are kept."""
    home = build(tmp_path_factory.mktemp("rows"))
    keep_rows(OpenCatalogue.open(home))
    return home


def test_kept_rows_are_those_that_were_chosen_and_nothing_is_computed_for_them(home: Home) -> None:
    chosen, found = OpenCatalogue.open(home).shelf.rows, OpenCatalogue.open(home)
    assert take_kept_rows(found) and len(chosen) > 2
    assert found.shelf.rows == chosen
    assert "table" not in found.shelf.__dict__ and "matrix" not in found.recommender.__dict__


def test_rows_of_another_snapshot_or_of_an_earlier_version_are_not_shown(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = OpenCatalogue.open(home)
    kept = json.loads(home.first_rows.read_text())
    with monkeypatch.context() as patch:
        patch.setattr(first_rows, "VERSION", first_rows.VERSION + 1)
        assert not take_kept_rows(found)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: json.dumps({**kept, "snapshot": "000001-another"}))
    assert not take_kept_rows(found)


@pytest.mark.fault("A damaged file of the first rows", times=8)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"snapshot": 1}',
        '{"rows": [1]}',
        '{"rows": [{"name": "x", "film_ids": [987654], "page": "films", "params": {}}]}',
        '{"rows": [{"name": "x", "film_ids": [1], "page": "films", "params": []}]}',
    ],
)
def test_damaged_rows_are_chosen_again(home: Home, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    found = OpenCatalogue.open(home)
    if text.startswith('{"rows"'):
        text = json.dumps({"snapshot": found.snapshot.id, "version": first_rows.VERSION, **json.loads(text)})
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: text)
    assert not take_kept_rows(found)


def test_a_home_that_cannot_be_written_is_logged_and_shown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(first_rows.durable, "write_text", refuse)
    found = OpenCatalogue.open(home)
    keep_rows(found)
    assert found.shelf.rows and "first rows not kept" in "".join(p.read_text() for p in home.root.glob("logs/*"))
