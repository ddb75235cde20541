"""What looking at films costs: processor time and memory for an hour of 1080p H.264, by sense.

    python -m bench.look [FILE]

Without a file, 30 s of moving noise with a key frame every two seconds are rendered: more work for the decoder than
films are. Decoding is scaled to an hour; picture and faces are described from the frames of an hour, repeated. Times
are processor seconds, of the child and of this process; memory is what looking adds to each.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np

from ingest.faces import describe_faces, shipped_reader
from ingest.frames import describe_frames, shipped_encoder
from ingest.picture import describe_picture
from media.confined import Confined, peak_memory_mb
from media.picture import MOST_FRAMES, MOST_LARGER, Frames

SECONDS, RATE, WIDTH, HEIGHT = 30, 24, 1_920, 1_080


def render(path: Path) -> None:
    """Moving noise, coarse and fine, in H.264 at about 25 Mbit/s."""
    rng = np.random.default_rng(1)
    coarse = np.kron(
        rng.integers(40, 216, (HEIGHT // 40, WIDTH // 40 + 20, 3), np.uint8), np.ones((40, 40, 1), np.uint8)
    )
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "g": "48", "b": "25M"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(SECONDS * RATE):
            at = number % 800
            picture = coarse[:HEIGHT, at : at + WIDTH].copy()
            picture[::2] += rng.integers(0, 30, (HEIGHT // 2, WIDTH, 1), np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _processor_s(child: bool) -> float:
    if not child:
        return time.process_time()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(act: Callable[[], object], child: bool = False) -> float:
    """Processor seconds of something: of this process, or of children that end in it."""
    before = _processor_s(child)
    act()
    return _processor_s(child) - before


def repeated(frames: Frames, hours: float) -> Frames:
    """As many frames as an hour has, of a film that lasts `hours`."""
    counts = [
        min(most, round(len(rows) / hours))
        for rows, most in ((frames.pixels, MOST_FRAMES), (frames.larger, MOST_LARGER))
    ]
    pixels, larger = (
        np.take(rows, np.arange(n) % len(rows), 0)
        for rows, n in zip((frames.pixels, frames.larger), counts, strict=True)
    )
    times = [np.linspace(0, 3_600, n, endpoint=False) for n in counts]
    return replace(frames, pixels=pixels, times_s=times[0], larger=larger, larger_times_s=times[1])


def measure(path: Path) -> dict[str, float]:
    """Seconds of processor for an hour of this film, and memory in MB."""
    seen: list[Frames] = []
    memory: list[float] = []

    def look() -> None:
        with Confined() as child:
            child.container_seconds(path)
            memory.append(child.peak_memory_mb)
            frames = child.look(path)
            assert frames is not None, f"{path}: has no picture"
            seen.append(frames)
            memory.append(child.peak_memory_mb)

    def start() -> None:
        with Confined() as child:
            child.container_seconds(path)

    decoding = timed(look, child=True) - timed(start, child=True)
    frames = seen[0]
    length_s = float(frames.times_s[-1]) + 2.0
    shipped_reader(), shipped_encoder()
    before_mb = peak_memory_mb()
    hours = length_s / 3_600
    hour = repeated(frames, hours)
    picture, faces = (timed(lambda d=d: d(hour, 3_600.0)) for d in (describe_picture, describe_faces))
    shown = timed(lambda: describe_frames(hour))
    return {
        "decoding_s": decoding / hours,
        "picture_s": picture,
        "faces_s": faces,
        "frames_s": shown,
        "all_s": decoding / hours + picture + faces + shown,
        "child_mb": memory[1] - memory[0],
        "parent_mb": peak_memory_mb() - before_mb,
        "frames": len(hour.times_s),
        "larger_frames": len(hour.larger_times_s),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "noise.mp4"
        if len(sys.argv) == 1:
            render(path)
        sys.stdout.write(json.dumps({name: round(value, 1) for name, value in measure(path).items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
