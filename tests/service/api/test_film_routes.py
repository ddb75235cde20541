"""What the API says of one film, what it does not send twice, and who may show a film in a frame."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import ParameterError
from recommender import Question
from service.api.routes import create_app
from service.figures import sound_print as sound_print_module
from service.figures.embed import checked_origins
from service.figures.look import DARK
from service.figures.sound_print import Arc, shapes, sound_print_png
from service.library.publishing import publish
from service.questions.profiles import save
from service.rights.access import LOCAL, new_api_token
from service.rights.headers import API, SecurityHeaders
from tests.service.heard_home import make_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Six films; of the first with music one run is corrected."""
    home = make_home(tmp_path_factory.mktemp("home"))
    with Snapshot.open(home) as snapshot:
        heard = [int(one) for one in snapshot.films().query("has_music")["film_id"]]
        run = snapshot.runs(heard[0])[0]
    with State.open(home) as state:
        state.correct_run(heard[0], (run.start_s, run.end_s), "genre", "jazz")
    publish(home)
    return home


@pytest.fixture(scope="module")
def client(home: Home) -> Iterator[TestClient]:
    app = SecurityHeaders(create_app(home, embed_in=("https://films.example",)), API)
    with TestClient(app) as opened:
        yield opened


def _heard(client: TestClient) -> int:
    found: int = client.get("/films", params={"with_music": True}).json()["films"][0]["film_id"]
    return found


def test_summary_and_runs_are_the_catalogue_s_and_a_corrected_value_has_no_probability(
    client: TestClient, home: Home
) -> None:
    film_id = _heard(client)
    with Snapshot.open(home) as snapshot:
        summary, runs = snapshot.summary(film_id), snapshot.runs(film_id)
    said = client.get(f"/films/{film_id}/summary").json()
    assert summary is not None and said["genres"] == summary.genres and said["music"] == summary.music
    first = client.get(f"/films/{film_id}/runs").json()["runs"][0]
    assert (first["genre"], first["genre_p"], first["corrected"]) == ("jazz", None, ["genre"])
    assert first["energy_p"] == pytest.approx(runs[0].energy_p)
    scenes = client.get(f"/films/{film_id}/runs/0/similar", params={"n": 2}).json()["scenes"]
    assert len(scenes) == 2 and {"title", "start_s", "score"} <= scenes[0].keys()
    for path in ("/films/99/runs", "/films/99/summary", f"/films/{film_id}/runs/777/similar", "/embed/film/99"):
        missing = client.get(path)
        assert missing.status_code == 404 and missing.json()["error"], path


def test_films_are_filtered_and_counted(client: TestClient) -> None:
    films = client.get("/films", params={"limit": 500}).json()
    year = films["films"][0]["year"]
    wanted = [one["film_id"] for one in films["films"] if one["year"] and one["year"] <= year]
    found = client.get("/films", params={"year_to": year, "limit": 1, "offset": 1}).json()
    assert found["total"] == len(wanted) and [one["film_id"] for one in found["films"]] == wanted[1:2]
    assert client.get("/films", params={"genre": "no such genre"}).json() == {"films": [], "total": 0}
    by_title = client.get("/films", params={"query": "quiet", "year_from": 1950, "year_to": 1960}).json()
    assert {one["year"] for one in by_title["films"]} == {1955} and by_title["total"] == len(by_title["films"])


def test_who_has_an_answer_gets_it_again_only_after_a_publish(tmp_path: Path) -> None:
    own = make_home(tmp_path / "own")
    with TestClient(create_app(own)) as client:
        tag = client.get("/films").headers["etag"]
        assert client.get("/films", headers={"if-none-match": f'"x", {tag}'}).status_code == 304
        assert client.get("/films?limit=2", headers={"if-none-match": tag}).status_code == 200
        assert "etag" not in client.get("/health").headers
        assert "etag" not in client.get("/films/99").headers
        publish(own, full=True)
        again = client.get("/films", headers={"if-none-match": tag})
        assert again.status_code == 200 and again.headers["etag"] != tag


