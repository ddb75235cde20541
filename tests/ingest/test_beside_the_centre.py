"""The sound by which a film's music is described: without the centre channel, if the rest is loud enough."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from threadpoolctl import threadpool_info

from film import Activity, WindowAttributes
from ingest.analyse import attributes, is_heard_beside, listen
from ingest.hear import _decode
from media.decode import Sound
from tests.service.heard_home import ToneEar

RATE = 8_000


class ListeningEar:
    """Records for each run how loud it was, and with which memo."""

    architecture, model_version = "default", "test"

    def attributes(
        self, samples: npt.NDArray[np.int16], runs: Sequence[tuple[int, int]], memo: object, wide: object = None
    ) -> list[WindowAttributes]:
        one = np.ones((1, 3), np.float32)
        said = [{str(memo): np.abs(samples[a * RATE : b * RATE].astype(float)).max(keepdims=True)} for a, b in runs]
        return [WindowAttributes(one, one, one, one, one, further) for further in said]


def sound_of(folder: Path, levels: Sequence[int], beside: Sequence[int] | None) -> Sound:
    """Ten seconds at each level."""

    def written(name: str, steps: Sequence[int]) -> Path:
        np.repeat(np.array(steps, np.int16), 10 * RATE).tofile(folder / name)
        return folder / name

    music = None if beside is None else written("music.s16", beside)
    return Sound(folder / "film.mkv", written("mix.s16", levels), len(levels) * 10 * RATE, 0, music=music)


def test_each_run_is_described_by_the_sound_that_has_its_music(tmp_path: Path) -> None:
    runs = [(0, 10), (10, 20), (20, 30)]
    sound = sound_of(tmp_path, [1_000, 2_000, 3_000], [400, 10, 500])
    heard = attributes(sound, ListeningEar(), runs, "somebody speaks")  # type: ignore[arg-type]
    assert [{name: value.item() for name, value in one.further.items()} for one in heard] == [
        {"somebody speaks": 400.0},
        {"somebody speaks": 2_000.0},
        {"somebody speaks": 500.0},
    ]


def test_without_a_centre_the_mix_is_heard(tmp_path: Path) -> None:
    (one,) = attributes(sound_of(tmp_path, [1_000], None), ListeningEar(), [(0, 10)], "memo")  # type: ignore[arg-type]
    assert one.further["memo"].item() == 1_000


@pytest.mark.parametrize(("beside", "expected"), [(1_000, True), (101, True), (99, False), (0, False)])
def test_what_is_much_quieter_beside_the_centre_is_not_the_music(beside: int, expected: bool) -> None:
    mix, music = (np.full(10 * RATE, level, np.int16) for level in (1_000, beside))
    assert is_heard_beside(music, mix, 0, 10) is expected


class DecodingChild:
    """Decodes what the paths' names say: the level of the mix, and beside the centre if there is one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def decode(self, path: Path, **asked: object) -> Sound:
        (self.folder / path.name).mkdir()
        mix, _, beside = path.name.partition("-")
        return sound_of(self.folder / path.name, [int(mix)], [int(beside)] if beside else None)


def test_the_parts_of_a_film_are_joined_beside_the_centre_too(tmp_path: Path) -> None:
    paths = [Path("1000-400"), Path("2000-500")]
    sound, lengths_s = _decode(paths, 0, DecodingChild(tmp_path), True, lambda share: None)  # type: ignore[arg-type]
    assert lengths_s == [10.0, 10.0]
    assert sound.samples()[:: 10 * RATE].tolist() == [1_000, 2_000]
    assert sound.music_samples()[:: 10 * RATE].tolist() == [400, 500]


@pytest.mark.parametrize("names", [("1000-400", "2000"), ("1000", "2000-500")])
def test_a_part_without_a_centre_leaves_the_mix_alone(names: tuple[str, str], tmp_path: Path) -> None:
    sound, _ = _decode([Path(n) for n in names], 0, DecodingChild(tmp_path), True, lambda share: None)  # type: ignore[arg-type]
    assert sound.music is None
    assert sound.music_samples()[:: 10 * RATE].tolist() == [1_000, 2_000]
    assert list(tmp_path.glob("*/music.s16")) == []


def test_silence_is_not_heard_beside_silence() -> None:
    silence = np.zeros(10 * RATE, np.int16)
    assert not is_heard_beside(silence, silence, 0, 10)


def test_blas_has_one_thread_while_a_film_is_heard(tmp_path: Path) -> None:
    """Its values would otherwise depend on how many films are heard at once."""
    threads: list[int] = []

    class Counting(ToneEar):
        def activity(self, samples: npt.NDArray[np.int16]) -> tuple[Activity, object]:
            threads.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
            return super().activity(samples)

    listen(sound_of(tmp_path, [1_000], None), Counting(), sha256="0" * 64, decode_s=0, decoder_mb=0)
    assert threads and set(threads) == {1}
