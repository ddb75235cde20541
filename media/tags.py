"""What a container says of the film in it: title, year, chapters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from media.decode import open_container
from media.source import readable_size

LONGEST_TEXT = 300
MOST_CHAPTERS = 1_000
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class Chapter:
    """A chapter, on the film's own clock. `end_s` is exclusive."""

    start_s: float
    end_s: float
    title: str = ""


@dataclass(frozen=True)
class ContainerTags:
    """Empty or None: not said."""

    title: str = ""
    year: int | None = None
    chapters: tuple[Chapter, ...] = ()


def read_tags(path: Path) -> ContainerTags:
    """The tags of a media file. What writers of containers put there by themselves is for the caller to tell.

    Raises:
        MediaError: it cannot be opened.
    """
    readable_size(path)
    with open_container(path) as container:
        said = {key.lower(): " ".join(value.split())[:LONGEST_TEXT] for key, value in container.metadata.items()}
        chapters = [
            Chapter(
                float(one["start"] * one["time_base"]),
                float(one["end"] * one["time_base"]),
                " ".join(one["metadata"].get("title", "").split())[:LONGEST_TEXT],
            )
            for one in container.chapters()[:MOST_CHAPTERS]
            if one["time_base"]
        ]
    names = ("date_released", "date", "year", "originaldate")
    year = next((found for name in names if (found := _YEAR.search(said.get(name, "")))), None)
    return ContainerTags(said.get("title", ""), int(year[0]) if year else None, tuple(chapters))
