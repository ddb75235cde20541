"""Secrets from the environment or from files that nobody else may read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.secret_files import secret, without_secrets
from errors import ParameterError

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
