"""Tonight and surprise by title: the API and the command line say the same."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from cli import app
from db.home import Home
from service.api.routes import create_app
from tests.service.heard_home import make_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home"))


def test_an_evening_by_title_is_the_same_in_the_api_and_the_terminal(home: Home) -> None:
    people = [{"name": "Ann", "likes": ["Red Harbour"]}, {"name": "Bo", "likes": [5]}]
    with TestClient(create_app(home)) as client:
        body = client.post("/tonight", json={"people": people, "n": 3}).json()
        assert client.post("/tonight", json={"people": []}).status_code == 422
        twice = client.post("/tonight", json={"people": [people[0], people[0]]})
        assert twice.status_code == 400 and "same name" in twice.json()["error"]
    assert len(body["results"]) == 3 and not {4, 5} & {one["film_id"] for one in body["results"]}
    assert [one["name"] for one in body["results"][0]["people"]] == ["Ann", "Bo"]
    asked = ["--person", "Ann: Red Harbour", "--person", "Bo: Steel Birds", "-n", "3", "--json"]
    ran = CliRunner().invoke(app, ["tonight", *asked, "--home", str(home.root)])
    assert json.loads(ran.stdout) == body


@pytest.mark.parametrize("said", ["Ann", ": Red Harbour", "Ann: ;"])
def test_a_person_without_name_or_films_is_refused(said: str, home: Home) -> None:
    ran = CliRunner().invoke(app, ["tonight", "--person", said, "--home", str(home.root)])
    assert ran.exit_code != 0 and not ran.stdout


def test_a_surprise_has_a_reason_and_says_when_no_film_is_left(home: Home) -> None:
    with TestClient(create_app(home)) as client:
        body = client.post("/surprise", json={"likes": ["Red Harbour"], "n": 2}).json()
        assert "unlike the answers" in body["words"] and body["film"]["film_id"] != 4
        none = client.post("/surprise", json={"likes": ["Red Harbour"], "n": 10}).json()
        assert none["film"] is None and none["notices"]
