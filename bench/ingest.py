"""Cost of analysing films, beside the thesis's pipeline and a bare decode, on the same real sound in one run.

    python -m bench.ingest [--minutes 120] [--films 8] [--music 1/3] [--narrow] [--ways WAY...] [--json]
        [--plot FILE.png]

The sound comes from $FILMSCORE_DATA: minutes of Emotify's tracks, which have 16 kHz, alternate with one-second
recordings of speech and other sounds (activity/3_class; there are 80, repeated in new orders; they have 8 kHz), cut
into films of 48 kHz stereo AAC in MKV. With --narrow the music is resampled to 8 kHz first, as in a film whose sound
ends at 4 kHz: then the default ear hears nothing at 16 kHz. --music is the share of the minutes that are music.

Every pipeline analyses all films in its own processes and loads its models before the clock starts: the bare PyAV
decode and the thesis's pipelines take one film after another (TensorFlow uses its own threads); filmscore works as
`filmscore ingest` does, with one worker per core. The output is wall-clock seconds per hour of film, and the peak
memory of all processes of a pipeline together. The stages of filmscore's workers overlap, so their sum is the time that
a single worker would need. Processor time is that of all processes of a pipeline, with the loading of the models; other
work on the machine affects it less. The thesis's pipelines describe the runs that filmscore's thesis ear found. With
--plot, films of several lengths and several films are analysed as well, and the growth of the time is drawn.
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
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from bench.decode import decode_bare
from bench.given import real_data
from db.catalogue.parts import part_path, read_part
from db.home import Home
from film import AnalysisStatus
from ingest.hear import Outcome, Task
from ingest.runner import Progress, hear_all
from media.geometry import WIDE_RATE_HZ
from models.recipes.recordings import read

WAYS = ("decode", "filmscore_thesis", "filmscore_default", "thesis_batched", "thesis_as_written")
SEED = 31
RATE_HZ = 48_000
WORKERS = os.cpu_count() or 1
TARGETS = {
    "as written / filmscore thesis (>= 20)": ("thesis_as_written", "filmscore_thesis"),
    "batched / filmscore thesis (>= 3)": ("thesis_batched", "filmscore_thesis"),
    "filmscore thesis / bare decode (<= 4)": ("filmscore_thesis", "decode"),
}
GROWTH_UNIT_MINUTES = 9
GROWTH_TIMES = (1, 2, 4, 8)

Runs = list[list[tuple[int, int]]]
"""Of each film its runs of music: first second, and the second after the last."""


def assemble(data: Path, minutes: int, music: Fraction, narrow: bool, seed: int = SEED) -> npt.NDArray[np.int16]:
    """Real sound of (minutes * 60 * 16000,) samples.

    Args:
        data: $FILMSCORE_DATA.
        minutes: of sound.
        music: share of the minutes that are music, above 0: of a share a/b, a of b minutes in succession.
        narrow: without the music's sound above 4 kHz.
        seed: of the order.
    """
    rng = np.random.default_rng(seed)
    tracks = sorted((data / "music" / "emotify").glob("*.opus"))
    folder = data / "activity" / "3_class"
    kinds = [
        [read(path, rate_hz=WIDE_RATE_HZ) for path in sorted((folder / kind).glob("*.wav"))]
        for kind in ("speech", "silence")
    ]
    minute = 60 * WIDE_RATE_HZ
    parts: list[npt.NDArray[np.int16]] = []
    order = iter(np.resize(rng.permutation(len(tracks)), minutes))
    for _ in range(-(-minutes // music.denominator)):
        parts += [np.resize(_track(tracks[track], narrow), minute) for track in islice(order, music.numerator)]
        wanted = (music.denominator - music.numerator) * minute
        rest: list[npt.NDArray[np.int16]] = []
        while sum(map(len, rest)) < wanted:
            kind = kinds[int(rng.random() < 0.4)]
            rest += [kind[i] for i in rng.permutation(len(kind))[: int(rng.integers(3, 15))]]
        if wanted:
            parts.append(np.concatenate(rest)[:wanted])
    return np.concatenate(parts)[: minutes * minute]


def _track(path: Path, narrow: bool) -> npt.NDArray[np.int16]:
    """(n,) at 16 kHz."""
    if not narrow:
        return read(path, rate_hz=WIDE_RATE_HZ)
    wide = resample_poly(read(path).astype(np.float64), 2, 1)
    return np.rint(wide).clip(-32_768, 32_767).astype(np.int16)


def write_mkv(samples: npt.NDArray[np.int16], path: Path) -> None:
    """Write sound at 16 kHz as 48 kHz stereo AAC."""
    resampler = av.AudioResampler("fltp", "stereo", RATE_HZ)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=160_000)
        for start in range(0, len(samples), WIDE_RATE_HZ):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + WIDE_RATE_HZ], format="s16", layout="mono")
            frame.sample_rate, frame.pts = WIDE_RATE_HZ, start
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def cut(samples: npt.NDArray[np.int16], films: int, folder: Path) -> list[Path]:
    """Cut the sound into films of equal length."""
    folder.mkdir()
    paths = [folder / f"Film {number}.mkv" for number in range(films)]
    for path, part in zip(paths, np.array_split(samples, films), strict=True):
        write_mkv(part, path)
    return paths


def hear(way: str, films: list[Path], runs: Runs) -> dict[str, Any]:
    """Result of one pipeline: wall-clock seconds, seconds by stage, peak memory in MB, and the runs found."""
    if way.startswith("filmscore"):
        return _hear_as_ingest(way.removeprefix("filmscore_"), films)
    stages: Counter[str] = Counter()
    if way == "decode":
        for film in films:
            began = time.perf_counter()
            decode_bare(film)
            stages["decode"] += time.perf_counter() - began
    else:
        from bench.thesis_pipeline import ThesisPipeline

        pipeline = ThesisPipeline(batched=way == "thesis_batched")
        for film, spans in zip(films, runs, strict=True):
            stages.update(pipeline.hear(film, spans))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": stages.total(), "stages": stages, "peak_memory_mb": peak, "runs": runs}


def _hear_as_ingest(architecture: str, films: list[Path]) -> dict[str, Any]:
    began = wall = 0.0

    def start_clock(event: Progress) -> None:
        nonlocal began
        began = began or time.perf_counter()  # the first message of a worker: its models are loaded

    with tempfile.TemporaryDirectory() as folder:
        home = Home.at(Path(folder))
        outcomes: dict[Path, Outcome] = {}
        tasks = [Task(film) for film in films]
        for outcome in hear_all(home, tasks, architecture=architecture, on_progress=start_clock):
            assert outcome.status == AnalysisStatus.ANALYSED, outcome.reason
            outcomes[outcome.path] = outcome
            wall = time.perf_counter() - began
        stages: Counter[str] = Counter()
        runs: Runs = []
        for film in films:
            heard = outcomes[film]
            stages.update({name: heard.seconds[name] for name in ("decode", "activity", "attributes")})
            part = read_part(part_path(home, heard.media_sha256, heard.audio_track, heard.model_version))
            runs.append([(run.start_s, run.end_s) for run in part.runs])
    peak = min(WORKERS, len(films)) * max(outcome.peak_memory_mb for outcome in outcomes.values())
    return {"wall": wall, "stages": stages, "peak_memory_mb": peak, "runs": runs}


def in_child(way: str, films: list[Path], runs: Runs) -> dict[str, Any]:
    """Run `hear` in a separate process."""
    asked = json.dumps({"way": way, "films": [str(film) for film in films], "runs": runs})
    before = _processor_s()
    done = subprocess.run(
        [sys.executable, "-m", "bench.ingest", "--child"],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    if done.returncode:
        sys.exit(f"{way}: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result | {"processor": _processor_s() - before}


def _processor_s() -> float:
    """Processor seconds of the children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _answer_parent() -> None:
    asked = json.loads(sys.stdin.read())
    runs = [[(start, end) for start, end in film] for film in asked["runs"]]
    print(json.dumps(hear(asked["way"], [Path(film) for film in asked["films"]], runs)))


