"""The API's routes about one film: its summary, runs, scenes like a run, sound print, and page for frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, JSONResponse

from db.catalogue.snapshot import Snapshot
from errors import ParameterError
from film import ATTRIBUTES, LABELS
from recommender import Question
from recommender.scene_steering import POOL
from service.api.asked import MAX_RUN
from service.api.documents import RunsDocument, SceneDocuments, SummaryDocument, refusals
from service.api.parameters import FilmId, Traits
from service.api.reader import Reader
from service.figures.embed import embed_page, frame_policy, missing_page
from service.figures.look import DARK, LIGHT
from service.figures.sound_print import describe, sound_print, sound_print_png
from service.questions.asking import effect_documents, find_film
from service.questions.sounds_like import scene_documents

CACHED_S = 3600
"""How long browsers may keep a drawing or a page for frames without asking again."""
LOOKS = {"dark": DARK, "light": LIGHT}

Look = Annotated[Literal["dark", "light"], Query(description="The colours")]
Size = Annotated[int, Query(ge=16, le=2000, description="Width and height in pixels")]
MISSING = refusals(404, 503)


def _missing(said: str) -> JSONResponse:
    return JSONResponse({"error": said}, status_code=404)


def film_routes(reader: Reader, embed_in: Sequence[str], private: bool) -> APIRouter:
    """The routes.

    Args:
        reader: opens the catalogue.
        embed_in: sites that may show a film in a frame.
        private: whether answers need a token, so that no cache in between may keep them.
    """
    router = APIRouter()
    kept = {"cache-control": f"{'private' if private else 'public'}, max-age={CACHED_S}"}

    def known(film_id: int) -> Snapshot:
        """The catalogue, which has this film."""
        snapshot = reader.current().snapshot
        find_film(snapshot, film_id)
        return snapshot

    @router.get("/films/{film_id}/summary", response_model=SummaryDocument, responses=MISSING)
    def summary(film_id: FilmId) -> dict[str, Any] | JSONResponse:
        """What the music of a film is on the whole, in percent."""
        try:
            found = known(film_id).summary(film_id)
        except ParameterError as error:
            return _missing(str(error))
        if found is None:
            return _missing(f"film_id {film_id}: not analysed yet. Add its file.")
        return {
            "film_id": film_id,
            **{name: getattr(found, name) for name in (*LABELS, "genres", *ATTRIBUTES, "further")},
            **{name: getattr(found, name) for name in ("presence", "loudness")},
            "dominant": {attribute: found.dominant(attribute) for attribute in ATTRIBUTES},
        }

    @router.get("/films/{film_id}/runs", response_model=RunsDocument, responses=MISSING)
    def runs(film_id: FilmId) -> dict[str, Any] | JSONResponse:
        """A film's stretches of music in order. A corrected value has no probability."""
        try:
            found = known(film_id).runs(film_id)
        except ParameterError as error:
            return _missing(str(error))
        names = ("genre", *ATTRIBUTES)
        return {
            "film_id": film_id,
            "runs": [
                {
                    "run": run.run,
                    "start_s": run.start_s,
                    "end_s": run.end_s,
                    **{name: run.value(name) for name in names},
                    **{f"{name}_p": None if name in run.corrections else getattr(run, f"{name}_p") for name in names},
                    "corrected": sorted(run.corrections),
                    "tags": run.tags,
                    "further": run.further,
                    "model_version": run.model_version,
                }
                for run in found
            ],
        }

    @router.get("/films/{film_id}/runs/{run}/similar", response_model=SceneDocuments, responses=MISSING)
    def similar_scenes(
        film_id: FilmId,
        run: Annotated[int, PathParameter(ge=0, le=MAX_RUN)],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
        more: Traits = (),
        less: Traits = (),
    ) -> dict[str, Any] | JSONResponse:
        """Scenes of all films that sound like one run of a film."""
        opened = reader.current()
        Question(more=tuple(more), less=tuple(less))  # invalid words are an error of the request
        try:
            find_film(opened.snapshot, film_id)
            pool = opened.recommender.scenes_like(film_id, run, max(n, POOL) if more or less else n)
        except ParameterError as error:
            return _missing(str(error))
        steered = opened.recommender.steered_scenes(pool, n, more, less, (film_id, run))
        scenes = steered.scenes
        titles = {one.film_id: one.title for one in opened.snapshot.films_by_id(sorted({s.film_id for s in scenes}))}
        return {
            "scenes": scene_documents([(scene, titles[scene.film_id]) for scene in scenes]),
            "effects": effect_documents(steered.effects),
            "notices": list(steered.notices),
        }

    @router.get(
        "/films/{film_id}/print.{kind}",
        response_class=Response,
        responses=MISSING | {200: {"content": {"image/svg+xml": {}, "image/png": {}}}},
    )
    def drawing(film_id: FilmId, kind: Literal["svg", "png"], look: Look = "dark", size: Size = 240) -> Response:
        """A film's sound print."""
        try:
            snapshot = known(film_id)
        except ParameterError as error:
            return _missing(str(error))
        found, film = snapshot.summary(film_id), snapshot.film(film_id)
        if kind == "svg":
            words = describe(film.title, found)
            return Response(sound_print(words, found, size=size, theme=LOOKS[look]), 200, kept, "image/svg+xml")
        return Response(sound_print_png(found, size=size, theme=LOOKS[look]), 200, kept, "image/png")

    @router.get("/embed/film/{film_id}", response_class=HTMLResponse, responses=MISSING)
    def embed(film_id: FilmId, request: Request, look: Look = "dark") -> Response:
        """A film as a small page without scripts, for a frame on the sites that `filmscore api --embed-in` names."""
        framed = {"content-security-policy": frame_policy(embed_in), "cross-origin-resource-policy": "cross-origin"}
        try:
            snapshot = known(film_id)
        except ParameterError as error:
            if "text/html" not in request.headers.get("accept", ""):
                return _missing(str(error))
            return HTMLResponse(missing_page(str(error), LOOKS[look]), 404, framed | {"vary": "accept"})
        page = embed_page(snapshot.film(film_id), snapshot.summary(film_id), LOOKS[look])
        return HTMLResponse(page, headers=kept | framed)

    return router
