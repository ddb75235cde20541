"""Measure how long a listener waits for an excerpt of a 2-hour film with H.264 and AAC, in MKV and MP4, cold and warm.

    python -m bench.excerpts [--hours 2] [--times 20] [--json]

A minute of moving noise and tones is encoded once and repeated, packet by packet, to the film's length. Each excerpt is
30 s of WebM from a place drawn with a fixed seed, requested from `service.listening.excerpts` as the player does. Warm:
the cutting child is already running, and the system has the file in its cache. Cold: a new child, and the file is
dropped from the system's cache.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from db.home import Home
from db.state.store import State
from film import Film
from media.excerpt import LONGEST_S
from service.listening.excerpts import Excerpts
from service.listening.listeners import set_listeners
from service.rights.access import LOCAL
from service.rights.media_roots import add_root

KINDS = ("mkv", "mp4")
MINUTE_S, RATE_HZ, FRAMES_PER_S = 60, 48_000, 24
WIDTH, HEIGHT, BITS_PER_S = 640, 360, 1_500_000
SEED = 21


def minute(path: Path) -> Path:
    """A minute of a film with H.264 and AAC."""
    rng = np.random.default_rng(SEED)
    noise = rng.integers(0, 255, (HEIGHT, WIDTH * 2, 3), np.uint8)
    sound = 0.3 * np.sin(np.cumsum(2 * np.pi * np.linspace(200, 900, MINUTE_S * RATE_HZ) / RATE_HZ))
    stereo = np.repeat(sound.astype(np.float32), 2).reshape(1, -1)
    with av.open(str(path), "w") as out:
        video = cast(VideoStream, out.add_stream("libx264", rate=FRAMES_PER_S, options={"preset": "ultrafast"}))
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", BITS_PER_S
        audio = cast(AudioStream, out.add_stream("aac", rate=RATE_HZ, layout="stereo"))
        for number in range(MINUTE_S * FRAMES_PER_S):
            at = number * 2 % WIDTH
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(noise[:, at : at + WIDTH]), format="rgb24")
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        whole = av.AudioFrame.from_ndarray(stereo, "flt", "stereo")
        whole.sample_rate, whole.pts = RATE_HZ, 0
        out.mux(audio.encode(whole))
        out.mux(audio.encode(None))
    return path


def repeated(source: Path, target: Path, times: int) -> Path:
    """The streams of a file, repeated without another encoding."""
    with av.open(str(source)) as first, av.open(str(target), "w") as out:
        streams = {
            one.index: out.add_stream_from_template(one) for one in (first.streams.video[0], first.streams.audio[0])
        }
        step_s = (first.duration or 0) / av.time_base + 0.05  # no packet precedes the last of the previous round
        for turn in range(times):
            first.seek(0)
            for packet in first.demux(*(first.streams[index] for index in streams)):
                if packet.dts is None or packet.pts is None or packet.time_base is None:
                    continue
                later = round(turn * step_s / packet.time_base)
                packet.pts, packet.dts = packet.pts + later, packet.dts + later
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return target


def forget(path: Path) -> None:
    """Drop a file from the system's cache."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def waits_s(home: Home, path: Path, film_id: int, places: list[float], *, cold: bool) -> Iterator[float]:
    """Seconds until each excerpt is ready."""
    excerpts = Excerpts(home)
    try:
        if not cold:
            excerpts.excerpt(LOCAL, "bench", film_id, start_s=1.0, kind="webm")
        for number, place in enumerate(places):
            if cold:
                excerpts.close()
                forget(path)
            began = time.perf_counter()
            excerpts.excerpt(LOCAL, f"visitor {number}", film_id, start_s=place, seconds=LONGEST_S, kind="webm")
            yield time.perf_counter() - began
    finally:
        excerpts.close()


def measure(hours: float, times: int) -> dict[str, Any]:
    """Median and 95th percentile of the waiting times in seconds, for each container, cold and warm."""
    rng = np.random.default_rng(SEED)
    found: dict[str, Any] = {"hours": hours, "times": times}
    with tempfile.TemporaryDirectory(prefix="filmscore-excerpts-") as folder:
        root = Path(folder)
        home = Home.at(root / "home")
        one = minute(root / "minute.mkv")
        add_root(home, LOCAL, root)
        set_listeners(home, LOCAL, "everybody")
        for number, kind in enumerate(KINDS):
            path = repeated(one, root / f"film.{kind}", round(60 * hours))
            with State.open(home) as state:
                film_id = state.add_film(Film(f"Film as {kind}"))
                state.attach_media(film_id, f"{number:064x}", 0, str(path), "bench")
            found[kind] = {"megabytes": round(path.stat().st_size / 1e6)}
            for cold in (True, False):
                places = [float(one) for one in rng.uniform(60, 3600 * hours - 60, times).round(1)]
                waited = list(waits_s(home, path, film_id, places, cold=cold))
                found[kind]["cold" if cold else "warm"] = {
                    "median_s": round(float(np.median(waited)), 3),
                    "p95_s": round(float(np.quantile(waited, 0.95)), 3),
                }
    return found


def main() -> None:
    """Print the waiting times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.hours, arguments.times)
    if arguments.json:
        print(json.dumps(found))
        return
    for kind in KINDS:
        for state in ("cold", "warm"):
            row = found[kind][state]
            print(f"{kind} {state}: median {row['median_s']:.2f} s, 95 % {row['p95_s']:.2f} s")


if __name__ == "__main__":
    main()
