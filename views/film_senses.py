"""What is said and seen in one film, in words, colours and the strip above its timeline."""

from __future__ import annotations

import html

import streamlit as st

from film import Film
from senses import Dialogue, Faces, Picture
from views.film_figures import clock
from views.language import say

_MOODS = ((-1.0, "dark words"), (-0.15, "rather dark words"), (0.0, "even words"), (0.15, "rather bright words"))


def said_words(said: Dialogue) -> str:
    """How much is said in a film, and how."""
    parts = [f"somebody speaks in {100 * said.share:.0f} % of the film"]
    if said.words_per_minute is not None:
        parts.append(f"{said.words_per_minute:.0f} words a minute")
    parts.append(f"the longest silence lasts {clock(said.longest_silence_s)}")
    parts.append(f"{100 * said.questions:.0f} % of the sentences are questions")
    if said.vocabulary is not None:
        parts.append(f"vocabulary {said.vocabulary:.2f}")
    if said.sentiment is not None:
        mood = [word for least, word in _MOODS if said.sentiment >= least][-1]
        parts.append(f"{mood} (sentiment {said.sentiment:+.2f}, English only)")
    return f"By the subtitles ({', '.join(filter(None, (said.language, said.source)))}): {', '.join(parts)}."


def ear_words(said: Dialogue) -> str:
    """How the captions that tell of music agree with what was heard; "" where there are none."""
    if not said.music_captions or said.music_captions_heard is None:
        return ""
    heard = round(said.music_captions * said.music_captions_heard)
    return f"Captions for the deaf tell of music {said.music_captions} times; it was heard in {heard} of them."


def seen_words(seen: Picture) -> str:
    """How a film looks."""
    light = "dark" if seen.brightness < 0.25 else "bright" if seen.brightness > 0.5 else "of middle brightness"
    colours = "in black and white" if seen.black_and_white else f"saturation {seen.saturation:.2f}"
    pace = f"{seen.cuts_per_minute:.1f} cuts a minute"
    if seen.cuts_per_minute_most > 1.3 * seen.cuts_per_minute + 0.2:
        pace = f"{seen.cuts_per_minute:.1f} to {seen.cuts_per_minute_most:.1f} cuts a minute"
    hdr = ", in high dynamic range (its brightness is only roughly that of other films)" if seen.high_range else ""
    dark = f"brightness {seen.brightness:.2f} of 1, {100 * seen.dark_share:.0f} % dark"
    return (
        f"By {seen.frames} frames: {light} ({dark}), "
        f"{colours}, colourfulness {seen.colourfulness:.0f}, {pace}, {seen.aspect_ratio:.2f}:1{hdr}."
    )


def palette_html(seen: Picture) -> str:
    """The film's colours as squares, each as wide as its share."""
    squares = []
    for (red, green, blue), share in zip(seen.palette, seen.palette_shares, strict=True):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        title = html.escape(f"{colour}, {100 * share:.0f} % of the picture")
        squares.append(f'<span title="{title}" style="background:{colour};flex:{max(share, 0.04):.3f}"></span>')
    words = ", ".join(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in seen.palette)
    return f'<div class="fs-palette" role="img" aria-label="The film\'s colours: {words}">{"".join(squares)}</div>'


SAID_AND_SEEN = "Said and seen"
NOBODY = (
    "Nobody is recognised, and no face is stored. Expressions are acted for the camera; they are not what anybody felt."
)


def face_words(shown: Faces) -> str:
    """How often faces are seen, and what they show."""
    often = f"a face in {100 * shown.share:.0f} % of {shown.frames} frames"
    parts = [often, f"{100 * shown.close_up_share:.0f} % close-ups"] if shown.share else ["no face was found"]
    most = sorted(shown.expressions.items(), key=lambda one: -one[1])
    told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in most if share >= 0.005)
    return f"Faces: {', '.join(parts)}{f'. Expressions: {told}' if told else ''}."


def senses_of_film(film: Film, said: Dialogue | None, seen: Picture | None, shown: Faces | None = None) -> None:
    """The part of the page Film about what is said and seen; nothing for a film that has neither."""
    if said is None and seen is None:
        return
    st.subheader(say(SAID_AND_SEEN), anchor=False)
    if said is not None:
        st.write(said_words(said))
        if said.terms:
            st.caption(f"Talk of: {', '.join(list(said.terms)[:10])}.")
        if ear := ear_words(said):
            st.caption(ear)
    if seen is not None:
        st.write(seen_words(seen))
        st.html(palette_html(seen))
    if shown is not None:
        st.write(face_words(shown))
        st.caption(say(NOBODY))
