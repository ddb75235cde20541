"""Cost of decoding: `media.decode` beside a bare PyAV decode of the same MKV file (48 kHz stereo AAC), in one run.

    python -m bench.decode [--minutes 20] [--json]

The sound is synthetic and deterministic. The figures are CPU seconds per hour of audio, the best of three passes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from threadpoolctl import threadpool_limits

from media.decode import decode

RATE_HZ = 48_000
SEED = 20


def write_mkv(path: Path, minutes: int) -> None:
    """Write stereo AAC at 160 kbit/s: ten seconds of tones under noise, repeated."""
    n = 10 * RATE_HZ
    t = np.arange(n) / RATE_HZ
    noise = 0.1 * np.random.default_rng(SEED).standard_normal((2, n))
    sound = (0.3 * np.sin(2 * np.pi * np.array([[220.0], [330.0]]) * t) + noise).astype(np.float32)
    pts = 0
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=160_000)
        for _ in range(minutes * 6):
            for start in range(0, n, RATE_HZ):
                part = np.ascontiguousarray(sound[:, start : start + RATE_HZ])
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = RATE_HZ, pts
                pts += frame.samples
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def decode_bare(path: Path) -> int:
    """Decode the first audio track, drop its samples, and return their number."""
    with av.open(str(path)) as container:
        return sum(frame.samples for frame in container.decode(audio=0))


def decode_ours(path: Path) -> int:
    """One thread, like the product's decoder."""
    with threadpool_limits(1), decode(path) as sound:
        return sound.n_samples


def cpu_s(work: Callable[[Path], int], path: Path) -> float:
    began = time.process_time()
    work(path)
    return time.process_time() - began


def measure(minutes: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mkv"
        write_mkv(path, minutes)
        passes = [(cpu_s(decode_bare, path), cpu_s(decode_ours, path)) for _ in range(3)]
    bare, ours = (min(column) * 60 / minutes for column in zip(*passes, strict=True))
    return {
        "seconds_per_hour": {"bare_pyav": round(bare, 3), "media_decode": round(ours, 3)},
        "ratio": round(ours / bare, 3),
        "audio_hours": minutes / 60,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result = measure(args.minutes)
    print(json.dumps(result, indent=None if args.json else 2))


if __name__ == "__main__":
    main()
