"""Open media files in a child process with limits, so that a file that crashes, hangs or exhausts it does no harm here.

The product opens every media file this way; `media.decode` alone is for the child, the benches and the tests. One child
serves many files; `media.confined_child` is its program.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

import durable
import errors
from errors import FilmscoreError
from film import AudioTrack, Cue, TextTrack
from media.beneath import held
from media.confined_child import EXCERPT, FURTHER, POWERS
from media.decode import Sound
from media.picture import Frames
from media.source import fault, readable_size
from media.tags import Chapter, ContainerTags
from media.tracks import Choice

PATIENCE_S = 120.0
PATIENCE_S_PER_MB = 1.0
"""Time limit per file. One hour of film of 30 to 3,000 MB takes 2 to 10 s."""
READING_PATIENCE_S = 20.0
"""Time limit for a subtitle file; those of a film take less than one second."""

EXCERPT_PATIENCE_S = 30.0
"""Time limit for an excerpt; it takes less than one second, unless the file must be read from its start."""

_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_INHERITED = (
    *("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
)
"""The variables that the child gets of ours: a file that takes it over finds no password or key among them."""


@dataclass(frozen=True)
class ReadText:
    """The text of subtitles."""

    cues: tuple[Cue, ...]
    dropped: int
    """Number of cues without text, or with impossible times."""
    spoken: str
    """The language of the text, two letters; "" if the text is too short to detect it."""


class Confined:
    """A child process that opens media files in place of this process; a context manager. Handles one request at a
    time."""

    def __init__(self, scratch_dir: Path | None = None, patience_s: float = PATIENCE_S) -> None:
        """
        Args:
            scratch_dir: folder for decoded sound (16 kB per second); None: the system's.
            patience_s: seconds that any file may take; large ones get more.
        """
        self.deaths = 0
        """Number of children that died or timed out."""
        self.peak_memory_mb = 0.0
        """Peak resident size of the present child, as of its last answer."""
        self.beneath: tuple[Path, ...] = ()
        """Folders that must contain the files when they are opened (`media.beneath`); empty means no restriction."""
        self._scratch = scratch_dir or Path(tempfile.gettempdir())
        self._patience_s = patience_s
        self._child: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> Confined:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child now, for a request that follows soon: its imports take a third of a second."""
        with self._one_at_a_time:
            if self._child is None:
                self._child = _start()

    def close(self) -> None:
        """End the child. May be called twice; another request starts a new child."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]

    def decode(
        self,
        path: Path,
        *,
        audio_track: int | None = None,
        on_progress: Callable[[float], None] | None = None,
        details: bool = False,
    ) -> Sound:
        """As `media.decode.decode`.

        Raises:
            MediaError: as there; or the file took the child down, took too long or too much memory.
        """
        box = self._box(path)
        try:
            answer = self._ask("decode", path, on_progress, audio_track=audio_track, box=str(box), details=details)
            powers = np.load(box / POWERS, allow_pickle=False)
            scratch, further = box.with_suffix(".s16"), dict[str, Path]()
            Path(answer["scratch"]).replace(scratch)
            for name in FURTHER:
                if written := answer["further"][name]:
                    further[name] = box.with_suffix(f".{name}.s16")
                    Path(written).replace(further[name])
            choice, turned_s, notes = _choice(answer), answer["turned_s"], tuple(answer["notes"])
            n_samples = answer["n_samples"]
            return Sound(path, scratch, n_samples, choice.track, choice.tracks, turned_s, powers, notes, **further)
        finally:
            shutil.rmtree(box, ignore_errors=True)

    def choose_audio_track(self, path: Path, audio_track: int | None = None) -> Choice:
        """As `media.decode.choose_audio_track`. Raises as `decode`."""
        return _choice(self._ask("track", path, None, audio_track=audio_track))

    def container_seconds(self, path: Path) -> float | None:
        """As `media.decode.container_seconds`. Raises as `decode`."""
        seconds = self._ask("seconds", path, None)["seconds"]
        return None if seconds is None else float(seconds)

    def text_tracks(self, path: Path) -> tuple[TextTrack, ...]:
        """As `media.subtitles.list_text_tracks`. Raises as `decode`."""
        return tuple(TextTrack(**track) for track in self._ask("text tracks", path, None)["text_tracks"])

    def read_subtitles(self, path: Path, number: int | None, language: str = "") -> ReadText:
        """The cues of a subtitle file, or (with a number) of a text track inside a media file.

        Raises:
            MediaError: as `media.subtitles.read_subtitle_file` and `read_text_track`, and as `decode`.
        """
        patience_s = min(READING_PATIENCE_S, self._patience_s) if number is None else None
        answer = self._ask("subtitles", path, None, patience_s=patience_s, number=number, language=language)
        return ReadText(tuple(Cue(*cue) for cue in answer["cues"]), answer["dropped"], answer["spoken"])

    def look(self, path: Path) -> Frames | None:
        """As `media.picture.look`. Raises as `decode`."""
        box = self._box(path)
        try:
            answer = self._ask("look", path, None, box=str(box))
            if not answer["n"]:
                return None
            return Frames(
                np.load(box / "times.npy", allow_pickle=False),
                np.load(box / "pixels.npy", allow_pickle=False),
                answer["aspect_ratio"],
                answer["high_range"],
                answer["whole"],
                np.load(box / "larger.npy", mmap_mode="r", allow_pickle=False),
                np.load(box / "larger_times.npy", allow_pickle=False),
            )
        finally:
            shutil.rmtree(box, ignore_errors=True)

    def tags(self, path: Path) -> ContainerTags:
        """As `media.tags.read_tags`. Raises as `decode`."""
        said = self._ask("tags", path, None)
        return ContainerTags(said["title"], said["year"], tuple(Chapter(**chapter) for chapter in said["chapters"]))

    def poster(self, path: Path) -> bytes | None:
        """As `media.posters.small_poster`. Raises as `decode`."""
        drawn = self._ask("poster", path, None, patience_s=min(READING_PATIENCE_S, self._patience_s))["poster"]
        return None if drawn is None else b64decode(drawn)

    def excerpt(
        self, path: Path, target: Path, *, start_s: float, seconds: float, kind: str, audio_track: int | None = None
    ) -> None:
        """As `media.excerpt.write_excerpt`, but `target` is written atomically. Raises as `decode`."""
        box = self._box(path)
        try:
            cut = {"start_s": start_s, "seconds": seconds, "kind": kind, "audio_track": audio_track}
            self._ask("excerpt", path, None, patience_s=min(EXCERPT_PATIENCE_S, self._patience_s), box=str(box), **cut)
            durable.replace(box / EXCERPT, target)
        finally:
            shutil.rmtree(box, ignore_errors=True)

    def _box(self, path: Path) -> Path:
        """A new folder for the child's output."""
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix="filmscore-", dir=self._scratch))
        except OSError as error:
            what = f"no scratch file can be made in {self._scratch} ({error.strerror})"
            raise fault(path, what, "Free space there, or allow writing") from error

    def _ask(
        self,
        what: str,
        path: Path,
        on_progress: Callable[[float], None] | None,
        *,
        patience_s: float | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        with held([path], self.beneath, self._scratch) as (leading,):
            return self._ask_of(what, leading, on_progress, patience_s, more)

    def _ask_of(
        self,
        what: str,
        path: Path,
        on_progress: Callable[[float], None] | None,
        patience_s: float | None,
        more: dict[str, Any],
    ) -> dict[str, Any]:
        size_mb = readable_size(path) / 1e6
        if patience_s is None:
            patience_s = self._patience_s + PATIENCE_S_PER_MB * size_mb
        with self._one_at_a_time:
            if self._child is None or self._child.poll() is not None:
                self.close()
                self._child = _start()
            child = self._child
            late = threading.Event()

            def lose_patience() -> None:
                late.set()
                child.kill()

            clock = threading.Timer(patience_s, lose_patience)
            clock.start()
            answered = False
            try:
                answer = _exchange(child, {"what": what, "path": str(path.absolute()), **more}, on_progress)
                answered = answer is not None
            finally:
                clock.cancel()
                if not answered:
                    code = child.poll() if late.is_set() else _exit_code(child)
                    self.close()
        if answer is None:
            self.deaths += 1
            raise _downfall(path, code, patience_s if late.is_set() else None)
        self.peak_memory_mb = answer["peak_memory_mb"]
        if "error" in answer:
            kind = getattr(errors, answer["error"])
            raise kind(answer["message"])
        return answer


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "media.confined_child"],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _INHERITED if name in os.environ} | _ENVIRONMENT,
        text=True,
        encoding="ascii",
        bufsize=1,
    )


