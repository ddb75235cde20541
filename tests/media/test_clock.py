"""Recordings joined in a transport stream last as long as the sum of both; a gap inside a film stays silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.decode import decode
from tests.media.recordings import Recording, rms, write

PICTURE = ["", "mpeg2video"]


def joined(folder: Path, clocks_s: list[float], seconds: float, video: str) -> Path:
    """Recordings of a transport stream, each with a clock that starts elsewhere, one behind the other."""
    path = folder / "joined.ts"
    parts = [
        write(
            folder,
            Recording(f"{n}.ts", "mp2", seconds=seconds, clock_s=start, video=video, container="mpegts"),
        )
        for n, start in enumerate(clocks_s)
    ]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


@pytest.mark.parametrize("video", PICTURE)
@pytest.mark.parametrize(
    "clocks_s",
    [[0, 300], [0, 2_000], [2_000, 0], [0, 30_000], [0, 2_000, 300], [50, 20, 90], [40_000, 12, 5_000]],
    ids=str,
)
def test_joined_recordings_last_as_long_as_their_sum(clocks_s: list[float], video: str, tmp_path: Path) -> None:
    with decode(joined(tmp_path, clocks_s, 6, video), scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(6 * len(clocks_s), abs=0.5)
        loudness = [rms(sound.samples()[s * 8_000 : (s + 1) * 8_000]) for s in range(int(sound.duration_s))]
    assert min(loudness) > 0.1


@pytest.mark.parametrize("seconds", [3, 40])
@pytest.mark.parametrize(("name", "codec", "container"), [("a.ts", "mp2", "mpegts"), ("a.mpg", "mp2", "mpeg")])
def test_a_gap_inside_a_film_stays_silence(name: str, codec: str, container: str, seconds: int, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        Recording(
            name,
            codec,
            seconds=seconds + 6,
            silent_s=(3, seconds + 3),
            video="mpeg2video",
            container=container,
        ),
    )
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(seconds + 6, abs=0.2)
        assert not sound.samples()[int(3.2 * 8_000) : int((seconds + 2.8) * 8_000)].any()
        assert rms(sound.samples()[(seconds + 4) * 8_000 :]) > 0.1


def test_a_gap_in_the_second_recording_stays_silence(tmp_path: Path) -> None:
    first = write(tmp_path, Recording("1.ts", "mp2", seconds=6, clock_s=900, video="mpeg2video", container="mpegts"))
    second = write(
        tmp_path,
        Recording("2.ts", "mp2", seconds=30, silent_s=(5, 25), video="mpeg2video", container="mpegts"),
    )
    path = tmp_path / "joined.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    with decode(path, scratch_dir=tmp_path / "s") as sound:
        assert sound.duration_s == pytest.approx(36, abs=0.5)
        assert not sound.samples()[12 * 8_000 : 30 * 8_000].any()
