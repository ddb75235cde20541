from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from db.catalogue.snapshot import Snapshot
from db.home import Home
from errors import MediaError, ModelError
from film import Activity
from recommender import Recommender
from service.questions import sounds_like as service
from service.questions.sounds_like import document, ear_of, sounds_like
from tests.service.heard_home import Samples, ToneEar, make_home, tone, write_wav


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def snapshot(home: Home) -> Iterator[Snapshot]:
    with Snapshot.open(home) as opened:
        yield opened


def test_a_high_tone_finds_the_high_scenes(snapshot: Snapshot, tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "clip.wav", tone(3000, 12))
    found = document(sounds_like(snapshot, Recommender(snapshot), clip, 3, tmp_path, ToneEar()))
    first, second = found["scenes"][:2]
    assert {first["film_id"], second["film_id"]} == {2, 3}
    third = next(scene for scene in found["scenes"] if scene["film_id"] == 3)
    assert (third["start_s"], third["end_s"]) == (25, 40), "the very scene, not the film's other one"
    assert found["films"][0]["film_id"] in (2, 3)
    assert set(found["films"][0]) == {"film_id", "title", "score"}
    scores = [scene["score"] for scene in found["scenes"]]
    assert scores == sorted(scores, reverse=True) and max(scores) <= 1 + 1e-6


@pytest.mark.parametrize("seconds", [0.5, 2, 9])
def test_a_clip_too_short_to_judge_is_answered_and_says_so(snapshot: Snapshot, tmp_path: Path, seconds: float) -> None:
    clip = write_wav(tmp_path / "short.wav", tone(300, seconds))
    found = sounds_like(snapshot, Recommender(snapshot), clip, 2, tmp_path, ToneEar())
    assert found.films[0][0] in (1, 3)
    assert found.notices == (
        f"short.wav: only {seconds:.0f} s long, too short to judge. Give 10 s or more; what follows is a guess.",
    )


def test_what_was_heard_of_a_clip_is_said_and_a_part_of_it_is_cut_for_a_player(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    clip = write_wav(tmp_path / "clip.wav", np.concatenate([tone(300, 15), np.zeros(48_000, np.int16), tone(900, 40)]))
    played = tmp_path / "played"
    found = sounds_like(snapshot, Recommender(snapshot), clip, 2, tmp_path, ToneEar(), played=played)
    assert found.notices == ()
    heard = document(found)["heard"]
    assert [(run["start_s"], run["end_s"], run["genre"]) for run in heard] == [
        (0, 15, "classical"),
        (21, 61, "classical"),
    ]
    assert heard[0]["genre_p"] == pytest.approx(0.55) and "embedding" not in heard[0]
    with av.open(str(played)) as cut:
        assert cut.duration / 1e6 == pytest.approx(30, abs=0.1)


def test_an_hour_is_cut_and_says_so(snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_CLIP_S", 60)
    clip = write_wav(tmp_path / "long.wav", tone(300, 90))
    found = sounds_like(snapshot, Recommender(snapshot), clip, 2, tmp_path, ToneEar())
    assert "only the first 1 minutes" in found.notices[0] and found.films


def test_blas_has_one_thread_while_a_clip_is_heard(tmp_path: Path) -> None:
    """As while a film is heard, with which the clip is compared."""
    threads: list[int] = []

    class Counting(ToneEar):
        def activity(self, samples: Samples) -> tuple[Activity, object]:
            threads.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
            return super().activity(samples)

    service.hear_clip(write_wav(tmp_path / "clip.wav", tone(440, 12)), Counting())
    assert threads and set(threads) == {1}


def test_silence_and_emptiness_are_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "silent.wav", np.zeros(80_000, np.int16))
    with pytest.raises(MediaError, match=r"silent\.wav: silent"):
        sounds_like(snapshot, Recommender(snapshot), silent, 2, tmp_path, ToneEar())
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    with pytest.raises(MediaError, match=r"empty\.wav"):
        sounds_like(snapshot, Recommender(snapshot), empty, 2, tmp_path, ToneEar())
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["empty.wav", "silent.wav"]


def test_a_catalogue_without_music_says_so(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", heard=False)
    clip = write_wav(tmp_path / "clip.wav", tone(300, 12))
    with Snapshot.open(home) as snapshot:
        found = sounds_like(snapshot, Recommender(snapshot), clip, ear=ToneEar())
    assert found.films == () and "No film in the catalogue has music" in found.notices[0]


def test_another_ear_than_the_catalogues_is_refused() -> None:
    assert ear_of("tone-1", lambda _: ToneEar()).model_version == "tone-1"
    with pytest.raises(ModelError, match="was analysed by old-9"):
        ear_of("old-9", lambda _: ToneEar())
