"""Excerpts of films: cut when they are first asked for, kept in the home until others need their room.

A few children cut; a few listeners wait for them; the next is told when to come again. So nothing else ever waits for
an excerpt, and one visitor does not take all the turns.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from db.home import Home
from db.state.media import Media
from db.state.store import State
from errors import AccessError, BusyError, MediaError, ParameterError
from media.confined import Confined
from media.excerpt import KINDS, LONGEST_S, SHORTEST_S
from media.geometry import LATEST_S
from service.listening.listeners import require_listener
from service.rights.access import Actor
from service.rights.media_roots import media_roots
from told import Told

KEPT_BYTES = 500_000_000
"""Of excerpts in the home; the least recently heard go first."""
CHILDREN = 2
"""Excerpts that are cut at once."""
WAITING = 6
"""Listeners who wait for a child, beside those whose excerpts are cut."""
WAIT_S = 20.0
RETRY_AFTER_S = 5
PER_VISITOR, PER_VISITOR_S = 40, 60.0
"""New excerpts that one visitor may have cut in how many seconds; those that are kept cost nothing."""
MOST_VISITORS = 1000

_EDITION = 1
"""To be raised when excerpts are cut otherwise, so that kept ones are not taken for new ones."""


class Excerpts:
    """The excerpts of one home, for all visitors of a process."""

    def __init__(self, home: Home, kept_bytes: int = KEPT_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            home: whose films.
            kept_bytes: how much may lie in the home.
            clock: seconds, for the limit per visitor.
        """
        self.home, self._kept_bytes, self._clock = home, kept_bytes, clock
        self._idle: list[Confined] = []
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(CHILDREN)
        self._places = CHILDREN + WAITING
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def excerpt(
        self, actor: Actor, visitor: str, film_id: int, *, start_s: float, seconds: float = LONGEST_S, kind: str = "m4a"
    ) -> Path:
        """An excerpt as a file, cut now unless it is kept.

        Args:
            actor: who must be allowed to listen.
            visitor: where they come from (an address), for the limit of each.
            film_id: the film; its file must lie below a media root.
            start_s: into the film.
            seconds: how long; less comes where the film ends before.
            kind: one of `media.excerpt.KINDS`.

        Raises:
            AccessError: they may not listen.
            ParameterError: no such film or kind, or a place or length out of range.
            MediaError: the film's file is not there, lies elsewhere, has no sound, is damaged, or ends before.
            BusyError: too many excerpts are cut at once, or too many for this visitor.
        """
        require_listener(self.home, actor)
        _check(start_s, seconds, kind)
        with State.open(self.home) as state:
            media = _media(state, self._roots(), film_id)
        path, start_s, seconds = Path(media.path), round(float(start_s), 1), round(float(seconds), 1)
        kept = self.home.excerpts / _name(media, path, start_s, seconds, kind)
        with suppress(OSError):
            os.utime(kept)  # it was heard lately
            return kept
        self._count(visitor)
        with self._child() as child:
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            child.excerpt(path, kept, start_s=start_s, seconds=seconds, kind=kind, audio_track=media.audio_track)
        self._make_room(kept)
        return kept

    def why_not(self, actor: Actor, film_ids: Sequence[int]) -> dict[int, str]:
        """Why nothing of each film can be heard by somebody, in a line; "" where it can, as far as is known."""
        try:
            require_listener(self.home, actor)
        except AccessError as error:
            return dict.fromkeys(film_ids, error.message)
        roots, reasons = self._roots(), dict.fromkeys(film_ids, "")
        with State.open(self.home) as state:
            for film_id in film_ids:
                try:
                    _media(state, roots, film_id)
                except (ParameterError, MediaError) as error:
                    reasons[film_id] = error.message
        return reasons

    def close(self) -> None:
        """End the children that wait for work."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()

    def _roots(self) -> tuple[Path, ...]:
        return (*media_roots(self.home), (self.home.root / "media").resolve())  # there the demo's films are rendered

    def _count(self, visitor: str) -> None:
        """Note that a visitor has an excerpt cut.

        Raises:
            BusyError: they had too many of late.
        """
        now = self._clock()
        with self._lock:
            times = self._asked.setdefault(visitor, deque())
            self._asked.move_to_end(visitor)
            while len(self._asked) > MOST_VISITORS:
                self._asked.popitem(last=False)
            while times and times[0] <= now - PER_VISITOR_S:
                times.popleft()
            if len(times) >= PER_VISITOR:
                wait = max(1, math.ceil(times[0] + PER_VISITOR_S - now))
                raise BusyError(
                    Told("excerpt: {} were asked for in a minute. Ask again in {} seconds.", PER_VISITOR, wait)
                )
            times.append(now)

    @contextmanager
    def _child(self) -> Iterator[Confined]:
        """A child for one excerpt, when it is this one's turn.

        Raises:
            BusyError: too many wait, or this one waited too long.
        """
        busy = BusyError(f"excerpt: too many are being cut. Ask again in {RETRY_AFTER_S} seconds.")
        with self._lock:
            if not self._places:
                raise busy
            self._places -= 1
        try:
            if not self._turns.acquire(timeout=WAIT_S):
                raise busy
            try:
                with self._lock:
                    child = self._idle.pop() if self._idle else Confined(self.home.scratch)
                child.beneath = self._roots()
                try:
                    yield child
                finally:
                    with self._lock:
                        self._idle.append(child)
            finally:
                self._turns.release()
        finally:
            with self._lock:
                self._places += 1

    def _make_room(self, newest: Path) -> None:
        """Remove the excerpts heard longest ago until the rest keeps to the limit; the newest stays."""
        found = []
        for entry in os.scandir(newest.parent):
            with suppress(OSError):
                status = entry.stat()
                found.append((status.st_mtime_ns, entry.path, status.st_size))
        total = sum(size for _, _, size in found)
        for _, path, size in sorted(found):
            if total <= self._kept_bytes:
                return
            if path != str(newest):
                Path(path).unlink(missing_ok=True)
                total -= size


def _media(state: State, roots: Sequence[Path], film_id: int) -> Media:
    """The film's file, which is there.

    Raises:
        ParameterError: no such film.
        MediaError: it has no file, or the file is not there or lies outside of the roots.
    """
    title = state.get_film(film_id).title
    found = state.media([film_id])
    if not found or not found[0].path:
        raise MediaError(Told("{}: it has no file that could be listened to. Add its file first.", title))
    path = Path(found[0].path)
    if not path.is_file():
        raise MediaError(
            Told(
                "{}: its file {} is not where it was. Connect its disk, or add the file where it is now.",
                title,
                path.name,
            )
        )
    if not any(path.resolve().is_relative_to(root) for root in roots):
        raise MediaError(
            Told(
                "{}: its file lies outside of the media roots. An admin can add its folder with `filmscore roots add "
                "FOLDER`.",
                title,
            )
        )
    return found[0]


def _check(start_s: float, seconds: float, kind: str) -> None:
    if kind not in KINDS:
        raise ParameterError(f"excerpt as {kind[:20]!r}: not one of {', '.join(KINDS)}. Choose one of these.")
    if not 0 <= start_s <= LATEST_S:
        raise ParameterError(f"excerpt from {start_s:g} s: not a place in a film. Give 0 or more seconds.")
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise ParameterError(f"excerpt of {seconds:g} s: give {SHORTEST_S:g} to {LONGEST_S:g} seconds.")


def _name(media: Media, path: Path, start_s: float, seconds: float, kind: str) -> str:
    """Of a kept excerpt; another one when the film's file was changed since."""
    try:
        status = path.stat()
    except OSError as error:
        raise MediaError(
            Told("{}: is gone since a moment ago. Connect its disk, then try again.", path.name)
        ) from error
    cut = (status.st_size, status.st_mtime_ns, media.audio_track, start_s, seconds, _EDITION)
    said = json.dumps([media.media_sha256, *cut])
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.{kind}"
