"""What a publish says of the models."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from db.catalogue.current import current_id
from db.home import Home
from errors import ModelError
from models.ears import default_ear, thesis_ear
from models.ears.ear import load_ear
from models.ears.heads import load_heads, save_heads
from models.ears.store import load_weights, stored_weights
from service.admin import checkup
from service.library import ears
from service.library.ears import current_version
from service.library.publishing import publish
from service.rights.access import LOCAL


def test_the_catalogue_names_the_weights_that_hear(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    publish(home)
    with duckdb.connect(str(home.snapshots / current_id(home) / "catalogue.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT model_version, kind, metrics, sha256, trained_at FROM models").fetchall()
    shipped = stored_weights()
    assert {row[1] for row in rows} == {*default_ear.WEIGHTS, *thesis_ear.WEIGHTS} <= set(shipped)
    assert {row[0] for row in rows} == {current_version(home), current_version(home, "thesis")}
    for _, kind, metrics, sha256, trained_at in rows:
        assert sha256 == shipped[kind].sha256
        assert json.loads(metrics) == shipped[kind].metrics and trained_at == shipped[kind].trained_at


@pytest.fixture
def taught(tmp_path: Path) -> tuple[Home, Path]:
    """A home that hears energy with an own head, and the folder of that head."""
    home, trained = Home.at(tmp_path / "home"), tmp_path / "trained"
    trained.mkdir()
    shipped = load_heads(load_weights("default_heads"))
    save_heads({"energy": shipped["energy"]}, trained / "default-energy.npz")
    clips = {"n": 9, "accuracy": 0.75, "balanced_accuracy": 0.5, "macro_f1": 0.4}
    (trained / "metrics.json").write_text(json.dumps({"clips": clips, "seed": 0, "balance": False}))
    version = ears.install(home, LOCAL, trained)
    ears.use(home, LOCAL, "energy", version)
    return home, home.models / version


def test_an_own_head_is_recorded_with_what_was_measured_of_it(taught: tuple[Home, Path]) -> None:
    home, _ = taught
    (record,) = [one for one in ears.model_records(home) if one.kind == "energy"]
    assert record.metrics == {"accuracy": 0.75, "balanced_accuracy": 0.5, "macro_f1": 0.4}
    assert record.trained_at == datetime.now(UTC).date().isoformat()
    assert record.model_version == current_version(home)


@pytest.mark.fault("Damaged weights of a head of one's own")
@pytest.mark.parametrize("file", ["head.npz", "manifest.json", "metrics.json", None])
def test_a_damaged_own_head_stops_no_publish_and_no_repair(taught: tuple[Home, Path], file: str | None) -> None:
    home, head = taught
    if file:
        (head / file).write_bytes((head / file).read_bytes()[:9])
    else:
        head.rename(head.with_name("gone"))
    assert publish(home) == current_id(home)
    assert any("built from state" in line for line in checkup.repair(home, LOCAL))
    (said,) = [finding.said for finding in checkup.examine(home) if finding.thing == "own heads" and not finding.ok]
    assert head.name in said
    if file == "metrics.json":
        assert "install it again" in said
        return
    assert "filmscore models use shipped energy" in said
    with pytest.raises(ModelError, match=head.name):
        load_ear(own=home.models)


def test_the_record_of_a_head_with_damaged_weights_is_as_it_was(taught: tuple[Home, Path]) -> None:
    home, head = taught
    before = ears.model_records(home)
    (head / "head.npz").write_bytes(b"")
    assert ears.model_records(home) == before
