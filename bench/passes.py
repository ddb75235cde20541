"""Measure what one pass over a film's file, for sound and picture together, could save beside two passes.

    python -m bench.passes FILE [--minutes 10]

The packets of FILE, which has H.264 and AAC or the like, are repeated to a Matroska file of so many minutes. A second
pass reads the file and parts its packets once more: `parting_s`. `sound_s` and `look_s` are the two passes as the
product makes them (decoding to 8 kHz; key frames), each with its own parting. All are processor seconds an hour of
film, in this process; `read_mb` is what each of the three reads, from the disk or from the system's memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av

from bench.given import existing
from media.decode import decode
from media.picture import look


def repeat(source: Path, target: Path, seconds: float) -> float:
    """Write the first picture and sound of a file again and again; the length in seconds."""
    with av.open(str(source)) as opened, av.open(str(target), "w") as made:
        streams = (opened.streams.video[0], opened.streams.audio[0])
        copies = {stream.index: made.add_stream_from_template(stream) for stream in streams}
        packets = [packet for packet in opened.demux(*streams) if packet.size and packet.dts is not None]
        length_s = (opened.duration or 0) / 1e6
        times = max(1, round(seconds / length_s))
        for number in range(times):
            for packet in packets:
                copy = av.Packet(bytes(packet))
                assert packet.pts is not None and packet.dts is not None and packet.time_base is not None
                later = round(number * length_s / packet.time_base)
                copy.pts, copy.dts, copy.time_base = packet.pts + later, packet.dts + later, packet.time_base
                copy.duration, copy.is_keyframe = packet.duration, packet.is_keyframe
                copy.stream = copies[packet.stream_index]
                made.mux(copy)
    return times * length_s


def part(path: Path) -> None:
    """Read the packets of picture and sound, and decode none."""
    with av.open(str(path)) as opened:
        for _ in opened.demux(opened.streams.video[0], opened.streams.audio[0]):
            pass


def hear(path: Path) -> None:
    """Decode the sound."""
    with decode(path):
        pass


def _read_bytes() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def measured(act: Callable[[Path], object], path: Path) -> tuple[float, float]:
    """Processor seconds, and MB read."""
    began_s, began = time.process_time(), _read_bytes()
    act(path)
    return time.process_time() - began_s, (_read_bytes() - began) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=existing)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mkv"
        hours = repeat(options.file, path, 60 * options.minutes) / 3_600
        told = {}
        for name, act in (("parting", part), ("sound", hear), ("look", look)):
            took_s, read_mb = measured(act, path)
            told |= {f"{name}_s": round(took_s / hours, 1), f"{name}_read_mb": round(read_mb / hours)}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