def _exchange(
    child: subprocess.Popen[str], request: dict[str, Any], on_progress: Callable[[float], None] | None
) -> dict[str, Any] | None:
    """The child's answer, or None if it ended without one."""
    assert child.stdin and child.stdout
    try:
        child.stdin.write(json.dumps(request) + "\n")
        child.stdin.flush()
    except OSError:
        return None
    for line in child.stdout:
        if not line.endswith("\n"):
            return None
        answer: dict[str, Any] = json.loads(line)
        if "progress" not in answer:
            return answer
        if on_progress:
            on_progress(answer["progress"])
    return None


def _choice(answer: dict[str, Any]) -> Choice:
    return Choice(answer["track"], tuple(AudioTrack(**track) for track in answer["tracks"]), tuple(answer["bit_rates"]))


def _exit_code(child: subprocess.Popen[str]) -> int | None:
    try:
        return child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return None


def _downfall(path: Path, code: int | None, patience_s: float | None) -> FilmscoreError:
    if patience_s is not None:
        what = f"not decoded after {patience_s:.0f} s"
    elif code is not None and code < 0:
        what = f"crashes its decoder ({signal.Signals(-code).name})"
    else:
        what = f"crashes its decoder (exit code {code})"
    return fault(path, what, "Convert it, or leave it out")