def test_the_print_is_the_same_drawing_as_svg_and_png(client: TestClient, home: Home) -> None:
    film_id = _heard(client)
    svg = client.get(f"/films/{film_id}/print.svg", params={"size": 64})
    assert svg.headers["content-type"].startswith("image/svg+xml") and 'width="64"' in svg.text
    png = client.get(f"/films/{film_id}/print.png", params={"size": 240, "look": "light"})
    assert Image.open(io.BytesIO(png.content)).size == (240, 240) and "max-age" in png.headers["cache-control"]
    with Snapshot.open(home) as snapshot:
        summary = snapshot.summary(film_id)
    drawn = np.asarray(Image.open(io.BytesIO(sound_print_png(summary, size=480, theme=DARK))))
    for arc in (one for one in shapes(summary, DARK) if isinstance(one, Arc)):
        angle = 2 * np.pi * ((arc.start + arc.end) / 2 - 0.25)
        x, y = (round(4 * (60 + arc.radius * turn(angle))) for turn in (np.cos, np.sin))
        assert tuple(drawn[y, x][:3]) == tuple(bytes.fromhex(arc.colour[1:])), arc
    assert client.get(f"/films/{film_id}/print.gif").status_code == 422


def test_a_page_for_frames_runs_nothing_and_names_who_may_show_it(client: TestClient) -> None:
    page = client.get("/embed/film/1")
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://films.example" in policy and "script" not in policy
    assert "x-frame-options" not in page.headers and "<script" not in page.text and "src=" not in page.text
    assert client.get("/films/1").headers["x-frame-options"] == "SAMEORIGIN"
    assert len(page.content) < 20_000 and page.headers["etag"]


def test_a_frame_whose_film_is_gone_says_so_on_the_sites_that_may_show_it(client: TestClient) -> None:
    page = client.get("/embed/film/99", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404 and "<p>film 99: not in the catalogue" in page.text
    assert "https://films.example" in page.headers["content-security-policy"] and page.headers["vary"] == "accept"


@pytest.mark.forbidden("More than the address of a site in the list of who may show films in a frame")
@pytest.mark.parametrize(
    "origin", ["https://a.example; script-src *", "*", "javascript:x", "https://a b", "https://x/y'"]
)
def test_what_is_no_address_of_a_site_is_refused(origin: str) -> None:
    with pytest.raises(ParameterError, match="not the address of a site"):
        checked_origins([origin])
    assert checked_origins(["https://*.example.org:8080/", "http://[::1]:80"])[0] == "https://*.example.org:8080"


@pytest.mark.forbidden("Saved searches read through the API without an admin's token")
def test_profiles_are_read_by_an_admin_s_token_alone(client: TestClient, home: Home) -> None:
    save(home, "quiet evenings", Question(likes=(1,)))
    assert client.get("/profiles").status_code == 403
    for scope, status in (("read", 403), ("admin", 200)):
        token = {"Authorization": f"Bearer {new_api_token(home, LOCAL, scope, scope)}"}
        assert client.get("/profiles", headers=token).status_code == status
    assert client.get("/profiles", headers=token).json() == {"profiles": ["quiet evenings"]}
    assert client.get("/profiles/quiet evenings", headers=token).json()["name"] == "quiet evenings"
    assert client.get("/profiles/none", headers=token).status_code == 404


@pytest.mark.forbidden("A print of 2,000 pixels that takes half a gigabyte")
def test_a_large_print_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, int]] = []
    new = sound_print_module.Image.new

    def noted(mode: str, size: tuple[int, int]) -> Any:
        made.append(size)
        return new(mode, size)

    monkeypatch.setattr(sound_print_module.Image, "new", noted)
    for size in (16, 480, 2000):
        assert Image.open(io.BytesIO(sound_print_png(None, size=size))).size == (size, size)
    assert made == [(64, 64), (1920, 1920), (2400, 2400)]
