"""How this works, in plain words, with the thesis cited and every attribute explained."""

from __future__ import annotations

import streamlit as st

from film import GENRES, LEVELS, FilmSummary
from told import Told, joined
from views import frame
from views.language import say
from views.sound_print import sound_print_image

EXAMPLE_TITLE = "I Confess (1953)"
EXAMPLE = FilmSummary(
    genres=dict(zip(GENRES, (14.0, 2.0, 0.0, 0.0, 31.0, 51.0, 1.0, 0.0, 1.0, 0.0), strict=True)),
    danceability={"low": 67.0, "medium": 31.0, "high": 2.0},
    valence={"negative": 80.0, "neutral": 20.0, "positive": 0.0},
    energy={"low": 60.0, "medium": 15.0, "high": 25.0},
    music=31.0,
    speech=63.0,
    other=6.0,
)
"""The thesis's "I Confess" (Table 16)."""

READING = """
<p>This is <i>I Confess</i> (1953) as the thesis heard it. The outer arcs are the genres of its music, each as wide as
its share: classical 51 %, jazz 31 %, blues 14 %. The inner ring is the whole film: music 31 %, speech 63 %, other 6 %.
The three columns in the middle are energy, valence and danceability: one, two or three steps for low, medium, high.</p>
<p>A dotted ring means that the film has not been analysed yet, or has no music.</p>
"""

HEARING = """
filmscore listens to a film's sound from beginning to end.

1. **Activity.** Every second is classified as music, speech or other. Music and speech may be present together.
2. **Runs of music.** Ten or more consecutive seconds of music make a run (the thesis's "segment"). Shorter passages do
   not count.
3. **Attributes.** Each run is divided into windows of ten seconds, one starting every second. A window gets a genre and
   three levels, each with a probability; the run takes the value that most of its windows have.
4. **The whole film.** A genre's share is the total length of its runs, divided by that of all runs.
"""


def _levels(attribute: str) -> Told:
    return joined(" / ", [Told(level) for level in LEVELS[attribute]])


HEARD = (
    ("Music, speech, other", "% of the film", "What is heard most clearly in each second of the film."),
    (
        "Genre",
        "% of the music",
        Told(
            "What the music sounds like, one of ten: {}. A label says likeness, not origin.",
            joined(", ", [Told(genre) for genre in GENRES]),
        ),
    ),
    (
        "Danceability",
        _levels("danceability"),
        "Whether the music invites to dance: a steady tempo, a clear beat.",
    ),
    (
        "Valence",
        _levels("valence"),
        "The mood of the music: dark and sad, neutral, or bright and glad. Listeners often disagree on it.",
    ),
    ("Energy", _levels("energy"), "How strong the music feels: quiet and slow, or loud and fast."),
    (
        "Tempo",
        "beats a minute",
        "How fast the music's pulse is. Beside it, from 0 to 1, how exactly the beats repeat: free music has no pulse.",
    ),
    (
        "Acousticness",
        "0 to 1",
        "Acoustic instruments (1) or electric ones (0). It orders music and is no probability.",
    ),
    ("Instrumentalness", "0 to 1", "Nobody sings (1) or somebody does (0). It orders music and is no probability."),
)
KNOWN = (
    ("Rating, votes", "1 to 10", "IMDb's mean rating, and by how many. Few votes count for less."),
    (
        "Metascore",
        "0 to 100",
        "The critics' mean, by Metacritic. Mining divides it by ten, as ratings are.",
    ),
    ("Year, runtime", "year, minutes", "When the film came out, and how long it is."),
    ("Countries, locations", "names", "Who made it, and where it was filmed."),
    ("Film genres", "names", "Crime, drama, ...: of the film, not of its music."),
    ("Director, cast", "names", "Who made the film, and who plays in it."),
)
"""Attributes: name, unit or values, what it says."""


TITLE = "How this works"
LEAD = "From the sound of a film to a film for tonight, in plain words."
READING_TITLE = "Reading a sound print"
HEARING_TITLE = "Hearing"
HEARD_TITLE = "What is heard"
HEARD_ALT = "What is heard of a film"
KNOWN_TITLE = "What is known"
KNOWN_ALT = "What is known of a film"
RECOMMENDING_TITLE = "Recommending"
MINING_TITLE = "Mining"
SOURCE_TITLE = "Where it comes from"


def _explained(attributes: tuple[tuple[str, str, str], ...], label: str) -> None:
    rows = "".join(
        f'<tr><th scope="row">{say(name)}</th><td class="fs-meta">{say(unit)}</td><td>{say(words)}</td></tr>'
        for name, unit, words in attributes
    )
    st.html(f'<div class="fs-table"><table aria-label="{label}"><tbody>{rows}</tbody></table></div>')


RECOMMENDING = """
Every film is described by a few blocks: its music, its sound in finer detail, its film genres, people, plot,
reception, time and place, and, where they are known, its dialogue, pictures and faces. Each film is compared with
each film that you like, block by block, and scored by the mean of its closest matches among your likes. So two
different tastes both get answers, not films that lie between them. Films that you hide count against films like
them, and a good rating adds a little.

The slider *Story / Sound* moves weight from what a film is about to how it sounds. The bars on a card are the parts
of its score: they sum to it, and a negative part speaks against the film. Films whose sound has not been analysed are
compared by their metadata.
"""

MINING = """
*Mining* shows which attributes go together and whether directors differ. With many pairs of attributes, some go
together by chance; the p-values are corrected for that. A plot in which directors lie apart is not a proof. The
section "Telling directors apart" tests the difference on held-out films, and compares it with shuffled directors.
"""

SOURCE = """
filmscore follows A. Karydis, *Deep learning music information retrieval for content-based movie
recommendation* (MSc thesis, 2020). Where filmscore differs from the thesis, the page says so. The models were trained
on music that is not film music: read a genre as "sounds like", and a level as a tendency.
"""


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    st.subheader(say(READING_TITLE), anchor=False)
    st.html(
        '<div class="fs-film fs-prose">'
        + sound_print_image(EXAMPLE_TITLE, EXAMPLE, size=190, theme=look)
        + f"<div>{say(READING)}</div></div>"
    )
    genres = "".join(
        f'<span><i style="background:{look.genre[name]}"></i>{say(name)}</span>' for name in GENRES
    ) + "".join(f'<span><i style="background:{colour}"></i>{say(name)}</span>' for name, colour in look.label.items())
    st.html(f'<div class="fs-key">{genres}</div>')
    st.subheader(say(HEARING_TITLE), anchor=False)
    st.markdown(say(HEARING))
    st.subheader(say(HEARD_TITLE), anchor=False)
    _explained(HEARD, say(HEARD_ALT))
    st.subheader(say(KNOWN_TITLE), anchor=False)
    _explained(KNOWN, say(KNOWN_ALT))
    st.subheader(say(RECOMMENDING_TITLE), anchor=False)
    st.markdown(say(RECOMMENDING))
    st.subheader(say(MINING_TITLE), anchor=False)
    st.markdown(say(MINING))
    st.subheader(say(SOURCE_TITLE), anchor=False)
    st.markdown(say(SOURCE))


show()
