"""The content of the pictures of rendered films."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio import HABITS
from studio.faces import LOOKS, SKINS, draw_face
from studio.pictures import PictureScript, Shot, frames, habit_pictures, picture_of

GREY = np.full((90, 160, 3), 110, np.uint8)


@pytest.mark.parametrize("mood", LOOKS)
def test_a_face_is_drawn_in_the_middle_and_nothing_beside_it(mood: str) -> None:
    drawn = draw_face(GREY, mood, 0.6, SKINS[0])
    changed = np.abs(drawn.astype(int) - GREY).max(axis=2) > 8
    assert changed[45, 60:100].mean() > 0.9 and not changed[:, :30].any() and not changed[:, 130:].any()
    others = [draw_face(GREY, other, 0.6, SKINS[0]) for other in LOOKS if other != mood]
    assert all(not np.array_equal(drawn, other) for other in others)


def test_a_script_says_whose_face_is_there_at_a_time_and_its_frames_show_it() -> None:
    plain = Shot(2, ((110, 110, 110),))
    script = PictureScript((plain, replace(plain, face="happy"), plain))
    assert [script.face_at(at_s) for at_s in (0.0, 1.9, 2.0, 3.9, 4.0, 99.0)] == ["", "", "happy", "happy", "", ""]
    shown = [np.ptp(frame[20:60].astype(int)) > 50 for frame in frames(script)]
    assert shown == [False] * 10 + [True] * 10 + [False] * 10
    assert not np.array_equal(picture_of(script.shots[0]), picture_of(script.shots[1]))


def test_every_habit_shows_some_faces_and_some_shots_without() -> None:
    for place, habit in enumerate(HABITS):
        shown = {bool(shot.face) for seed in range(3) for shot in habit_pictures(habit, 140, seed).shots}
        assert shown == {True, False}, place
