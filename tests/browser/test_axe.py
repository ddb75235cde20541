"""axe-core finds nothing on any page: both themes, phone and laptop; for an admin, who sees the most.

The themes differ in colours only, so every rule is tried in the dark one and the contrast in both. A phone and the
light theme show one view of each page here, and every view in `make stress`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

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
    "/?like=1,7",
    "/",
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
    "/lists?films=1,2&name=Noir",
    "/lists",
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
"""Of each page the fullest view comes first."""
ONE_OF_EACH_PAGE = tuple({place.split("?")[0]: place for place in reversed(PLACES)}.values())


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
    ("scheme", "laptop", "phone"),
    [
        ("dark", PLACES, ONE_OF_EACH_PAGE),
        ("light", ONE_OF_EACH_PAGE, ()),
        pytest.param("dark", (), PLACES, marks=pytest.mark.stress),
        pytest.param("light", PLACES, PLACES, marks=pytest.mark.stress),
    ],
    ids=["dark", "light", "dark-phone-everywhere", "light-everywhere"],
)
def test_axe_finds_nothing(
    scheme: str, laptop: tuple[str, ...], phone: tuple[str, ...], page: Page, address: str, served_home: Home
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(SIZES["laptop"])  # type: ignore[arg-type]
    cookie = {"name": SESSION_COOKIE, "value": new_session(served_home), "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(address)
    settled(page)
    found = []
    for place in PLACES:
        sizes = [size for size, places in (("laptop", laptop), ("phone", phone)) if place in places]
        if sizes:
            open_place(page, place)
            assert page.get_by_text("Sign in first").count() == 0, "an admin sees the most"
        for size in sizes:
            page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
            found += [(place, size, *one) for one in violations(page, scheme)]
        page.set_viewport_size(SIZES["laptop"])  # type: ignore[arg-type]
    assert not found
