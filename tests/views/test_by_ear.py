"""The page By ear: uncertain scenes first, labels set by single keys, saved and removed; the labels are offered for
training."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from film import GENRES
from service.jobs import jobs
from service.rights.access import LOCAL
from tests.views.conftest import Open
from tests.views.test_admin_pages import as_admin as as_admin
from tests.views.test_admin_pages import home as home
from tests.views.test_admin_pages import labelled
from tests.views.test_film import words

VALUES = ("genre", "energy", "valence", "danceability")


def test_every_button_has_a_key_of_its_own(as_admin: Open) -> None:
    keys = [button.proto.shortcut for button in as_admin("by_ear", film="1").button if button.proto.shortcut]
    assert len(keys) == len(GENRES) + 3 * 3 + 3 and len(set(keys)) == len(keys)
    assert "b" not in keys and "space" not in keys, "the player's own"


def test_a_scene_in_doubt_is_set_and_the_next_one_comes(home: Home, as_admin: Open) -> None:
    with Snapshot.open(home) as snapshot:
        (first, second), left = snapshot.doubtful_runs(VALUES, 2)
        heard = snapshot.runs(first.film_id)[first.run]
    app = as_admin("by_ear")
    assert not app.exception and f"{left} scenes are not set yet" in words(app)
    other = "jazz" if heard.genre != "jazz" else "rock"
    app.button(key=f"set-genre-{other}").click().run()
    app.button(key="ear-save").click().run()
    assert not app.exception and "Saved: " in words(app)
    with Snapshot.open(home) as snapshot:
        run = snapshot.runs(first.film_id)[first.run]
        assert run.corrections == {name: other if name == "genre" else getattr(heard, name) for name in VALUES}
        assert snapshot.doubtful_runs(VALUES, 1) == ([second], left - 1)
    app.button(key="ear-next").click().run()
    labelled(app.button, "Undo").click().run()  # type: ignore[attr-defined]
    with Snapshot.open(home) as snapshot:
        assert snapshot.runs(first.film_id)[first.run].corrections == {}


def test_only_the_attribute_that_is_asked_for_is_set(home: Home, as_admin: Open) -> None:
    app = as_admin("by_ear", set="energy", order="films")
    app.button(key="ear-save").click().run()
    with Snapshot.open(home) as snapshot:
        run = snapshot.runs(1)[0]
        assert run.corrections == {"energy": run.energy}


def test_the_scenes_of_a_film_are_gone_through_and_taken_back(home: Home, as_admin: Open) -> None:
    app = as_admin("by_ear", film="1")
    app.button(key="ear-save").click().run()
    assert app.query_params["run"] == "1" and "Scene 2 of" in words(app)
    app.button(key="ear-previous").click().run()
    assert "Set by ear" in words(app) and "The model said" not in words(app), "what is set has no probability"
    app.button(key="ear-back").click().run()
    with Snapshot.open(home) as snapshot:
        assert snapshot.runs(1)[0].corrections == {}
    assert 'href="by_ear?film=1"' in words(as_admin("film", film="1", layer="segments"))


@pytest.mark.parametrize("params", [{"film": "999999"}, {"film": "x"}, {"film": "1", "run": "99999"}, {"run": "-1"}])
def test_hostile_addresses_open_a_scene(params: dict[str, str], as_admin: Open) -> None:
    app = as_admin("by_ear", **params)
    assert not app.exception and app.button(key="ear-save")


def test_a_film_without_music_says_so(home: Home, as_admin: Open) -> None:
    with Snapshot.open(home) as snapshot:
        (silent,) = [film.film_id for film in snapshot.find_titles("Only Talk", 1)]
    assert "no scenes with music" in words(as_admin("by_ear", film=str(silent)))


def test_skipped_scenes_come_again_when_asked_for(home: Home, as_admin: Open) -> None:
    with Snapshot.open(home) as snapshot:
        runs, left = snapshot.doubtful_runs(["genre"], 10_000)
        assert left > 2
    app = as_admin("by_ear", set="genre")
    app.session_state["ear-skipped"] = [(run.film_id, run.start_s) for run in runs[:-1]]
    app.run().button(key="ear-next").click().run()
    assert f"You skipped the other {left} scenes" in words(app)
    labelled(app.button, "Begin again").click().run()  # type: ignore[attr-defined]
    assert app.button(key="ear-save")


def test_what_was_set_is_trained_on(home: Home, as_admin: Open, tmp_path: Path) -> None:
    app = as_admin("by_ear")
    assert "there is none to use" in words(app)
    with State.open(home) as state:
        (media,) = state.media([1])
        (tmp_path / "one.wav").write_bytes(b"RIFF")
        state.attach_media(1, media.media_sha256, 0, str(tmp_path / "one.wav"), media.model_version)
        state.correct_run(1, (0, 20), "genre", "jazz")
    app.run().button(key="ear-train").click().run()
    (job,) = jobs.job_list(home, LOCAL)
    assert (job.kind, job.arguments) == ("train", {"model": "genre", "from_corrections": True, "seed": 0})
