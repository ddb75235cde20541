"""The API's routes for admins and their programs: saved searches and jobs. They need a token."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from service.api.asked import MAX_JOB_ID
from service.api.documents import ProfilesDocument, refusals
from service.api.gate import LONGEST_NAME, shortened
from service.api.reader import Reader
from service.jobs import jobs
from service.questions.app_data import profiles as saved_profiles
from service.questions.profiles import export_profile


class Wanted(BaseModel):
    """A job to submit."""

    kind: str = Field(max_length=40)
    arguments: dict[str, Any] = {}


def admin_routes(reader: Reader) -> APIRouter:
    """The routes; `reader` opens the catalogue."""
    router, home = APIRouter(), reader.home

    @router.get("/profiles", response_model=ProfilesDocument, responses=refusals(403))
    def profile_names(request: Request) -> dict[str, Any]:
        """The saved searches of the terminal and the admin. Needs a token of an admin."""
        return {"profiles": saved_profiles(home, "")}

    @router.get("/profiles/{name}", responses=refusals(403, 404, 503))
    def profile_document(name: Annotated[str, PathParameter(max_length=LONGEST_NAME)]) -> Response:
        """A saved search as `filmscore profiles export` writes it. Needs a token of an admin."""
        if name not in saved_profiles(home, ""):
            return JSONResponse({"error": f"{shortened(name, LONGEST_NAME)}: no such saved search."}, status_code=404)
        return Response(export_profile(home, reader.current().snapshot, name), media_type="application/json")

    @router.post("/jobs", status_code=202, responses=refusals(400, 403, 413))
    def hand_in(wanted: Wanted, request: Request) -> dict[str, Any]:
        """Submit a job to the worker (kinds and arguments: docs/operations.md). Needs a token."""
        return {"job_id": jobs.submit(home, request.state.actor, wanted.kind, wanted.arguments)}

    @router.get("/jobs/{job_id}", responses=refusals(400, 403))
    def job(job_id: Annotated[int, PathParameter(ge=1, le=MAX_JOB_ID)], request: Request) -> dict[str, Any]:
        """How far a job is. Needs a token."""
        found = jobs.job(home, request.state.actor, job_id)
        names = ("job_id", "kind", "status", "stage", "progress", "reason", "result")
        return {name: getattr(found, name) for name in names}

    return router
