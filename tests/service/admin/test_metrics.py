"""/metrics: what it counts, and that no film and no person is in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from db.home import Home
from db.state.store import State
from service.api import routes
from service.jobs import jobs
from service.library.backups import back_up
from service.rights.access import LOCAL
from tests.service.heard_home import make_home

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    with TestClient(routes.create_app(home)) as opened:
        yield opened


def samples(client: TestClient) -> dict[tuple[str, ...], float]:
    """(name, label value, ...) -> value."""
    text = client.get("/metrics").text
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_the_home_is_told_as_it_is(client: TestClient, home: Home, tmp_path: Path) -> None:
    told = samples(client)
    assert told["filmscore_catalogue_usable",] == 1
    assert told["filmscore_films", "known"] == 6
    assert told["filmscore_jobs", "queued"] == 0 and told["filmscore_last_backup_timestamp_seconds",] == 0
    jobs.submit(home, LOCAL, "backup", {})
    back_up(home, LOCAL, tmp_path / "backup.tar")
    told = samples(client)
    assert told["filmscore_jobs", "queued"] == 1
    assert told["filmscore_last_backup_timestamp_seconds",] >= told["filmscore_snapshot_timestamp_seconds",]


def test_requests_are_counted_by_route_and_not_by_what_was_typed(client: TestClient) -> None:
    client.get("/films/3")
    client.get("/films/99")
    client.get("/films", params={"query": "The Quiet Sea"})
    client.get("/secret-path-of-a-visitor")
    told = samples(client)
    assert told["filmscore_requests_total", "/films/{film_id}", "200"] == 1
    assert told["filmscore_requests_total", "/films/{film_id}", "404"] == 1
    assert told["filmscore_requests_total", "none", "404"] == 1
    assert told["filmscore_request_seconds_count", "/films/{film_id}"] == 2
    text = client.get("/metrics").text
    assert "Quiet" not in text and "secret" not in text


def test_no_title_and_no_path_stands_in_the_metrics(client: TestClient, home: Home) -> None:
    text = client.get("/metrics").text
    with State.open(home) as state:
        for film in state.films():
            assert film.title not in text
    assert str(home.root) not in text


@pytest.mark.fault("A damaged catalogue that is asked for its metrics")
def test_a_damaged_catalogue_and_an_empty_home_are_told_too(home: Home, tmp_path: Path) -> None:
    home.manifest_path.write_text("damaged")
    with TestClient(routes.create_app(home)) as client:
        assert samples(client)["filmscore_catalogue_usable",] == 0
    with TestClient(routes.create_app(Home.at(tmp_path / "new"))) as client:
        assert samples(client)["filmscore_catalogue_usable",] == 1
    assert not (tmp_path / "new" / "state.sqlite").exists(), "asking makes nothing"


def test_the_dashboard_and_the_alerts_ask_for_what_there_is(client: TestClient) -> None:
    client.get("/films/3")
    known = {name for name, *_ in samples(client)}
    panels = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))["panels"]
    rules = yaml.safe_load((DOCS / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]] + [rule["expr"] for rule in rules]
    names = {name for expression in asked for name in re.findall(r"filmscore_\w+", expression)}
    assert len(names) >= 8 and names <= known
