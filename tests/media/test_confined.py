"""Files are opened in a child process: the same sound, the same words, and nobody hurt when the child is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from errors import MediaError
from media.confined import Confined
from media.confined_child import MEMORY_LIMIT_BYTES
from media.decode import choose_audio_track, container_seconds, decode
from tests.media.fuzz import survive
from tests.media.recordings import Recording, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("film"), Recording("a film.mkv", "aac", video="mpeg4"))


def failure(child: Confined, path: Path, **asked: int) -> str:
    with pytest.raises(MediaError) as caught:
        child.decode(path, **asked)  # type: ignore[arg-type]
    return str(caught.value)


def test_the_child_hears_what_decode_hears(film: Path, tmp_path: Path) -> None:
    shown: list[float] = []
    with Confined(tmp_path) as child:
        with child.decode(film, on_progress=shown.append) as sound, decode(film) as direct:
            assert np.array_equal(sound.samples(), direct.samples())
            assert (sound.path, sound.audio_track) == (direct.path, direct.audio_track)
            assert sound.scratch.is_relative_to(tmp_path)
        assert list(tmp_path.iterdir()) == []
        assert shown[-1] == 1.0
        assert child.choose_audio_track(film) == choose_audio_track(film)
        assert child.container_seconds(film) == container_seconds(film)
        assert child.peak_memory_mb > 10 and child.deaths == 0


def test_what_cannot_be_heard_is_told_in_the_same_words(film: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.mkv"
    text.write_text("not a film")
    with Confined(tmp_path / "s") as child:
        for path, asked in ((text, {}), (film, {"audio_track": 7}), (tmp_path / "none.mkv", {})):
            with pytest.raises(MediaError) as direct:
                decode(path, **asked)  # type: ignore[arg-type]
            assert failure(child, path, **asked) == str(direct.value)
        assert child.deaths == 0


def test_names_that_are_no_text_can_be_opened(film: Path, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n.mkv"))
    path.write_bytes(film.read_bytes())
    with Confined(tmp_path / "s") as child, child.decode(path) as sound:
        assert sound.path == path and sound.n_samples


@pytest.mark.fault("A file that crashes its decoder")
def test_a_file_that_kills_its_decoder_is_refused_and_the_next_is_heard(film: Path, tmp_path: Path) -> None:
    with Confined(tmp_path) as child:

        def kill(_: float) -> None:
            os.kill(child._child.pid, signal.SIGSEGV)  # type: ignore[union-attr]

        with pytest.raises(MediaError, match=r"a film.mkv: crashes its decoder \(SIGSEGV\)\. Convert it"):
            child.decode(film, on_progress=kill)
        assert child.deaths == 1
        assert list(tmp_path.iterdir()) == []
        with child.decode(film) as sound:
            assert sound.n_samples


@pytest.mark.fault("A file whose decoding does not end")
def test_a_file_that_takes_too_long_is_refused(film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.confined.PATIENCE_S_PER_MB", 0)
    with Confined(tmp_path, patience_s=0.01) as child:
        assert "not decoded after 0 s" in failure(child, film)
        assert child.deaths == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_the_child_s_memory_is_limited(film: Path) -> None:
    with Confined() as child:
        child.choose_audio_track(film)
        limits = Path(f"/proc/{child._child.pid}/limits").read_text()  # type: ignore[union-attr]
    (line,) = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert line.split()[3] == str(MEMORY_LIMIT_BYTES)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows another process's variables")
@pytest.mark.forbidden("The decoder's child gets the passwords and keys of its parent's environment")
def test_the_child_gets_no_variable_that_it_does_not_need(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FILMSCORE_OIDC_CLIENT_SECRET", "FILMSCORE_JELLYFIN_KEY", "SPOTIPY_CLIENT_ID", "ANYTHING"):
        monkeypatch.setenv(name, "canary-environment-5f3c9b")
    with Confined() as child:
        child.choose_audio_track(film)
        assert child._child is not None
        given = Path(f"/proc/{child._child.pid}/environ").read_bytes()
    assert b"PATH=" in given and b"canary" not in given


def test_ctrl_c_ends_the_child_and_leaves_nothing(film: Path, tmp_path: Path) -> None:
    def press(_: float) -> None:
        raise KeyboardInterrupt

    with Confined(tmp_path) as child:
        with pytest.raises(KeyboardInterrupt):
            child.decode(film, on_progress=press)
        assert child._child is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault("SIGKILL of a process that decodes")
def test_a_child_does_not_outlive_its_parent(film: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from media.confined import Confined\n"
        "child = Confined(); child.choose_audio_track(Path(sys.argv[1])); print(child._child.pid, flush=True); input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(film)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 120
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # a zombie that nobody waits for is dead
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.fault("Media files mutated at random", times=50)
def test_a_mutated_file_is_heard_or_refused(tmp_path: Path) -> None:
    found = survive(tmp_path, 0, 50)
    assert sum(counts["heard"] + counts["refused"] for counts in found.values()) == 50


@pytest.mark.fault("Media files mutated at random", times=2000)
@pytest.mark.stress
def test_two_thousand_mutated_files_hurt_nobody(tmp_path: Path) -> None:
    found = survive(tmp_path, 50, 2_000)
    assert sum(sum(counts.values()) for counts in found.values()) == 2_000
