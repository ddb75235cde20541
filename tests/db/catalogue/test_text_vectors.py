from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from db.catalogue.text_vectors import TextVectors
from db.home import Home

ROW = np.array([0.5, -1.0, 2.0], np.float32)


def test_vectors_are_kept_by_version_and_text_and_for_this_user_only(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    TextVectors(home).put("v1", {"a plot": ROW, "another": -ROW})
    found = TextVectors(home).get("v1", ["a plot", "unknown", "another"])
    assert set(found) == {"a plot", "another"} and (found["a plot"] == ROW).all()
    assert TextVectors(home).get("v2", ["a plot"]) == {} and TextVectors(home).get("v1", []) == {}
    assert stat.S_IMODE(home.texts_path.stat().st_mode) == 0o600
    many = [f"text {i}" for i in range(1_200)]
    TextVectors(home).put("v1", dict.fromkeys(many, ROW))
    assert len(TextVectors(home).get("v1", many)) == 1_200


@pytest.mark.fault("A damaged store of the texts' vectors")
def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.texts_path.write_bytes(b"no database " * 400)
    kept = TextVectors(home)
    assert kept.get("v1", ["a plot"]) == {}
    kept.put("v1", {"a plot": ROW})
    assert (kept.get("v1", ["a plot"])["a plot"] == ROW).all()


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    home.texts_path.mkdir()
    kept = TextVectors(home)
    kept.put("v1", {"a plot": ROW})
    assert kept.get("v1", ["a plot"]) == {}
