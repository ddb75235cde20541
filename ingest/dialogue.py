"""Features of a film's dialogue from its subtitles: how much is said, how, and about what. Definitions:
docs/senses.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from film import Activity, Cue
from ingest.subtitles import Subtitles
from senses import CURVE_PARTS, Dialogue

MATTR_WINDOW = 100
"""Words."""
MOST_TERMS = 120
"""Number of different words stored per film: too few to reconstruct what was said."""
MOST_CAPTION_SPANS = 1_000
"""A film's captions of music are kept up to this number; films have up to some hundred."""
SHORTEST_TERM = 4

_UNPARTED = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue"})
"""Languages written without spaces between words."""
_CAPITALISING = frozenset({"de", "lb"})
"""Languages that capitalise all nouns."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?…。！？؟]+[.!?…。！？؟]*")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）")
_NOTES = re.compile(r"[♪♫♬#]")
_SPEAKER = re.compile(r"^\s*(?:-\s*)?[A-Z][A-Z0-9 .'’-]{1,30}:\s*", re.MULTILINE)
_DASH = re.compile(r"^\s*[-–—]\s*", re.MULTILINE)
_MUSIC = re.compile(
    r"[♪♫♬]|\b(?:music|musical|songs?|sing(?:s|ing)|melody|tune|orchestra|piano|violin|guitar|drums?|choir|"
    r"musik|musique|m[úu]sica|muzyka|hudba|musiikki|muziek|chanson|lied)\b",
    re.IGNORECASE,
)

Span = tuple[float, float]


def describe_dialogue(subtitles: Subtitles, duration_s: float, activity: Activity | None = None) -> Dialogue | None:
    """Dialogue features of a film.

    Args:
        subtitles: those that were read.
        duration_s: of the film.
        activity: what was heard, for the check of the ear.

    Returns:
        None if no subtitles were read, or none of them is speech.
    """
    cues = spoken(subtitles, duration_s)
    if not cues or duration_s <= 0:
        return None
    language = subtitles.language
    spans = joined([(cue.start_s, min(cue.end_s, duration_s)) for cue in cues])
    words = [word.casefold() for cue in cues for word in _WORD.findall(cue.text)]
    parted = language not in _UNPARTED
    ended = [sentence for _, sentence in sentences(cues)]
    moods = sentiments(cues) if language == "en" else []
    told = [cue for cue in subtitles.cues if tells_of_music(cue.text) and cue.start_s < duration_s]
    return Dialogue(
        language=language,
        share=sum(end - start for start, end in spans) / duration_s,
        words_per_minute=len(words) / (duration_s / 60) if parted else None,
        longest_silence_s=longest_gap(spans, duration_s),
        vocabulary=moving_type_token_ratio(words) if parted else None,
        questions=_share(ended, ("?", "？", "؟")),
        exclamations=_share(ended, ("!", "！")),
        sentiment=float(np.mean([mood for _, mood in moods])) if moods else None,
        sentiment_curve=curve(moods, duration_s) if moods else (),
        music_captions=len(told),
        music_captions_heard=_heard(told, activity) if told and activity is not None else None,
        music_caption_spans=tuple((cue.start_s, min(cue.end_s, duration_s)) for cue in told[:MOST_CAPTION_SPANS]),
        terms=terms([cue.text for cue in cues], language) if parted else {},
        source=_source(subtitles),
    )


def spoken(subtitles: Subtitles, duration_s: float) -> list[Cue]:
    """The cues of a film that are speech, with what is said in them."""
    cues = [Cue(cue.start_s, cue.end_s, text) for cue in subtitles.cues if (text := speech(cue.text))]
    return [cue for cue in cues if cue.start_s < duration_s]


def speech(text: str) -> str:
    """The spoken words of a cue: without captions of sounds, sung lines, names of speakers and dashes."""
    kept = _BRACKETED.sub(" ", text)
    lines = [line for line in kept.splitlines() if not _NOTES.search(line)]
    bare = _DASH.sub("", _SPEAKER.sub("", "\n".join(lines)))
    return bare.strip() if _WORD.search(bare) else ""


def tells_of_music(text: str) -> bool:
    """Whether a cue says that there is music: a note, or a caption in brackets that names it."""
    return bool(_NOTES.search(text.replace("#", ""))) or any(_MUSIC.search(said) for said in _BRACKETED.findall(text))


def joined(spans: Sequence[Span]) -> list[Span]:
    """Overlapping spans merged, sorted by start."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def longest_gap(spans: Sequence[Span], duration_s: float) -> float:
    """The longest gap between non-overlapping spans, including the film's beginning and end."""
    edges = [0.0, *(edge for span in spans for edge in span), duration_s]
    return max(0.0, *(start - end for end, start in zip(edges[::2], edges[1::2], strict=True)))


