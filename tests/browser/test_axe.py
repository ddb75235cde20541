"""axe-core finds nothing on any page: both themes, phone and laptop; for an admin, who sees the most.

The themes differ in colours only, so every rule is tried in the dark one, and the contrast in both (of the
light one on a phone in `make stress`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from db.home import Home
from service.rights.access import new_session
from service.rights.browsers import SESSION_COOKIE
from tests.browser.server import settled

pytestmark = pytest.mark.browser
RULES = {
    "dark": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "light": {"type": "rule", "values": ["color-contrast"]},
}
"""What is tried in a theme."""
SIZES = {"laptop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PLACES = (
    "/",
    "/?like=1,7",
    "/films",
    "/films?sort=calm&genre=Drama",
    "/film?film=1&like=7",
    "/film?film=1&layer=segments",
    "/film?film=25",
    "/film",
    "/sounds_like",
    "/sounds_like?way=clip",
    "/tonight?people=Ann:1,7;Bo:20&minutes=200",
    "/map",
    "/map?of=scenes&colour=energy",
    "/lists",
    "/lists?films=1,2&name=Noir",
    "/compare",
    "/compare?what=directors",
    "/mining",
    "/mining?section=projection",
    "/mining?section=surfaces",
    "/mining?section=directors",
    "/mining?section=table",
    "/validity",
    "/about",
    "/overview",
    "/library",
    "/by_ear",
    "/add_films",
    "/jobs",
    "/models",
    "/data",
    "/sign_in",
)


def violations(page: Page, scheme: str = "dark") -> list[tuple[str, str]]:
    """(rule, element) of what axe-core finds on an open page by the rules of a theme."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    if not page.evaluate("'axe' in window"):
        page.evaluate(next(Path(package.__file__).parent.rglob("axe.min.js")).read_text("utf-8"))
    run = "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})"
    found = page.evaluate(run, RULES[scheme])["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def open_place(page: Page, place: str) -> None:
    """Go to a page within the open app, as a link does, without a reload."""
    page.evaluate(
        "place => { history.pushState(null, '', place); window.dispatchEvent(new PopStateEvent('popstate')); }", place
    )
    page.wait_for_timeout(150)
    settled(page)


@pytest.mark.parametrize(
    ("scheme", "widths"),
    [
        ("dark", ("laptop", "phone")),
        ("light", ("laptop",)),
        pytest.param("light", ("phone",), marks=pytest.mark.stress),
    ],
)
def test_axe_finds_nothing(
    scheme: str, widths: tuple[str, ...], browser: Browser, address: str, served_home: Home
) -> None:
    found = []
    with browser.new_context(color_scheme=scheme, viewport=SIZES[widths[0]]) as context:  # type: ignore[arg-type]
        cookie = {"name": SESSION_COOKIE, "value": new_session(served_home), "url": address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(address)
        settled(page)
        for place in PLACES:
            open_place(page, place)
            assert page.get_by_text("Sign in first").count() == 0, "an admin sees the most"
            for width in widths:
                page.set_viewport_size(SIZES[width])  # type: ignore[arg-type]
                found += [(place, width, *one) for one in violations(page, scheme)]
            page.set_viewport_size(SIZES[widths[0]])  # type: ignore[arg-type]
    assert not found
