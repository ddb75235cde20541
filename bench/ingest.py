"""What hearing a film costs, beside the thesis's pipeline and a bare decode, on the same real sound in one run.

    python -m bench.ingest [--minutes 60] [--json] [--plot FILE.png]

The sound is put together from $FILMSCORE_DATA: by turns a minute of an Emotify track and two minutes of the
one-second recordings of speech and of other sounds (activity/3_class; there are 80, so they return in new orders), as
48 kHz stereo AAC in a mkv. Each way hears it in a process of its own: wall-clock seconds per hour of film and stage,
and peak memory.
--plot also hears films of several lengths, and several films, and draws how the time grows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from bench.decode import decode_bare
from db.home import Home
from ingest.analyse import analyse
from media.decode import decode
from models.ear import load_ear
from service.library import ingest

WAYS = ("decode", "filmscore_thesis", "filmscore_default", "thesis_batched", "thesis_as_written")
SEED = 31
RATE_HZ = 48_000
THREADS = 2
TARGETS = {
    "as written / filmscore thesis (>= 20)": ("thesis_as_written", "filmscore_thesis"),
    "batched / filmscore thesis (>= 3)": ("thesis_batched", "filmscore_thesis"),
}
GROWTH_MINUTES = (10, 20, 40, 60)
GROWTH_FILMS = (1, 2, 4, 6)


def _heard(path: Path, scratch: Path) -> npt.NDArray[np.int16]:
    with decode(path, scratch_dir=scratch) as sound:
        return np.array(sound.samples())


def assemble(data: Path, minutes: int, seed: int = SEED) -> npt.NDArray[np.int16]:
    """(minutes * 60 * 8000,) real sound, a third of it music."""
    rng = np.random.default_rng(seed)
    tracks = sorted((data / "music" / "emotify").glob("*.opus"))
    folder = data / "activity" / "3_class"
    with tempfile.TemporaryDirectory() as scratch:
        kinds = [
            [_heard(path, Path(scratch)) for path in sorted((folder / kind).glob("*.wav"))]
            for kind in ("speech", "silence")
        ]
        parts: list[npt.NDArray[np.int16]] = []
        for track in rng.permutation(len(tracks))[: -(-minutes // 3)]:
            parts.append(np.resize(_heard(tracks[track], Path(scratch)), 60 * 8_000))
            rest: list[npt.NDArray[np.int16]] = []
            while sum(map(len, rest)) < 120 * 8_000:
                kind = kinds[int(rng.random() < 0.4)]
                rest += [kind[i] for i in rng.permutation(len(kind))[: int(rng.integers(3, 15))]]
            parts.append(np.concatenate(rest)[: 120 * 8_000])
    return np.concatenate(parts)[: minutes * 60 * 8_000]


def write_mkv(samples: npt.NDArray[np.int16], path: Path) -> None:
    """48 kHz stereo AAC."""
    resampler = av.AudioResampler("fltp", "stereo", RATE_HZ)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=160_000)
        for start in range(0, len(samples), 8_000):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + 8_000], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8_000, start
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def hear(way: str, media: Path, runs: list[tuple[int, int]]) -> dict[str, Any]:
    """Seconds by stage of one way, its peak memory, and the runs it found."""
    found = runs
    if way == "decode":
        began = time.perf_counter()
        decode_bare(media)
        seconds = {"decode": time.perf_counter() - began}
    elif way.startswith("filmscore"):
        ear = load_ear(way.removeprefix("filmscore_"), THREADS)
        with tempfile.TemporaryDirectory() as scratch:
            analysis = analyse(media, ear, scratch_dir=Path(scratch))
        seconds = {stage: analysis.seconds[stage] for stage in ("decode", "activity", "attributes")}
        found = [(run.start_s, run.end_s) for run in analysis.runs]
    else:
        from bench.thesis_pipeline import run

        seconds = run(media, runs, batched=way == "thesis_batched")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_memory_mb": peak, "runs": found}


def in_child(way: str, media: Path, runs: list[tuple[int, int]]) -> dict[str, Any]:
    """`hear` in a process of its own."""
    command = [sys.executable, "-m", "bench.ingest", "--way", way, "--media", str(media), "--runs", json.dumps(runs)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def growth(samples: npt.NDArray[np.int16], scratch: Path) -> dict[str, list[tuple[float, float]]]:
    """(minutes, seconds) of films of several lengths, and (films, seconds) of several films ingested together."""
    lengths = []
    for minutes in GROWTH_MINUTES:
        media = scratch / f"{minutes}.mkv"
        write_mkv(np.resize(samples, minutes * 60 * 8_000), media)
        found = in_child("filmscore_default", media, [])
        lengths.append((float(minutes), sum(found["seconds"].values())))
    films = []
    for count in GROWTH_FILMS:
        folder = scratch / f"films{count}"
        folder.mkdir()
        for number in range(count):
            write_mkv(np.roll(samples, number * 999_983)[: 10 * 60 * 8_000], folder / f"Film {number}.mkv")
        began = time.perf_counter()
        ingest(Home.at(scratch / f"home{count}"), [folder], workers=THREADS)
        films.append((float(count), time.perf_counter() - began))
    return {"minutes of one film": lengths, "films of 10 minutes": films}


def draw(grown: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Two panels: time against length, time against number, each with the line through origin and last point."""
    from plotly.subplots import make_subplots

    figure = make_subplots(1, len(grown), horizontal_spacing=0.12)
    for column, (name, points) in enumerate(grown.items(), start=1):
        x, y = zip(*points, strict=True)
        figure.add_scatter(
            x=[0, x[-1]], y=[0, y[-1]], mode="lines", line={"dash": "dot", "color": "#999"}, row=1, col=column
        )
        figure.add_scatter(x=x, y=y, mode="markers+lines", line={"color": "#8a4b0a"}, row=1, col=column)
        figure.update_xaxes(title=name, rangemode="tozero", row=1, col=column)
        figure.update_yaxes(title="seconds", rangemode="tozero", row=1, col=column)
    figure.update_layout(width=1000, height=420, showlegend=False, template="plotly_white")
    figure.write_image(path)


