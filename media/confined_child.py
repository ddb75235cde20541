"""The child process that opens media files: it answers the requests of `media.confined` until its input ends.

Requests and answers are lines of JSON on standard input and output. Sound and frames are files in the folder that the
request names as `box`.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import numpy as np

from errors import FilmscoreError
from media.decode import choose_audio_track, container_seconds, decode
from media.picture import look
from media.source import fault
from media.subtitles import list_text_tracks, read_subtitle_file, read_text_track, spoken_language
from media.tags import read_tags
from media.tracks import Choice

MEMORY_LIMIT_BYTES = 1024**3
"""Address space of the child, on systems that can limit it. Ordinary files need a fifth of this."""
FURTHER = ("music", "wide")
"""The sounds that `decode` may write beside the mix."""
EXCERPT, POWERS = "excerpt", "powers.npy"
"""Names of the files of an excerpt and of the loudness of decoded sound in the child's folder."""


def peak_memory_mb() -> float:
    """Peak resident size of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def _serve() -> None:
    """Answer requests until the other side closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _limit_memory()

    def say(**answer: Any) -> None:
        print(json.dumps(answer), flush=True)

    for line in sys.stdin:
        request = json.loads(line)
        path = Path(request["path"])
        try:
            answer = _answer(request, path, lambda share: say(progress=share))
        except FilmscoreError as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        except MemoryError:
            refused = fault(path, f"needs more than {MEMORY_LIMIT_BYTES / 1e9:.1f} GB to decode", "Leave it out")
            answer = {"error": type(refused).__name__, "message": str(refused)}
        say(**answer, peak_memory_mb=peak_memory_mb())


def _answer(request: dict[str, Any], path: Path, on_progress: Callable[[float], None]) -> dict[str, Any]:
    if request["what"] == "track":
        return asdict(choose_audio_track(path, request["audio_track"]))
    if request["what"] == "seconds":
        return {"seconds": container_seconds(path)}
    if request["what"] == "look":
        return _seen(path, Path(request["box"]))
    if request["what"] == "tags":
        return asdict(read_tags(path))
    if request["what"] == "poster":
        from media.posters import small_poster  # few children draw

        drawn = small_poster(path)
        return {"poster": None if drawn is None else b64encode(drawn).decode("ascii")}
    if request["what"] == "excerpt":
        from media.excerpt import write_excerpt  # few children cut

        asked = {name: request[name] for name in ("start_s", "seconds", "kind", "audio_track")}
        write_excerpt(path, Path(request["box"]) / EXCERPT, **asked)
        return {}
    if request["what"] == "text tracks":
        return {"text_tracks": [asdict(track) for track in list_text_tracks(path)]}
    if request["what"] == "subtitles":
        number = request["number"]
        text = read_subtitle_file(path, request["language"]) if number is None else read_text_track(path, number)
        spoken = spoken_language([cue.text for cue in text.cues])
        return {"cues": [astuple(cue) for cue in text.cues], "dropped": text.dropped, "spoken": spoken}
    return _decoded(request, path, on_progress)


def _decoded(request: dict[str, Any], path: Path, on_progress: Callable[[float], None]) -> dict[str, Any]:
    """Decode a film, and put its sound and its loudness into the box."""
    box, asked = Path(request["box"]), {name: request[name] for name in ("audio_track", "details")}
    sound = decode(path, scratch_dir=box, on_progress=on_progress, **asked)
    try:
        np.save(box / POWERS, sound.powers)
    except OSError as error:
        raise fault(
            path, f"its loudness cannot be stored ({error.strerror})", "Free space for scratch files"
        ) from error
    choice = Choice(sound.audio_track, sound.tracks)
    further = {name: str(getattr(sound, name) or "") for name in FURTHER}
    told = {name: getattr(sound, name) for name in ("n_samples", "turned_s", "notes")}
    return {"scratch": str(sound.scratch), "further": further, **told, **asdict(choice)}


def _seen(path: Path, box: Path) -> dict[str, Any]:
    """Look at a film, and leave its key frames in the box."""
    frames = look(path)
    if frames is None:
        return {"n": 0}
    try:
        np.save(box / "times.npy", frames.times_s)
        np.save(box / "pixels.npy", frames.pixels)
        np.save(box / "larger.npy", frames.larger)
        np.save(box / "larger_times.npy", frames.larger_times_s)
    except OSError as error:
        raise fault(path, f"its frames cannot be stored ({error.strerror})", "Free space for scratch files") from error
    told = {"aspect_ratio": frames.aspect_ratio, "high_range": frames.high_range, "whole": frames.whole}
    return {"n": len(frames.times_s), **told}


if __name__ == "__main__":
    with suppress(BrokenPipeError, KeyboardInterrupt):
        _serve()
