"""A player for a scene: the browser asks for its excerpt when somebody presses play, and not before."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from errors import CatalogueError
from media.excerpt import LONGEST_S, MEDIA_TYPES, SHORTEST_S
from service.listening.answers import EXCERPT_PATH
from service.listening.excerpts import Excerpts
from views import frame
from views.film_figures import clock
from views.language import say, say_error

LISTEN, NO_EXCERPT = "Listen to {}, from {}", "No excerpt can be played. {}"
_FORMATS = ("webm", "m4a")
"""The browser takes the first that it plays."""
_KEYS = (Path(__file__).parent / "assets" / "listening.html").read_text(encoding="utf-8")
CLICK_LISTENS = "Click the timeline to listen from there."
TIMELINE_KEYS = "Keys: space plays and pauses, ← and → go to the scenes around."
FROM, FAILED = "From {}", "This place cannot be played now. Wait a moment, then click again."
SCENE_FAILED = "This scene cannot be played now. Wait a moment, then press play again."
COMPARE_KEY = "The key B plays two scenes one after the other; pressed again, it goes to the other one."


def why_not_heard(film_ids: Sequence[int]) -> dict[int, str]:
    """Why nothing of each film can be listened to here, in a line; "" where it can."""
    try:
        found = Excerpts(frame.home()).why_not(frame.actor(), film_ids)
    except CatalogueError as error:
        return dict.fromkeys(film_ids, say_error(error))
    return {film_id: say(why) for film_id, why in found.items()}


def player(film_id: int, start_s: float, end_s: float, title: str, kind: str = "", data: str = "") -> str:
    """The player of a scene as HTML: its first LONGEST_S seconds.

    Args:
        kind: a further CSS class.
        data: further attributes, safe as HTML.
    """
    seconds = min(max(end_s - start_s, SHORTEST_S), LONGEST_S)
    sources = ""
    for form in _FORMATS:
        asked = urlencode({"film": film_id, "start": f"{start_s:g}", "seconds": f"{seconds:g}", "format": form})
        # without a slash before it, so that it is found below any address that the app is served at
        address = html.escape(f"{EXCERPT_PATH.lstrip('/')}?{asked}", quote=True)
        sources += f'<source src="{address}" type="{MEDIA_TYPES[form]}">'
    words = html.escape(say(LISTEN, title, clock(int(start_s))), quote=True)
    failed = html.escape(say(SCENE_FAILED), quote=True)
    head = (
        f'<audio class="fs-player{kind}" data-start="{start_s:g}"{data} data-failed="{failed}" preload="none" controls '
    )
    return f'{head}aria-label="{words}">{sources}</audio>'


def timeline_player(film_id: int, starts_s: Sequence[int], length_s: int, title: str) -> str:
    """The player of the timeline as HTML; it begins at the first scene, and listening_keys lets clicks move it.

    Args:
        starts_s: where the scenes start, ascending.
        length_s: of the film.
    """
    silent = why_not_heard([film_id])[film_id]
    if silent:
        return ""
    start_s = starts_s[0] if starts_s else 0
    data = f' data-length="{length_s}" data-seconds="{LONGEST_S:g}" data-runs="{list(starts_s)}"'
    shown = player(film_id, start_s, min(start_s + LONGEST_S, length_s), title, " fs-timeline", data)
    keys = f'<span class="fs-keys">{html.escape(say(TIMELINE_KEYS))}</span>'
    keys = f'<p class="fs-meta">{html.escape(say(CLICK_LISTENS))} {keys}</p>'
    said = f'data-from="{html.escape(say(FROM), quote=True)}" data-failed="{html.escape(say(FAILED), quote=True)}"'
    return f'{shown}<span class="fs-meta fs-timeline-said" role="status" {said}></span>{keys}'


def listening_keys() -> None:
    """Let the keyboard and clicks on the timeline move the players of this page."""
    st.html(_KEYS, unsafe_allow_javascript=True)


def compare_hint(heard: str) -> None:
    """Below a player (`player_or_why`): the key that plays two scenes in turn; nothing where nothing can be heard."""
    if "<audio" in heard:
        st.html(f'<p class="fs-meta fs-keys">{html.escape(say(COMPARE_KEY))}</p>')


def player_or_why(film_id: int, start_s: float, end_s: float, title: str) -> str:
    """The player of a scene as HTML, or the line that says why there is none."""
    silent = why_not_heard([film_id])[film_id]
    return no_player(silent) if silent else player(film_id, start_s, end_s, title)


def no_player(silent: str) -> str:
    """The line, as HTML, that says why there is no player."""
    words = re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(say(NO_EXCERPT, silent)))
    return f'<p class="fs-meta">{words}</p>'
