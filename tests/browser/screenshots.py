"""Pictures of every page in both themes: `python -m tests.browser.screenshots [--home DIR] [--out docs/screenshots]`.

Without --home the demo catalogue of the usual home is shown; it must have been built (`filmscore demo`). With
--posters it takes pictures of a small folder of made-up films with posters, added to a home of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from db.home import Home
from service.library.adding import ingest
from service.questions.app_data import OpenCatalogue
from service.rights.access import LOCAL, new_session
from service.rights.browsers import SESSION_COOKIE
from service.rights.media_roots import add_root
from tests.browser.film_folder import write_folder
from tests.browser.server import launch, served, settled

WIDTH, HEIGHT = 1280, 900


def _shots(home: Home) -> dict[str, tuple[str, str]]:
    """File name -> path of the page and what to press on it; "#" before a heading: what to scroll to."""
    found = OpenCatalogue.open(home)
    heard = [int(film_id) for film_id in found.films.index[found.films["has_music"]]]
    liked = f"{heard[0]},{heard[len(heard) // 2]}" if heard else "1"
    genres = {film_id: len({run.genre for run in found.snapshot.runs(film_id)}) for film_id in heard}
    film = max(heard, key=genres.__getitem__) if heard else 1
    with_faces = next(iter(found.snapshot.faces(heard)), film)
    return {
        "discover-start": ("/", ""),
        "discover": (f"/?like={liked}&music=0.75", ""),
        "discover-mix": (f"/?like={liked}", "Mix"),
        "tonight": (f"/tonight?people=Ann:{heard[0]};Bo:{heard[-1]}" if heard else "/tonight", ""),
        "map": ("/map", ""),
        "map-scenes": ("/map?of=scenes&colour=energy", ""),
        "film-faces": (f"/film?film={with_faces}", "#Said and seen"),
        "film": (f"/film?film={film}", ""),
        "film-scenes": (f"/film?film={film}&layer=segments", "#Timeline"),
        "films": ("/films", ""),
        "lists": (f"/lists?films={liked}&name=For%20tonight", ""),
        "compare": (f"/compare?a={heard[0] if heard else 1}&b={film}", ""),
        "overview": ("/overview", ""),
        "sounds-like": ("/sounds_like", ""),
        "mining-correlations": ("/mining", ""),
        "mining-projection": ("/mining", "Projection"),
        "mining-surfaces": ("/mining", "Decision surfaces"),
        "mining-directors": ("/mining", "Telling directors apart"),
        "mining-table": ("/mining", "Table"),
        "validity": ("/validity", ""),
        "library": ("/library", ""),
        "how-this-works": ("/about", ""),
        "add-films": ("/add_films", ""),
        "jobs": ("/jobs", ""),
        "models": ("/models", ""),
        "data": ("/data", ""),
        "sign-in": ("/sign_in", ""),
    }


def choose(page: Page, section: str) -> None:
    """Press a section or open a menu, where there is one; scroll to a heading ("#" before it)."""
    if section.startswith("#"):
        heading = page.get_by_role("heading", name=section[1:])
        if heading.count():
            heading.first.scroll_into_view_if_needed()
            heading.first.evaluate("one => one.scrollIntoView()")
        return
    if not page.get_by_role("radio", name=section).or_(page.get_by_role("button", name=section)).count():
        return  # a catalogue without pictures has no mix
    page.get_by_role("radio", name=section).or_(page.get_by_role("button", name=section)).first.click()
    page.wait_for_timeout(400)
    settled(page)


@contextmanager
def _with_posters() -> Iterator[tuple[Home, dict[str, tuple[str, str]]]]:
    """A home with the films of a made-up folder, and its pictures as `_shots` names them."""
    with tempfile.TemporaryDirectory() as parent:
        home, root = Home.at(Path(parent, "home")), Path(parent, "Movies")
        write_folder(root)
        add_root(home, LOCAL, root)
        ingest(home, [root])
        liked = OpenCatalogue.open(home).snapshot.find_titles("Quiet Sea", 1)[0].film_id
        yield (
            home,
            {
                "films-posters": ("/films", ""),
                "film-poster": (f"/film?film={liked}", ""),
                "discover-posters": (f"/?like={liked}", ""),
            },
        )


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--posters", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.posters:
        with _with_posters() as (home, shots):
            _take(home, shots, options.out)
    else:
        home = Home.at(options.home)
        _take(home, _shots(home), options.out)


def _take(home: Home, shots: Mapping[str, tuple[str, str]], out: Path) -> None:
    session = new_session(home)
    with served(home.root) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for scheme in ("dark", "light"):
            with browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT},
                color_scheme=scheme,  # type: ignore[arg-type]
            ) as context:
                # Signed in as an admin, whose pages are shown as well.
                context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
                page = context.new_page()
                for name, (path, section) in shots.items():
                    page.goto(address + path)
                    settled(page)
                    if section:
                        choose(page, section)
                    page.mouse.move(0, 0)
                    page.wait_for_timeout(1200)
                    page.screenshot(path=out / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
