"""Faces of a film: how often, how large, what they show; and nothing of them is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from errors import ModelError
from ingest import faces as faces_module
from ingest import frames as frames_module
from ingest.faces import describe_faces
from ingest.senses import read_senses
from media.confined import Confined
from media.picture import Frames
from models.pictures.faces import EXPRESSIONS, Face
from senses import CURVE_PARTS
from studio import write_media
from studio.pictures import PictureScript, Shot
from tests.ingest.fuzz import survive_looking


class Drawn:
    """Finds the faces that a frame's first pixel counts, the first of them tall, and all of them happy."""

    def find(self, pictures: npt.NDArray[np.uint8]) -> list[list[Face]]:
        tall = Face(0, 0, 40, 60, 0.9)
        return [[tall, *[Face(0, 0, 10, 20, 0.8)] * 5][: int(one[0, 0, 0])] for one in pictures]

    def expressions(self, picture: npt.NDArray[np.uint8], faces: list[Face]) -> npt.NDArray[np.float32]:
        return np.tile(np.eye(len(EXPRESSIONS), dtype=np.float32)[1], (len(faces), 1))


def film(counts: list[int]) -> Frames:
    larger = np.full((len(counts), 90, 160, 3), 99, np.uint8)
    larger[:, 0, 0, 0] = counts
    times_s = np.arange(len(counts)) * 10.0
    return Frames(times_s, np.full((len(counts), 54, 96, 3), 99, np.uint8), 16 / 9, False, True, larger, times_s)


def test_frames_with_faces_close_ups_and_expressions_are_shares() -> None:
    found = describe_faces(film([0, 1, 3, 0]), 40.0, Drawn())  # type: ignore[arg-type]
    assert found is not None
    assert (found.share, found.faces_per_frame, found.close_up_share, found.frames) == (0.5, 1.0, 0.5, 4)
    assert found.expressions["happy"] == 1.0 and set(found.expressions) == set(EXPRESSIONS)
    curve = found.expression_curves["happy"]
    assert len(curve) == CURVE_PARTS and [place for place, one in enumerate(curve) if one is not None] == [5, 10]


def test_a_film_without_faces_has_shares_of_nothing() -> None:
    found = describe_faces(film([0, 0]), 20.0, Drawn())  # type: ignore[arg-type]
    assert found is not None and (found.share, found.expressions, found.expression_curves) == (0.0, {}, {})
    assert describe_faces(film([]), 20.0, Drawn()) is None  # type: ignore[arg-type]


def test_the_faces_of_a_rendered_film_are_found_and_mostly_read_as_they_are_drawn(tmp_path: Path) -> None:
    moods = ("happy", "", "surprised", "", "sad", "happy", "", "sad", "", "surprised")
    colours = (((70, 90, 120), (20, 24, 30)), ((190, 170, 140),), ((40, 60, 50), (90, 80, 60)))
    script = PictureScript(tuple(Shot(12, colours[place % 3], (), mood) for place, mood in enumerate(moods)))
    path = write_media(np.zeros(round(script.seconds) * 8_000, np.int16), tmp_path / "a.mkv", picture=script)
    with Confined(tmp_path) as child:
        frames = child.look(path)
    assert frames is not None
    truth = [script.face_at(float(at_s)) for at_s in frames.larger_times_s]
    found = describe_faces(frames, script.seconds)
    assert found is not None and found.frames == len(truth) >= 10
    assert found.share == pytest.approx(np.mean([bool(mood) for mood in truth]), abs=0.1)
    assert found.faces_per_frame == pytest.approx(found.share, abs=0.1)  # one in a picture
    assert found.close_up_share == found.share
    for mood in ("happy", "sad", "surprised"):  # two of six faces each; the network misreads some
        assert 0.15 < found.expressions[mood] < 0.55


@pytest.mark.fault("Films with picture and subtitles mutated at random", times=12)
def test_mutated_films_keep_what_can_be_read(tmp_path: Path) -> None:
    found = survive_looking(tmp_path, 0, 12)
    assert found["films"] == 12 and found["picture"] and found["subtitles"]


@pytest.mark.fault("Films with picture and subtitles mutated at random", times=1000)
@pytest.mark.stress
def test_a_thousand_mutated_films_cost_a_warning_at_most(tmp_path: Path) -> None:
    assert survive_looking(tmp_path, 12, 1_000)["films"] == 1_000


@pytest.mark.fault("The networks of faces and frames are missing")
def test_networks_that_are_missing_cost_a_film_their_figures_alone(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("film")
    script = PictureScript((Shot(12, ((200, 40, 30),)), Shot(12, ((30, 60, 190),))))
    path = write_media(np.zeros(24 * 8_000, np.int16), folder / "a.mkv", picture=script)
    with Confined(folder) as child:
        whole = read_senses([path], [24.0], child)
        assert whole.faces is not None and (whole.faces.share, whole.faces.frames) == (0.0, 3)
        assert whole.picture is not None and whole.picture.embedding

        def missing() -> None:
            raise ModelError("it.onnx: weights file missing.")

        monkeypatch.setattr(faces_module, "shipped_reader", missing)
        monkeypatch.setattr(frames_module, "shipped_encoder", missing)
        read = read_senses([path], [24.0], child)
    assert read.picture == replace(whole.picture, embedding="") and read.faces is None
    assert read.warnings == (
        "its faces were not read: it.onnx: weights file missing.",
        "what its frames show was not read: it.onnx: weights file missing.",
    )
