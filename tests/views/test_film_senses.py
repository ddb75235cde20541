"""What a page says of what is said and seen in a film."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from db.home import Home
from service.questions.app_data import OpenCatalogue
from tests.views.catalogue import SAID, SEEN, SHOWN
from tests.views.conftest import Open
from tests.views.test_pages import words
from views.film_curves import curves_figure, curves_of, curves_table
from views.film_figures import timeline
from views.film_senses import ear_words, face_words, palette_html, said_words, seen_words
from views.sound_print import colour_strip
from views.theme import DARK
from views.wall import NO_STRIP, tile


def test_what_is_said_is_told_with_its_source_and_its_limits() -> None:
    words = said_words(SAID)
    assert words.startswith("By the subtitles (en, a.srt): somebody speaks in 40 % of the film, 80 words a minute")
    assert "longest silence lasts 1:33" in words and "dark words (sentiment -0.30, English only)" in words
    unmeasured = said_words(replace(SAID, language="ja", words_per_minute=None, sentiment=None, vocabulary=None))
    assert "words a minute" not in unmeasured and "sentiment" not in unmeasured and "None" not in unmeasured
    assert ear_words(SAID) == "Captions for the deaf tell of music 3 times; it was heard in 2 of them (60 %)."
    assert ear_words(replace(SAID, music_captions=0, music_captions_heard=None)) == ""


def test_what_is_seen_says_how_sure_the_pace_is() -> None:
    assert "6.0 cuts a minute, 2.35:1" in seen_words(SEEN)
    assert "6.0 to 25.0 cuts a minute" in seen_words(replace(SEEN, cuts_per_minute_most=25.0))
    assert "in black and white" in seen_words(replace(SEEN, black_and_white=True))
    assert "high dynamic range" in seen_words(replace(SEEN, high_range=True))


def test_faces_are_told_with_what_they_show_most() -> None:
    told = face_words(SHOWN)
    assert (
        told == "Faces: a face in 60 % of 40 frames, 20 % close-ups. Expressions: neutral 60 %, happy 30 %, sad 10 %."
    )
    none = replace(SHOWN, share=0.0, close_up_share=0.0, expressions={}, expression_curves={})
    assert face_words(none) == "Faces: no face was found."


def test_the_palette_is_named_for_who_cannot_see_it() -> None:
    drawn = palette_html(SEEN)
    assert 'aria-label="The film&#x27;s colours: #010203, #fa0009"' in drawn and drawn.count("<span") == 2


def test_the_page_shows_the_senses_of_a_film_that_has_them(filled: Home, open_page: Open) -> None:
    shown = words(open_page(filled.root, "film", film="21")).replace("\\", "")
    assert "somebody speaks in 40 % of the film" in shown and "Talk of: ship, harbour." in shown
    assert "By 40 frames: of middle brightness" in shown
    assert "Nobody is recognised, and no face is stored." in shown
    assert "Captions for the deaf tell of music 3 times" in shown
    assert "somebody speaks" not in words(open_page(filled.root, "film", film="1"))


def test_the_colour_print_lies_on_the_time_axis_of_the_others(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    heard = found.snapshot.activity(21)
    assert heard is not None
    (image,) = timeline(heard, [], DARK, None, SEEN.colour_print).layout.images
    assert (image.x, image.sizex, image.sizing) == (0, len(heard.label) / 60, "stretch")
    assert not timeline(heard, [], DARK).layout.images


def test_captions_of_music_lie_on_the_time_axis_and_tell_whether_music_was_heard(filled: Home) -> None:
    found = OpenCatalogue.open(filled)
    heard = found.snapshot.activity(21)
    assert heard is not None
    music = replace(heard, present=np.arange(len(heard.label)) < 30)
    for colour_print, row in (("", 2), (SEEN.colour_print, 3)):
        drawn = timeline(music, [], DARK, None, colour_print, captions=[(10, 14), (60, 66)])
        agreed, missed = (trace for trace in drawn.data if trace.name and trace.name.startswith("a caption of music"))
        assert (list(agreed.base), list(agreed.x)) == ([10 / 60], [4 / 60])
        assert (list(missed.base), list(missed.customdata)) == ([1.0], ["1:00-1:06"])
        assert agreed.yaxis == missed.yaxis == f"y{row}" and "captions" in agreed.y
        assert drawn.layout.xaxis.matches == f"x{row + 2}"
    assert not any(trace.y is not None and "captions" in trace.y for trace in timeline(heard, [], DARK).data)


def test_what_changes_over_a_film_is_drawn_where_there_is_something() -> None:
    moods = (-0.5, None, *(0.1,) * 18)
    faces = {"happy": (0.2, 0.4, *(None,) * 18), "neutral": (0.8, 0.6, *(None,) * 18)}
    shown = replace(SHOWN, expression_curves=faces)
    curves = curves_of(replace(SAID, sentiment_curve=moods), SEEN, shown)
    assert {axis: list(lines) for axis, lines in curves.items()} == {
        "words": ["sentiment"],
        "light": ["brightness"],
        "faces": ["neutral", "happy"],
    }
    table = curves_table(curves, 1_200.0)
    assert table["minute"].tolist()[:2] == [0.5, 1.5] and table["sentiment"].isna().sum() == 1
    drawn = curves_figure(curves, 1_200.0, DARK)
    assert [trace.name for trace in drawn.data] == ["sentiment", "brightness", "neutral", "happy"]
    assert curves_of(SAID, None, SHOWN) == {}  # nothing is said, and one part alone is no curve


def test_cards_and_tiles_show_the_colours_of_films_that_have_a_picture(filled: Home, open_page: Open) -> None:
    assert colour_strip(None) == "" == colour_strip(replace(SEEN, colour_print=""))
    strip = colour_strip(SEEN)
    assert f"base64,{SEEN.colour_print}" in strip and 'alt=""' in strip and "from beginning to end" in strip
    found = OpenCatalogue.open(filled)
    film = found.snapshot.film(21)
    assert strip in tile(filled, film, None, DARK, strip) and "fs-colours" not in tile(filled, film, None, DARK)
    mixed = words(open_page(filled.root, "lists", films="1,21", name="Two"))
    assert mixed.count('class="fs-colours"') == 2 and mixed.count(NO_STRIP) == 1, "titles stand at one height"
    assert NO_STRIP not in words(open_page(filled.root, "lists", films="1,2", name="Two"))
    listed = words(open_page(filled.root, "films", q=film.title))
    assert film.title in listed and listed.count('<img class="fs-colours"') == 1