def main() -> None:
    """Assemble, hear in every way, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--media", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--runs", default="[]", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(hear(options.way, options.media, [tuple(run) for run in json.loads(options.runs)])))
        return
    hours = options.minutes / 60
    data = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))
    result: dict[str, Any] = {"audio_hours": hours, "load_average": os.getloadavg()[0], "threads": THREADS}
    with tempfile.TemporaryDirectory() as folder:
        samples = assemble(data, options.minutes)
        media = Path(folder) / "film.mkv"
        write_mkv(samples, media)
        runs: list[tuple[int, int]] = []
        stages: dict[str, dict[str, float]] = {}
        result["peak_memory_mb"] = {}
        for way in WAYS:
            found = in_child(way, media, runs)
            if way == "filmscore_thesis":
                runs = found["runs"]
            stages[way] = {stage: seconds / hours for stage, seconds in found["seconds"].items()}
            result["peak_memory_mb"][way] = round(found["peak_memory_mb"])
        if options.plot:
            result["growth"] = growth(samples, Path(folder))
            draw(result["growth"], options.plot)
    result["seconds_per_hour"] = {way: round(sum(stage.values()), 2) for way, stage in stages.items()}
    result["stages"] = {way: {name: round(s, 2) for name, s in stage.items()} for way, stage in stages.items()}
    result["music_windows"] = sum(end - start - 9 for start, end in runs)
    total = result["seconds_per_hour"]
    result["ratios"] = {name: round(total[one] / total[other], 1) for name, (one, other) in TARGETS.items()}
    decoding = stages["filmscore_default"]["decode"] / stages["decode"]["decode"]
    result["ratios"]["our decode / bare decode (<= 4)"] = round(decoding, 2)
    if options.json:
        print(json.dumps(result))
        return
    for way, stage in result["stages"].items():
        print(f"{way:18} {total[way]:8.1f} s/h  {result['peak_memory_mb'][way]:5d} MB  {stage}")
    for name, ratio in result["ratios"].items():
        print(f"{name}: {ratio}")


if __name__ == "__main__":
    main()
