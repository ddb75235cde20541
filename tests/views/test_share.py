"""The menu Share: the link, its QR code for phones, and the explanation if there is no code."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import unquote

import pytest
import segno
import streamlit as st

from db.home import Home
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import share


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text on the page."""
    said: list[str] = []
    monkeypatch.setattr(st, "html", said.append)
    monkeypatch.setattr(st, "caption", said.append)
    return said


def at(monkeypatch: pytest.MonkeyPatch, url: str | None) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(url=url, locale="en"))


def code_of(link: str) -> str:
    drawn = segno.make_qr(link, error="l").svg_data_uri(dark="#000", light="#fff", border=4, omitsize=True)
    return str(drawn)


@pytest.mark.parametrize(
    ("here", "address", "link"),
    [
        ("http://cinema.lan:8501/", "film?film=3", "http://cinema.lan:8501/film?film=3"),
        (
            "https://films.example.org/score/tonight",
            "lists?films=1%2C2",
            "https://films.example.org/score/lists?films=1%2C2",
        ),
    ],
)
def test_the_code_holds_the_link(
    here: str, address: str, link: str, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, here)
    share.link_code(address)
    assert f'src="{code_of(link)}"' in shown[0] and "#000" in unquote(shown[0])
    assert shown[1:] == [share.CODE_WORDS]


def test_no_code_is_drawn_that_a_phone_cannot_use(shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for here in ("http://localhost:8501/", "http://127.0.0.1:8501/film", "http://[::1]:8501/"):
        at(monkeypatch, here)
        share.link_code("film?film=3")
    assert len(shown) == 3 and all("filmscore serve --address 0.0.0.0" in said for said in shown)
    at(monkeypatch, "http://cinema.lan/")
    share.link_code("lists?films=" + "1," * share.MOST_BYTES)
    assert shown[3:] == [share.TOO_LONG]
    at(monkeypatch, None)  # a client that does not say where it is
    share.link_code()
    assert len(shown) == 4


@pytest.mark.parametrize(("page", "asked"), [("discover", {"like": "1"}), ("tonight", {"people": "Ann:1"})])
def test_the_menu_draws_the_code_when_it_is_open(
    page: str, asked: dict[str, str], filled: Home, open_page: Open
) -> None:
    app = open_page(filled.root, page, **asked)
    assert "fs-copy" in words(app) and "this machine only" not in words(app), "drawing takes time"
    app.context["url"] = "http://localhost:8501/"
    app.session_state["share"] = True  # as the browser does that opens it
    assert "this machine only" in words(app.run())
