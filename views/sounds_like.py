"""Sounds like: a clip or a scene in, the scenes with the nearest music out, by film."""

from __future__ import annotations

import html
import shutil
import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from errors import FilmscoreError
from media.decode import MEDIA_SUFFIXES
from media.excerpt import MEDIA_TYPES
from recommender import SceneMatch
from recommender.scene_steering import POOL
from service.listening.turns import ClipTurns
from service.questions.app_data import OpenCatalogue
from service.questions.finding import find
from service.questions.sound_words import LONGEST
from service.questions.sounds_like import PLAYED_KIND, SoundsLike, ear_of, sounds_like
from service.rights.media_roots import safe_name
from service.rights.upload_limits import PAGE_MB
from views import first_start, frame
from views.address import section
from views.film_figures import description, span
from views.film_neighbours import scenes_near
from views.given import Given, given
from views.language import say
from views.more_less import more_and_less, show_effects
from views.player import compare_hint, listening_keys, player_or_why
from views.scenes import scene_list
from views.theme import Theme
from views.titles import titles_to_choose

TITLE = "Sounds like"
LEAD = "Choose a scene, give a clip or say it in words: which scenes have music like it?"
WAY, WAYS = "Start from", {"scene": "A scene", "clip": "A clip", "words": "Words"}
FILM, SCENE, CLIP, RECORD = "Film", "Scene", "Drop a clip", "Or record one"
CLIP_WORDS = "A clip of ten seconds or more works best. It is heard here and not kept."
NO_MUSIC = "No film with music was analysed yet. Add a film's file to hear it: `{}`."
HEARD, HEARD_NAME, MORE_HEARD = "Heard, {}: {}", "What was heard of the clip", "And {} further scenes of the clip."
MOST_HEARD = 5
"""Scenes of a clip that are described."""
NEAREST = 10
LISTENING = "Listening to the clip"
WORDS, WORDS_EXAMPLE = "How it should sound", "slow sad piano"
WORDS_HINT = (
    "Say a mood, a pace, a style, an instrument or a voice: slow sad piano, fast rock without singing, calm choir. "
    "Or name a film: like Vertigo but calmer."
)


@st.cache_resource(max_entries=1, show_spinner=False)
def _ear(model_version: str) -> object:
    return ear_of(model_version)


@st.cache_data(max_entries=16, show_spinner=False)
def _hear(_found: OpenCatalogue, snapshot: str, name: str, sha256: str, _clip: Given) -> tuple[SoundsLike, bytes]:
    """What sounds like a clip, and the part of it that the page plays (b"" where none can be cut)."""
    ear = _ear(_found.recommender.scene_model_version) if _found.recommender.scene_model_version else None
    turns = ClipTurns(_found.home)
    with turns.place(), turns.turn(), tempfile.TemporaryDirectory(dir=_found.home.scratch) as scratch:
        if frame.has_left():
            st.stop()
        clip = Path(scratch) / safe_name(name)  # messages about the clip name it
        with clip.open("wb") as out, _clip.open() as stream:
            shutil.copyfileobj(stream, out)
        played = Path(scratch) / "played"
        answer = sounds_like(_found.snapshot, _found.recommender, clip, POOL, Path(scratch), ear, played=played)  # type: ignore[arg-type]
        return answer, played.read_bytes() if played.is_file() else b""


def _heard(answer: SoundsLike, played: bytes) -> None:
    """The clip's player, and what was heard in it."""
    if played:
        st.audio(played, format=MEDIA_TYPES[PLAYED_KIND])
    for notice in answer.notices:
        st.caption(frame.plain(say(notice)))
    lines = "".join(
        f"<li>{html.escape(say(HEARD, span(run), description(run)))}</li>" for run in answer.heard[:MOST_HEARD]
    )
    if lines:
        st.html(f'<ul class="fs-lines fs-meta" aria-label="{html.escape(say(HEARD_NAME), quote=True)}">{lines}</ul>')
    if len(answer.heard) > MOST_HEARD:
        st.caption(say(MORE_HEARD, len(answer.heard) - MOST_HEARD))


def _from_clip(found: OpenCatalogue, look: Theme) -> None:
    left, right = st.columns(2, gap="large")
    kinds = sorted(suffix.lstrip(".") for suffix in MEDIA_SUFFIXES)
    dropped: UploadedFile | None = left.file_uploader(say(CLIP), type=kinds, key="clip", max_upload_size=PAGE_MB)
    recorded = right.audio_input(say(RECORD), key="recording")
    clip = dropped or recorded
    if clip is None:
        st.caption(say(CLIP_WORDS))
        return
    try:
        name, file = dropped.name if dropped else "recording.wav", given(clip)
        with st.spinner(say(LISTENING)):
            answer, played = _hear(found, found.snapshot.id, name, file.sha256, file)
    except FilmscoreError as error:
        frame.trouble(error)
        return
    _heard(answer, played)
    more, less = more_and_less("clip-scenes")
    steered = found.recommender.steered_scenes([scene for scene, _ in answer.scenes], NEAREST, more, less)
    show_effects(steered.effects, steered.notices)
    scene_list(found, steered.scenes, look)


def _from_scene(found: OpenCatalogue, look: Theme) -> None:
    heard = [int(film_id) for film_id in found.films.index[found.films["has_music"]]]
    if not heard:
        st.info(say(NO_MUSIC, frame.command("ingest FILE")), icon=":material/hearing:")
        return
    left, right = st.columns(2)
    with left:
        chosen = st.session_state.get("scene-film")
        offered = titles_to_choose(found, [chosen if chosen in heard else heard[0]], "scene", heard)
        film_id = st.selectbox(say(FILM), offered, format_func=lambda one: found.names[one], key="scene-film")
    runs = found.runs(int(film_id))
    which = right.selectbox(
        say(SCENE),
        range(len(runs)),
        format_func=lambda place: f"{span(runs[place])}, {say(runs[place].value('genre'))}",
        key=f"scene-of-{film_id}",
    )
    run = runs[which or 0]
    player = player_or_why(int(film_id), run.start_s, run.end_s, found.names[int(film_id)])
    st.html(player)
    compare_hint(player)
    scenes_near(found, int(film_id), run, NEAREST, look)


def _from_words(found: OpenCatalogue, look: Theme) -> None:
    words = st.text_input(say(WORDS), key="words", placeholder=say(WORDS_EXAMPLE), max_chars=LONGEST)
    if not words.strip():
        st.caption(say(WORDS_HINT))
        return
    try:
        answer = find(found.snapshot, found.recommender, words, NEAREST)
    except FilmscoreError as error:
        frame.trouble(error)
        return
    for notice in answer.notices:
        st.caption(frame.plain(say(notice)))
    said = {(one.film_id, one.start_s): ", ".join(match.said for match in one.matches) for one in answer.scenes}
    scenes = [SceneMatch(one.film_id, one.run, one.start_s, one.end_s, one.score) for one in answer.scenes]
    scene_list(found, scenes, look, said=said)


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = first_start.open_or_begin()
    listening_keys()
    way = section(say(WAY), WAYS, "way")
    if way == "clip":
        _from_clip(found, look)
    elif way == "words":
        _from_words(found, look)
    else:
        _from_scene(found, look)


show()
