"""Files below certain folders: nothing that is put in their place is read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from errors import MediaError
from media.beneath import held, open_beneath
from media.confined import Confined
from media.source import joined_sha256


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with films, beside one that nobody may hear."""
    for name, text in (("films/a/Film.mkv", "film"), ("secret/Film.mkv", "secret"), ("secret/a/Film.mkv", "secret")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "films"


def content(path: Path, root: Path) -> bytes:
    descriptor = open_beneath(path, [root])
    try:
        return os.read(descriptor, 100)
    finally:
        os.close(descriptor)


def test_a_file_below_a_root_is_opened_also_through_links_within(root: Path) -> None:
    (root / "link").symlink_to(root / "a")
    (root / "Link.mkv").symlink_to("a/Film.mkv")
    for path in (root / "a/Film.mkv", root / "link/Film.mkv", root / "Link.mkv", root / "a/../a/Film.mkv"):
        assert content(path, root) == b"film"


@pytest.mark.forbidden("A path that leads out of the media roots when it is opened", by_case=True)
@pytest.mark.parametrize(
    "way", ["../secret/Film.mkv", "out/Film.mkv", "Out.mkv", "", "a", "missing.mkv", "a/Film.mkv/x", "nul\0"]
)
def test_nothing_else_is(root: Path, way: str) -> None:
    (root / "out").symlink_to(root.parent / "secret")
    (root / "Out.mkv").symlink_to(root.parent / "secret/Film.mkv")
    with pytest.raises(MediaError), held([root / way], [root]):
        pass


@pytest.mark.forbidden("A folder becomes a link while a path below it is walked")
def test_a_folder_that_becomes_a_link_after_it_was_looked_at_is_not_entered(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = Path.resolve

    def resolve(self: Path, strict: bool = False) -> Path:
        real = looked_at(self, strict)
        shutil.rmtree(root / "a")
        (root / "a").symlink_to(root.parent / "secret")
        return real

    monkeypatch.setattr(Path, "resolve", resolve)
    with pytest.raises(MediaError, match=r"Film\.mkv: cannot be opened"):
        content(root / "a/Film.mkv", root)


def _folder(root: Path) -> None:
    (root / "a").rename(root / "moved")
    (root / "a").symlink_to(root.parent / "secret")


def _file(root: Path) -> None:
    (root / "a/Film.mkv").unlink()
    (root / "a/Film.mkv").symlink_to(root.parent / "secret/Film.mkv")


@pytest.mark.forbidden("A folder or a file becomes a link between plan and hearing", by_case=True)
@pytest.mark.parametrize("swap", [_folder, _file])
def test_what_is_held_stays_what_it_was_in_another_process_too(
    root: Path, tmp_path: Path, film_file: Path, swap: Callable[[Path], None]
) -> None:
    shutil.copy(film_file, root / "a/Film.mkv")
    digest = joined_sha256([film_file])
    with held([root / "a/Film.mkv"], [root], tmp_path) as (path,), Confined(tmp_path) as child:
        swap(root)
        assert path.name == "Film.mkv" and joined_sha256([path]) == digest
        with child.decode(path) as sound:
            assert sound.n_samples > 8000
    assert (root / "a/Film.mkv").read_text() == "secret"
    assert not list(tmp_path.glob("held-*"))


@pytest.mark.forbidden("Subtitles beside a film that are a link to a file outside")
def test_nothing_beside_a_film_leads_outside(root: Path, tmp_path: Path) -> None:
    (root.parent / "secret/Film.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nA secret.\n")
    (root / "a/Film.srt").symlink_to(root.parent / "secret/Film.srt")
    with Confined(tmp_path / "scratch") as child:
        assert child.read_subtitles(root / "a/Film.srt", None).cues
        child.beneath = (root,)
        with pytest.raises(MediaError, match="leads outside"):
            child.read_subtitles(root / "a/Film.srt", None)


def test_without_roots_a_path_is_itself(root: Path) -> None:
    with held([root / "a/Film.mkv"], []) as paths:
        assert paths == (root / "a/Film.mkv",)