def _repeated(source: Path, times: int, target: Path) -> None:
    """Repeat the film several times by copying its packets."""
    with av.open(str(source)) as film:
        length = round(film.duration / av.time_base / film.streams.audio[0].time_base)
    with av.open(str(target), "w") as out:
        stream = None
        for number in range(times):
            with av.open(str(source)) as film:
                stream = stream or out.add_stream_from_template(film.streams.audio[0])
                for packet in film.demux(audio=0):
                    if packet.pts is not None:
                        packet.pts = packet.dts = packet.pts + number * length
                        packet.stream = stream
                        out.mux(packet)


def growth(samples: npt.NDArray[np.int16], scratch: Path) -> dict[str, list[tuple[float, float]]]:
    """Default ear: (minutes, seconds) of one film at several lengths, and (films, seconds) of several films."""
    unit = scratch / "unit.mkv"
    write_mkv(samples[: GROWTH_UNIT_MINUTES * 60 * WIDE_RATE_HZ], unit)
    lengths, numbers = [], []
    for times in GROWTH_TIMES:
        media = scratch / f"{times}.mkv"
        _repeated(unit, times, media)
        minutes = float(times * GROWTH_UNIT_MINUTES)
        lengths.append((minutes, in_child("filmscore_default", [media], [])["wall"]))
        films = [scratch / f"{times}-{number}.mkv" for number in range(2 * times)]
        for number, film in enumerate(films):
            film.write_bytes(unit.read_bytes() + b"\0" * (1 + number))  # distinct: none counts as known
        numbers.append((float(len(films)), in_child("filmscore_default", films, [])["wall"]))
    return {"minutes of one film": lengths, f"films of {GROWTH_UNIT_MINUTES} minutes": numbers}


