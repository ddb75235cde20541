"""Sounds like: a clip or a scene in, films and scenes out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.home import Home
from film import MusicRun
from service.listening.turns import CLIPS, ClipTurns
from service.questions import sounds_like
from tests.service.heard_home import ToneEar, make_home, tone, write_wav
from tests.views.conftest import Open
from tests.views.test_pages import words
from views import player, scenes
from views.film_figures import description


@pytest.fixture
def app(tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page with the clip way chosen, on films that are tones."""
    monkeypatch.setattr(sounds_like, "ear_of", lambda version: ToneEar())
    home: Home = make_home(tmp_path / "home")
    return open_page(home.root, "sounds_like", way="clip")


def test_a_clip_finds_the_film_and_the_scene_that_sound_like_it(app: AppTest, tmp_path: Path) -> None:
    assert "not kept" in words(app)
    clip = write_wav(tmp_path / "clip.wav", tone(3000, 12))
    app.file_uploader[0].upload("my clip.wav", clip.read_bytes(), "audio/wav")
    app.run()
    said = words(app)
    assert not app.exception
    assert "Red Harbour" in said or "likeness 1.00" in said
    assert 'role="img" aria-label=' in said  # the mini timeline, in words
    assert "Heard, 0:00-0:12: " in said and len(app.get("audio")) == 1
    assert said.count("No excerpt can be played") == 1, "once, where no scene of the answer can be heard"


def test_of_a_run_s_tags_the_strongest_are_told() -> None:
    tags = {f"tag{place}": place / 20 for place in range(12)}
    run = MusicRun(0, 30, "jazz", 0.5, "low", 0.5, "low", 0.5, "low", 0.5, tags=tags)
    assert description(run).endswith("tag11 0.55, tag10 0.50, tag9 0.45, tag8 0.40, tag7 0.35")


def test_a_clip_of_two_seconds_is_said_to_be_too_short(app: AppTest, tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "clip.wav", tone(3000, 2))
    app.file_uploader[0].upload("two.wav", clip.read_bytes(), "audio/wav")
    app.run()
    assert not app.exception and "only 2 s long, too short to judge" in words(app)


@pytest.mark.parametrize(("name", "content"), [("text.mp3", b"not media"), ("empty.wav", b"")])
def test_what_is_no_clip_is_one_calm_line(app: AppTest, name: str, content: bytes) -> None:
    app.file_uploader[0].upload(name, content)
    app.run()
    assert not app.exception and len(app.warning) == 1
    assert name.replace(".", "\\.") in app.warning[0].value
    assert "Traceback" not in words(app)


def test_silence_is_said_to_be_silent(app: AppTest, tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "clip.wav", tone(300, 12) * 0)
    app.file_uploader[0].upload("silence.wav", clip.read_bytes(), "audio/wav")
    app.run()
    assert "silent" in words(app)


def test_scenes_that_words_find_name_the_key_that_plays_two_in_turn(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenes, "why_not_heard", lambda film_ids: dict.fromkeys(film_ids, ""))
    page = open_page(make_home(tmp_path / "home").root, "sounds_like", way="words")
    page.text_input(key="words").set_value("classical").run()
    assert not page.exception and words(page).count("The key B") == 1


def test_words_find_scenes_and_say_what_matched(tmp_path: Path, open_page: Open) -> None:
    page = open_page(make_home(tmp_path / "home").root, "sounds_like", way="words")
    page.text_input(key="words").set_value("classical piano and organ").run()
    said = words(page)
    assert (
        not page.exception
        and "classical .55" in said
        and "No scene here has: piano" in said.replace("\\", "")
        and "left out: organ" in said.replace("\\", "")
    )
    page.text_input(key="words").set_value("ピアノ").run()
    assert not page.exception and len(page.warning) == 1


@pytest.mark.forbidden("A page that hears a clip while all places are taken")
def test_the_page_takes_a_place_for_a_clip_as_the_api_does(app: AppTest, tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "clip.wav", tone(3000, 12))
    with ExitStack() as held:
        for _ in range(CLIPS):
            held.enter_context(ClipTurns(Home(tmp_path / "home")).place())
        app.file_uploader[0].upload("a.wav", clip.read_bytes(), "audio/wav")
        app.run()
        assert not app.exception and "clips are being heard" in app.warning[0].value
    app.run()
    assert not app.exception and not app.warning


def test_a_key_for_listening_is_named_only_where_something_can_be_heard(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(filled.root, "sounds_like")
    assert not app.exception and "The key B" not in words(app)
    monkeypatch.setattr(player, "why_not_heard", lambda film_ids: dict.fromkeys(film_ids, ""))
    assert "The key B" in words(open_page(filled.root, "sounds_like"))
