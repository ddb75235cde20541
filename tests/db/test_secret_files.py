"""Secrets from the environment or from files that nobody else may read."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commands import app_process
from db.home import Home
from db.secret_files import secret, without_secrets
from errors import ParameterError
from service.jobs.alone import worker_alive

ROOT = Path(__file__).resolve().parents[2]
NAME = "FILMSCORE_A_SERVICE_KEY"
VALUE = "canary-file-5f3c9b"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "key"
    path.write_text(f" {VALUE}\n", encoding="utf-8")
    path.chmod(0o600)
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    return path


def test_a_secret_stands_in_a_variable_or_in_the_file_that_one_names(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secret(NAME) == VALUE
    kept.chmod(0o400)
    assert secret(NAME) == VALUE
    monkeypatch.delenv(f"{NAME}_FILE")
    assert secret(NAME) == ""
    monkeypatch.setenv(NAME, " x ")
    assert secret(NAME) == "x"


@pytest.mark.forbidden("A secret's file that others may read")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_may_open_is_refused(kept: Path, mode: int) -> None:
    kept.chmod(mode)
    with pytest.raises(ParameterError, match=f"has mode {mode:o}.*chmod 600") as refused:
        secret(NAME)
    assert VALUE not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "UTF-8"), (b"x" * 70_000, "64 KB")]
)
def test_a_file_without_a_secret_is_refused(kept: Path, content: bytes, said: str) -> None:
    kept.write_bytes(content)
    with pytest.raises(ParameterError, match=said):
        secret(NAME)


def test_what_is_no_file_is_refused(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path, said in ((pipe, "is no file"), (tmp_path, "is no file"), (tmp_path / "none", "cannot be read")):
        monkeypatch.setenv(f"{NAME}_FILE", str(path))
        with pytest.raises(ParameterError, match=said):
            secret(NAME)


def test_a_secret_is_named_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "x")
    with pytest.raises(ParameterError, match="both are set"):
        secret(NAME)


def test_a_process_that_needs_no_secret_gets_none() -> None:
    secrets = (
        "FILMSCORE_JELLYFIN_KEY",
        "SPOTIPY_CLIENT_SECRET",
        "FILMSCORE_OIDC_CLIENT_SECRET_FILE",
        "A_token",
        "PASSWORD",
    )
    others = {"PATH": "/bin", "FILMSCORE_HOME": "/data", "SPOTIPY_CLIENT_ID": "an id", "KEYBOARD": "de"}
    assert without_secrets(dict.fromkeys(secrets, VALUE) | others) == others
    needed = {"FILMSCORE_OIDC_CLIENT_SECRET_FILE": VALUE}
    assert without_secrets(dict.fromkeys(secrets, VALUE), but=["FILMSCORE_OIDC_CLIENT_SECRET"]) == needed


SHOWN = "only Linux shows another process's variables"


def shown(pid: int) -> bytes:
    """The variables of a process that other processes can see."""
    return Path(f"/proc/{pid}/environ").read_bytes()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason=SHOWN)
@pytest.mark.forbidden("The decoder's child reads its parent's secrets in /proc/PID/environ")
def test_no_other_process_reads_a_secret_and_this_one_still_does(kept: Path) -> None:
    peek = (
        "import os, sys, subprocess; from db.secret_files import hide_secrets, secret; hide_secrets()\n"
        'child = \'import os; print(os.getenv("A_TOKEN") or "nothing", os.getenv("SPOTIPY_CLIENT_ID"))\'\n'
        "subprocess.run([sys.executable, '-c', child], check=True)\n"
        f"print(secret('A_TOKEN'), secret('{NAME}') == '{VALUE}', flush=True); input()"
    )
    variables = os.environ | {"A_TOKEN": "canary-token-é", "SPOTIPY_CLIENT_ID": "an id", "EMPTY_KEY": "", "LAST": "x"}
    command = [sys.executable, "-c", peek]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=variables, text=True, **pipes) as started:  # type: ignore[call-overload]
        assert started.stdout.readline() == "nothing an id\n"
        assert started.stdout.readline() == "canary-token-é True\n"
        seen = shown(started.pid)
        started.communicate("\n")
    assert b"canary" not in seen and b"A_TOKEN=\0" in seen
    for name, value in (("SPOTIPY_CLIENT_ID", "an id"), ("LAST", "x"), (f"{NAME}_FILE", str(kept))):
        assert f"{name}={value}\0".encode() in seen


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason=SHOWN)
@pytest.mark.forbidden("A worker whose variables show the keys of media servers")
def test_the_command_line_hides_secrets_before_anything_else(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    variables = os.environ | {"FILMSCORE_PLEX_TOKEN": "canary-plex", "FILMSCORE_OIDC_CLIENT_SECRET": "canary-oidc"}
    command = [sys.executable, "-m", "cli", "worker", "--home", str(home.root)]
    with subprocess.Popen(command, cwd=ROOT, env=variables) as started:
        try:
            deadline = time.monotonic() + 120
            while not worker_alive(home) and started.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert worker_alive(home) and b"canary" not in shown(started.pid)
        finally:
            started.kill()


def test_the_app_hides_secrets_before_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(app_process, "hide_secrets", lambda: done.append("hidden"))
    monkeypatch.setattr(app_process.importlib, "import_module", lambda _: done.append("imported"))
    monkeypatch.setattr(app_process, "_serve", lambda *_: done.append("served"))
    monkeypatch.setattr(sys, "argv", ["app", '{"script": "", "allowed": [], "options": {}}'])
    app_process.main()
    gc.unfreeze()
    assert done[0] == "hidden" and done[-1] == "served"
