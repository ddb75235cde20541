"""Films of several files are heard as one."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from db.catalogue.parts import find_part, read_part
from db.home import Home
from film import AnalysisStatus, Cue, WindowAttributes
from ingest.hear import Outcome, Task, hear
from media.confined import Confined
from media.source import joined_sha256, media_sha256
from studio.subtitling import write_srt
from tests.media.recordings import Recording, write
from tests.service.heard_home import Samples, ToneEar, tone, write_wav


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def heard(home: Home, first: Path, *further: Path) -> Outcome:
    with Confined(home.scratch) as child:
        return hear(home, Task(first, further=further), ToneEar(), child)


def test_two_parts_are_heard_as_their_sum(tmp_path: Path, home: Home) -> None:
    low, high = tone(300, 20), tone(3000, 15)
    parts = [write_wav(tmp_path / "a-cd1.wav", low), write_wav(tmp_path / "a-cd2.wav", high)]
    whole = write_wav(tmp_path / "whole.wav", np.concatenate([low, high]))
    together, alone = heard(home, *parts), heard(home, whole)
    assert (together.status, together.duration_s, together.runs) == (AnalysisStatus.ANALYSED, 35.0, alone.runs)
    assert together.media_sha256 == joined_sha256(parts) != media_sha256(parts[0])
    one, other = (find_part(home, outcome.media_sha256, 0, "tone-1") for outcome in (together, alone))
    assert one is not None
    assert other is not None
    assert np.array_equal(read_part(one).activity.music, read_part(other).activity.music)
    assert heard(home, *parts).status == AnalysisStatus.SKIPPED
    assert heard(home, parts[0]).duration_s == 20.0
    assert not list(home.scratch.iterdir())


@pytest.mark.parametrize(("second_hz", "kept"), [(44_100, True), (8_000, False)])
def test_the_sound_at_16_khz_of_two_parts_is_joined_if_both_have_it(
    second_hz: int, kept: bool, tmp_path: Path, home: Home
) -> None:
    lengths = []

    class WideEar(ToneEar):
        def attributes(
            self, samples: Samples, runs: Sequence[tuple[int, int]], memo: object, wide: Samples | None = None
        ) -> list[WindowAttributes]:
            lengths.append((len(samples), 0 if wide is None else len(wide)))
            return super().attributes(samples, runs, memo)

    parts = [
        write(tmp_path, Recording(f"a-cd{number}.wav", "pcm_s16le", rate_hz=rate_hz, seconds=12))
        for number, rate_hz in ((1, 48_000), (2, second_hz))
    ]
    with Confined(home.scratch) as child:
        outcome = hear(home, Task(parts[0], further=tuple(parts[1:])), WideEar(), child)
    assert outcome.status == AnalysisStatus.ANALYSED
    assert lengths == [(192_000, 384_000 if kept else 0)]
    assert not list(home.scratch.iterdir())


def test_a_part_that_cannot_be_heard_is_named_and_leaves_nothing(tmp_path: Path, home: Home) -> None:
    first = write_wav(tmp_path / "a-cd1.wav", tone(300, 12))
    (tmp_path / "a-cd2.wav").write_text("not sound")
    outcome = heard(home, first, tmp_path / "a-cd2.wav")
    assert outcome.status == AnalysisStatus.FAILED
    assert outcome.reason.startswith("a-cd2.wav: ")
    assert outcome.path == first
    assert not list(home.scratch.iterdir())


def test_the_files_of_a_dvd_title_are_heard_without_a_gap(tmp_path: Path, home: Home) -> None:
    whole = write(tmp_path, Recording("whole.vob", "ac3", seconds=40, container="vob"))
    content = whole.read_bytes()
    cut = len(content) // 2 // 2048 * 2048  # a DVD cuts between packs
    parts = [tmp_path / "VTS_01_1.VOB", tmp_path / "VTS_01_2.VOB"]
    parts[0].write_bytes(content[:cut])
    parts[1].write_bytes(content[cut:])
    assert heard(home, *parts).duration_s == pytest.approx(heard(home, whole).duration_s, abs=0.1)


SAID = (Cue(1, 4, "The harbour is silent, and the captain is away."), Cue(10, 12, "Nobody has seen him today."))


def test_a_film_heard_before_gains_its_dialogue_without_being_heard_again(tmp_path: Path, home: Home) -> None:
    film = write_wav(tmp_path / "Heat.wav", tone(300, 20))
    first = heard(home, film)
    assert (first.status, first.renewed, heard(home, film).renewed) == (AnalysisStatus.ANALYSED, False, False)
    write_srt(SAID, tmp_path / "Heat.en.srt")
    again = heard(home, film)
    assert (again.status, again.renewed) == (AnalysisStatus.SKIPPED, True)
    part = find_part(home, again.media_sha256, 0, "tone-1")
    assert part is not None
    dialogue = read_part(part).dialogue
    assert dialogue is not None
    assert (dialogue.language, dialogue.source, dialogue.share) == ("en", "Heat.en.srt", 5 / 20)
    assert heard(home, film).renewed is False
    (tmp_path / "Heat.en.srt").unlink()
    assert heard(home, film).renewed and read_part(part).dialogue is None


@pytest.mark.parametrize(("originals", "read"), [((), "en"), (("fr",), "fr"), (("fi", "fr"), "fr"), (("fi",), "en")])
def test_subtitles_are_read_in_the_film_s_own_language_where_the_track_names_none(
    tmp_path: Path, home: Home, originals: tuple[str, ...], read: str
) -> None:
    film = write_wav(tmp_path / "Heat.wav", tone(300, 20))
    write_srt(SAID, tmp_path / "Heat.en.srt")
    write_srt((Cue(1, 4, "Le port est calme, et personne ne sait où est le capitaine."),), tmp_path / "Heat.fr.srt")
    with Confined(home.scratch) as child:
        outcome = hear(home, Task(film, languages=originals), ToneEar(), child)
    part = find_part(home, outcome.media_sha256, 0, "tone-1")
    assert part is not None
    dialogue = read_part(part).dialogue
    assert dialogue is not None and (dialogue.language, dialogue.source) == (read, f"Heat.{read}.srt")


def test_the_subtitles_of_a_second_part_follow_those_of_the_first(tmp_path: Path, home: Home) -> None:
    parts = [write_wav(tmp_path / f"a-cd{i}.wav", tone(300 * i, 20)) for i in (1, 2)]
    for part in parts:
        write_srt(SAID, part.with_suffix(".srt"))
    outcome = heard(home, *parts)
    found = find_part(home, outcome.media_sha256, 0, "tone-1")
    assert found is not None
    dialogue = read_part(found).dialogue
    assert dialogue is not None
    assert (dialogue.share, dialogue.longest_silence_s) == (10 / 40, 9.0)


@pytest.mark.fault("A film with a hostile file of subtitles beside it")
def test_bad_subtitles_cost_a_film_nothing_else(tmp_path: Path, home: Home) -> None:
    film = write_wav(tmp_path / "Heat.wav", tone(300, 20))
    (tmp_path / "Heat.srt").write_bytes(bytes(range(256)) * 100)
    outcome = heard(home, film)
    assert (outcome.status, outcome.runs) == (AnalysisStatus.ANALYSED, 1)
    assert outcome.reason.startswith("its subtitles are left: Heat.srt: binary, not text.")


def test_a_film_in_opposite_phase_is_heard_and_says_so(tmp_path: Path, home: Home) -> None:
    left = tone(300, 12).astype("<i2")
    path = tmp_path / "Turned.wav"
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(2)
        stream.setsampwidth(2)
        stream.setframerate(8_000)
        stream.writeframes(np.stack([left, -left], axis=1).tobytes())
    outcome = heard(home, path)
    assert (outcome.status, outcome.runs) == (AnalysisStatus.ANALYSED, 1)
    assert outcome.reason == (
        "Turned.wav: the two channels are in opposite phase for 12 s and would cancel each other; the right one was "
        "inverted before the analysis"
    )
