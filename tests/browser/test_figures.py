"""Figures in a real browser: saved in every format, zoomed, and in a narrow window."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screenshots import choose
from tests.browser.server import settled
from tests.browser.test_axe import open_place

pytestmark = pytest.mark.browser

FIGURES = {
    ("/mining", "Correlations"): ("correlations", "pair"),
    ("/mining", "Projection"): ("projection", "loadings"),
    ("/mining", "Decision surfaces"): ("surfaces",),
    ("/mining", "Telling directors apart"): ("separation", "confusion"),
    ("/film?film=1", "Overview"): ("timeline", "music"),
}
"""Page and section -> the figures there."""
BEGINS = {
    "PNG": b"\x89PNG\r\n\x1a\n",
    "SVG": b"<svg ",
    "HTML": b"<!doctype html>",
    "CSV": b"",
}


def saved(page: Page, figure: str, kind: str) -> tuple[str, bytes]:
    """Name and content of what a figure's menu saves."""
    button = page.get_by_role("button", name=f"{'Data' if kind == 'CSV' else 'Figure'} as {kind}", exact=True)
    if not button.is_visible():
        page.locator(f".st-key-save-{figure} button").first.click()
    with page.expect_download() as download:
        button.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize(("place", "figures"), FIGURES.items(), ids=lambda one: one[-1].replace(" ", "-"))
def test_every_figure_is_saved_in_every_format(
    place: tuple[str, str], figures: tuple[str, ...], page: Page, address: str
) -> None:
    path, section = place
    page.goto(address + path)
    settled(page)
    choose(page, section)
    shown = page.locator('[class*="st-key-figure-"]')
    expect(shown).to_have_count(len(figures))
    for figure in figures:
        for kind, begins in BEGINS.items():
            name, content = saved(page, figure, kind)
            assert name == f"{figure}.{kind.lower()}"
            assert content.lower().startswith(begins.lower()) and len(content) > 20
        page.keyboard.press("Escape")


def test_the_timeline_zooms(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=1")
    settled(page)
    plot = page.locator(".st-key-figure-timeline .js-plotly-plot")
    span = "figure => figure._fullLayout.xaxis3.range[1] - figure._fullLayout.xaxis3.range[0]"
    whole = plot.evaluate(span)
    strip = page.locator(".st-key-figure-timeline .nsewdrag").last
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.25, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert plot.evaluate(span) == pytest.approx(whole / 4, rel=0.05)


NARROW = ("/?like=1", "/film?film=1", "/sounds_like", "/mining", "/validity", "/library", "/about", "/sign_in", "/")


def test_nothing_is_wider_than_a_narrow_window(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(address)
    settled(page)
    for path in NARROW:
        open_place(page, path)
        wide = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollWidth")
        assert wide <= 400, path
