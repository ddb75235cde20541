"""Time until pages show useful content on a large catalogue: `python -m bench.pages --films 10000`.

The catalogue is generated; a tenth of its films have been analysed. A headless Chromium opens each page of a served app
in three ways: as the first visitor after the start, later by its address (the browser reloads the whole app), and from
the sidebar of the open app. Useful content is the first card, scene, table or finding; on Film it is the film. Then it
times three actions: a first like, a step of the slider, and Mining's figure.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from db.home import Home
from db.state.store import State
from film import Film
from service.library.publishing import publish
from service.rights import access
from service.rights.browsers import SESSION_COOKIE
from tests.browser.server import launch, served
from tests.views.catalogue import HABITS, analysis, hear

PATIENCE_MS = 300_000
"""A wait ends with what it waits for; this bound only ends a run that fails, so it is generous on a busy machine."""
USEFUL = {
    "/": ".fs-tile",
    "/films": ".fs-tile",
    "/?like=1,7": ".fs-sentence",
    "/film?film=1": ".fs-title.big",
    "/sounds_like": ".fs-strip",
    "/mining": ".fs-finding",
    "/library": '[data-testid="stDataFrame"] canvas',
    "/about": ".fs-key",
}


def generate(root: Path, n: int) -> Home:
    """Publish a catalogue of n films; every tenth has been analysed."""
    home = Home.at(root)
    random = np.random.default_rng(11)
    genres = ("Drama", "Comedy", "Crime", "Thriller", "Romance", "War", "Music")
    films = [
        Film(
            f"Generated film {number}",
            directors=(f"Director {number % (n // 12 + 1)}",),
            year=int(random.integers(1920, 2026)),
            rating=float(np.round(random.uniform(3, 9.5), 1)),
            votes=int(random.integers(10, 10**6)),
            runtime_minutes=int(random.integers(70, 200)),
            countries=(str(random.choice(["USA", "UK", "France", "Japan", "India"])),),
            genres=tuple(map(str, random.choice(genres, size=2, replace=False))),
            cast=(f"Actor {number % 997}", f"Actor {number % 761}"),
        )
        for number in range(n)
    ]
    with State.open(home) as state:
        ids = state.add_films(films)
        habits = list(HABITS)
        models = [analysis(habit, habit, seed) for habit in habits for seed in range(5)]
        for place, film_id in enumerate(ids[::10]):
            heard = models[place % len(models)]
            sha256 = f"{place:064x}"
            hear(state, home, film_id, replace(heard, media_sha256=sha256, media=f"{film_id}.mkv"))
    publish(home)
    return home


LINKS = {
    "/": "Discover",
    "/sounds_like": "Sounds like",
    "/mining": "Mining",
    "/library": "Library",
    "/about": "How this works",
}
"""Names in the sidebar, by path."""


def seconds_by_link(page: Page, name: str, selector: str, other: str) -> float:
    """Seconds from a click in the sidebar, on another page, to the first useful content."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=other, exact=True).click()
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator(selector).first.wait_for(state="detached", timeout=PATIENCE_MS)
    page.wait_for_timeout(700)
    start = time.perf_counter()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.locator(selector).first.wait_for(timeout=PATIENCE_MS)
    return time.perf_counter() - start


def seconds_to(page: Page, address: str, selector: str) -> float:
    """Seconds from the request for an address to the first useful content."""
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(selector).first.wait_for(timeout=PATIENCE_MS)
    return time.perf_counter() - start


def answered(page: Page, before: str) -> None:
    """Wait until an act has changed the address, which was `before`, and the page that it asks for is drawn."""
    page.wait_for_function(
        """before => location.href !== before
             && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'""",
        arg=before,
        timeout=PATIENCE_MS,
    )


def seconds_of_acts(page: Page, address: str) -> dict[str, float]:
    """Medians of 5: from the click on a title that was found to the first answer; from a key on the slider to the
    changed answers; from the sidebar to Mining's drawn figure."""
    likes, slides, figures = [], [], []
    for _ in range(5):
        page.goto(f"{address}/")
        page.locator(".fs-tile").first.wait_for(timeout=PATIENCE_MS)
        box = page.get_by_label("Films I love").first
        box.fill("Generated film 10")
        hit = page.get_by_role("option").or_(page.locator("[class*=st-key-hit-] button")).first
        hit.wait_for(timeout=PATIENCE_MS)
        start = time.perf_counter()
        hit.click()
        page.locator(".fs-sentence").first.wait_for(timeout=PATIENCE_MS)
        likes.append(time.perf_counter() - start)
        page.wait_for_timeout(1000)
        box.press("Escape")  # while the list of titles is open, everything else is hidden from roles
        slider = page.get_by_role("slider", name="Story / Sound")
        slider.focus()
        before, start = page.url, time.perf_counter()
        slider.press("ArrowRight")
        answered(page, before)
        slides.append(time.perf_counter() - start)
        figures.append(seconds_by_link(page, "Mining", ".js-plotly-plot .main-svg", "How this works"))
    medians = {"first_like": likes, "slider": slides, "mining_figure": figures}
    return {name: round(float(np.median(times)), 2) for name, times in medians.items()}


def measure(home: Home) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Path -> seconds as the first visitor (of the first page: the catalogue is opened), by address and by link
    (medians of 5); act -> seconds."""
    results: dict[str, dict[str, float]] = {}
    with served(home.root) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        with browser.new_context() as context:
            # an admin: visitors cannot open the page Library
            context.add_cookies([{"name": SESSION_COOKIE, "value": access.new_session(home), "url": address}])
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            for path, selector in USEFUL.items():
                cold = seconds_to(page, address + path, selector)
                warm = [seconds_to(page, address + path, selector) for _ in range(5)]
                results[path] = {"first_s": round(cold, 2), "address_s": round(float(np.median(warm)), 2)}
            for path, name in LINKS.items():
                other = "Library" if path == "/about" else "How this works"
                times = [seconds_by_link(page, name, USEFUL[path], other) for _ in range(5)]
                results[path]["link_s"] = round(float(np.median(times)), 2)
            acts = seconds_of_acts(page, address)
        browser.close()
    return results, acts


def main() -> None:
    """Generate and serve a catalogue, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = generate(Path(scratch), options.films)
        results, acts = measure(home)
    if options.json:
        json.dump({"films": options.films, "pages": results, "acts": acts}, sys.stdout)
        return
    for path, seconds in results.items():
        print(f"{path:16} " + "   ".join(f"{name[:-2]} {value:5.2f} s" for name, value in seconds.items()))
    print("   ".join(f"{name.replace('_', ' ')} {value:.2f} s" for name, value in acts.items()))


if __name__ == "__main__":
    main()
