"""Secrets that are planted everywhere one is given are found nowhere else."""

from __future__ import annotations

import tarfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import typer
from fastapi.testclient import TestClient
from typer.main import get_command
from typer.testing import CliRunner

from cli import app
from db.home import Home
from db.state.store import State
from errors import FilmscoreError
from service.api.routes import create_app
from service.jobs import jobs
from service.jobs.worker import run_worker
from service.library.backups import back_up
from service.rights import access, oidc
from service.rights.access import LOCAL

CANARIES = {
    name: f"canary-{name}-5f3c9b"
    for name in (
        "password",
        "wrong",
        "short",
        "changed",
        "spotify",
        "jellyfin",
        "plex",
        "oidc",
        "header",
        "query",
        "body",
        "cookie",
    )
}


def found(where: Path, secrets: dict[str, str]) -> set[tuple[str, str]]:
    """(secret, file) of every file below a folder that holds a secret."""
    seen = set()
    for path in (path for path in where.rglob("*") if path.is_file()):
        content = path.read_bytes()
        seen |= {(name, path.name) for name, secret in secrets.items() if secret.encode() in content}
    return seen


@pytest.mark.forbidden("A secret in the home's files, logs, audit, a backup, an answer or at the terminal")
def test_no_secret_is_kept_or_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOTIPY_CLIENT_ID", "an id")
    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", CANARIES["spotify"])
    home = Home.at(tmp_path / "home")
    said: list[str] = []
    setup = access.setup_token(home)
    sessions = [access.set_password(home, setup, CANARIES["password"])]
    for attempt in (CANARIES["wrong"], f"{CANARIES['wrong']}\0", "x" * 2000 + CANARIES["wrong"]):
        with pytest.raises(FilmscoreError) as refused:
            access.sign_in(home, attempt, "here")
        said.append(str(refused.value))
    sessions.append(access.change_password(home, LOCAL, CANARIES["changed"]))
    token = access.new_api_token(home, LOCAL, "a program")
    opened = TestClient(create_app(home, closed={"answers"}), raise_server_exceptions=False)
    for bearer in (token, CANARIES["header"], f"{token}x"):
        headers = {"Authorization": f"Bearer {bearer}", "Cookie": f"filmscore_session={CANARIES['cookie']}"}
        answers = (
            opened.get("/films", headers=headers),
            opened.get("/jobs/1", headers=headers, params={"token": CANARIES["query"]}),
            opened.post("/jobs", headers=headers, json={"kind": "restore", "arguments": {"name": CANARIES["body"]}}),
            opened.get("/nowhere", headers=headers, params={"token": CANARIES["query"]}),
        )
        said += [answer.text for answer in answers]
    commands = (["doctor"], ["api-token", "list"], ["profiles", "list"])
    said += [CliRunner().invoke(app, [*words, "--home", str(home.root)]).output for words in commands]
    said += _services(home, monkeypatch)
    back_up(home, LOCAL, tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as backup:
        backup.extractall(tmp_path / "unpacked", filter="data")
    secrets = CANARIES | {"setup": setup, "token": token, **{f"session {n}": one for n, one in enumerate(sessions)}}
    del secrets["body"]  # what a job is to do is kept, and said
    assert found(tmp_path, secrets) == set()
    assert [name for name, secret in secrets.items() if any(secret in text for text in said)] == []
    assert (home.root / "logs" / "filmscore.jsonl").exists(), "there is a log that could have held one"


class _Repeats(BaseHTTPRequestHandler):
    """A server that refuses, and says again all that it was sent."""

    def do_GET(self) -> None:
        self.send_error(401, "no", f"{self.path} {self.headers}")

    def log_message(self, *_: object) -> None:
        pass


def _services(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said where the secrets of other services are used, and none of it works."""
    monkeypatch.setenv("FILMSCORE_JELLYFIN_KEY", CANARIES["jellyfin"])
    monkeypatch.setenv("FILMSCORE_PLEX_TOKEN", CANARIES["plex"])
    monkeypatch.setenv(oidc.CLIENT_SECRET, CANARIES["oidc"])
    for name, value in (
        (oidc.URL, "https://accounts.example"),
        (oidc.CLIENT_ID, "films"),
        (oidc.ADMINS, "@club.example"),
    ):
        monkeypatch.setenv(name, value)
    with HTTPServer(("127.0.0.1", 0), _Repeats) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        addresses = (here, "http://127.0.0.1:1", "no address")
        tried = [[kind, address] for kind in ("jellyfin", "plex") for address in addresses]
        tried.append(["serve"])  # one variable is not set
        said = [CliRunner().invoke(app, [*words, "--home", str(home.root)]) for words in tried]
        for kind in ("jellyfin", "plex"):
            monkeypatch.setenv(f"FILMSCORE_{kind.upper()}_ADDRESS", here)
            jobs.submit(home, LOCAL, "server", {"server": kind})
        run_worker(home, once=True)
        server.shutdown()
    jobs.submit(home, LOCAL, "backup", {})
    run_worker(home, once=True)
    with State.open(home) as state:
        results = [str(state.get_job(job.job_id)) for job in state.jobs()]
    assert sum("does not accept the key" in result for result in results) == 2
    assert [one.exit_code for one in said].count(0) == 0
    monkeypatch.setenv(oidc.ADDRESS, "https://films.example/")
    return [one.output + repr(one.exception) for one in said] + [repr(oidc.provider_from_environment()), *results]


def test_no_command_takes_a_secret_as_an_argument() -> None:
    options: set[str] = set()

    def collect(command: Any) -> None:
        options.update(name for one in command.params for name in one.opts)
        if hasattr(command, "list_commands"):
            context = typer.Context(command)
            for name in command.list_commands(context):
                if below := command.get_command(context, name):
                    collect(below)

    collect(get_command(app))
    assert len(options) > 30
    assert [name for name in options if any(word in name for word in ("password", "secret", "token", "key"))] == []
