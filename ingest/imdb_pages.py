"""Saved title pages of IMDb -> the twelve fields of the thesis's Table 3 (thesis 2.2.2).

Three layouts are read: the current one (JSON in `script#__NEXT_DATA__`; title, /reference and /locations pages), the
JSON-LD block where that is missing, and the old one (microdata).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from errors import MetadataError
from film import BOUNDS, Film
from ingest.imdb_page_old import old_layout
from ingest.metadata_csv import IMDB_ID, read_text

CAST_KEPT = 15
MAX_PAGE_BYTES = 20_000_000
FILM_TYPES = frozenset({"movie", "tvMovie", "short", "tvShort", "video"})
"""titleType ids that are films; the others (tvSeries, tvEpisode, videoGame ...) are refused."""
_LD_FILMS = frozenset({"Movie", "ShortFilm"})
_LD_OTHERS = re.compile(r"TV\w+|(?:VideoGame|Podcast|CreativeWork|RadioS|MusicVideo)\w*")
_DIRECTORS = re.compile(r"direct(?:ors?|ed by)|.*\.director", re.IGNORECASE)
_NOT_FILMS = "a page of a {0}, not of a film. Save the film's own page."


def parse_page(path: Path) -> Film:
    """The film of a saved page.

    Raises:
        MetadataError: unreadable, not a title page of IMDb, of a series or an episode, or without a title.
    """
    try:
        if path.stat().st_size > MAX_PAGE_BYTES:
            raise MetadataError(f"{path}: larger than {MAX_PAGE_BYTES // 10**6} MB. Save the title page alone.")
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    return parse_html(read_text(path), str(path))


def parse_html(html: str, name: str) -> Film:
    """As `parse_page`, for a page in memory; `name` stands for it in errors."""
    soup = BeautifulSoup(html, "html.parser")
    site = _site(soup)
    if site and not re.fullmatch(r"(?:[\w-]+\.)*imdb\.com", site):
        raise MetadataError(f"{name}: a page of {site}, not of imdb.com. Save the film's page on IMDb.")
    try:
        film = _next_data(soup, name) or _json_ld(soup, name) or old_layout(soup, _id_of(soup), name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MetadataError(f"{name}: the page's data are malformed ({error}). Save the page again.") from error
    if film is None:
        raise MetadataError(f"{name}: no title of IMDb is in this page. Save the film's page on IMDb as HTML.")
    for field, (low, high) in BOUNDS.items():
        value = getattr(film, field)
        if value is not None and not low <= value <= high:
            raise MetadataError(f"{name}: its {field} is {value}, not between {low} and {high}. Save the page again.")
    return film


def joined(films: Iterable[Film]) -> list[Film]:
    """One film an id: what its title page, /reference and /locations page say together; of a list, the longest."""
    known: dict[str, Film] = {}
    for place, film in enumerate(films):
        key = film.imdb_id or f"page {place}"
        before = known.get(key, film)
        known[key] = replace(film, **{one.name: _fuller(before, film, one.name) for one in fields(Film)})
    return list(known.values())


def _fuller(before: Film, after: Film, name: str) -> Any:
    one, other = getattr(before, name), getattr(after, name)
    if isinstance(one, tuple):
        return max(one, other, key=len)
    return other if one in (None, "") else one


def _site(soup: BeautifulSoup) -> str:
    """Host that the page says it is of; empty if it does not."""
    for tag, attribute in ((soup.select_one('link[rel="canonical"]'), "href"),
                           (soup.select_one('meta[property="og:url"]'), "content")):  # fmt: skip
        found = re.match(r"https?://([^/:?#]+)", str(tag.get(attribute, ""))) if tag else None
        if found:
            return found[1].lower()
    return ""


def _id_of(soup: BeautifulSoup) -> str:
    for selector, attribute in (
        ('link[rel="canonical"]', "href"),
        ('meta[property="og:url"]', "content"),
        ('meta[property="pageId"]', "content"),
        ('meta[property="imdb:pageConst"]', "content"),
    ):
        tag = soup.select_one(selector)
        found = re.search(r"tt\d{7,10}", str(tag.get(attribute, ""))) if tag else None
        if found:
            return found[0]
    return ""


def _at(data: Any, *keys: str | int) -> Any:
    """What is under a path of keys; None as soon as one is missing or null."""
    for key in keys:
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and len(data) > key else None
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    found = (value.strip() for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(value for value in found if value))


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        value = float(value.replace(",", "")) if value.strip() else None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


def _next_data(soup: BeautifulSoup, name: str) -> Film | None:
    script = soup.select_one("script#__NEXT_DATA__")
    if script is None:
        return None
    try:
        props = _at(json.loads(script.get_text()), "props", "pageProps")
    except json.JSONDecodeError as error:
        raise MetadataError(f"{name}: its __NEXT_DATA__ is cut or damaged ({error}). Save the page again.") from error
    above, main = _at(props, "aboveTheFoldData"), _at(props, "mainColumnData")
    locations = _locations_page(props)
    if above is None and locations:
        above = _at(props, "contentData", "entityMetadata") or {}
    if above is None:
        return None
    kind = _at(above, "titleType", "id")
    if kind is not None and kind not in FILM_TYPES:
        raise MetadataError(f"{name}: {_NOT_FILMS.format(_at(above, 'titleType', 'text') or kind)}")
    title = _at(above, "titleText", "text")
    if not isinstance(title, str) or not title.strip():
        if not locations:
            return None
        title = _page_title(soup)
    original = _at(above, "originalTitleText", "text")
    seconds = _number(_at(above, "runtime", "seconds")) or _number(_at(main, "runtime", "seconds"))
    imdb_id = _at(above, "id") or _at(main, "id") or _at(props, "tconst") or ""
    return Film(
        title=title.strip(),
        imdb_id=imdb_id if IMDB_ID.fullmatch(str(imdb_id)) else _id_of(soup),
        other_title=original.strip() if isinstance(original, str) and original.strip() != title.strip() else "",
        year=_whole(_at(above, "releaseYear", "year")),
        runtime_minutes=round(seconds / 60) if seconds and seconds > 0 else None,
        rating=_number(_at(above, "ratingsSummary", "aggregateRating")),
        votes=_whole(_at(above, "ratingsSummary", "voteCount")),
        metascore=_metascore(above, main),
        genres=_texts(_at(genre, "text") for genre in _list(_at(above, "genres", "genres"))),
        countries=_countries(main),
        directors=_directors(above, main),
        cast=_cast(above, main),
        locations=locations or _first_location(main),
        plot=str(_at(above, "plot", "plotText", "plainText") or ""),
    )


def _page_title(soup: BeautifulSoup) -> str:
    """The film of "Law of Desire (1987) - Filming & production - IMDb"; empty if the page does not say it."""
    tag = soup.select_one("head title")
    found = re.match(r"(.+?) \((?:[A-Za-z ]*)\d{4}", tag.get_text()) if tag else None
    return found[1] if found else ""


def _metascore(above: Any, main: Any) -> int | None:
    for source in (above, main):
        for path in (("metascore", "score"), ("score",)):
            found = _at(source, "metacritic", *path)
            if found is not None:
                return _whole(found)
    return None


def _countries(main: Any) -> tuple[str, ...]:
    of_origin = _list(_at(main, "countriesOfOrigin", "countries"))
    details = _list(_at(main, "countriesDetails", "countries"))
    return _texts(_at(country, "text") for country in of_origin or details)


def _directors(above: Any, main: Any) -> tuple[str, ...]:
    listed = [
        _at(credit, "name", "nameText", "text")
        for group in _list(_at(main, "directors")) or _list(_at(above, "directorsPageTitle"))
        for credit in _list(_at(group, "credits"))
    ]
    return _texts(listed) or _texts(_reference_credits(_list(_at(above, "crewV2")), _DIRECTORS))


def _cast(above: Any, main: Any) -> tuple[str, ...]:
    edges = _list(_at(main, "cast", "edges"))
    listed = [_at(edge, "node", "name", "nameText", "text") for edge in edges]
    return (_texts(listed) or _texts(_reference_credits(_list(_at(above, "castV2")))))[:CAST_KEPT]


def _reference_credits(groups: list[Any], wanted: re.Pattern[str] | None = None) -> list[Any]:
    """Names of the /reference page's `castV2` or `crewV2`; of groups whose label or id is a `wanted` one."""
    names = []
    for group in groups:
        label = _at(group, "grouping", "text") or _at(group, "grouping", "groupingId") or _at(group, "category", "text")
        label = label or _at(group, "category", "id") or _at(group, "id") or ""
        credits = _list(_at(group, "credits")) or [_at(edge, "node") for edge in _list(_at(group, "credits", "edges"))]
        if wanted is None or wanted.fullmatch(str(label)):
            names += [_at(credit, "name", "nameText", "text") for credit in credits or [group]]
    return names


