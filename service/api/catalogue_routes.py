"""The API's routes that find films by title and cut excerpts of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from errors import ParameterError
from media.excerpt import LONGEST_S, MEDIA_TYPES, SHORTEST_S
from media.geometry import LATEST_S
from recommender import Filters
from service.api.asked import MAX_FILM_ID
from service.api.documents import FilmDocument, FilmsFound, TitleDocument, TitlesFound, refusals
from service.api.gate import actor_of_request
from service.api.parameters import FilmId
from service.api.reader import Reader
from service.listening.answers import excerpt_answer
from service.listening.excerpts import Excerpts
from service.questions.asking import find_film

MOST_TITLES = 10_000
"""Titles that are found before filters leave out some."""
FilterText = Annotated[str | None, Query(max_length=500)]


def catalogue_routes(reader: Reader) -> APIRouter:
    """The routes; `reader` opens the catalogue."""
    router, excerpts = APIRouter(), Excerpts(reader.home)

    @router.get("/films", response_model=FilmsFound, responses=refusals(503))
    def films(
        query: Annotated[str, Query(max_length=500, description="What is typed of a title; empty: all films")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 20,
        offset: Annotated[int, Query(ge=0, le=MAX_FILM_ID)] = 0,
        genre: FilterText = None,
        country: FilterText = None,
        director: FilterText = None,
        collection: FilterText = None,
        year_from: Annotated[int | None, Query(ge=0, le=9999)] = None,
        year_to: Annotated[int | None, Query(ge=0, le=9999)] = None,
        with_music: Annotated[bool, Query(description="Only analysed films with music")] = False,
    ) -> dict[str, Any]:
        """Films by title (slips are forgiven), or all of them by film_id; filters leave out the others."""
        opened = reader.current()
        snapshot = opened.snapshot
        filters = Filters(year_from, year_to, genre, country, director, collection, with_music)
        passing = opened.recommender.passing(filters) if filters.named() else None
        if query.strip():
            found = snapshot.find_titles(query, offset + limit if passing is None else MOST_TITLES)
            allowed = None if passing is None else set(passing)
            found = [film for film in found if allowed is None or film.film_id in allowed]
            total = snapshot.manifest.films if allowed is None else len(found)
            found = found[offset : offset + limit]
        else:
            ids = [int(film_id) for film_id in snapshot.films()["film_id"]] if passing is None else passing
            total, found = len(ids), snapshot.films_by_id(ids[offset : offset + limit])
        return {"films": [FilmDocument.of(film) for film in found], "total": total}

    @router.get("/titles", response_model=TitlesFound, responses=refusals(503))
    def titles(
        query: Annotated[str, Query(min_length=1, max_length=500, description="What is typed of a title")],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> dict[str, Any]:
        """Titles outside of the catalogue, of IMDb's loaded files; `POST /recommend` takes their IMDb ids as likes."""
        known = reader.current().known_titles
        found = known.search(query, limit) if known is not None else []
        return {"titles": [TitleDocument.of(film) for film in found], "loaded": known is not None}

    @router.get("/films/{film_id}", response_model=FilmDocument, responses=refusals(404, 503))
    def film(film_id: FilmId) -> FilmDocument | JSONResponse:
        """One film."""
        try:
            return FilmDocument.of(find_film(reader.current().snapshot, film_id))
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)

    @router.get(
        "/films/{film_id}/excerpt",
        response_class=FileResponse,
        responses=refusals(400, 404) | {200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}},
    )
    def excerpt(
        request: Request,
        film_id: FilmId,
        start: Annotated[float, Query(ge=0, le=LATEST_S, description="Seconds into the film")] = 0.0,
        seconds: Annotated[float, Query(ge=SHORTEST_S, le=LONGEST_S)] = LONGEST_S,
        format: Annotated[Literal["m4a", "webm", "wav"], Query(description="AAC, Opus or PCM")] = "m4a",
    ) -> Response:
        """A part of a film to listen to, at -16 LUFS, also by ranges of bytes. Who may listen is a setting."""
        visitor = request.client.host if request.client else ""
        actor = actor_of_request(reader.home, request)
        try:
            path = excerpts.excerpt(actor, visitor, film_id, start_s=start, seconds=seconds, kind=format)
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return excerpt_answer(path, format)

    return router
