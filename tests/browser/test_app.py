"""The real thing in a real browser."""

from __future__ import annotations

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.screenshots import choose
from tests.browser.server import settled
from tests.browser.test_axe import open_place

pytestmark = pytest.mark.browser


def test_likes_in_films_with_reasons_out_and_the_link_can_be_shared(page: Page, browser: Browser, address: str) -> None:
    page.goto(address)
    settled(page)
    expect(page.get_by_text("Start with a film you love")).to_be_visible()
    box = page.get_by_role("combobox", name="Films I love")
    box.click()
    box.press_sequentially("club nights", delay=10)
    page.get_by_role("option").first.click()
    settled(page)
    page.keyboard.press("Escape")
    titles = page.locator(".fs-title")
    expect(page.locator(".fs-sentence").first).to_be_visible()
    expect(titles).to_have_count(10)
    settled(page)
    first = titles.all_inner_texts()
    expect(page).to_have_url(re.compile("like="))
    with browser.new_context() as other:
        second = other.new_page()
        second.goto(page.url)
        settled(second)
        expect(second.locator(".fs-title")).to_have_text(first)


def test_a_film_opens_from_its_card_and_the_pie_drills(page: Page, address: str) -> None:
    page.goto(f"{address}/?like=1&with-music=1&music=0.9")
    settled(page)
    page.locator(".fs-title a").first.click()
    page.wait_for_url(re.compile(r"/film\?film=\d+"))
    settled(page)
    expect(page.locator(".fs-title.big")).to_be_visible()
    slices = page.locator(".js-plotly-plot .sunburst .slice")
    expect(slices.first).to_be_visible()
    before = slices.count()
    page.locator(".sunburst .slice", has_text="music").first.click()
    page.wait_for_function(f"() => document.querySelectorAll('.sunburst .slice').length < {before}")
    choose(page, "Scenes")
    expect(page.locator(".fs-scenes tbody tr").first).to_be_visible()


def test_disliking_keeps_the_place_and_takes_the_film_away(page: Page, address: str) -> None:
    page.goto(f"{address}/?like=1")
    settled(page)
    links = page.locator(".fs-title a")
    gone = links.nth(3).get_attribute("href")
    dislike = page.get_by_role("button", name="Not for me").nth(3)
    dislike.scroll_into_view_if_needed()
    dislike.focus()
    page.wait_for_timeout(300)
    before = page.locator(".fs-title").nth(3).bounding_box()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hidden films: 1")).to_be_visible()
    expect(page.locator(f'a[href="{gone}"]')).to_have_count(0)
    expect(page).to_have_url(re.compile("dislike="))
    settled(page)
    # The next film stands where that one stood, and the keyboard is at it.
    expect(links.nth(3)).to_be_focused()
    after = page.locator(".fs-title").nth(3).bounding_box()
    assert before and after and after["y"] == pytest.approx(before["y"], abs=3)


def test_the_keyboard_alone_finds_a_film(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)
    page.get_by_role("combobox", name="Films I love").focus()
    page.keyboard.type("smoky jazz", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".fs-sentence").first).to_be_visible()
    settled(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.fs-title a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/film\?film=\d+"))
    expect(page.locator(".fs-title.big")).to_be_visible()


def test_the_keyboard_goes_from_a_menus_button_into_the_menu(page: Page, address: str) -> None:
    page.goto(f"{address}/?like=1")
    settled(page)
    page.get_by_role("button", name="More / less").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="More of")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="More of")).to_be_focused()


def test_a_button_that_is_pressed_by_key_keeps_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=1")
    settled(page)
    button = page.get_by_role("button", name="To watch")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Added to To watch")).to_be_visible()
    settled(page)
    expect(button).to_be_focused()


def test_decision_surfaces_are_drawn(page: Page, address: str) -> None:
    page.goto(f"{address}/mining")
    settled(page)
    section = "Decision surfaces"
    page.get_by_role("button", name=section).or_(page.get_by_role("radio", name=section)).first.click()
    settled(page)
    expect(page.locator(".js-plotly-plot .heatmaplayer image").first).to_be_attached()
    expect(page.get_by_text("lie in their own director's region")).to_be_visible()


def test_nothing_is_asked_of_other_hosts(page: Page, address: str) -> None:
    hosts: set[str] = set()

    def asked(request: Request) -> None:
        hosts.add(urlparse(request.url).hostname or "")

    page.on("request", asked)
    page.goto(address)
    settled(page)
    for path in ("/?like=1", "/film?film=1", "/mining", "/about"):
        open_place(page, path)
    page.remove_listener("request", asked)
    assert "localhost" in hosts and hosts <= {"localhost", ""}


def test_hostile_titles_run_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/film?film=32")
    settled(page)
    expect(page.locator(".fs-title.big")).to_have_text('<img src=x onerror="document.title=1">')
    assert page.title() != "1"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_each_theme_is_drawn_in_its_colours(scheme: str, page: Page, address: str) -> None:
    ground = {"dark": "rgb(19, 18, 16)", "light": "rgb(251, 248, 242)"}[scheme]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/film?film=1")
    settled(page)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
    plot = page.locator(".js-plotly-plot .main-svg").first
    expect(plot).to_have_css("background-color", ground)
    families = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"Newsreader", "SourceSans3"} <= {family.strip("\"'") for family in families}
