"""An admin's first day: a password, a film that arrives while one watches, a correction, and a way out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db.catalogue.snapshot import Snapshot
from db.home import Home
from service.rights import access, media_roots
from service.rights.access import LOCAL
from service.rights.browsers import BROWSER_COOKIE, SESSION_COOKIE
from tests.browser.screenshots import choose
from tests.browser.server import served, settled
from tests.browser.test_axe import violations
from tests.views.catalogue import build

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, film_file: Path) -> Home:
    home = build(tmp_path_factory.mktemp("admin"))
    root = tmp_path_factory.mktemp("films")
    shutil.copy(film_file, root / "Brand New.mkv")
    media_roots.add_root(home, LOCAL, root)
    return home


@pytest.fixture(scope="module")
def own_address(home: Home) -> Iterator[str]:
    with served(home.root) as where:
        yield where


def test_a_film_is_added_and_arrives_while_one_watches(page: Page, own_address: str, home: Home) -> None:
    page.goto(f"{own_address}/sign_in?setup={access.setup_token(home)}")
    settled(page)
    page.get_by_role("textbox", name="New password").fill(PASSWORD)
    page.get_by_role("textbox", name="The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url(f"{own_address}/overview")
    expect(page.get_by_text("What needs you first")).to_be_visible()
    menu = page.get_by_test_id("stSidebarNav")
    expect(menu.get_by_role("link", name="Sign out")).to_be_visible()
    expect(menu.get_by_role("link", name="Sign in")).to_have_count(0)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies[SESSION_COOKIE]["httpOnly"] and cookies[SESSION_COOKIE]["sameSite"] == "Strict"
    assert not cookies[SESSION_COOKIE]["secure"] and cookies[BROWSER_COOKIE]["httpOnly"]
    assert "filmscore" not in page.evaluate("document.cookie")

    page.goto(f"{own_address}/add_films")  # a new visit: the browser remembers
    settled(page)
    roots = page.get_by_role("combobox", name="Media root")
    roots.click()
    page.get_by_role("option").filter(has_text="films").first.click()
    settled(page)
    page.get_by_role("button", name="Preview").click()
    settled(page)
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    link = page.get_by_role("link", name="Open")
    expect(link).to_be_visible(timeout=300_000)
    link.click()
    expect(page.locator(".fs-title.big")).to_have_text("Brand New")
    settled(page)  # the title stands before the sections do

    choose(page, "Scenes")
    page.get_by_role("link", name="Correct these scenes by ear").click()
    with Snapshot.open(home) as snapshot:
        (film,) = [one for one in snapshot.find_titles("brand new", 1) if one.title == "Brand New"]
        heard = snapshot.runs(film.film_id or 0)[0]
    assert not heard.corrections
    value, key = ("jazz", "5") if heard.genre != "jazz" else ("rock", "2")
    expect(page.get_by_role("button", name="Save, and next")).to_be_visible()
    settled(page)
    assert violations(page) == []
    page.keyboard.press(key)
    settled(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved: Brand New")).to_be_visible()
    with Snapshot.open(home) as snapshot:
        run = snapshot.runs(film.film_id or 0)[0]
    assert run.corrections["genre"] == value and run.genre == heard.genre
    assert run.corrections["energy"] == heard.energy, "what was left as it is was heard, too"
    page.goto(f"{own_address}/jobs")  # with a job, which the pages of test_axe do not have
    settled(page)
    expect(page.get_by_text("Nothing was submitted yet")).to_have_count(0)
    assert violations(page) == []
