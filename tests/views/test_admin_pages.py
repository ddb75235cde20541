"""The admin's pages: closed to visitors; each control does what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.catalogue.current import current_id
from db.catalogue.snapshot import Snapshot
from db.home import Home
from db.state.store import State
from errors import ParameterError
from film import Film
from service.jobs import jobs, worker
from service.library.editing import edit_film
from service.library.publishing import publish
from service.rights import access, media_roots
from service.rights.access import LOCAL
from service.rights.browsers import SESSION_COOKIE, TICKETS
from tests.service.library.local_server import serving
from tests.service.library.test_plex import Server as PlexServer
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import frame
from views.frame import in_words

PASSWORD = "a long enough password"
ADMIN_PAGES = ("add_films", "library", "by_ear", "jobs", "models", "data")


@pytest.fixture
def home(filled: Home, tmp_path: Path) -> Home:
    """A copy that may be changed, with an admin."""
    root = tmp_path / "home"
    shutil.copytree(filled.root, root)
    home = Home.at(root)
    access.set_password(home, access.setup_token(home), PASSWORD)
    return home


@pytest.fixture
def as_admin(home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """`open_page`, signed in."""
    token = access.sign_in(home, PASSWORD, "test")
    monkeypatch.setattr(frame, "cookies", lambda: {SESSION_COOKIE: token})
    return lambda page, **params: open_page(home.root, page, **params)


def redeemed(app: AppTest) -> str:
    """The session that a page lets its browser fetch before it opens Overview."""
    (script,) = [one.proto.body for one in app.get("html") if "X-Filmscore-Ticket" in one.proto.body]
    assert "document.cookie" not in script
    found = re.search('"X-Filmscore-Ticket": "([^"]+)"', script)
    assert found and script.endswith('location.replace("overview"))\n</script>')
    return TICKETS.redeem(found[1]) or ""


def labelled(elements: object, label: str) -> object:
    (found,) = [element for element in elements if element.label == label]  # type: ignore[attr-defined]
    return found


def run_jobs(home: Home) -> None:
    worker.run_worker(home, once=True)


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_a_visitor_is_shown_the_way_to_sign_in_and_nothing_else(page: str, home: Home, open_page: Open) -> None:
    app = open_page(home.root, page)
    assert not app.exception and "Sign in first" in words(app)
    assert not app.button and not app.text_input and not app.dataframe


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_the_admins_pages_open(page: str, as_admin: Open) -> None:
    app = as_admin(page)
    assert not app.exception and "Sign in first" not in words(app)


def test_the_first_password_is_chosen_by_the_link(tmp_path: Path, open_page: Open) -> None:
    home = Home.at(tmp_path / "new")
    assert "Open the link" in words(open_page(home.root, "sign_in"))
    app = open_page(home.root, "sign_in", setup=access.setup_token(home))
    first, again = app.text_input
    first.input(PASSWORD)
    again.input("something else")
    app.button[0].click().run()
    assert "differ" in words(app) and not access.has_password(home)
    app.text_input[1].input(PASSWORD)
    app.button[0].click().run()
    assert access.has_password(home) and not app.exception
    token = redeemed(app)
    assert access.actor_of(home, token).is_admin
    assert token not in repr(app.session_state), "nothing of it is kept"


def test_signing_in_and_out(home: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(home.root, "sign_in")
    app.text_input[0].input("wrong")
    app.button[0].click().run()
    assert "wrong password" in words(app)
    app.text_input[0].input(PASSWORD)
    app.button[0].click().run()
    token = redeemed(app)
    assert access.actor_of(home, token).is_admin
    monkeypatch.setattr(frame, "cookies", lambda: {SESSION_COOKIE: token})
    app = open_page(home.root, "sign_in")
    assert app.title[0].value == "Sign out"
    app.button[0].click().run()
    assert not access.actor_of(home, token).is_admin
    assert app.run().title[0].value == "Sign in"


@pytest.mark.usefixtures("heard_here")
def test_a_folder_is_looked_at_added_and_arrives(home: Home, as_admin: Open, tmp_path: Path, film_file: Path) -> None:
    root = tmp_path / "media root"
    (root / "The Habit").mkdir(parents=True)
    shutil.copy(film_file, root / "The Habit" / "Brand New.mkv")
    (root / "Broken.mkv").write_text("not a film")
    shutil.copy(film_file, root / "Brand New-trailer.mkv")
    assert "roots add FOLDER" in words(as_admin("add_films"))
    media_roots.add_root(home, LOCAL, root)
    app = as_admin("add_films")
    assert "Allow it once" not in words(app)
    assert "No worker is running" in words(app)
    app.selectbox(key="add-root").select(root)
    app.run()
    labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
    assert set(app.dataframe[0].value["file"]) == {"Brand New.mkv", "Broken.mkv"}
    assert set(app.dataframe[0].value["what"]) == {"new"}
    assert set(app.dataframe[0].value["director"]) == {"The Habit", ""}
    assert app.expander[0].label.endswith("1 trailer")
    labelled(app.button, "Add").click().run()  # type: ignore[attr-defined]
    (job,) = jobs.job_list(home, LOCAL)
    assert (job.kind, job.arguments["paths"], job.actor) == ("ingest", [str(root)], "admin")
    run_jobs(home)
    app.run()
    assert not app.exception
    assert "Brand New" in words(app) and "Broken.mkv: We can't read this file" in words(app).replace("\\", "")
    with Snapshot.open(home) as snapshot:
        assert [film.title for film in snapshot.find_titles("brand new", 1)] == ["Brand New"]


def test_ambiguous_titles_are_asked_and_remembered(home: Home, as_admin: Open, tmp_path: Path, film_file: Path) -> None:
    imdb = tmp_path / "imdb"
    imdb.mkdir()
    header = ["tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear"]
    header += ["runtimeMinutes", "genres"]
    title = "The Man Who Knew Too Much"
    rows = [
        ["tt0025452", "movie", title, title, "0", "1934", "\\N", "75", "Crime"],
        ["tt0049470", "movie", title, title, "0", "1956", "\\N", "120", "Drama"],
    ]
    (imdb / "title.basics.tsv").write_text("\n".join("\t".join(row) for row in [header, *rows]) + "\n")
    root = tmp_path / "media root"
    root.mkdir()
    shutil.copy(film_file, root / f"{title}.mkv")
    for folder in (root, imdb):
        media_roots.add_root(home, LOCAL, folder)
    jobs.submit(home, LOCAL, "imdb_load", {"path": str(imdb)})
    run_jobs(home)
    app = as_admin("add_films")
    app.selectbox(key="add-root").select(root)
    app.run()
    labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
    assert "personal, non-commercial use" in words(app)
    (question,) = [box for box in app.selectbox if str(box.key).startswith("title-")]
    assert [option[:32] for option in question.options] == [f"{title} (1934)"[:32], f"{title} (1956)"[:32]] or len(
        question.options
    ) == 2
    question.select("tt0049470")
    app.run()
    labelled(app.button, "Use 1 titles").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    with State.open(home) as state:
        assert state.decision(title).imdb_id == "tt0049470"  # type: ignore[union-attr]
        (film,) = state.find_imdb("tt0049470")
    assert film.year == 1956
    labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
    assert not [box for box in app.selectbox if str(box.key).startswith("title-")]


def test_jobs_are_cancelled_and_tried_again(home: Home, as_admin: Open) -> None:
    job_id = jobs.submit(home, LOCAL, "publish", {})
    app = as_admin("jobs")
    app.button(key=f"cancel-{job_id}").click().run()
    assert jobs.job(home, LOCAL, job_id).status == "cancelled"
    app.run()
    app.button(key=f"retry-{job_id}").click().run()
    assert jobs.job(home, LOCAL, job_id).status == "queued"
    run_jobs(home)
    assert "done" in words(app.run()) and not app.exception


def test_a_job_says_what_came_of_it_and_shows_its_log_when_asked(home: Home, as_admin: Open) -> None:
    job_id = jobs.submit(home, LOCAL, "ingest", {"paths": [str(media_roots.uploads(home))]})
    run_jobs(home)
    app = as_admin("jobs")
    assert "contains no media" in words(app) and not app.code
    assert ":material/warning:" in words(app) and ":material/check_circle:" not in words(app)
    app.toggle(key=f"details-{job_id}").set_value(True).run()
    assert "no media" in app.code[0].value and not app.exception


@pytest.mark.parametrize("kind", ["publish", "backup"])  # a backup's result counts its films, others list them
def test_a_job_that_left_nothing_undone_has_its_tick(kind: str, home: Home, as_admin: Open) -> None:
    jobs.submit(home, LOCAL, kind, {})
    run_jobs(home)
    app = as_admin("jobs")
    assert not app.exception and "Something went wrong" not in words(app)
    assert ":material/check_circle:" in words(app) and ":material/warning:" not in words(app)


def test_the_audit_log_is_told_in_words(home: Home, as_admin: Open) -> None:
    detail = {"film_id": 1, "cast": ["A", "B"], "year": None, "kept": True, "run": {"start_s": 3}}
    assert in_words(detail) == "film id 1; cast A, B; year none; kept yes; run start s 3"
    with State.open(home) as state:
        state.audit("edit film", "admin", detail)
    table = as_admin("data").dataframe[-1].value
    assert table["detail"][0] == in_words(detail) and not table["detail"].str.contains("[{}]").any()


def test_an_admin_sees_a_films_other_versions_and_a_visitor_does_not(
    home: Home, as_admin: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "Only Talk stereo.mkv"
    other.write_bytes(b"")
    with State.open(home) as state:
        film_id = next(film.film_id for film in state.films() if film.title == "Only Talk")
        state.set_versions(film_id or 0, [str(other)])
    assert "Only Talk stereo" in words(as_admin("film", film=str(film_id))).replace("\\", "")
    monkeypatch.setattr(frame, "cookies", dict)
    assert "Only Talk stereo" not in words(as_admin("film", film=str(film_id))).replace("\\", "")


def test_backups_are_made_and_put_back(home: Home, as_admin: Open) -> None:
    app = as_admin("data")
    labelled(app.button, "Back up now").click().run()  # type: ignore[attr-defined]
    run_jobs(home)
    with State.open(home) as state:
        state.delete_film(1)
    app.run()
    app.checkbox(key="data-sure").check().run()
    labelled(app.button, "Restore").click().run()  # type: ignore[attr-defined]
    run_jobs(home)
    with State.open(home) as state:
        assert state.get_film(1)
        assert [entry.action for entry in state.audit_log()][:4] == ["restore", "job restore", "backup", "job backup"]
    assert not app.run().exception and access.sign_in(home, PASSWORD, "again")


def test_damage_is_named_where_the_admin_looks(home: Home, as_admin: Open) -> None:
    with State.open(home) as state:
        state.update_film(1, year=1901)
    publish(home)
    (home.snapshots / current_id(home) / "catalogue.duckdb").write_bytes(b"damaged")
    app = as_admin("data")
    assert not app.exception and "doctor" in words(app) and "an older catalogue is shown" in words(app)


def test_a_catalogue_beyond_reading_keeps_no_admin_from_restoring(home: Home, as_admin: Open) -> None:
    jobs.submit(home, LOCAL, "backup", {})
    run_jobs(home)
    for path in home.snapshots.iterdir():
        (path / "catalogue.duckdb").write_bytes(b"damaged")
    app = as_admin("data")
    assert not app.exception and app.warning
    app.checkbox(key="data-sure").check().run()
    labelled(app.button, "Restore").click().run()  # type: ignore[attr-defined]
    run_jobs(home)
    assert not as_admin("data").warning


def test_who_is_signed_in_is_a_visitor_while_the_state_is_damaged(home: Home, as_admin: Open) -> None:
    for path in home.root.glob("state.sqlite*"):
        path.unlink()
    home.state_path.write_bytes(b"damaged" * 2000)
    app = as_admin("discover")
    assert not app.exception and not app.warning and app.title


def test_an_upload_is_kept_and_handed_in(home: Home, as_admin: Open, film_file: Path) -> None:
    app = as_admin("add_films")
    app.session_state["add-way"] = "upload"
    app.run()
    app.file_uploader[0].upload("../Uploaded Film.mkv", film_file.read_bytes(), "video/x-matroska")
    app.run()
    labelled(app.button, "Add").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    (job,) = jobs.job_list(home, LOCAL)
    assert job.arguments["paths"] == [str(media_roots.uploads(home).resolve() / "Uploaded Film.mkv")]
    app.file_uploader[0].set_value(("fake.mkv", b"not media", "video/x-matroska"))
    app.run()
    assert "fake\\.mkv" in words(app) and not app.exception


def test_the_library_names_the_files_of_a_film_that_is_there_twice(home: Home, as_admin: Open, tmp_path: Path) -> None:
    app = as_admin("library")
    assert "by their content" not in words(app), "looked for before anybody asks"
    app.toggle(key="duplicates").set_value(True).run()
    assert "No film has two files" in words(app)
    copy = tmp_path / "Copy.mkv"
    copy.touch()
    with State.open(home) as state:
        film = next(film for film in state.films() if film.media_sha256)
        state.note_copy(str(copy), film.media_sha256)
    app.run()
    assert "1 by their content" in words(app)
    assert "same content" in words(app) and "Copy" in words(app)


def test_the_library_makes_one_film_of_two_if_the_file_of_one_is_gone(
    home: Home, as_admin: Open, tmp_path: Path
) -> None:
    there = tmp_path / "Heat again.mkv"
    there.touch()
    with State.open(home) as state:
        first, second = state.add_films([Film("Heat", year=1995), Film("Heat", year=1995)])
        state.attach_media(first, "a" * 64, 0, str(tmp_path / "gone.mkv"), "m")
        state.attach_media(second, "b" * 64, 0, str(there), "m")
    app = as_admin("library")
    app.toggle(key="duplicates").set_value(True).run()
    app.button(key=f"succeed-{first}-{second}").click().run()
    assert not app.exception and "No film has two files" in words(app)
    with State.open(home) as state:
        assert state.get_film(first).media_path == str(there)


def test_a_sheet_is_shown_as_it_is_read_and_then_imported(home: Home, as_admin: Open) -> None:
    app = as_admin("data")
    sheet = "Title,Year,Genre,Colour\nThe Long Road,1969,Drama,red\n".encode("utf-16")
    app.file_uploader(key="data-sheet").upload("films.tsv", sheet, "text/csv").run()
    said = words(app).replace("\\", "")
    assert (
        "Films in the sheet: 1." in said
        and "Title → movie" in said
        and "Columns that are not used (1): Colour." in said
    )
    assert any("The Long Road" in str(table.value.to_numpy()) for table in app.dataframe)
    with State.open(home) as state:
        assert state.find("The Long Road", None, 1969) == []
    app.button(key="data-sheet-import").click().run()
    with State.open(home) as state:
        job = next(job for job in state.jobs() if job.kind == "metadata_import")
    assert (job.kind, Path(job.arguments["path"]).name) == ("metadata_import", "films.tsv")


def test_a_sheet_that_is_wrong_is_said_and_not_imported(home: Home, as_admin: Open) -> None:
    app = as_admin("data")
    app.file_uploader(key="data-sheet").upload("films.csv", b"Title,Year\nThe Long Road,far\n", "text/csv").run()
    assert "line 2: year" in words(app).replace("\\", "")
    assert app.button(key="data-sheet-import").disabled
    app.file_uploader(key="data-sheet").upload("other.csv", b"colour\nred\n", "text/csv").run()
    assert "other.csv" in words(app).replace("\\", "")
    assert not any(button.key == "data-sheet-import" for button in app.button)


@pytest.mark.parametrize(("field", "value"), [("year", 3058), ("rating", 99), ("metascore", 101), ("votes", -1)])
def test_a_number_out_of_bounds_is_refused(home: Home, field: str, value: int) -> None:
    with State.open(home) as state:
        before = state.get_film(1)
        with pytest.raises(ParameterError, match=f"{field} {value}: not between"):
            state.update_film(1, **{field: value})
        assert state.get_film(1) == before


def test_films_are_edited_and_deleted(home: Home, as_admin: Open) -> None:
    with Snapshot.open(home) as snapshot:
        before = snapshot.film(1)
    app = as_admin("library")
    app.session_state["library-table-0-"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert app.text_input(key="title-1").value == before.title
    app.text_input(key="title-1").input("A Better Title")
    app.text_input(key="cast-1").input("One; Two ; ")
    labelled(app.button, "Save the changes").click().run()  # type: ignore[attr-defined]
    with Snapshot.open(home) as snapshot:
        film = snapshot.film(1)
    assert (film.title, film.cast, film.year) == ("A Better Title", ("One", "Two"), before.year)
    app.session_state["library-table-0-"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.checkbox(key="sure-1").check().run()
    app.button(key="delete-1").click().run()
    assert not app.exception
    with State.open(home) as state:
        assert 1 not in {one.film_id for one in state.films()}


def test_two_admins_who_edit_a_film_keep_each_other_s_changes(home: Home, as_admin: Open) -> None:
    app = as_admin("library")
    app.session_state["library-table-0-"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    edit_film(home, LOCAL, 1, year=1999)
    app.text_input(key="title-1").input("A Better Title")
    labelled(app.button, "Save the changes").click().run()  # type: ignore[attr-defined]
    with State.open(home) as state:
        assert (state.get_film(1).title, state.get_film(1).year) == ("A Better Title", 1999)
    app.session_state["library-table-0-"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert app.number_input(key="year-1-1").value == 1999
    app.text_input(key="title-1-1").input("The Best Title")
    labelled(app.button, "Save the changes").click().run()  # type: ignore[attr-defined]
    with State.open(home) as state:
        assert (state.get_film(1).title, state.get_film(1).year) == ("The Best Title", 1999)


def test_a_media_server_is_previewed_and_then_read_by_a_job(
    home: Home, as_admin: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = tmp_path / "films"
    (films / "Film 1").mkdir(parents=True)
    (films / "Film 1" / "Film 1.mkv").touch()
    media_roots.add_root(home, LOCAL, films)
    with serving(PlexServer()) as address:
        app = as_admin("add_films")
        labelled(app.get("button_group"), "From where").set_value("server").run()  # type: ignore[attr-defined]
        labelled(app.get("button_group"), "Server").set_value("plex").run()  # type: ignore[attr-defined]
        assert "Set `FILMSCORE_PLEX_ADDRESS`" in words(app)
        assert labelled(app.button, "Add").disabled  # type: ignore[attr-defined]
        monkeypatch.setenv("FILMSCORE_PLEX_ADDRESS", address)
        app.run()
        labelled(app.checkbox, "Listen to the films whose files are here").uncheck()  # type: ignore[attr-defined]
        folders = labelled(app.text_area, "Folders: SERVER=HERE, one a line")
        folders.set_value(f"/data={tmp_path}").run()  # type: ignore[attr-defined]
        labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
        assert "outside of the media roots" in words(app)
        folders = labelled(app.text_area, "Folders: SERVER=HERE, one a line")
        folders.set_value(f"/data={films}").run()  # type: ignore[attr-defined]
        labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
        assert "no key" in words(app)
        monkeypatch.setenv("FILMSCORE_PLEX_TOKEN", "a-token")
        labelled(app.button, "Preview").click().run()  # type: ignore[attr-defined]
        assert "8 films on the server: 1 of their files are here, 0 films are in the library" in words(app)
        assert list(app.dataframe[0].value["you"])[:4] == ["rated 10", "rated 2", "played", ""]
        labelled(app.button, "Add").click().run()  # type: ignore[attr-defined]
        run_jobs(home)
        assert "8 films added" in words(app.run()) and not app.exception
    with State.open(home) as state:
        assert state.find_imdb("tt0000001")[0].title == "Film 1" and state.get_profile("Plex")["like"]
        assert "a-token" not in str([state.get_job(job.job_id) for job in state.jobs()])
