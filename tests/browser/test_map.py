"""The map in the browser: all points move without the server; a click, a line around points and keys choose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from bench.map import map_page
from db.home import Home
from film import GENRES
from service.figures.look import DARK
from service.questions.app_data import OpenCatalogue
from tests.browser.server import settled

pytestmark = pytest.mark.browser
CANVAS = ".fs-map canvas"


@pytest.fixture
def large(empty_page: Page) -> Iterator[Page]:
    """5,000 points without the app around them; `window.told` holds what was chosen."""
    points = np.random.default_rng(3).normal(size=(5_000, 2))
    empty_page.set_content(map_page(points))
    empty_page.wait_for_selector("canvas[data-frames]")
    yield empty_page


def place_of(page: Page, row: int) -> tuple[float, float]:
    """Where a point of the map is in the window."""
    x, y = page.evaluate("row => window.fsMap.screen(row)", row)
    box = page.locator(CANVAS).bounding_box()
    assert box
    return box["x"] + x, box["y"] + y


def drag(page: Page, corners: list[tuple[float, float]]) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()


def test_what_the_script_finds_is_what_a_look_at_all_points_finds(large: Page) -> None:
    found = large.evaluate("""() => {
        const map = window.fsMap, { points } = map, wrong = [];
        for (let trial = 0; trial < 300; trial++) {
            const [x, y, reach] = [Math.sin(trial) * 4, Math.cos(trial * 3) * 4, 0.01 + (trial % 7) / 8];
            let [best, least] = [-1, reach];
            for (let row = 0; row < points.n; row++) {
                const away = Math.hypot(points.x[row] - x, points.y[row] - y);
                if (away <= least) [best, least] = [row, away];
            }
            const got = map.rowNear(x, y, reach);
            if (got !== best) wrong.push([trial, got, best]);
        }
        return wrong;
    }""")
    assert found == []


def test_unknown_points_are_drawn_below_the_others(empty_page: Page) -> None:
    empty_page.set_content(map_page(np.zeros((2, 2))))
    empty_page.wait_for_selector("canvas[data-frames]")
    colours = empty_page.evaluate("""() => [[], [1]].map((under) => {
        const map = window.fsMap;
        Object.assign(map.asked.look, { under });
        map.picture.stale = true;
        map.draw(performance.now());
        return [...map.paper.getImageData(map.canvas.width / 2, map.canvas.height / 2, 1, 1).data].slice(0, 3);
    })""")
    last, first = ([int(DARK.genre[name][i : i + 2], 16) for i in (1, 3, 5)] for name in (GENRES[1], GENRES[0]))
    for shown, wanted, other in ((colours[0], last, first), (colours[1], first, last)):
        assert np.abs(np.subtract(shown, wanted)).sum() < np.abs(np.subtract(shown, other)).sum()


def test_dragging_moves_the_map_and_the_wheel_keeps_what_is_below_the_pointer(large: Page) -> None:
    before = place_of(large, 7)
    drag(large, [(500, 300), (560, 340)])
    after = place_of(large, 7)
    assert np.allclose(np.subtract(after, before), (60, 40), atol=1)
    large.mouse.move(*after)
    large.mouse.wheel(0, -400)
    large.wait_for_function("half => window.fsMap.view.half < half", arg=large.evaluate("window.fsMap.whole().half"))
    assert np.allclose(place_of(large, 7), after, atol=1)
    assert large.evaluate("window.told") is None, "a movement chooses nothing"


def test_a_click_and_a_line_choose_what_is_there(large: Page) -> None:
    large.evaluate("() => window.fsMap.move({ x: window.fsMap.points.x[9], y: window.fsMap.points.y[9], half: 0.02 })")
    large.mouse.click(*place_of(large, 9))
    assert large.evaluate("window.told") == {"points": "bench", "rows": [9], "clicked": True}
    large.evaluate("() => window.fsMap.move(window.fsMap.whole())")
    large.get_by_role("button", name="Draw around").click()
    box = large.locator(CANVAS).bounding_box()
    assert box
    left, top = box["x"], box["y"]
    drag(large, [(left + 300, top + 100), (left + 700, top + 100), (left + 700, top + 500), (left + 300, top + 500)])
    told = large.evaluate("window.told")
    screen = np.array(large.evaluate("() => [...window.fsMap.points.x.keys()].map((row) => window.fsMap.screen(row))"))
    inside = (screen[:, 0] > 300) & (screen[:, 0] < 700) & (screen[:, 1] > 100) & (screen[:, 1] < 500)
    assert not told["clicked"] and told["rows"] == np.flatnonzero(inside).tolist()
    expect(large.get_by_role("status")).to_have_text(f"{inside.sum()} chosen")


def test_two_fingers_change_the_scale(large: Page) -> None:
    half = large.evaluate("window.fsMap.view.half")
    large.evaluate("""() => {
        const canvas = document.querySelector('.fs-map canvas');
        canvas.setPointerCapture = () => {};
        const box = canvas.getBoundingClientRect();
        const touch = (type, pointerId, x) => canvas.dispatchEvent(new PointerEvent(type, {
            pointerId, pointerType: 'touch', clientX: box.left + x, clientY: box.top + 200, bubbles: true }));
        touch('pointerdown', 11, 400);
        touch('pointerdown', 12, 500);
        touch('pointermove', 11, 350);
        touch('pointermove', 12, 550);
        touch('pointerup', 11, 350);
        touch('pointerup', 12, 550);
    }""")
    assert large.evaluate("window.fsMap.view.half") == pytest.approx(half / 2)
    assert large.evaluate("window.told") is None


def test_keys_move_the_map_and_say_what_is_in_the_middle(large: Page) -> None:
    large.locator(CANVAS).focus()
    x, half = large.evaluate("[window.fsMap.view.x, window.fsMap.view.half]")
    large.keyboard.press("ArrowRight")
    large.keyboard.press("+")
    assert large.evaluate("window.fsMap.view.x") > x and large.evaluate("window.fsMap.view.half") < half
    expect(large.get_by_role("status")).to_contain_text("is nearest to the middle")
    large.keyboard.press("Enter")
    [row] = large.evaluate("window.told.rows")
    expect(large.get_by_role("status")).to_contain_text(large.evaluate(f"window.fsMap.points.names[{row}]"))


def test_the_legend_hides_a_group_which_then_cannot_be_chosen(large: Page) -> None:
    shown = int(large.locator(CANVAS).get_attribute("data-shown") or 0)
    large.locator(".fs-map-legend button").first.click()
    expect(large.locator(CANVAS)).not_to_have_attribute("data-shown", str(shown))
    group = large.evaluate("window.fsMap.points.group[0]")
    large.evaluate(f"() => {{ window.fsMap.hidden.fill(1); window.fsMap.hidden[{group}] = 0; }}")
    large.get_by_role("button", name="List what is in view").click()
    rows = large.evaluate("window.told.rows")
    assert rows and large.evaluate("rows => rows.every((row) => window.fsMap.points.group[row] === 0)", rows)


def test_the_page_opens_a_clicked_film_and_lists_those_in_view(page: Page, address: str, served_home: Home) -> None:
    page.goto(f"{address}/map?colour=decade")
    settled(page)
    page.wait_for_selector(f"{CANVAS}[data-shown]")
    page.get_by_role("button", name="List what is in view").click()
    films = OpenCatalogue.open(served_home).recommender.map_vectors("sound").film_ids.tolist()
    expect(page.get_by_role("heading", name=f"{len(films)} films")).to_be_visible()
    expect(page.get_by_role("link", name="Open these films as a list")).to_be_visible()
    page.locator(CANVAS).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/film?film=*")
    assert int(page.url.rpartition("=")[2]) in films
    page.go_back()
    page.wait_for_url(f"{address}/map?colour=decade")
    page.wait_for_selector(f"{CANVAS}[data-shown]")