def moving_type_token_ratio(words: Sequence[str], window: int = MATTR_WINDOW) -> float | None:
    """Moving-average type-token ratio: the mean share of distinct words in windows of consecutive words (0 to 1).

    Source: Covington and McFall 2010, "Cutting the Gordian knot: the moving-average type-token ratio". None for fewer
    words than a window.
    """
    if len(words) < window:
        return None
    counts = Counter(words[:window])
    total = len(counts)
    for leaving, coming in zip(words, words[window:], strict=False):
        counts[leaving] -= 1
        if not counts[leaving]:
            del counts[leaving]
        counts[coming] += 1
        total += len(counts)
    return total / window / (len(words) - window + 1)


def sentences(cues: Sequence[Cue]) -> Iterator[tuple[float, str]]:
    """The sentences of consecutive cues, each with the time of the cue in which it ends; a sentence may span cues."""
    begun = ""
    for cue in cues:
        for found in _SENTENCE.findall(" ".join(cue.text.split())):
            begun = f"{begun} {found}".strip()
            if found[-1] in ".!?…。！？؟":
                yield cue.start_s, begun
                begun = ""
    if begun:
        yield cues[-1].start_s, begun


def sentiments(cues: Sequence[Cue]) -> list[tuple[float, float]]:
    """Time and sentiment (-1 to 1) of each English sentence: VADER's compound value (Hutto and Gilbert 2014)."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its lexicon of 7,500 words

    analyser = SentimentIntensityAnalyzer()
    return [(at_s, float(analyser.polarity_scores(sentence)["compound"])) for at_s, sentence in sentences(cues)]


def curve(values: Sequence[tuple[float, float]], duration_s: float) -> tuple[float | None, ...]:
    """The mean of timed values in each of CURVE_PARTS equal parts of a film; None for a part without values."""
    parts: list[list[float]] = [[] for _ in range(CURVE_PARTS)]
    for at_s, value in values:
        parts[min(CURVE_PARTS - 1, int(at_s / duration_s * CURVE_PARTS))].append(value)
    return tuple(float(np.mean(part)) if part else None for part in parts)


def terms(texts: Sequence[str], language: str) -> dict[str, int]:
    """The most frequent content words, and their counts.

    Words of fewer than four letters, English function words and names are dropped. A name is a word that is mostly
    capitalised inside sentences; in languages that capitalise all nouns none is dropped as a name. English plurals
    count as their singular.
    """
    lower: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for text in texts:
        for sentence in _SENTENCE.findall(" ".join(text.split())):
            for place, word in enumerate(_WORD.findall(sentence)):
                counts = named if place and word[0].isupper() else lower
                counts[_term(word, language)] += 1
    if language in _CAPITALISING:
        lower, named = lower + named, Counter()
    stop = _function_words() if language == "en" else frozenset()
    kept = {
        word: count + named[word]
        for word, count in lower.items()
        if len(word) >= SHORTEST_TERM and count >= named[word] and word not in stop
    }
    return dict(sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:MOST_TERMS])


def _term(word: str, language: str) -> str:
    word = word.casefold().replace("’", "'")
    if language != "en":
        return word
    word = word.removesuffix("'s")
    if len(word) > SHORTEST_TERM and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > SHORTEST_TERM and word.endswith("s") and word[-2] not in "sui" else word


_TALK_TEXT = """
yeah okay hello gonna wanna gotta don't can't won't isn't aren't wasn't didn't doesn't couldn't wouldn't shouldn't
haven't hasn't ain't that's what's there's here's where's who's how's it's let's you're they're we're i'm you've we've
they've you'll we'll they'll i'll he'll she'll she'd they'd you'd please thank thanks sorry right well know want think
come look just like tell said thing something anything nothing everything really sure good great little time need make
going maybe never take back mean talk give what when where with this that have been doing took went came gone seen knew
thought told made gave left keep kept does done
"""
_TALK = frozenset(_TALK_TEXT.split())
"""Words that are frequent in every film, besides the function words."""


@cache
def _function_words() -> frozenset[str]:
    text = files("ingest").joinpath("data/english_function_words.txt").read_text(encoding="utf-8")
    words = _TALK.union(*(line.split() for line in text.splitlines() if not line.startswith("#")))
    return words | {_term(word, "en") for word in words}


def _share(ended: Sequence[str], marks: tuple[str, ...]) -> float:
    return sum(sentence.endswith(marks) for sentence in ended) / len(ended) if ended else 0.0


def _heard(told: Sequence[Cue], activity: Activity) -> float:
    """The share of captions during most of which the ear hears music."""
    return sum(activity.has_music(cue.start_s, cue.end_s) for cue in told) / len(told)


def _source(subtitles: Subtitles) -> str:
    chosen = subtitles.chosen
    if chosen is None:
        return ""
    return Path(chosen.path).name if chosen.path else f"track {chosen.number}"
