"""What a publish says of the models."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from db.home import Home
from db.snapshot import current_id
from models.store import stored_weights
from service.ears import current_version
from service.publishing import publish


def test_the_catalogue_names_the_weights_that_hear(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    publish(home)
    with duckdb.connect(str(home.snapshots / current_id(home) / "catalogue.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT model_version, kind, metrics, sha256, trained_at FROM models").fetchall()
    shipped = stored_weights()
    assert {row[1] for row in rows} == set(shipped)
    assert {row[0] for row in rows} == {current_version(home), current_version(home, "thesis")}
    for _, kind, metrics, sha256, trained_at in rows:
        assert sha256 == shipped[kind].sha256
        assert json.loads(metrics) == shipped[kind].metrics and trained_at == shipped[kind].trained_at
