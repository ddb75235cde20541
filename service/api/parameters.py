"""What the API's routes take in their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from recommender.question import LONGEST_WISH, MOST_WISHES
from service.api.asked import MAX_FILM_ID

FilmId = Annotated[int, Path(ge=1, le=MAX_FILM_ID)]
Traits = Annotated[
    Sequence[Annotated[str, Field(max_length=LONGEST_WISH)]],
    Query(max_length=MOST_WISHES, description="An attribute, a music genre, a tag, a film genre, a decade"),
]
