"""The question in a real browser: the address is its home, and Back undoes one act."""

from __future__ import annotations

import random
import re
from urllib.parse import parse_qsl, urlparse

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screenshots import choose
from tests.browser.server import settled

pytestmark = pytest.mark.browser
FULL = {
    "like": "1,7",
    "year-from": "1955",
    "genre": "Drama",
    "with-music": "1",
    "n": "7",
    "max-per-director": "2",
}


def asked(page: Page) -> dict[str, str]:
    """The question in the address bar."""
    return dict(parse_qsl(urlparse(page.url).query))


def opened(page: Page, address: str, question: dict[str, str]) -> None:
    page.goto(f"{address}/?" + "&".join(f"{name}={value}" for name, value in question.items()))
    settled(page)


def look_into_filters(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("How many films")).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)


def slide(page: Page, label: str, key: str) -> None:
    handle = page.get_by_role("slider", name=label)
    handle.focus()
    before = page.url
    handle.press(key)
    expect(page).not_to_have_url(before)  # Streamlit gathers a slider's moves before it sends them
    settled(page)


def set_aside(page: Page, label: str) -> None:
    button = page.get_by_role("button", name=label).first
    film = page.locator(".fs-title").first.inner_text()
    button.click()
    expect(page.locator(".fs-title").first).not_to_have_text(film)
    settled(page)


def test_filters_stay_when_they_are_looked_at(page: Page, address: str) -> None:
    opened(page, address, FULL)
    set_aside(page, "Not for me")
    question = asked(page)
    gone = question.pop("dislike")
    assert question == FULL and gone.isdecimal()
    look_into_filters(page)
    assert asked(page) == FULL | {"dislike": gone}
    slide(page, "Variety", "ArrowRight")
    assert asked(page) == FULL | {"dislike": gone, "variety": "0.15"}
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("spinbutton", name="How many films")).to_have_value("7")
    expect(page.get_by_role("spinbutton", name="At most per director")).to_have_value("2")


def test_a_random_walk_leaves_the_question_alone(page: Page, address: str) -> None:
    opened(page, address, FULL)
    draw = random.Random(17)
    question = dict(FULL)
    share = {"music": 50, "variety": 10}
    for act in draw.choices(["filters", "reload", "seen", "music", "variety", "n"], k=14):
        if act == "filters":
            look_into_filters(page)
        elif act == "reload":
            page.reload()
            settled(page)
        elif act == "seen":
            set_aside(page, "Seen")
            films = [one for one in question.get("seen", "").split(",") if one]
            now = asked(page)["seen"].split(",")
            assert now[:-1] == films
            question["seen"] = ",".join(now)
        elif act == "n":
            page.get_by_role("button", name="Filters").click()
            box = page.get_by_role("spinbutton", name="How many films")
            question["n"] = str(draw.randint(3, 9))
            box.fill(question["n"])
            box.press("Enter")
            settled(page)
            page.keyboard.press("Escape")
        else:
            slide(page, {"music": "Story / Sound", "variety": "Variety"}[act], "ArrowRight")
            share[act] += 5
            question[act] = f"{share[act] / 100:g}"
        assert asked(page) == question, act


def test_back_undoes_one_act_at_a_time(page: Page, address: str) -> None:
    opened(page, address, {"like": "1"})
    slide(page, "Variety", "ArrowRight")
    start = page.url
    places = []
    for _ in range(2):
        places.append(page.url)
        set_aside(page, "Like")
    places.append(page.url)
    assert len(set(places)) == 3
    page.locator(".fs-title a").first.click()
    page.wait_for_url(re.compile(r"/film\?film=\d+"))
    settled(page)
    for place in reversed(places):
        page.go_back()
        expect(page).to_have_url(place)
        settled(page)
        likes = len(asked(page)["like"].split(","))
        expect(page.locator(".stMultiSelect [data-tag]")).to_have_count(likes)
        expect(page).to_have_url(place)
    assert page.url == start
    slide(page, "Variety", "ArrowRight")
    assert asked(page) == {"like": "1", "variety": "0.2"}


def test_a_section_is_in_the_address_and_in_the_tab_s_name(page: Page, address: str) -> None:
    page.goto(f"{address}/mining?section=projection")
    settled(page)
    expect(page).to_have_title("Mining · filmscore")
    expect(page.get_by_text("What the components are made of")).to_be_visible()
    choose(page, "Table")
    expect(page).to_have_url(re.compile(r"/mining\?section=table$"))
    page.go_back()
    expect(page.get_by_text("What the components are made of")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/mining\?section=projection$"))
    page.goto(f"{address}/film?film=25")
    expect(page).to_have_title("Unheard 3 · filmscore")


def test_a_link_within_the_app_opens_without_loading_it_anew(page: Page, address: str) -> None:
    opened(page, address, {"like": "1"})
    page.evaluate("window.stillHere = true")
    page.locator(".fs-title a").first.click()
    expect(page.locator(".fs-title.big")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Crime").first.click()
    page.wait_for_url(f"{address}/films?genre=Crime")
    expect(page.locator(".fs-wall li").first).to_be_visible()
    page.go_back()
    expect(page.locator(".fs-title.big")).to_be_visible()
    page.get_by_role("link", name="Back to the answers").click()
    expect(page).to_have_url(f"{address}/?like=1")
    assert page.evaluate("window.stillHere")


def test_what_compare_shows_unasked_is_in_its_address(page: Page, address: str) -> None:
    page.goto(f"{address}/about")
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Compare").click()
    page.wait_for_url(re.compile(r"/compare\?"))
    settled(page)
    films = asked(page)
    assert films.keys() == {"a", "b"} and films["a"] != films["b"]
    page.get_by_role("radio", name="Two directors").click()
    page.wait_for_url(re.compile(r"what=directors&a="))
    settled(page)
    directors = asked(page)
    assert not {directors["a"], directors["b"]} & set(films.values())
    heading = page.get_by_role("heading", name=directors["b"])
    expect(heading).to_be_visible()
    page.reload()
    expect(heading).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile(f"a={films['a']}&b={films['b']}$"))
    settled(page)
    page.go_back()
    expect(page).to_have_url(f"{address}/about")
