"""Read IMDb's title pages of 2010 to 2021: microdata, later JSON-LD completed by microdata."""

from __future__ import annotations

import re
from dataclasses import replace

from bs4 import BeautifulSoup, Tag

from errors import MetadataError
from film import Film
from ingest.imdb_page_json import CAST_KEPT, NOT_FILMS

_NO_FILM = re.compile(
    r"TV (?:Mini[- ]?)?Series|(?:TV )?Episode|TV Special|Video Game|Podcast|Music Video", re.IGNORECASE
)


def old_layout(soup: BeautifulSoup, imdb_id: str, name: str) -> Film | None:
    """The film of a page with microdata, or None if the page has no such title; `name` names the page in errors.

    Raises:
        MetadataError: the page is of a series, an episode or the like.
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
        raise MetadataError(f"{name}: {NOT_FILMS.format('TV series')}")
    refuse_no_film(soup, name)
    found = Film(
        title=own_text(heading),
        imdb_id=imdb_id,
        rating=_decimal(text_of(soup.select_one("[itemprop=ratingValue]"))),
        votes=digits(text_of(soup.select_one("[itemprop=ratingCount]"))),
        genres=_props(soup, "genre"),
        directors=_props(soup, "director"),
        cast=(_props(soup, "actor") or _props(soup, "actors"))[:CAST_KEPT],
    )
    return with_details(found, soup)


def refuse_no_film(soup: BeautifulSoup, name: str) -> None:
    """Refuse a page that is labelled as a series, an episode, a special or a game below its title.

    Raises:
        MetadataError: it does.
    """
    for line in soup.select(".infobar, .title_wrapper .subtext"):
        found = _NO_FILM.search(text_of(line))
        if found:
            raise MetadataError(f"{name}: {NOT_FILMS.format(found[0])}")


def with_details(film: Film, soup: BeautifulSoup) -> Film:
    """Complete a film from the page's body: year and other title from the heading, Metascore, the details box.

    The heading has the film's year; JSON-LD has the date of some release.
    """
    original = own_text(soup.select_one(".originalTitle") or soup.select_one("h1 .title-extra"))
    return replace(
        film,
        other_title=film.other_title or (original if original != film.title else ""),
        year=_year(soup) or film.year,
        metascore=_metascore(soup) if film.metascore is None else film.metascore,
        runtime_minutes=film.runtime_minutes or _minutes(soup),
        countries=film.countries or links(_detail(soup, "Country")),
        languages=film.languages or links(_detail(soup, "Language")),
        locations=film.locations or links(_detail(soup, "Filming Locations")),
    )


def _year(soup: BeautifulSoup) -> int | None:
    for place in ("#titleYear", "h1 .nobr", "h1"):
        found = re.search(r"\((?:[^()]*\s)?(\d{4})\b[^()]*\)", text_of(soup.select_one(place)))
        if found:
            return int(found[1])
    return None


def _metascore(soup: BeautifulSoup) -> int | None:
    """The Metascore from its coloured box, or from "Metascore: 76/100" with a link to the reviews."""
    boxed = digits(text_of(soup.select_one(".metacriticScore span")))
    if boxed is not None:
        return boxed
    for link in soup.select('a[href*="criticreviews"]'):
        found = re.fullmatch(r"(\d{1,3})/100", text_of(link))
        if found:
            return int(found[1])
    return None


def _minutes(soup: BeautifulSoup) -> int | None:
    told = re.search(r"(\d+)\s*min", text_of(_detail(soup, "Runtime")))
    if told:
        return int(told[1])
    time = soup.select_one("time[itemprop=duration]")
    dated = re.fullmatch(r"PT(\d+)M", str(time.get("datetime", "")).strip()) if time else None
    return int(dated[1]) if dated else None


def text_of(tag: Tag | None) -> str:
    """The text of a tag and its descendants, with single spaces; empty without a tag."""
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip() if tag else ""


def own_text(tag: Tag | None) -> str:
    """The text of a tag without its child tags: a heading without its year or "(original title)"."""
    if tag is None:
        return ""
    return re.sub(r"\s+", " ", "".join(tag.find_all(string=True, recursive=False))).strip(' \xa0"')


def digits(text: str) -> int | None:
    """The digits of "166,084" as a number; None without digits."""
    found = re.sub(r"\D", "", text)
    return int(found) if found else None


def links(block: Tag | None) -> tuple[str, ...]:
    """The texts of a block's links, except "See more"."""
    if block is None:
        return ()
    texts = (text_of(link) for link in block.select("a") if not re.match(r"(?:see )?more\b", text_of(link).lower()))
    return tuple(dict.fromkeys(text for text in texts if text))


def _decimal(text: str) -> float | None:
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    return float(found[0].replace(",", ".")) if found else None


def _detail(soup: BeautifulSoup, label: str) -> Tag | None:
    """The block under `h4.inline` with a label, as "Country:"."""
    for heading in soup.select("h4.inline"):
        if text_of(heading).rstrip(":").strip() == label:
            return heading.parent
    return None


def _props(soup: BeautifulSoup, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for tag in soup.select(f"[itemprop={name}]"):
        inner = tag.select("[itemprop=name]") or tag.select("a") or [tag]
        for one in inner:
            text = text_of(one).strip(" ,|")
            if text and "see all" not in text.lower():
                found[text] = None
    return tuple(found)
