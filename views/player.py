"""A player for a scene: the browser asks for its excerpt when somebody presses play, and not before."""

from __future__ import annotations

import html
from urllib.parse import urlencode

from errors import CatalogueError
from media.excerpt import LONGEST_S, MEDIA_TYPES, SHORTEST_S
from service.listening.answers import EXCERPT_PATH
from service.listening.excerpts import Excerpts
from views import frame
from views.film_figures import clock
from views.language import say

LISTEN, NO_EXCERPT = "Listen to {}, from {}", "No excerpt can be played. {}"
_FORMATS = ("webm", "m4a")
"""The browser takes the first that it plays."""


def why_not_heard(film_id: int) -> str:
    """Why nothing of a film can be listened to here, in a line; "" where it can."""
    try:
        return Excerpts(frame.home()).why_not(frame.actor(), film_id)
    except CatalogueError as error:
        return str(error)


def player(film_id: int, start_s: float, end_s: float, title: str) -> str:
    """The player of a scene as HTML: its first LONGEST_S seconds."""
    seconds = min(max(end_s - start_s, SHORTEST_S), LONGEST_S)
    sources = ""
    for form in _FORMATS:
        asked = urlencode({"film": film_id, "start": f"{start_s:g}", "seconds": f"{seconds:g}", "format": form})
        # without a slash before it, so that it is found below any address that the app is served at
        address = html.escape(f"{EXCERPT_PATH.lstrip('/')}?{asked}", quote=True)
        sources += f'<source src="{address}" type="{MEDIA_TYPES[form]}">'
    words = html.escape(say(LISTEN, title, clock(int(start_s))), quote=True)
    return f'<audio class="fs-player" controls preload="none" aria-label="{words}">{sources}</audio>'


def player_or_why(film_id: int, start_s: float, end_s: float, title: str) -> str:
    """The player of a scene as HTML, or the line that says why there is none."""
    silent = why_not_heard(film_id)
    if silent:
        return f'<p class="fs-meta">{html.escape(say(NO_EXCERPT, silent))}</p>'
    return player(film_id, start_s, end_s, title)
