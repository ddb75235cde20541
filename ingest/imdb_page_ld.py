"""Read IMDb's title pages from their JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

from errors import MetadataError
from film import Film
from ingest.imdb_ids import imdb_id_of
from ingest.imdb_page_json import CAST_KEPT, NOT_FILMS, as_list, at, number, texts, whole

_FILMS = frozenset({"Movie", "ShortFilm"})
_OTHERS = re.compile(r"TV\w+|(?:VideoGame|Podcast|CreativeWork|RadioS|MusicVideo)\w*")


def json_ld(soup: BeautifulSoup, imdb_id: str, name: str) -> Film | None:
    """The film of a page's JSON-LD (since 2018), or None if it has none; `imdb_id` comes from the page's head.

    Raises:
        MetadataError: the block is cut or damaged, of another site, or of a series or the like.
    """
    for script in soup.select('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.get_text(), strict=False)  # IMDb's hold raw control characters
        except json.JSONDecodeError as error:
            raise MetadataError(f"{name}: its JSON-LD is cut or damaged ({error}). Save the page again.") from error
        for one in as_list(at(data, "@graph") or data):
            film = _film_of_block(one, imdb_id, name)
            if film is not None:
                return film
    return None


def _film_of_block(data: Any, imdb_id: str, name: str) -> Film | None:
    """The film of one JSON-LD object; None if it is not of a title (breadcrumbs, the site, a person)."""
    kinds = [str(kind) for kind in as_list(at(data, "@type"))]
    kind = next((kind for kind in kinds if kind in _FILMS or _OTHERS.fullmatch(kind)), None)
    if kind is None or not isinstance(at(data, "name"), str):
        return None
    link = str(at(data, "url") or "")
    if "imdb.com" not in link and not re.match(r"(?:/[a-z]{2}(?:-[a-z]{2})?)?/title/", link) and not imdb_id:
        host = re.match(r"https?://([^/]+)", link)
        raise MetadataError(
            f"{name}: a page of {host[1] if host else 'another site'}, not of imdb.com. Save the film's page on IMDb."
        )
    if kind not in _FILMS:
        raise MetadataError(f"{name}: {NOT_FILMS.format(kind)}")
    return _film_of_ld(data, link, imdb_id)


def _film_of_ld(data: Mapping[str, Any], link: str, imdb_id: str) -> Film:
    other = at(data, "alternateName")
    year = re.match(r"\d{4}", str(at(data, "datePublished") or ""))
    rating = at(data, "aggregateRating")
    length = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", str(at(data, "duration") or ""))
    minutes = int(length[1] or 0) * 60 + int(length[2] or 0) if length else 0
    return Film(
        title=_unescaped(data["name"]),
        imdb_id=imdb_id_of(link) or imdb_id,
        other_title=_unescaped(other) if isinstance(other, str) and other != data["name"] else "",
        year=int(year[0]) if year else None,
        rating=number(at(rating, "ratingValue")),
        votes=whole(at(rating, "ratingCount")),
        runtime_minutes=minutes or None,
        genres=texts(as_list(at(data, "genre"))),
        countries=texts(at(country, "name") for country in as_list(at(data, "countryOfOrigin"))),
        directors=_people(at(data, "director")),
        cast=_people(at(data, "actor"))[:CAST_KEPT],
        plot=_unescaped(at(data, "description") or ""),
    )


def _people(data: Any) -> tuple[str, ...]:
    return tuple(_unescaped(name) for name in texts(at(person, "name") for person in as_list(data)))


def _unescaped(text: Any) -> str:
    """IMDb's JSON-LD holds HTML entities."""
    tag = BeautifulSoup(str(text), "html.parser")
    return re.sub(r"\s+", " ", tag.get_text()).strip() if isinstance(tag, Tag) else str(text)
