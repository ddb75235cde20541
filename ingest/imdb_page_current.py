"""The layout of IMDb's title pages since 2021: JSON in `script#__NEXT_DATA__`."""

from __future__ import annotations

import json
import re
from typing import Any

from bs4 import BeautifulSoup

from errors import MetadataError
from film import Film
from ingest.imdb_ids import imdb_id_of
from ingest.imdb_page_json import CAST_KEPT, FILM_TYPES, NOT_FILMS, at, items, number, texts, whole

_DIRECTORS = re.compile(r"direct(?:ors?|ed by)|.*\.director", re.IGNORECASE)
_CAST = re.compile(r"(?:top )?cast|.*\.cast", re.IGNORECASE)


def current_layout(soup: BeautifulSoup, imdb_id: str, name: str) -> Film | None:
    """The film of a page with JSON in `script#__NEXT_DATA__` (title, /reference and /locations pages since 2021), or
    None if the page has no such block or no title in it; `imdb_id` comes from its head, `name` names it in errors.

    Raises:
        MetadataError: the block is cut or damaged, or of a series, an episode, a game or the like.
    """
    script = soup.select_one("script#__NEXT_DATA__")
    if script is None:
        return None
    try:
        props = at(json.loads(script.get_text(), strict=False), "props", "pageProps")
    except json.JSONDecodeError as error:
        raise MetadataError(f"{name}: its __NEXT_DATA__ is cut or damaged ({error}). Save the page again.") from error
    above, main = at(props, "aboveTheFoldData"), at(props, "mainColumnData")
    locations = _locations_page(props)
    if above is None and locations:
        above = at(props, "contentData", "entityMetadata") or {}
    if above is None:
        return None
    kind = at(above, "titleType", "id")
    if kind is not None and kind not in FILM_TYPES:
        raise MetadataError(f"{name}: {NOT_FILMS.format(at(above, 'titleType', 'text') or kind)}")
    title = at(above, "titleText", "text")
    if not isinstance(title, str) or not title.strip():
        if not locations:
            return None
        title = _page_title(soup)
    original = at(above, "originalTitleText", "text")
    seconds = number(at(above, "runtime", "seconds")) or number(at(main, "runtime", "seconds"))
    own_id = str(at(above, "id") or at(main, "id") or at(props, "tconst") or "")
    return Film(
        title=title.strip(),
        imdb_id=imdb_id_of(own_id) or imdb_id,
        other_title=original.strip() if isinstance(original, str) and original.strip() != title.strip() else "",
        year=whole(at(above, "releaseYear", "year")),
        runtime_minutes=round(seconds / 60) if seconds and seconds > 0 else None,
        rating=number(at(above, "ratingsSummary", "aggregateRating")),
        votes=whole(at(above, "ratingsSummary", "voteCount")),
        metascore=_metascore(above, main),
        genres=_genres(above) or _genres(main),
        countries=_countries(above, main),
        languages=texts(at(one, "text") for one in items(at(main, "spokenLanguages", "spokenLanguages"))),
        directors=_directors(above, main),
        cast=_cast(above, main),
        locations=locations or _first_location(main),
        plot=str(at(above, "plot", "plotText", "plainText") or ""),
    )


def _page_title(soup: BeautifulSoup) -> str:
    """The film of "Law of Desire (1987) - Filming & production - IMDb"; empty if the page has no such title."""
    tag = soup.select_one("head title")
    found = re.match(r"(.+?) \((?:[A-Za-z ]*)\d{4}", tag.get_text()) if tag else None
    return found[1] if found else ""


def _metascore(above: Any, main: Any) -> int | None:
    for source in (above, main):
        for path in (("metascore", "score"), ("score",)):
            found = at(source, "metacritic", *path)
            if found is not None:
                return whole(found)
    return None


def _genres(data: Any) -> tuple[str, ...]:
    plain = texts(at(genre, "text") for genre in items(at(data, "genres", "genres")))
    return plain or texts(at(genre, "genre", "text") for genre in items(at(data, "titleGenres", "genres")))


def _countries(above: Any, main: Any) -> tuple[str, ...]:
    """Names of countries; empty for a list of codes only."""
    for source in (main, above):
        for place in ("countriesOfOrigin", "countriesDetails"):
            found = texts(at(country, "text") for country in items(at(source, place, "countries")))
            if found:
                return found
    return ()


def _directors(above: Any, main: Any) -> tuple[str, ...]:
    listed = [
        at(credit, "name", "nameText", "text")
        for group in items(at(main, "directors")) or items(at(above, "directorsPageTitle"))
        for credit in items(at(group, "credits"))
    ]
    credited = texts(_reference_credits(items(at(above, "crewV2")), _DIRECTORS))
    return max(texts(listed), credited, _category(main, _DIRECTORS), key=len)


def _cast(above: Any, main: Any) -> tuple[str, ...]:
    """The longest of a page's lists: the head of a /reference page names three, its body all."""
    edges = items(at(main, "cast", "edges")), items(at(above, "castPageTitle", "edges"))
    listed, head = (texts(at(edge, "node", "name", "nameText", "text") for edge in one) for one in edges)
    credited = texts(_reference_credits(items(at(above, "castV2"))))
    return max(listed, credited, _category(main, _CAST), head, key=len)[:CAST_KEPT]


def _category(main: Any, wanted: re.Pattern[str]) -> tuple[str, ...]:
    """Names of the section of a /reference page whose id or heading is a `wanted` one."""
    return texts(
        at(item, "rowTitle")
        for category in items(at(main, "categories"))
        if any(wanted.fullmatch(str(at(category, key) or "")) for key in ("id", "name"))
        for item in items(at(category, "section", "items"))
    )


def _reference_credits(groups: list[Any], wanted: re.Pattern[str] | None = None) -> list[Any]:
    """Names of the /reference page's `castV2` or `crewV2`; of groups whose label or id is a `wanted` one."""
    names = []
    for group in groups:
        label = at(group, "grouping", "text") or at(group, "grouping", "groupingId") or at(group, "category", "text")
        label = label or at(group, "category", "id") or at(group, "id") or ""
        credits = items(at(group, "credits")) or [at(edge, "node") for edge in items(at(group, "credits", "edges"))]
        if wanted is None or wanted.fullmatch(str(label)):
            names += [at(credit, "name", "nameText", "text") for credit in credits or [group]]
    return names


def _first_location(main: Any) -> tuple[str, ...]:
    return texts(at(edge, "node", "text") for edge in items(at(main, "filmingLocations", "edges"))[:1])


def _locations_page(props: Any) -> tuple[str, ...]:
    """All filming locations, where this is the /locations page."""
    return texts(
        at(item, "cardText")
        for category in items(at(props, "contentData", "categories"))
        if at(category, "id") == "flmg_locations"
        for item in items(at(category, "section", "items"))
    )
