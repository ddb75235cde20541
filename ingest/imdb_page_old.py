"""The layout of IMDb's title pages in the thesis's days (microdata)."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from errors import MetadataError
from film import Film


def old_layout(soup: BeautifulSoup, imdb_id: str, name: str) -> Film | None:
    """The film of an old page, or None if the page has no such title; `name` stands for the page in errors.

    Raises:
        MetadataError: the page is of a TV series or an episode.
    """
    heading = soup.select_one("h1[itemprop=name]") or soup.select_one("h1 [itemprop=name]")
    if heading is None:
        return None
    scope = heading.find_parent(attrs={"itemtype": True})
    of_imdb = (
        imdb_id or soup.select_one("#titleYear, .originalTitle, #titleDetails") or "imdb" in str(soup.title).lower()
    )
    if not of_imdb:
        return None
    kind = str(scope.get("itemtype", "")).rsplit("/", 1)[-1] if scope else ""
    if kind.startswith("TV") or soup.select_one(".bp_heading, .seasons-and-year-nav") is not None:
        raise MetadataError(f"{name}: a page of a TV series, not of a film. Save the film's own page.")
    year = re.search(r"\d{4}", _text(soup.select_one("#titleYear")))
    original = _own_text(soup.select_one(".originalTitle"))
    title = _own_text(heading)
    return Film(
        title=title,
        imdb_id=imdb_id,
        other_title=original if original != title else "",
        year=int(year[0]) if year else None,
        rating=_decimal(_text(soup.select_one("[itemprop=ratingValue]"))),
        votes=_digits(_text(soup.select_one("[itemprop=ratingCount]"))),
        metascore=_digits(_text(soup.select_one(".metacriticScore span"))),
        runtime_minutes=_digits(re.sub(r"\D.*", "", _text(_detail(soup, "Runtime")).removeprefix("Runtime:").strip())),
        countries=_links(_detail(soup, "Country")),
        languages=_links(_detail(soup, "Language")),
        locations=_links(_detail(soup, "Filming Locations")),
        genres=_props(soup, "genre"),
        directors=_props(soup, "director"),
        cast=_props(soup, "actor") or _props(soup, "actors"),
    )


def _text(tag: Tag | None) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip() if tag else ""


def _own_text(tag: Tag | None) -> str:
    """The text of a tag without that of the tags in it: a heading's year, "(original title)"."""
    if tag is None:
        return ""
    return re.sub(r"\s+", " ", "".join(tag.find_all(string=True, recursive=False))).strip(' \xa0"')


def _decimal(text: str) -> float | None:
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    return float(found[0].replace(",", ".")) if found else None


def _digits(text: str) -> int | None:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


def _detail(soup: BeautifulSoup, label: str) -> Tag | None:
    """The block under `h4.inline` with a label, as "Country:"."""
    for heading in soup.select("h4.inline"):
        if _text(heading).rstrip(":").strip() == label:
            return heading.parent
    return None


def _links(block: Tag | None) -> tuple[str, ...]:
    if block is None:
        return ()
    texts = (_text(link) for link in block.select("a") if "see more" not in _text(link).lower())
    return tuple(dict.fromkeys(text for text in texts if text))


def _props(soup: BeautifulSoup, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for tag in soup.select(f"[itemprop={name}]"):
        inner = tag.select("[itemprop=name]") or tag.select("a") or [tag]
        for one in inner:
            text = _text(one).strip(" ,|")
            if text and "see all" not in text.lower():
                found[text] = None
    return tuple(found)
