"""The API's routes that answer questions: recommendations, several people, words, the map, and a clip."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from errors import ParameterError
from recommender.film_map import Basis
from service.api.asked import Asked, Evening
from service.api.documents import (
    AnswerDocument,
    FoundDocument,
    HeardDocument,
    MapDocument,
    SurpriseDocument,
    TonightDocument,
    refusals,
)
from service.api.gate import CLIP_PATH, Hearing
from service.api.parameters import FilmId, Traits
from service.api.reader import Reader
from service.questions.asking import Wish, answer_document, ask, question_of
from service.questions.evening import surprise_document, tonight_document
from service.questions.finding import find, find_document
from service.questions.mapping import map_document, open_map
from service.questions.sounds_like import document, sounds_like
from service.rights.media_roots import safe_name


def question_routes(reader: Reader) -> APIRouter:
    """The routes; `reader` opens the catalogue."""
    router = APIRouter()
    maps: dict[str, tuple[str, dict[str, Any]]] = {}  # by basis: the snapshot, and its document
    map_turn = threading.Lock()

    @router.get("/films/{film_id}/similar", response_model=AnswerDocument, responses=refusals(404, 503))
    def similar(
        film_id: FilmId,
        n: Annotated[int, Query(ge=1, le=200)] = 10,
        music: Annotated[float, Query(ge=0, le=1, description="0: what it is about; 1: how it sounds")] = 0.5,
        more: Traits = (),
        less: Traits = (),
    ) -> dict[str, Any] | JSONResponse:
        """The films most like one film: `recommend` with this like alone, for `like`, without variety."""
        opened = reader.current()
        try:
            wish = Wish(likes=(film_id,), n=n, music=music, variety=0.0, aim="like", more=tuple(more), less=tuple(less))
            question = question_of(opened.snapshot, wish)
        except ParameterError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return answer_document(opened.recommender.recommend(question))

    @router.post("/recommend", response_model=AnswerDocument, responses=refusals(400, 413, 503))
    def recommend(question: Asked) -> dict[str, Any]:
        """Films to see next; the document of `filmscore recommend --json`."""
        opened = reader.current()
        return answer_document(ask(opened.snapshot, opened.recommender, question.wish(), opened.known_titles))

    @router.post("/tonight", response_model=TonightDocument, responses=refusals(400, 413, 503))
    def tonight(evening: Evening) -> dict[str, Any]:
        """Films for several people: by the mean of their scores, lowered by whoever likes a film least."""
        opened = reader.current()
        return tonight_document(
            opened.snapshot, opened.recommender, evening.wishes(), evening.n, evening.minutes, opened.known_titles
        )

    @router.post("/surprise", response_model=SurpriseDocument, responses=refusals(400, 413, 503))
    def surprise(question: Asked) -> dict[str, Any]:
        """One well-received film far from the answers to a question, with its reason."""
        opened = reader.current()
        return surprise_document(opened.snapshot, opened.recommender, question.wish(), opened.known_titles)

    @router.get("/find", response_model=FoundDocument, responses=refusals(400, 503))
    def find_in_words(
        words: Annotated[str, Query(max_length=10_000, description="How it should sound", examples=["slow sad piano"])],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
    ) -> dict[str, Any]:
        """Scenes and films that sound as some words say, each with what matched; as `filmscore find --json`."""
        opened = reader.current()
        return find_document(find(opened.snapshot, opened.recommender, words, n))

    @router.get("/map", response_model=MapDocument, responses=refusals(503))
    def film_map(
        of: Annotated[
            Basis, Query(description="What makes films near; `scenes`: points are scenes, by sound")
        ] = "sound",
    ) -> dict[str, Any]:
        """Films as points on a plane: near ones are alike. They stay where they are while films are added."""
        opened = reader.current()
        with map_turn:  # one request makes a map; the others wait for it
            made, document = maps.get(of, ("", {}))
            if made != opened.snapshot.id:
                laid_out = open_map(reader.home, opened.snapshot, opened.recommender, of)
                document = map_document(opened.snapshot, laid_out, of)
                maps[of] = opened.snapshot.id, document
        return document

    return router


def clip_routes(reader: Reader, hearing: Hearing) -> APIRouter:
    """The route that takes a clip; `hearing` lets one after the other be heard."""
    router = APIRouter()

    @router.post(CLIP_PATH, response_model=HeardDocument, responses=refusals(413, 503))
    async def like_a_clip(
        request: Request,
        clip: Annotated[UploadFile, File(description="An audio or video clip")],
        n: Annotated[int, Query(ge=1, le=200)] = 10,
        more: Traits = (),
        less: Traits = (),
    ) -> Any:
        """Films and scenes that sound like an uploaded clip, which is not kept; as `filmscore sounds-like --json`."""
        found = await hearing.hear(request, partial(_heard, reader, clip, n, more, less))
        return Response(status_code=499) if found is None else found

    return router


def _heard(reader: Reader, clip: UploadFile, n: int, more: Sequence[str], less: Sequence[str]) -> dict[str, Any]:
    opened = reader.current()
    with tempfile.TemporaryDirectory(dir=reader.home.scratch) as scratch:
        path = Path(scratch) / safe_name(clip.filename or "clip")  # messages about the clip name it
        with path.open("wb") as stream:
            shutil.copyfileobj(clip.file, stream)
        ear = reader.ear(opened.recommender.scene_model_version)
        return document(sounds_like(opened.snapshot, opened.recommender, path, n, Path(scratch), ear, more, less))
