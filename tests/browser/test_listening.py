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
MUTED = """() => {
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () { this.muted = true; return play.call(this); };
}"""
"""Browsers play a page's sound before a click only if it is muted."""


def test_a_scene_plays_when_it_is_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=1")
    settled(page)
    player = page.locator("audio.fs-player").first
    expect(player).to_have_attribute("preload", "none")
    assert 10 < player.evaluate(PLAYED) <= 30.1


def test_a_scene_that_cannot_be_played_says_so_and_can_be_played_later(page: Page, address: str) -> None:
    page.route("**/excerpt?*", lambda route: route.fulfill(status=503, body="busy"))
    page.goto(f"{address}/film?film=1")
    settled(page)
    player = page.locator("audio.fs-player:not(.fs-timeline)").first
    player.evaluate("one => { one.play().catch(() => {}); }")
    said = page.locator(".fs-failed").first
    expect(said).to_contain_text("cannot be played now")
    page.unroute("**/excerpt?*")
    assert player.evaluate(PLAYED) > 1
    expect(said).to_be_empty()


def test_an_event_that_comes_late_stops_no_player(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=1")
    settled(page)
    scene = page.locator("audio.fs-player:not(.fs-timeline)").first
    scene.evaluate(PLAYED)
    page.locator("audio.fs-timeline").dispatch_event("play")
    assert not scene.evaluate("one => one.paused")


def test_a_film_whose_file_is_gone_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=2")
    settled(page)
    expect(page.get_by_text("is not where it was").first).to_be_visible()
    assert page.goto(f"{address}/excerpt?film=2&start=0").status == 422  # type: ignore[union-attr]


def test_a_click_on_the_timeline_and_keys_play_from_there(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/film?film=1")
    settled(page)
    player = page.locator("audio.fs-timeline")
    page.evaluate(MUTED)
    plot = page.locator(".st-key-figure-timeline .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    size = plot.evaluate("one => [one._fullLayout._size, one._fullLayout.xaxis.range[1] * 60]")
    assert box is not None
    place, length_s = size
    page.mouse.click(box["x"] + place["l"] + place["w"] / 4, box["y"] + place["t"] + place["h"] / 2)
    expect(page.locator(".fs-timeline-said")).to_contain_text("From ")
    assert float(player.get_attribute("data-start") or 0) == pytest.approx(length_s / 4, abs=length_s / 50)
    line = page.locator(".fs-playhead")
    begun = float(player.get_attribute("data-start") or 0)
    page.wait_for_function("at => Number(document.querySelector('.fs-playhead').dataset.second) > at + 0.3", arg=begun)
    expect(line).to_be_visible()
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('audio.fs-timeline').paused")
    starts: list[int] = player.evaluate("one => JSON.parse(one.dataset.runs)")
    following = next(one for one in starts if one > begun + 1)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"Number(document.querySelector('audio.fs-timeline').dataset.start) === {following}")
    page.keyboard.press("b")
    page.wait_for_function("[...document.querySelectorAll('audio.fs-player')].filter(one => !one.paused).length === 1")
    page.wait_for_function("document.querySelector('audio.fs-timeline').paused")