def draw(grown: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Draw time against length and time against number, each with the line through the origin and the last point."""
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


def measure(
    data: Path, minutes: int, films: int, music: Fraction, narrow: bool, ways: Sequence[str], plot: Path | None
) -> dict[str, Any]:
    """Assemble the films and analyse them with every pipeline of `ways`."""
    hours = minutes / 60
    result: dict[str, Any] = {"audio_hours": hours, "films": films, "workers": WORKERS, "music": str(music)}
    result |= {"wide_band": not narrow, "load_average": round(os.getloadavg()[0], 2)}
    with tempfile.TemporaryDirectory() as folder:
        samples = assemble(data, minutes, music, narrow)
        paths = cut(samples, films, Path(folder) / "films")
        runs: Runs = []
        found: dict[str, dict[str, Any]] = {}
        for way in ways:
            found[way] = in_child(way, paths, runs)
            if way == "filmscore_thesis":
                runs = found[way]["runs"]
        if plot:
            result["growth"] = growth(samples, Path(folder))
            draw(result["growth"], plot)
    total = {way: one["wall"] / hours for way, one in found.items()}
    result["seconds_per_hour"] = {way: round(seconds, 2) for way, seconds in total.items()}
    result["processor_s_per_hour"] = {way: round(one["processor"] / hours, 2) for way, one in found.items()}
    result["peak_memory_mb"] = {way: round(one["peak_memory_mb"]) for way, one in found.items()}
    result["stages"] = {
        way: {name: round(seconds / hours, 2) for name, seconds in one["stages"].items()} for way, one in found.items()
    }
    result["music_windows"] = {
        way: sum(end - start - 9 for film in one["runs"] for start, end in film) for way, one in found.items()
    }
    result["ratios"] = {
        name: round(total[one] / total[other], 1)
        for name, (one, other) in TARGETS.items()
        if one in total and other in total
    }
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=120)
    parser.add_argument("--films", type=int, default=8)
    parser.add_argument("--music", type=Fraction, default=Fraction(1, 3))
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _answer_parent()
        return
    if not 0 < options.music <= 1:
        parser.error("--music: give a share above 0, at most 1.")
    data = real_data()
    ways = [way for way in WAYS if way in options.ways]
    result = measure(data, options.minutes, options.films, options.music, options.narrow, ways, options.plot)
    if options.json:
        print(json.dumps(result))
        return
    for way, seconds in result["seconds_per_hour"].items():
        processor = result["processor_s_per_hour"][way]
        print(
            f"{way:18} {seconds:8.1f} s/h ({processor:.1f} of the processor)  {result['peak_memory_mb'][way]:5d} MB  "
            f"{result['stages'][way]}"
        )
    for name, ratio in result["ratios"].items():
        print(f"{name}: {ratio}")


if __name__ == "__main__":
    main()
