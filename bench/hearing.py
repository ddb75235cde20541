"""Time of the default and the thesis ear: `python -m bench.hearing [--minutes 20] [--threads 2] [--json]`.

Analyses Emotify's tracks in succession ($FILMSCORE_DATA) and treats all of them as music. The figures are wall-clock
seconds: for activity per hour of film, for attributes per hour of music. Processor seconds are given as well, because
other work on the machine affects them less.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.given import real_data
from media.decode import decode
from media.geometry import SECOND_SAMPLES
from models.ears.ear import load_ear
from models.ears.network import one_blas_thread

TARGET_S = {"activity": 25.0, "attributes": 25.0}
"""Wanted: seconds per hour on two idle cores."""


def tracks(minutes: int) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """Emotify's tracks in succession, int16: (minutes * 60 * 8000,), and the same sound at 16 kHz, twice as long."""
    folder = real_data() / "music" / "emotify"
    parts: list[npt.NDArray[np.int16]] = []
    wide: list[npt.NDArray[np.int16]] = []
    wanted = minutes * 60 * SECOND_SAMPLES
    with TemporaryDirectory() as scratch:
        for path in sorted(folder.glob("*.opus")):
            with decode(path, scratch_dir=Path(scratch), details=True) as sound:
                parts.append(np.array(sound.samples()))
                wide.append(np.array(sound.wide_samples()))
            if sum(len(part) for part in parts) >= wanted:
                break
    return np.resize(np.concatenate(parts), wanted), np.resize(np.concatenate(wide), 2 * wanted)


def measure(
    samples: npt.NDArray[np.int16], wide: npt.NDArray[np.int16], architecture: str, threads: int
) -> dict[str, float]:
    """Seconds of activity and of attributes per hour, as wall-clock time and as processor time."""
    ear = load_ear(architecture, threads)
    hours = len(samples) / SECOND_SAMPLES / 3600
    with one_blas_thread():  # as the product hears
        ear.activity(samples[: 60 * SECOND_SAMPLES])
        started = _clocks()
        _, memo = ear.activity(samples)
        heard = _clocks()
        ear.attributes(samples, [(0, len(samples) // SECOND_SAMPLES)], memo, wide)
    activity, attributes = (heard - started) / hours, (_clocks() - heard) / hours
    return {
        "activity": activity[0],
        "attributes": attributes[0],
        "activity_processor": activity[1],
        "attributes_processor": attributes[1],
    }


def _clocks() -> npt.NDArray[np.float64]:
    """Wall-clock seconds, and seconds of this process's processor time."""
    return np.array([time.perf_counter(), time.process_time()])


def main() -> None:
    """Measure and print both architectures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    samples, wide = tracks(arguments.minutes)
    result: dict[str, Any] = {
        "minutes": arguments.minutes,
        "threads": arguments.threads,
        "load_average": os.getloadavg()[0],
        "target_s_per_hour": TARGET_S,
        "s_per_hour": {name: measure(samples, wide, name, arguments.threads) for name in ("default", "thesis")},
    }
    if arguments.json:
        print(json.dumps(result))
        return
    for name, found in result["s_per_hour"].items():
        print(
            f"{name:8} activity {found['activity']:6.1f} s/h ({found['activity_processor']:.1f} of the processor)   "
            f"attributes {found['attributes']:6.1f} s/h of music ({found['attributes_processor']:.1f})"
        )


if __name__ == "__main__":
    main()
