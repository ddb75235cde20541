"""What a film's subtitles tell of it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from film import Activity, Cue, TextTrack
from ingest import dialogue
from ingest.dialogue import (
    describe_dialogue,
    joined,
    longest_gap,
    moving_type_token_ratio,
    sentences,
    speech,
    tells_of_music,
    terms,
)
from ingest.subtitles import Subtitles
from senses import CURVE_PARTS, Dialogue
from studio import Rendered


def described(*cues: Cue, language: str = "en", duration_s: float = 60.0, activity: Activity | None = None) -> Dialogue:
    chosen = TextTrack(path="/films/Heat.en.srt", language=language)
    found = describe_dialogue(Subtitles((chosen,), chosen, cues, language), duration_s, activity)
    assert found is not None
    return found


def test_share_pace_and_silence_of_known_dialogue() -> None:
    found = described(
        Cue(5, 11, "Where is the captain?"),
        Cue(10, 13, "He left us. Go!"),
        Cue(40, 46, "[door slams]"),
        Cue(50, 55, "♪ A song of the sea ♪\nMAN: Nobody knows."),
    )
    assert found.share == pytest.approx((8 + 5) / 60)
    assert found.words_per_minute == 4 + 4 + 2
    assert found.longest_silence_s == 37
    assert (found.questions, found.exclamations) == (0.25, 0.25)
    assert (found.language, found.source, found.vocabulary) == ("en", "Heat.en.srt", None)


def test_a_film_without_speech_has_no_dialogue() -> None:
    chosen = TextTrack(path="a.srt")
    only_sounds = Subtitles((chosen,), chosen, (Cue(1, 2, "[thunder]"), Cue(3, 4, "♪ La la ♪"), Cue(5, 6, "...")))
    assert describe_dialogue(only_sounds, 60.0) is None
    assert describe_dialogue(Subtitles(), 60.0) is None
    beyond = Subtitles((chosen,), chosen, (Cue(70, 72, "Too late."),))
    assert describe_dialogue(beyond, 60.0) is None


def test_subtitles_that_go_on_past_the_end_count_up_to_it() -> None:
    assert described(Cue(50, 70, "For ever and ever.")).share == pytest.approx(10 / 60)


def test_sentiment_is_english_and_follows_the_film() -> None:
    cues = (Cue(1, 3, "I love this wonderful day!"), Cue(58, 59, "This is a horrible, terrible disaster."))
    found = described(*cues)
    assert len(found.sentiment_curve) == CURVE_PARTS
    first, last = found.sentiment_curve[0], found.sentiment_curve[-1]
    assert first is not None and last is not None and first > 0.5 > -0.5 > last
    assert found.sentiment == pytest.approx((first + last) / 2)
    assert found.sentiment_curve[5] is None
    german = described(*cues, language="de")
    assert (german.sentiment, german.sentiment_curve) == (None, ())


def test_scripts_that_do_not_part_words_have_no_words_a_minute() -> None:
    found = described(Cue(1, 4, "船長は船へ行きました。"), language="ja")
    assert (found.words_per_minute, found.vocabulary, found.terms) == (None, None, {})
    assert found.share == pytest.approx(3 / 60)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("- Hello.\n- Bye.", "Hello.\nBye."),
        ("JOHN DOE: Come here.", "Come here."),
        ("(whispering) Not now.", "Not now."),
        ("[EXPLOSION]", ""),
        ("♪ We are the champions ♪", ""),
        ("# Singing along #", ""),
        ("...", ""),
        ("It is 5:30 now.", "It is 5:30 now."),
    ],
)
def test_speech_is_what_is_spoken(text: str, spoken: str) -> None:
    assert speech(text) == spoken


def test_captions_that_tell_of_music() -> None:
    told = ["[music]", "(SOFT PIANO PLAYING)", "♪ La la ♪", "[Musik spielt]", "♪"]
    silent = ["[door slams]", "I love music.", "He plays the piano.", "#1 on the list"]
    assert [tells_of_music(text) for text in told + silent] == [True] * 5 + [False] * 4


def test_captions_of_music_check_the_ear() -> None:
    present = np.zeros(60, bool)
    present[10:30] = True
    zeros = np.zeros(60, np.float32)
    activity = Activity(zeros, zeros, np.where(present, 0, 2).astype(np.int8), present)
    cues = (Cue(1, 3, "Hello there."), Cue(10, 14, "[music]"), Cue(29.2, 29.8, "[music]"), Cue(40, 44, "♪ La ♪"))
    found = described(*cues, activity=activity)
    assert found.music_captions == 3
    assert found.music_captions_heard == pytest.approx(2 / 3)
    assert found.music_caption_spans == ((10, 14), (29.2, 29.8), (40, 44))
    beyond = described(*cues, Cue(50, 70, "[music]"), activity=activity)
    assert beyond.music_caption_spans[-1] == (50, 60)  # the film ends there
    assert described(*cues[:1], activity=activity).music_captions_heard is None


def test_terms_are_words_with_a_meaning_and_no_names() -> None:
    texts = ["The harbours were empty. I saw Anna at the harbour.", "Then Anna took the ship, and the storm began."]
    assert terms(texts, "en") == {"harbour": 2, "began": 1, "ship": 1, "storm": 1}
    assert terms(["Ich sah das Schiff. Das Schiff war leer."], "de") == {"schiff": 2, "leer": 1}


def test_the_function_words_are_those_of_the_list_that_they_come_from() -> None:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    listed = {word for word in ENGLISH_STOP_WORDS if len(word) >= dialogue.SHORTEST_TERM} - {"amoungst"}
    assert listed <= dialogue._function_words()
    assert terms([" ".join(sorted(listed))], "en") == {}
    assert terms(["the ship, for the harbour; alas"], "en") == {"alas": 1, "harbour": 1, "ship": 1}


def test_a_sentence_may_go_over_several_subtitles() -> None:
    cues = [Cue(1, 2, "He went to"), Cue(3, 4, "the ship. And"), Cue(5, 6, "came back?")]
    assert list(sentences(cues)) == [(3, "He went to the ship."), (5, "And came back?")]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.integers(1, 9))
def test_moving_ratio_is_the_mean_over_all_windows(words: list[str], window: int) -> None:
    ratios = [len(Counter(words[i : i + window])) / window for i in range(len(words) - window + 1)]
    found = moving_type_token_ratio(words, window)
    assert found == (pytest.approx(np.mean(ratios)) if ratios else None)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: (min(p), max(p) + 1)), max_size=12))
def test_spans_are_joined_second_by_second(spans: list[tuple[int, int]]) -> None:
    said = np.zeros(100, bool)
    for start, end in spans:
        said[start:end] = True
    whole = joined([(float(a), float(b)) for a, b in spans])
    assert sum(b - a for a, b in whole) == said.sum()
    longest = max((len(run) for run in "".join("x" if s else "." for s in said).split("x")), default=0)
    assert longest_gap(whole, 100.0) == longest


def test_the_dialogue_of_a_rendered_film_is_what_is_said_in_it(rendered: Rendered) -> None:
    chosen = TextTrack(number=0, language="en")
    found = describe_dialogue(Subtitles((chosen,), chosen, rendered.said, "en"), rendered.seconds)
    assert found is not None
    said = np.zeros(rendered.seconds * 100, bool)
    for cue in rendered.said:
        said[round(100 * cue.start_s) : round(100 * cue.end_s)] = True
    assert found.share == pytest.approx(said.mean(), abs=0.002)
    # what is heard of the stem of speech, pauses of up to half a second closed, is as much within two points
    assert np.mean(rendered.speech) == pytest.approx(found.share, abs=0.12)
    assert found.source == "track 0" and found.questions > 0
