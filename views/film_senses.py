"""Show what is said and seen in one film, in words, colours and the strip above its timeline."""

from __future__ import annotations

import html

import streamlit as st

from film import Film
from recommender.senses import BRIGHT_ABOVE, DARK_BELOW
from senses import Dialogue, Faces, Picture
from views import frame
from views.film_figures import clock
from views.language import say

MOODS = {-1.0: "dark words", -0.15: "rather dark words", 0.0: "even words", 0.15: "rather bright words"}
"""Smallest sentiment -> its name."""
SPEAKS, PACE = "somebody speaks in {:.0f} % of the film", "{:.0f} words a minute"
SILENCE, QUESTIONS = "the longest silence lasts {}", "{:.0f} % of the sentences are questions"
VOCABULARY, SENTIMENT = "vocabulary {:.2f}", "{} (sentiment {:+.2f}, English only)"
BY_SUBTITLES, TALK_OF = "By the subtitles ({}): {}.", "Talk of: {}."
CAPTIONS = "Captions for the deaf tell of music {} times; it was heard in {} of them ({:.0f} %)."
LIGHT, BLACK_AND_WHITE = "{} (brightness {:.2f} of 1, {:.0f} % dark)", "in black and white"
SATURATION, COLOURFULNESS = "saturation {:.2f}", "colourfulness {:.0f}"
CUTS, CUTS_RANGE = "{:.1f} cuts a minute", "{:.1f} to {:.1f} cuts a minute"
HIGH_RANGE = "in high dynamic range (its brightness is only roughly that of other films)"
MIDDLE = "of middle brightness"
BY_FRAMES = "By {} frames: {}."
OF_THE_PICTURE, COLOURS = "{}, {:.0f} % of the picture", "The film's colours: {}"
NO_FACE = "Faces: no face was found."
FACES, EXPRESSIONS = "Faces: a face in {:.0f} % of {} frames, {:.0f} % close-ups.", "Expressions: {}."


def said_words(said: Dialogue) -> str:
    """How much is said in a film, and how."""
    parts = [say(SPEAKS, 100 * said.share)]
    if said.words_per_minute is not None:
        parts.append(say(PACE, said.words_per_minute))
    parts.append(say(SILENCE, clock(said.longest_silence_s)))
    parts.append(say(QUESTIONS, 100 * said.questions))
    if said.vocabulary is not None:
        parts.append(say(VOCABULARY, said.vocabulary))
    if said.sentiment is not None:
        mood = [word for least, word in MOODS.items() if said.sentiment >= least][-1]
        parts.append(say(SENTIMENT, say(mood), said.sentiment))
    return say(BY_SUBTITLES, ", ".join(filter(None, (said.language, said.source))), ", ".join(parts))


def ear_words(said: Dialogue) -> str:
    """How well the captions that mention music agree with the analysis; "" if there are none."""
    if not said.music_captions or said.music_captions_heard is None:
        return ""
    heard = round(said.music_captions * said.music_captions_heard)
    return say(CAPTIONS, said.music_captions, heard, 100 * said.music_captions_heard)


def seen_words(seen: Picture) -> str:
    """How a film looks."""
    light = "dark" if seen.brightness < DARK_BELOW else "bright" if seen.brightness > BRIGHT_ABOVE else MIDDLE
    pace = say(CUTS, seen.cuts_per_minute)
    if seen.cuts_per_minute_most > 1.3 * seen.cuts_per_minute + 0.2:
        pace = say(CUTS_RANGE, seen.cuts_per_minute, seen.cuts_per_minute_most)
    parts = [
        say(LIGHT, say(light), seen.brightness, 100 * seen.dark_share),
        say(BLACK_AND_WHITE) if seen.black_and_white else say(SATURATION, seen.saturation),
        say(COLOURFULNESS, seen.colourfulness),
        pace,
        f"{seen.aspect_ratio:.2f}:1",
        *([say(HIGH_RANGE)] if seen.high_range else []),
    ]
    return say(BY_FRAMES, seen.frames, ", ".join(parts))


def palette_html(seen: Picture) -> str:
    """The film's colours as squares, each as wide as its share."""
    squares = []
    for (red, green, blue), share in zip(seen.palette, seen.palette_shares, strict=True):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        title = html.escape(say(OF_THE_PICTURE, colour, 100 * share))
        squares.append(f'<span title="{title}" style="background:{colour};flex:{max(share, 0.04):.3f}"></span>')
    words = ", ".join(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in seen.palette)
    told = html.escape(say(COLOURS, words), quote=True)
    return f'<div class="fs-palette" role="img" aria-label="{told}">{"".join(squares)}</div>'


SAID_AND_SEEN = "Said and seen"
NOBODY = (
    "Nobody is recognised, and no face is stored. Expressions are acted for the camera; they are not what anybody felt."
)


def face_words(shown: Faces) -> str:
    """How often faces are seen, and what they show."""
    if not shown.share:
        return say(NO_FACE)
    often = say(FACES, 100 * shown.share, shown.frames, 100 * shown.close_up_share)
    most = sorted(shown.expressions.items(), key=lambda one: -one[1])
    told = ", ".join(f"{say(name)} {100 * share:.0f} %" for name, share in most if share >= 0.005)
    return f"{often} {say(EXPRESSIONS, told)}" if told else often


def senses_of_film(film: Film, said: Dialogue | None, seen: Picture | None, shown: Faces | None = None) -> None:
    """The part of the page Film about what is said and seen; empty for a film that has neither."""
    if said is None and seen is None:
        return
    st.subheader(say(SAID_AND_SEEN), anchor=False)
    if said is not None:
        st.write(said_words(said))
        if said.terms:
            st.caption(frame.plain(say(TALK_OF, ", ".join(list(said.terms)[:10]))))
    if seen is not None:
        st.write(seen_words(seen))
        st.html(palette_html(seen))
    if shown is not None:
        st.write(face_words(shown))
        st.caption(say(NOBODY))
