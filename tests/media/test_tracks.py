"""The film's own sound is heard, wherever a commentary or an audio description stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from av.stream import Disposition

from errors import MediaError
from film import AudioTrack
from media.decode import decode
from media.tracks import choose_track
from tests.media.recordings import Recording, pitch_hz, tone_hz, write

NOT_THE_FILM = [Disposition.comment, Disposition.visual_impaired, Disposition.hearing_impaired]


def heard_track(path: Path, scratch: Path) -> int:
    """The track that was heard, by its number and by its pitch."""
    with decode(path, scratch_dir=scratch) as sound:
        assert pitch_hz(sound.samples()[4_000:]) == pytest.approx(tone_hz(sound.audio_track), abs=2)
        return sound.audio_track


@pytest.mark.parametrize("flag", NOT_THE_FILM, ids=lambda flag: flag.name)
@pytest.mark.parametrize("default", [None, 0])
def test_a_flagged_track_is_not_heard_though_it_is_first_or_default(
    flag: Disposition, default: int | None, tmp_path: Path
) -> None:
    path = write(
        tmp_path, Recording("a.mkv", "flac", tracks=3, default_track=default, flags={0: flag, 1: flag}, seconds=2)
    )
    assert heard_track(path, tmp_path / "s") == 2


@pytest.mark.parametrize(
    "title",
    [
        "Commentary",
        "Director's commentary with the cast",
        "Audio Commentary (Hitchcock)",
        "Audiokommentar",
        "Audio description",
        "English AD",
        "Audiodescription",
        "Descriptive Video Service",
        "Hörfilmfassung",
    ],
)
def test_a_track_with_such_a_title_is_not_heard_though_it_is_default(title: str, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "flac", tracks=2, default_track=0, titles={0: title}, seconds=2))
    assert heard_track(path, tmp_path / "s") == 1


@pytest.mark.parametrize(
    "title", ["English", "Surround 5.1", "Deutsch", "Adagio", "Stereo (recommended)", "Comment ça va"]
)
def test_other_titles_leave_the_default_as_it_is(title: str, tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "flac", tracks=2, default_track=1, titles={1: title}, seconds=2))
    assert heard_track(path, tmp_path / "s") == 1


def test_a_commentary_is_heard_where_it_is_all_there_is_or_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "flac", flags={0: Disposition.comment}, seconds=2))
    assert heard_track(path, tmp_path / "s") == 0
    tracks = [AudioTrack(0, purpose="commentary"), AudioTrack(1)]
    assert choose_track(path, tracks) == 1
    assert choose_track(path, tracks, 0) == 0
    with pytest.raises(MediaError, match="it has 2 audio tracks"):
        choose_track(path, tracks, 2)


def without_decoder(path: Path) -> Path:
    """Names the codec of the first track so that FFmpeg knows no decoder for it."""
    data = path.read_bytes()
    if path.suffix == ".mkv":
        data = data.replace(b"A_FLAC", b"A_XLAC", 1)
    else:
        data = data.replace(b"mp4a", b"mhm1").replace(b"esds", b"free")
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("recording", "codec"),
    [
        (Recording("a.mp4", "aac", seconds=2), "mpegh_3d_audio (audio track 0)"),
        (Recording("a.mkv", "flac"), "audio track 0"),
    ],
    ids=["known", "unknown"],
)
def test_a_codec_without_a_decoder_is_named(recording: Recording, codec: str, tmp_path: Path) -> None:
    path = without_decoder(write(tmp_path, recording))
    with pytest.raises(MediaError) as caught:
        decode(path, scratch_dir=tmp_path / "s")
    assert str(caught.value) == f"{path.name}: no decoder for {codec}. Convert it, or choose another track."


def test_a_track_without_a_decoder_is_left_for_one_that_has_one(tmp_path: Path) -> None:
    path = write(tmp_path, Recording("a.mkv", "flac", tracks=2, default_track=0, seconds=2))
    assert heard_track(without_decoder(path), tmp_path / "s") == 1
