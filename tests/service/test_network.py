"""What the app and the API believe of who is asking and from where."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner

from cli import app
from commands.network import checked_prefix
from db.home import Home
from errors import ParameterError


def started(monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, Any]:
    """What a verb starts: of `serve` the environment of the app's process, of `api` the options of its server."""
    found: dict[str, Any] = {}

    def begin(_path: str, command: list[str], environment: dict[str, str]) -> None:
        found.update(environment)

    monkeypatch.setattr(os, "execve", begin)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setattr(os, "umask", lambda _: 0)
    monkeypatch.setattr(uvicorn, "run", lambda _app, **options: found.update(options))
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return found


def source(trusted: str | list[str], peer: str, forwarded: str) -> str:
    """Where Uvicorn says that a visitor is."""
    seen: list[str] = []

    async def asked(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    config = uvicorn.Config(asked, forwarded_allow_ips=trusted, log_config=None)
    config.load()
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "client": (peer, 1), "scheme": "http",
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }  # fmt: skip
    coroutine = config.loaded_app(scope, None, None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration):
        coroutine.send(None)  # type: ignore[attr-defined]
    return seen[0]


@pytest.mark.forbidden("Another X-Forwarded-For with every guess", by_case=True)
@pytest.mark.parametrize("verb", ["serve", "api"])
def test_where_a_visitor_is_is_told_by_named_proxies_only(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(Home.at(tmp_path / "home").root)
    options = ("--no-worker", "--port", "18501") if verb == "serve" else ()
    key = "FORWARDED_ALLOW_IPS" if verb == "serve" else "forwarded_allow_ips"
    nobody = started(monkeypatch, verb, "--home", home, *options)[key]
    for peer in ("127.0.0.1", "10.0.0.7"):
        assert source(nobody, peer, "1.2.3.4") == peer
    proxies = ("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.7/24")
    named = started(monkeypatch, verb, "--home", home, *options, *proxies)[key]
    assert source(named, "127.0.0.1", "1.2.3.4") == "1.2.3.4"
    assert source(named, "10.0.0.99", "6.6.6.6, 1.2.3.4, 10.0.0.8") == "1.2.3.4", "what a proxy of ours did not see"
    assert source(named, "10.0.1.1", "1.2.3.4") == "10.0.1.1"


def test_a_proxy_that_is_no_address_is_refused_by_name(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["api", "--home", str(tmp_path), "--trusted-proxy", "nas.local"])
    assert refused.exit_code != 0 and "nas.local" in str(refused.exception)


@pytest.mark.parametrize(("given", "prefix"), [("", ""), ("/", ""), ("/films/", "films"), ("a/b-c", "a/b-c")])
def test_a_prefix_is_written_in_one_way(given: str, prefix: str) -> None:
    assert checked_prefix(given) == prefix


@pytest.mark.parametrize("given", ["a b", "a?b", "a//b", "ä", "a%2fb"])
def test_a_prefix_that_is_no_plain_path_is_refused_by_name(given: str) -> None:
    with pytest.raises(ParameterError, match="--path-prefix"):
        checked_prefix(given)
