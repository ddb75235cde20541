"""The points of the map as bytes, and their colour groups."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from film import GENRES
from service.figures.look import DARK, LIGHT, Theme
from service.figures.map_points import STEPS, as_bytes, by_names, by_scale


def test_the_bytes_hold_points_groups_and_names() -> None:
    points = np.array([[0.5, -1.0], [0.25, 0.125]])
    sent = zlib.decompress(as_bytes("key", points, by_names(["jazz", "rock"]), ["A\nfilm", "Čapek \ud800 <b>"]))
    assert np.frombuffer(sent[:4], "<u4").tolist() == [2]
    assert np.frombuffer(sent[4:20], "<f4").tolist() == [0.5, 0.25, -1.0, 0.125]
    assert list(sent[20:22]) == [0, 1]
    assert sent[22:].decode() == "key\nA film\nČapek ? <b>"


def test_no_points_are_bytes_too() -> None:
    sent = zlib.decompress(as_bytes("key", np.zeros((0, 2)), by_names([]), []))
    assert sent == bytes(4) + b"key"


def test_rare_names_share_a_group_and_missing_ones_have_their_own() -> None:
    names = ["a"] * 3 + ["b"] * 2 + ["c", "", "d", ""]
    groups = by_names(names, most=2)
    assert groups.names == ("a", "b", "other", "unknown")
    assert groups.of.tolist() == [0, 0, 0, 1, 1, 2, 3, 2, 3]
    assert groups.under == [2, 3]
    assert groups.colours(DARK) == [*DARK.directors[:2], DARK.muted, DARK.muted]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_music_genres_keep_their_colours(theme: Theme) -> None:
    groups = by_names([*GENRES, GENRES[-1], ""])
    assert dict(zip(groups.names, groups.colours(theme), strict=True)) == {**theme.genre, "unknown": theme.muted}


def test_a_scale_goes_from_its_first_colour_to_its_last() -> None:
    groups = by_scale(np.array([0.0, 1.0, 2.0, np.nan]), 2)
    assert groups.of.tolist() == [0, STEPS // 2, STEPS - 1, STEPS]
    colours = groups.colours(DARK)
    assert (colours[0], colours[STEPS - 1], colours[STEPS]) == (DARK.levels[0], DARK.levels[2], DARK.muted)
