"""What a phone shows can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 390, 640])
def test_the_words_of_a_film_fill_the_phone(width: int, browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}/film?film=1")
        settled(page)
        words = page.locator(".fs-film.big .fs-words")
        expect(words).to_be_visible()
        box = words.bounding_box()
        assert box and box["width"] > 0.8 * width
        assert box["height"] < 800


BROKEN = """() => [...document.querySelectorAll('.fs-table th, .fs-table td')].flatMap((cell) => {
    const text = cell.firstChild;
    return [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return new Set([...range.getClientRects()].map((rect) => rect.top)).size > 1;
    }).map((word) => word[0]);
})"""


def test_no_word_of_a_table_is_broken(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}/about")
        settled(page)
        assert page.locator(".fs-table td").count() > 20
        assert page.evaluate(BROKEN) == []
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360
