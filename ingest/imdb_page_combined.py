"""The layout of IMDb's /combined pages until about 2016: `h5` labels in `div.info`."""

from __future__ import annotations

import re
from copy import copy

from bs4 import BeautifulSoup, Tag

from errors import MetadataError
from film import Film
from ingest.imdb_page_json import CAST_KEPT, NOT_FILMS
from ingest.imdb_page_old import digits, links, own_text, text_of

_NO_FILM = re.compile(r"\((TV [Ss]eries|TV [Mm]ini-?[Ss]eries|TV [Ee]pisode|TV [Ss]pecial|[Vv]ideo [Gg]ame|VG)\b")


def combined_layout(soup: BeautifulSoup, imdb_id: str, name: str) -> Film | None:
    """The film of a /combined page, or None if the page is not one; `name` names the page in errors.

    Raises:
        MetadataError: the page is of a series, an episode or a game.
    """
    heading = soup.select_one("#tn15title h1")
    if heading is None:
        return None
    kind = _NO_FILM.search(text_of(heading))
    if kind or _block(soup, "Seasons") or _block(soup, "TV Series"):
        raise MetadataError(f"{name}: {NOT_FILMS.format(kind[1] if kind else 'TV series')}")
    year = re.search(r"\(\s*(\d{4})", text_of(heading))
    rating = re.search(r"(\d+(?:\.\d+)?)\s*/\s*10", text_of(soup.select_one(".starbar-meta")))
    votes = re.search(r"([\d,]+)\s*votes", text_of(soup.select_one(".starbar-meta")))
    runtime = re.search(r"(\d+)\s*min", text_of(_block(soup, "Runtime")))
    return Film(
        title=own_text(heading),
        imdb_id=imdb_id,
        other_title=own_text(soup.select_one("#tn15title .title-extra")),
        year=int(year[1]) if year else None,
        rating=float(rating[1]) if rating else None,
        votes=digits(votes[1]) if votes else None,
        runtime_minutes=int(runtime[1]) if runtime else None,
        countries=links(_block(soup, "Country")),
        languages=links(_block(soup, "Language")),
        locations=links(_block(soup, "Filming Locations")),
        genres=links(_block(soup, "Genre")),
        directors=links(_block(soup, "Director")),
        cast=tuple(dict.fromkeys(text_of(cell) for cell in soup.select("table.cast td.nm")))[:CAST_KEPT],
    )


def _block(soup: BeautifulSoup, label: str) -> Tag | None:
    """The block under an `h5` with a label, singular or plural: "Director:", "Directors:". It is the `div.info` around
    the label, or what follows up to the next label where a page has no such `div`."""
    for heading in soup.select("h5"):
        said = text_of(heading).rstrip(":").strip()
        if said in (label, f"{label}s", f"{label[:-1]}ies"):
            around = heading.parent
            return around if around is None or len(around.select("h5")) == 1 else _following(soup, heading)
    return None


def _following(soup: BeautifulSoup, heading: Tag) -> Tag:
    block = soup.new_tag("div")
    for one in heading.next_siblings:
        if isinstance(one, Tag) and one.name in ("h5", "h3", "table"):
            break
        block.append(copy(one))
    return block
