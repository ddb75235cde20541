"""Saved title pages of IMDb -> the twelve fields of the thesis's Table 3 (thesis 2.2.2).

The layouts of 2010 to today are read, each by its own module: JSON in `script#__NEXT_DATA__` (since 2021), JSON-LD
(since 2018), microdata (since 2010), /combined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from errors import MetadataError
from film import BOUNDS, Film
from ingest.imdb_ids import imdb_id_of
from ingest.imdb_page_combined import combined_layout
from ingest.imdb_page_current import current_layout
from ingest.imdb_page_file import read_page
from ingest.imdb_page_ld import json_ld
from ingest.imdb_page_old import old_layout, refuse_no_film, with_details

_CHALLENGE = re.compile(r"AwsWafIntegration|awswaf\.com|id=[\"']challenge-container|gokuProps")
"""Signs of the challenge that IMDb sends to scripts instead of a page."""


def parse_page(path: Path) -> Film:
    """The film of a saved page.

    Raises:
        MetadataError: unreadable, not a title page of IMDb, of a series or an episode, or without a title.
    """
    return parse_html(read_page(path), str(path))


def parse_html(html: str, name: str) -> Film:
    """As `parse_page`, for a page in memory; `name` names it in errors."""
    soup = BeautifulSoup(html, "html.parser")
    site = _site(soup)
    if site and not re.fullmatch(r"(?:[\w-]+\.)*imdb\.com", site):
        raise MetadataError(f"{name}: a page of {site}, not of imdb.com. Save the film's page on IMDb.")
    try:
        film = _film(soup, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MetadataError(f"{name}: the page's data are malformed ({error}). Save the page again.") from error
    if film is None and _CHALLENGE.search(html):
        raise MetadataError(
            f"{name}: IMDb's challenge for scripts, not a film's page. Open the page in a browser, and save it there."
        )
    if film is None:
        raise MetadataError(f"{name}: no title of IMDb is in this page. Save the film's page on IMDb as HTML.")
    for field, (low, high) in BOUNDS.items():
        value = getattr(film, field)
        if value is not None and not low <= value <= high:
            raise MetadataError(f"{name}: its {field} is {value}, not between {low} and {high}. Save the page again.")
    return film


def _film(soup: BeautifulSoup, name: str) -> Film | None:
    imdb_id = _id_of(soup)
    current = current_layout(soup, imdb_id, name)
    if current:
        return current
    linked = json_ld(soup, imdb_id, name)
    if linked:
        refuse_no_film(soup, name)
        return with_details(linked, soup)
    return old_layout(soup, imdb_id, name) or combined_layout(soup, imdb_id, name)


def joined(films: Iterable[Film]) -> list[Film]:
    """One film per id, merged from its title, /reference and /locations pages; of several lists the longest is kept."""
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
    """The host that the page names as its own; empty if none."""
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
        found = imdb_id_of(str(tag.get(attribute, ""))) if tag else ""
        if found:
            return found
    return ""
