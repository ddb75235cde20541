"""A scene is heard in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import settled

pytestmark = pytest.mark.browser

PLAYED = """async (one) => {
    one.muted = true;
    await one.play();
    while (one.currentTime < 0.3) await new Promise(done => setTimeout(done, 50));
    return one.duration;
}"""
"""The length in seconds, when the sound has gone on for a moment."""


def test_a_scene_plays_when_it_is_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=1")
    settled(page)
    player = page.locator("audio.fs-player").first
    expect(player).to_have_attribute("preload", "none")
    assert 10 < player.evaluate(PLAYED) <= 30.1


def test_a_film_whose_file_is_gone_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=2")
    settled(page)
    expect(page.get_by_text("is not where it was").first).to_be_visible()
    assert page.goto(f"{address}/excerpt?film=2&start=0").status == 422  # type: ignore[union-attr]