def _first_location(main: Any) -> tuple[str, ...]:
    return _texts(_at(edge, "node", "text") for edge in _list(_at(main, "filmingLocations", "edges"))[:1])


def _locations_page(props: Any) -> tuple[str, ...]:
    """All filming locations, where this is the /locations page."""
    return _texts(
        _at(item, "cardText")
        for category in _list(_at(props, "contentData", "categories"))
        if _at(category, "id") == "flmg_locations"
        for item in _list(_at(category, "section", "items"))
    )


def _json_ld(soup: BeautifulSoup, name: str) -> Film | None:
    for script in soup.select('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.get_text())
        except json.JSONDecodeError as error:
            raise MetadataError(f"{name}: its JSON-LD is cut or damaged ({error}). Save the page again.") from error
        for one in _as_list(_at(data, "@graph") or data):
            film = _film_of_block(one, soup, name)
            if film is not None:
                return film
    return None


def _film_of_block(data: Any, soup: BeautifulSoup, name: str) -> Film | None:
    """The film of one JSON-LD object; None if it is not of a title (breadcrumbs, the site, a person)."""
    kinds = [str(kind) for kind in _as_list(_at(data, "@type"))]
    kind = next((kind for kind in kinds if kind in _LD_FILMS or _LD_OTHERS.fullmatch(kind)), None)
    if kind is None or not isinstance(_at(data, "name"), str):
        return None
    link = str(_at(data, "url") or "")
    if "imdb.com" not in link and not link.startswith("/title/") and not _id_of(soup):
        host = re.match(r"https?://([^/]+)", link)
        raise MetadataError(
            f"{name}: a page of {host[1] if host else 'another site'}, not of imdb.com. Save the film's page on IMDb."
        )
    if kind not in _LD_FILMS:
        raise MetadataError(f"{name}: {_NOT_FILMS.format(kind)}")
    return _film_of_ld(data, link, soup)


def _film_of_ld(data: Mapping[str, Any], link: str, soup: BeautifulSoup) -> Film:
    found = re.search(r"tt\d{7,10}", link)
    other = _at(data, "alternateName")
    year = re.match(r"\d{4}", str(_at(data, "datePublished") or ""))
    rating = _at(data, "aggregateRating")
    length = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", str(_at(data, "duration") or ""))
    minutes = int(length[1] or 0) * 60 + int(length[2] or 0) if length else 0
    return Film(
        title=_unescaped(data["name"]),
        imdb_id=found[0] if found else _id_of(soup),
        other_title=_unescaped(other) if isinstance(other, str) and other != data["name"] else "",
        year=int(year[0]) if year else None,
        rating=_number(_at(rating, "ratingValue")),
        votes=_whole(_at(rating, "ratingCount")),
        runtime_minutes=minutes or None,
        genres=_texts(_as_list(_at(data, "genre"))),
        countries=_texts(_at(country, "name") for country in _as_list(_at(data, "countryOfOrigin"))),
        directors=_people(_at(data, "director")),
        cast=_people(_at(data, "actor"))[:CAST_KEPT],
        plot=_unescaped(_at(data, "description") or ""),
    )


def _people(data: Any) -> tuple[str, ...]:
    return tuple(_unescaped(name) for name in _texts(_at(person, "name") for person in _as_list(data)))


def _as_list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [] if data is None else [data]


def _unescaped(text: Any) -> str:
    """IMDb's JSON-LD holds HTML entities."""
    tag = BeautifulSoup(str(text), "html.parser")
    return tag.get_text().strip() if isinstance(tag, Tag) else str(text)
