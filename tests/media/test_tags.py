"""What containers say of the film in them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from errors import MediaError
from media.confined import Confined
from media.tags import Chapter, ContainerTags, read_tags

MS = Fraction(1, 1000)


def tagged(path: Path, tags: dict[str, str], chapters: list[tuple[float, float, str]]) -> Path:
    """A few seconds of silence with tags and chapters."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=8_000, layout="mono")
        out.metadata.update(tags)
        out.set_chapters(
            [
                {"id": n, "start": round(a * 1000), "end": round(b * 1000), "time_base": MS, "metadata": {"title": t}}
                for n, (a, b, t) in enumerate(chapters)
            ]
        )
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 24_000), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 8_000, 0
        for packet in (*sound.encode(frame), *sound.encode(None)):
            out.mux(packet)
    return path


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_title_year_and_chapters_come_back(tmp_path: Path, name: str) -> None:
    tags = {"title": "The Quiet Sea", "date": "1987-03-01"}
    path = tagged(tmp_path / name, tags, [(0, 1.5, "Harbour"), (1.5, 3, "")])
    with Confined(tmp_path / "s") as child:
        said = child.tags(path)
    assert said == read_tags(path)
    assert (said.title, said.year) == ("The Quiet Sea", 1987)
    assert [(chapter.start_s, chapter.title) for chapter in said.chapters[:2]] == [(0, "Harbour"), (1.5, "")]
    assert said.chapters[0].end_s == 1.5


def test_a_file_without_tags_says_nothing(tmp_path: Path) -> None:
    assert read_tags(tagged(tmp_path / "a.mkv", {}, [])) == ContainerTags()
    assert Chapter(0, 1) in {Chapter(0, 1)}


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mkv").write_text("no film")
    with pytest.raises(MediaError, match=r"^a\.mkv: "):
        read_tags(tmp_path / "a.mkv")
