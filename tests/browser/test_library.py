"""An admin chooses films in the Library's table, searches, and deletes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from db.home import Home
from service.rights.access import new_session
from service.rights.browsers import SESSION_COOKIE
from tests.browser.server import settled

pytestmark = pytest.mark.browser
ROW_PX = 35
"""Height of a row and of the head of Streamlit's table."""


@pytest.fixture
def library(page: Page, served_home: Home, address: str) -> Page:
    """The page, opened by an admin."""
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": new_session(served_home), "url": address}])
    page.goto(f"{address}/library")
    settled(page)
    return page


def _choose_row(page: Page, row: int) -> None:
    page.get_by_test_id("stDataFrame").first.click(position={"x": 18, "y": ROW_PX * (row + 1) + ROW_PX // 2})
    expect(page.get_by_role("link", name="Open the chosen film")).to_be_visible()
    settled(page)


def _search(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Search")
    box.fill(text)
    box.press("Enter")
    settled(page)


@pytest.mark.parametrize("text", ["only talk", "no film has this title"])
def test_a_search_after_a_choice(library: Page, text: str) -> None:
    _choose_row(library, 6)
    _search(library, text)
    expect(library.get_by_text("Something went wrong")).to_have_count(0)
    expect(library.get_by_text("Choose a row to open the film.")).to_be_visible()
    expect(library.get_by_role("button", name="Films as CSV")).to_be_visible()


def test_a_film_found_by_search_is_deleted(library: Page) -> None:
    _search(library, "unheard 9")  # no other test opens it
    _choose_row(library, 0)
    library.get_by_text("Delete this film and its analysis").click()
    settled(library)
    library.get_by_role("button", name="Delete", exact=True).click()
    expect(library.get_by_text("No film fits.")).to_be_visible()
    settled(library)
    expect(library.get_by_text("Something went wrong")).to_have_count(0)
    expect(library.get_by_text("Choose a row to open the film.")).to_be_visible()
