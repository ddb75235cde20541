"""What a phone shows can be read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from db.home import Home
from film import Film
from tests.browser.server import settled
from tests.browser.test_axe import open_place
from tests.views.catalogue import SEEN
from views.sound_print import colour_strip
from views.theme import DARK
from views.wall import tile

pytestmark = pytest.mark.browser
STYLE = Path(__file__).resolve().parents[2] / "views" / "assets" / "style.css"


def test_the_words_of_a_film_fill_the_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/film?film=1")
    for width in (360, 390, 640):
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        words = page.locator(".fs-film.big .fs-words")
        expect(words).to_be_visible()
        box = words.bounding_box()
        assert box and 0.8 * width < box["width"] <= width
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


def test_no_word_of_a_table_is_broken(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/about")
    settled(page)
    assert page.locator(".fs-table td").count() > 20
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360


ZOOMED = ("/", "/?like=1,7", "/films", "/film?film=1&layer=segments", "/sounds_like", "/map", "/lists", "/compare")
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return [document.activeElement.tagName, document.activeElement.innerText.slice(0, 30), outlined];
}"""


def test_zoomed_pages_fit_their_window_and_the_keyboards_place_is_seen(page: Page, address: str) -> None:
    """640 pixels are a laptop's window at 200 %, 320 one at 400 %."""
    page.set_viewport_size({"width": 640, "height": 450})
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    settled(page)
    wider = []
    for place in ZOOMED:
        open_place(page, place)
        for width in (640, 320):
            page.set_viewport_size({"width": width, "height": 600})
            page.wait_for_timeout(150)
            shown = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
            wider += [(place, width, shown)] if shown > width + 1 else []
    assert wider == []
    page.set_viewport_size({"width": 1280, "height": 900})
    open_place(page, "/?like=1,7")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        tag, words, outlined = page.evaluate(FOCUS)
        unseen += [] if outlined or tag not in ("A", "BUTTON", "SUMMARY") else [(tag, words)]
    assert unseen == []
    moving = page.evaluate("getComputedStyle(document.querySelector('.stMain button')).transitionDuration")
    assert all(float(one.strip().removesuffix("s")) < 0.001 for one in moving.split(","))


SMALL = """least => [...document.querySelectorAll('[data-testid=stMain] :is(button:not(.modebar-btn), h3 a)')]
    .map(one => [one.getAttribute('aria-label') || one.innerText, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < least))
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


def test_what_a_thumb_presses_on_tonight_is_24_pixels_or_more(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/tonight?people=Ann:1,7;Bo:20&minutes=200")
    settled(page)
    assert page.locator("h3 a").count() == 10
    assert page.evaluate(SMALL, 24) == []


def test_fingers_get_44_pixels_and_no_keys_of_a_keyboard(page: Page, address: str) -> None:
    devtools = page.context.new_cdp_session(page)
    try:
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{address}/film?film=1&like=7")
        settled(page)
        assert page.evaluate("matchMedia('(pointer: coarse)').matches")
        small = page.evaluate(SMALL, 44)
        assert [one for one in small if not one.startswith("Open: ")] == []  # a menu opens on all of its box
        assert page.locator("audio").count() and page.locator(".fs-keys").count()
        assert not any(one.is_visible() for one in page.locator(".fs-keys").all())
    finally:
        devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        devtools.detach()


def test_choices_in_several_lines_have_whole_edges(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/mining?section=table")
    settled(page)
    choices = page.get_by_role("radiogroup", name="Section").get_by_role("radio")
    boxes = choices.evaluate_all("all => all.map(one => [one.offsetTop, getComputedStyle(one).borderStyle])")
    assert len({top for top, _ in boxes}) > 1 and {edge for _, edge in boxes} == {"solid"}


def test_titles_below_prints_and_posters_stand_at_one_height(empty_page: Page, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    tiles = tile(home, Film("A print"), None, DARK)
    for place, size in enumerate([(300, 450), (300, 300), (300, 120)]):
        film = Film(f"Poster {place}", media_sha256=f"{place:064x}")
        kept = home.posters / film.media_sha256[:2] / f"{film.media_sha256}.jpg"
        kept.parent.mkdir(parents=True, exist_ok=True)
        drawn = BytesIO()
        Image.new("RGB", size).save(drawn, "JPEG")
        kept.write_bytes(drawn.getvalue())
        tiles += tile(home, film, None, DARK)
    empty_page.set_content(f"<style>{STYLE.read_text('utf-8')}</style><ul class='fs-wall'>{tiles}</ul>")
    tops = empty_page.locator(".fs-tile b").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 4 and max(tops) - min(tops) < 1


@pytest.mark.parametrize("width", [390, 1440])
def test_a_film_s_colours_are_a_thin_strip_at_every_width(width: int, empty_page: Page) -> None:
    empty_page.set_viewport_size({"width": width, "height": 800})
    card = f"<div class='fs-film'><div class='fs-words'>{colour_strip(SEEN)}</div></div>"
    empty_page.set_content(f"<style>{STYLE.read_text('utf-8')}</style>{card}")
    box = empty_page.locator("img.fs-colours").bounding_box()
    assert box and box["height"] == 8 and box["width"] > 200
