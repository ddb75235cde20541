"""Measure the cost of analysing the picture of films: processor time and memory for an hour of 1080p H.264, by sense.

    python -m bench.look [FILE] [--rate 8M]

Without a file, 20 s that resemble a film are rendered (shots of five seconds, movement, grain, 8 Mbit/s) and repeated
to ten minutes. The time for decoding is scaled to an hour; picture and faces are analysed in as many repeated frames as
an hour has. Times are processor seconds of the child and of this process; two cores analyse two films at a time, so an
hour of film takes half of `all_s`. Memory is what the analysis of the picture adds to each process.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from bench.given import existing
from ingest.faces import describe_faces, shipped_reader
from ingest.frames import describe_frames, shipped_encoder
from ingest.picture import describe_picture
from media.confined import Confined
from media.confined_child import peak_memory_mb
from media.picture import MOST_FRAMES, MOST_LARGER, Frames

SECONDS, RATE, WIDTH, HEIGHT = 20, 24, 1_920, 1_080
REPEATS = 30
SHOT_S = 5
"""Length of a shot, as in typical films; x264 writes a key frame at each cut, and at least every 250 frames."""
GRAIN = 4.0
"""Standard deviation of luma, of 256."""


def render(path: Path, rate: str) -> None:
    """Shots of smooth shapes through which the camera moves, with grain, in H.264."""
    rng = np.random.default_rng(1)
    grain = (rng.standard_normal((HEIGHT + 64, WIDTH + 64)) * GRAIN).astype(np.int16)
    options = {"preset": "veryfast", "g": "250", "b": rate, "maxrate": rate, "bufsize": "16M"}
    encoded: list[av.Packet] = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(SECONDS * RATE):
            at = number % (SHOT_S * RATE)
            if at == 0:
                luma, *colours = (_shapes(rng, side) for side in (1, 2, 2))
            y, x = rng.integers(0, 64, 2)
            bright = luma[at // 2 :][:HEIGHT, at : at + WIDTH] + grain[y : y + HEIGHT, x : x + WIDTH]
            planes = [np.clip(bright, 16, 235), *(one[: HEIGHT // 2, at // 2 :][:, : WIDTH // 2] for one in colours)]
            flat = np.concatenate([plane.astype(np.uint8).reshape(-1, WIDTH) for plane in planes])
            encoded += stream.encode(av.VideoFrame.from_ndarray(flat, format="yuv420p"))
        encoded += stream.encode()
        for repeat in range(REPEATS):
            for packet in encoded:
                container.mux(_later(packet, stream, repeat * SECONDS * RATE))


def _later(packet: av.Packet, stream: av.VideoStream, frames: int) -> av.Packet:
    """A copy of an encoder's packet, a number of frames later."""
    copy = av.Packet(bytes(packet))
    assert packet.pts is not None and packet.dts is not None
    copy.pts, copy.dts = packet.pts + frames, packet.dts + frames
    copy.time_base, copy.is_keyframe, copy.stream = Fraction(1, RATE), packet.is_keyframe, stream
    return copy


def _shapes(rng: np.random.Generator, share: int) -> npt.NDArray[np.int16]:
    """A plane of soft and hard edges, larger than a picture of WIDTH / share by as much as the camera moves."""
    height, width = HEIGHT // share + 80, WIDTH // share + 140
    soft = Image.fromarray(rng.integers(30, 226, (8, 12), np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    hard = Image.fromarray(rng.integers(0, 40, (30, 50), np.uint8)).resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(soft).astype(np.int16) + np.asarray(hard) - 20


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
    lengths_s: list[float] = []

    def look() -> None:
        with Confined() as child:
            lengths_s.append(child.container_seconds(path) or 0.0)
            memory.append(child.peak_memory_mb)
            frames = child.look(path)
            assert frames is not None, f"{path}: has no picture"
            seen.append(frames)
            memory.append(child.peak_memory_mb)

    def start() -> None:
        """A child that opens the file as often, so that what a short file costs but once is not counted for an hour."""
        with Confined() as child:
            child.container_seconds(path)
            child.container_seconds(path)

    decoding = timed(look, child=True) - timed(start, child=True)
    frames = seen[0]
    shipped_reader(), shipped_encoder()
    before_mb = peak_memory_mb()
    hours = lengths_s[0] / 3_600
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=existing, nargs="?")
    parser.add_argument("--rate", default="8M", help="bits a second of the rendered film")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "film.mkv"
        if not options.file:
            render(path, options.rate)
        sys.stdout.write(json.dumps({name: round(value, 1) for name, value in measure(path).items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
