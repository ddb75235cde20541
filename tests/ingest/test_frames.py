"""What a film's frames show: mean and spread over some of them, without the black bars."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ingest.frames import MOST_ENCODED, describe_frames
from media.picture import Frames
from models.pictures.frames import WIDTH
from senses import packed, unpacked


class Brightness:
    """Describes a picture by its brightness alone, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def encode(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        self.shapes.append(pictures.shape)
        return np.repeat(pictures.mean(axis=(1, 2, 3))[:, None], WIDTH, axis=1).astype(np.float32)


def film(levels: npt.NDArray[np.int64]) -> Frames:
    """Grey frames between black bars, as high as a third of the picture each."""
    pixels = np.zeros((len(levels), 90, 96, 3), np.uint8)
    pixels[:, 30:60] = levels[:, None, None, None]
    times_s = np.arange(len(levels)) * 10.0
    return Frames(times_s, pixels, 1.0, False, True, pixels, times_s)


def test_mean_and_spread_over_the_frames_without_their_bars() -> None:
    encoder = Brightness()
    found = unpacked(describe_frames(film(np.array([50, 150])), encoder), 2, WIDTH)  # type: ignore[arg-type]
    assert found is not None
    assert (found[0] == 100).all() and (found[1] == 50).all() and encoder.shapes == [(2, 30, 96, 3)]


def test_of_a_long_film_frames_from_its_beginning_to_its_end_are_taken() -> None:
    encoder = Brightness()
    levels = np.where(np.arange(600) < 300, 40, 240)
    found = unpacked(describe_frames(film(levels), encoder), 2, WIDTH)  # type: ignore[arg-type]
    assert found is not None and found[0, 0] == 140 and encoder.shapes[0][0] == MOST_ENCODED
    assert describe_frames(film(levels[:0]), encoder) == ""  # type: ignore[arg-type]


def test_packed_numbers_come_back_and_damaged_ones_are_unknown() -> None:
    rows = np.arange(6.0).reshape(2, 3) / 4
    assert np.array_equal(unpacked(packed(rows), 2, 3), rows)
    for text in ("", "no base64", packed(rows)[:-4], packed([[np.nan] * 6])):
        assert unpacked(text, 2, 3) is None
