"""Ready-made scripts: the synthetic evaluation file of thesis 5.2, and a short film for tests."""

from __future__ import annotations

from studio.rendering import render
from studio.script import EffectCue, FilmScript, MusicCue, Rendered, SpeechCue

VALIDITY_S = 260
"""The evaluation file lasts 4 min 20 s."""
VALIDITY_SEED = 2020


def validity_script() -> FilmScript:
    """Speech, parts of seven songs, and sounds in sequence (thesis 5.2).

    The songs differ in tempo, mode and intensity, so that every level of every attribute occurs.
    """
    songs = (
        ("blues", 84.0, "minor", "low"),
        ("classical", 66.0, "minor", "low"),
        ("country", 120.0, "major", "medium"),
        ("hiphop", 92.0, "minor", "medium"),
        ("jazz", 132.0, "major", "medium"),
        ("pop", 118.0, "major", "high"),
        ("rock", 140.0, "major", "high"),
    )
    voices = (
        ("en+m3", "en-us+f2"),
        ("en-us+m7", "en+f4"),
        ("de+f2", "de+m3"),
        ("en-gb-x-rp+f3", "en+m1"),
        ("fr+f1", "fr+m2"),
        ("es+m2", "es+f3"),
        ("en-us+f5", "en-us+m2"),
    )
    music, speech, at = [], [], 0.0
    for (genre, tempo, mode, intensity), pair in zip(songs, voices, strict=True):
        speech.append(SpeechCue(at, 11.0, voices=pair))
        at += 11.0
        music.append(MusicCue(genre, at, 20.0, tempo, mode, intensity, fade_in_s=0.1, fade_out_s=0.2))
        at += 20.0
    kinds = ("shots", "doors", "rain", "crowd", "wind", "footsteps", "engine")
    length = (VALIDITY_S - at) / len(kinds)
    effects = [EffectCue(kind, at + index * length, length, -3.0) for index, kind in enumerate(kinds)]
    return FilmScript("Synthetic evaluation file", VALIDITY_S, tuple(music), tuple(speech), tuple(effects))


def short_film(seed: int = 0, seconds: int = 60) -> Rendered:
    """A film for tests: speech, music alone, music under speech, and an effect.

    Args:
        seed: seed of the rendering; it also chooses the piece.
        seconds: at least 40.
    """
    quarter = seconds / 4
    script = FilmScript(
        f"Short film {seed}",
        seconds,
        (MusicCue("pop", quarter, quarter * 2, 116.0, "major", "high", level_db=-1.0),),
        (SpeechCue(0.5, quarter - 1), SpeechCue(quarter * 2, quarter, voices=("en-us+f2",), level_db=0.0)),
        (EffectCue("rain", quarter * 3, quarter, -6.0),),
        duck_db=-8.0,
    )
    return render(script, seed)
