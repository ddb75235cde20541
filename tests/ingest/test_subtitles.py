"""Subtitles beside and inside a film are found, the right ones are read, and a bad file is one warning."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from errors import MediaError
from film import Cue, TextTrack
from ingest.dialogue import describe_dialogue
from ingest.languages import language_code
from ingest.subtitles import choose, find_subtitles, read_subtitles, subtitles_beside, without_credits
from media.confined import Confined
from media.subtitles import LARGEST_FILE_BYTES, MOST_CUES, read_text_track
from studio import write_media
from studio.subtitling import TextStream, as_srt, write_srt

SAID = (
    Cue(1.0, 3.5, "The harbour is silent.\nWhere is the captain?"),
    Cue(4.0, 6.0, "He went to the ship before the storm came."),
    Cue(9.0, 12.0, "Nobody has seen him since this morning!"),
)
GERMAN = (Cue(1.0, 3.0, "Der Hafen ist still, und der Kapitän ist nicht da."), Cue(4.0, 6.0, "Er ging zum Schiff."))
SILENCE = np.zeros(15 * 8_000, np.int16)


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confined]:
    with Confined(tmp_path_factory.mktemp("scratch")) as confined:
        yield confined


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_media(SILENCE, tmp_path / "Heat (1995).wav")


def rounded(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    return tuple(Cue(round(cue.start_s, 3), round(cue.end_s, 3), cue.text) for cue in cues)


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".webm"])
def test_the_text_tracks_inside_a_film_are_listed_and_the_right_one_is_read(
    tmp_path: Path, child: Confined, suffix: str
) -> None:
    signs = TextStream((SAID[0],), "eng", title="Signs", forced=True)
    path = write_media(
        SILENCE, tmp_path / f"film{suffix}", texts=[signs, TextStream(GERMAN, "ger"), TextStream(SAID, "eng")]
    )
    found = find_subtitles(path, child)
    assert [(track.number, track.language, track.is_text) for track in found] == [
        (0, "en", True),
        (1, "de", True),
        (2, "en", True),
    ]
    assert found[0].forced and not found[2].forced
    subtitles = read_subtitles(path, child, duration_s=15)
    assert (subtitles.chosen, subtitles.language, subtitles.warning) == (found[2], "en", "")
    assert rounded(subtitles.cues) == SAID
    original = read_subtitles(path, child, originals=("German",))
    assert (original.language, rounded(original.cues)) == ("de", GERMAN)


def test_files_beside_a_film_belong_to_it_by_name(tmp_path: Path) -> None:
    for name in ("Heat.mkv", "Heat 2.mkv", "Heat.en.srt", "Heat 2.en.srt", "other.srt", "Heat.txt", ".Heat.de.srt"):
        (tmp_path / name).write_text("x")
    assert [Path(track.path).name for track in subtitles_beside(tmp_path / "Heat.mkv")] == ["Heat.en.srt"]
    assert [Path(track.path).name for track in subtitles_beside(tmp_path / "Heat 2.mkv")] == ["Heat 2.en.srt"]


def test_in_a_folder_of_its_own_every_subtitle_is_the_film_s(tmp_path: Path) -> None:
    (tmp_path / "Subs").mkdir()
    for name in ("movie.mkv", "whatever.vtt", "Subs/2_English.srt", "Subs/3_German [SDH].ass", "Subs/movie.sup"):
        (tmp_path / name).write_text("x")
    found = {Path(track.path).name: track for track in subtitles_beside(tmp_path / "movie.mkv")}
    assert set(found) == {"whatever.vtt", "2_English.srt", "3_German [SDH].ass", "movie.sup"}
    assert found["2_English.srt"].language == "en"
    assert (found["3_German [SDH].ass"].language, found["3_German [SDH].ass"].hearing_impaired) == ("de", True)
    assert not found["movie.sup"].is_text


@pytest.mark.parametrize(
    ("name", "language", "forced", "sdh", "commentary"),
    [
        ("Heat.srt", "", False, False, False),
        ("Heat.en.srt", "en", False, False, False),
        ("Heat.eng.forced.ass", "en", True, False, False),
        ("Heat.pt-BR.srt", "pt", False, False, False),
        ("Heat.en.hi.srt", "en", False, True, False),
        ("Heat.hi.srt", "hi", False, False, False),
        ("Heat.English (SDH).vtt", "en", False, True, False),
        ("Heat.default.fre.srt", "fr", False, False, False),
        ("Heat.Director's Commentary.en.srt", "en", False, False, True),
        ("The French Connection.srt", "", False, False, False),
        ("The French Connection.en.cc.srt", "en", False, True, False),
    ],
)
def test_what_a_name_says(tmp_path: Path, name: str, language: str, forced: bool, sdh: bool, commentary: bool) -> None:
    (tmp_path / "Heat.mkv").write_text("x")
    (tmp_path / name).write_text("x")
    (track,) = subtitles_beside(tmp_path / "Heat.mkv")
    assert (track.language, track.forced, track.hearing_impaired, track.commentary) == (
        language,
        forced,
        sdh,
        commentary,
    )


def test_the_choice_is_the_film_s_language_then_english_and_never_what_is_forced() -> None:
    def track(language: str, **more: bool) -> TextTrack:
        return TextTrack(path=f"{language}.srt", language=language, **more)

    english, german, unknown = track("en"), track("de"), track("")
    forced, pictures = track("en", forced=True), track("en", is_text=False)
    deaf, commentary = track("en", hearing_impaired=True), track("en", commentary=True)
    assert choose([german, unknown, english]) is english
    assert choose([english, german], ["Deutsch"]) is german
    assert choose([german, unknown]) is unknown
    assert choose([deaf, english]) is english and choose([deaf, german]) is deaf
    assert choose([forced, commentary, pictures]) is None
    assert choose([forced, german]) is german


def test_language_codes() -> None:
    written = ["eng", "English", "en-US", "pt_BR", "Deutsch", "fre", "zho", "xx", ""]
    assert [language_code(name) for name in written] == ["en", "en", "en", "pt", "de", "fr", "zh", "", ""]


RUSSIAN = "Капитан ушёл на корабль до того, как начался шторм. С утра его никто не видел."
GREEK = "Ο καπετάνιος πήγε στο πλοίο πριν από την καταιγίδα. Κανείς δεν τον έχει δει από το πρωί."
CZECH = "Kapitán šel na loď ještě předtím, než přišla bouře. Od rána ho nikdo neviděl, říkal žák."
FRENCH = "Le capitaine est allé au bateau avant la tempête. Où est-il passé ? Ça m'inquiète."


@pytest.mark.parametrize(
    ("text", "encoding", "language", "named"),
    [
        (RUSSIAN, "cp1251", "ru", ""),
        (RUSSIAN, "koi8_r", "ru", "ru"),
        (GREEK, "cp1253", "el", ""),
        (CZECH, "cp1250", "cs", "cs"),
        (FRENCH, "cp1252", "fr", ""),
        (FRENCH, "utf-16", "fr", ""),
        (FRENCH, "utf-8-sig", "fr", ""),
        ("船長は嵐の前に船へ行きました。今朝から誰も彼を見ていません。", "shift_jis", "ja", "ja"),
    ],
)
def test_encodings_and_languages_are_found(
    film: Path, child: Confined, text: str, encoding: str, language: str, named: str
) -> None:
    cues = [Cue(i * 4.0, i * 4.0 + 2, text) for i in range(3)]
    path = film.with_name(f"Heat (1995){'.' if named else ''}{named}.srt")
    path.write_bytes(as_srt(cues).encode(encoding))
    subtitles = read_subtitles(film, child)
    assert [cue.text for cue in subtitles.cues] == [text] * 3
    assert (subtitles.language, subtitles.warning) == (language, "")


def test_tags_notes_and_drawings_are_no_text(film: Path, child: Confined) -> None:
    vtt = (
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE 00:00:01.000 --> 00:00:02.000\nhidden\n\n"
        "one\n00:01.000 --> 00:02.500 line:0\n<v Anna>Good <i>morning</i>.\n\nNOTE hidden too\n\n"
        "00:03.000 --> 00:04.000\n{\\an8}Hello&nbsp;there &amp; bye\n"
    )
    film.with_suffix(".vtt").write_text(vtt)
    assert [cue.text for cue in read_subtitles(film, child).cues] == ["Good morning.", "Hello there & bye"]
    film.with_suffix(".vtt").unlink()
    head = (
        "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    lines = [
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\pos(3,4)\\i1}Good, good{\\i0}\\Nmorning",
        "Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,a note",
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}",
    ]
    film.with_suffix(".ass").write_text(head + "\n".join(lines))
    assert [cue.text for cue in read_subtitles(film, child).cues] == ["Good, good\nmorning"]


def test_advertisements_and_credits_are_dropped() -> None:
    texts = [
        "Subtitles by explosiveskull",
        "Translated from French, he said.",
        "We sail.",
        "www.OpenSubtitles.org",
        "He was translated by God.",
    ]
    texts = [
        texts[0],
        *["Line"] * 6,
        *texts[1:3],
        texts[4],
        *["Line"] * 6,
        texts[3],
        "Sync and corrections: honeybunny",
    ]
    kept = [cue.text for cue in without_credits([Cue(i, i + 1, text) for i, text in enumerate(texts)])]
    assert kept == ["Line"] * 6 + [texts[7], texts[8], texts[9]] + ["Line"] * 6


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "no subtitles": b"Dear reader, this is a letter.\n" * 20,
    "too large": b"x" * (LARGEST_FILE_BYTES + 1),
    "too many cues": b"".join(b"%d\n00:00:01,000 --> 00:00:02,000\nx\n\n" % i for i in range(MOST_CUES + 1)),
    "impossible times": b"1\n00:00:05,000 --> 00:00:02,000\nbackwards\n\n",
    "half a tag for ever": b"1\n00:00:01,000 --> 00:00:02,000\n" + b"<{" * 400_000 + b"\n",
}


@pytest.mark.fault("Hostile files of subtitles", times=len(HOSTILE))
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_file_is_one_warning(film: Path, child: Confined, kind: str) -> None:
    path = film.with_suffix(".srt")
    path.write_bytes(HOSTILE[kind])
    subtitles = read_subtitles(film, child, duration_s=15)
    if kind == "half a tag for ever":
        assert len(subtitles.cues) <= 1
        return
    assert subtitles.cues == () and subtitles.chosen is not None
    assert subtitles.warning.startswith(f"its subtitles are left: {path.name}: ") and subtitles.warning.endswith(".")
    assert "\n" not in subtitles.warning and len(subtitles.warning) < 200


@pytest.mark.fault("Subtitles of 500 MB and of two million cues", times=2)
@pytest.mark.parametrize(("suffix", "cues"), [(".srt", 0), (".vtt", 2_000_000)])
def test_a_huge_file_is_left_unread(film: Path, child: Confined, suffix: str, cues: int) -> None:
    path = film.with_suffix(suffix)
    path.write_bytes(b"WEBVTT\n\n" + cues * b"00:01.000 --> 00:02.000\nx\n\n")
    size = path.stat().st_size if cues else 500_000_000
    os.truncate(path, size)  # a file with a hole takes no room on the disk
    subtitles = read_subtitles(film, child, duration_s=15)
    expected = f"{path.name}: {size / 1e6:.0f} MB, too large for subtitles. Remove it."
    assert subtitles.cues == () and subtitles.warning == f"its subtitles are left: {expected}"


@pytest.mark.fault("An inner track of too many subtitles")
def test_a_track_of_too_many_subtitles_is_read_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cues = tuple(Cue(0.1 * n, 0.1 * n + 1, "x") for n in range(100))
    film = write_media(SILENCE, tmp_path / "film.mkv", texts=[TextStream(cues, "eng")])
    assert len(read_text_track(film, 0).cues) == 100
    monkeypatch.setattr("media.subtitles.MOST_CUES", 50)
    with pytest.raises(MediaError, match=r"film.mkv: more than 50 subtitles, which no film has. Remove them."):
        read_text_track(film, 0)


def test_times_that_are_negative_or_overlap_are_read_as_far_as_they_are_times(film: Path, child: Confined) -> None:
    text = (
        "1\n-00:00:05,000 --> 00:00:02,000\nBefore it began.\n\n"
        "2\n00:00:03,000 --> 00:00:08,000\nOne speaks,\n\n3\n00:00:04,000 --> 00:00:06,000\nand another too.\n\n"
        "4\n00:00:09,000 --> 00:00:09,000\nno time at all\n\n"
    )
    film.with_suffix(".srt").write_text(text)
    subtitles = read_subtitles(film, child, duration_s=15)
    spoken = [cue for cue in subtitles.cues if cue.start_s >= 3]
    assert [(cue.start_s, cue.end_s) for cue in spoken] == [(3.0, 8.0), (4.0, 6.0)]
    assert all(0 <= cue.start_s < cue.end_s for cue in subtitles.cues) and subtitles.warning == ""
    dialogue = describe_dialogue(replace(subtitles, cues=tuple(spoken)), 15.0)
    assert dialogue is not None and dialogue.share == pytest.approx(5 / 15)  # overlaps count once


@pytest.mark.fault("A film that is no media, with subtitles beside it")
def test_subtitles_of_a_broken_film_are_listed_with_one_warning(tmp_path: Path, child: Confined) -> None:
    film = tmp_path / "film.mkv"
    film.write_bytes(b"no film")
    write_srt(SAID, tmp_path / "film.en.srt")
    subtitles = read_subtitles(film, child)
    assert len(subtitles.tracks) == 1 and subtitles.warning.startswith("film.mkv: We can't read this file")


def test_subtitles_of_another_cut_are_read_with_a_warning(film: Path, child: Confined) -> None:
    write_srt((*SAID, Cue(900, 905, "Still here.")), film.with_suffix(".srt"))
    subtitles = read_subtitles(film, child, duration_s=15)
    assert len(subtitles.cues) == 4
    assert "go on for 15 min after the film's end" in subtitles.warning
