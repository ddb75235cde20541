"""Names of films, cleaned: what a file is called, and the keys under which two spellings of a title are one.

Release names ("Vertigo.1958.1080p.BluRay.x264-GROUP") are read by guessit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from guessit import guessit

from db.titles import fold
from ingest.matching_prefixes import without_prefix


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _counted(words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), start=1)}


ARTICLES = _set("a an the la le les los las el il lo gli der die das un una une l")
_TRAILING_ARTICLE = re.compile(
    r"^(?P<head>[^,]+), ?(?P<article>(?:the|an?|la|les?|los|las|el|il|lo|gli|der|die|das|une?|una|l')) ?"
    r"(?P<rest>$|[:(\[-].*|(?:part|pt|vol|volume|episode|chapter)\b.*|(?:\d+|[ivx]+)$)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_FIGURES = re.compile(r"\d+")
_ALSO_KNOWN_AS = re.compile(r"\s+(?:[(\[]?(?:a\.?k\.?a\.?|a k a|also known as)|=)\s+", re.IGNORECASE)
_ONE_AT_END = re.compile(r"(.*\w)\s+(?:1|I)")
_LETTERS = str.maketrans("01345", "oieas")
_FIGURE_IN_WORD = re.compile(r"[a-z]+(?:\d[a-z]+)+")

_ROMAN = _counted("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx")
_WORDS = _counted("one two three four five six seven eight nine ten eleven twelve thirteen")
_PART_WORDS = _set("part pt parte partie teil vol volume episode ep chapter no nr number")
_DISC = re.compile(r"\b(?:cd|dis[ck]|dvd)(?: ?\d)?$")

_PARENTHESES = re.compile(r"^(?P<before>(?:.*?\s)?)[(\[](?P<inside>[^()\[\]]{2,})[)\]]\s*(?P<after>.*)$")
_EMPTY_BRACKETS = re.compile(r"[(\[{]\s*[)\]}]")
_YEAR_IN_BRACKETS = re.compile(r"[(\[{]((?:18|19|20)\d\d)[)\]}]")
_HARD_TAGS = _set(
    "screen_size source video_codec audio_codec audio_profile video_profile color_depth crc32 size bit_rate "
    "frame_rate proper_count"
)
"""Properties found by guessit that never belong to a title. Channels may: "Ghost in the Shell 2.0"."""
_SOFT_TAGS = _set("other edition release_group streaming_service website cd")
"""Properties found by guessit that may be words of a title: "Death Proof", "The Final Cut"."""

_LANGUAGE = ("country", "language", "subtitle_language")
_GUESS_OPTIONS: dict[str, Any] = {
    "type": "movie",
    "advanced": True,
    "excludes": [*_LANGUAGE, "film", "film_title", "bonus", "episode", "season", "date"],
}
_FIRST_OF_SERIES = 0.95
"""Weight of reading "Title 1" as the first film of a series, whose title is "Title"."""
_UNEXPLAINED = 0.8
"""Weight of a reading that leaves words out which are no tags: candidates to show, none to accept."""


@dataclass(frozen=True)
class Keys:
    """A title in the forms under which it is compared."""

    strict: str
    """Lower case, no accents or punctuation, article in front: "the godfather part ii"."""
    loose: str
    """Without the article, "and" and part words, with arabic numerals: "godfather 2"."""
    compact: str
    """`loose` without spaces: "godfather2"."""
    joined: frozenset[str]
    """What is left when spaces are lost: `compact`, it with the article, `strict` without spaces."""
    figures: tuple[str, ...]
    """Its numbers in Arabic or Roman figures, sorted: ("2",)."""
    numbers: tuple[str, ...]
    """`figures` with those spelt out."""


@dataclass(frozen=True)
class Reading:
    """One way to read a file's name."""

    title: str
    year: int | None
    weight: float = 1.0
    """How much of the name it explains; below 1 where words were left out."""
    with_series: bool = False
    """Whether the name of the enclosing folder is part of it, as the name of the series."""
    without_one: bool = False
    """Whether a number 1 at its end was left out, as of the first film of a series."""


@lru_cache(maxsize=200_000)
def title_keys(title: str) -> Keys:
    """The keys of a title. A title of punctuation only ("...") keeps it."""
    turned = _TRAILING_ARTICLE.sub(r"\g<article> \g<head> \g<rest>", title.strip())
    words = fold(turned).split() or [title.strip()]
    if (
        len(words) > 1
        and words[-1] in ARTICLES
        and words[-1] not in ("a", "an", "l", "un")
        and words[0] not in ARTICLES
    ):
        words = [words[-1], *words[:-1]]
    bare = words[1:] if len(words) > 1 and words[0] in ARTICLES else words
    numbered = [_numeral(word, place, bare) for place, word in enumerate(bare)]
    kept = [
        word
        for place, word in enumerate(numbered)
        if not (word == "and" and len(numbered) > 1)
        and not (word in _PART_WORDS and place + 1 < len(numbered) and numbered[place + 1].isdigit())
    ]
    loose = " ".join(kept or numbered)
    compact = loose.replace(" ", "")
    return Keys(
        strict=" ".join(words),
        loose=loose,
        compact=compact,
        joined=frozenset(
            {
                "".join(words),
                compact,
                *({words[0] + compact} if bare is not words else ()),
                *_figures_as_letters(words),
            }
        ),
        figures=tuple(
            sorted(f for w, n in zip(bare, numbered, strict=True) if w not in _WORDS for f in _FIGURES.findall(n))
        ),
        numbers=tuple(sorted(n for n in numbered if n.isdigit())),
    )


def _figures_as_letters(words: list[str]) -> set[str]:
    """ "Se7en" is called "Seven" as well."""
    if not any(_FIGURE_IN_WORD.fullmatch(word) for word in words):
        return set()
    text = "".join(word.translate(_LETTERS) if _FIGURE_IN_WORD.fullmatch(word) else word for word in words)
    return {text.replace("7", letter) for letter in "vt"}


def _numeral(word: str, place: int, words: list[str]) -> str:
    if word in _WORDS:
        return str(_WORDS[word])
    if word in _ROMAN and (len(word) > 1 or place > 0):
        return str(_ROMAN[word])
    return str(int(word)) if word.isdecimal() and len(word) < 5 else word


@lru_cache(maxsize=4096)
def readings(stem: str) -> tuple[Reading, ...]:
    """The possible readings of a file name (without its extension), the most complete first.

    The name up to its first release tag comes first, also with a bare year counted to the title ("Blade Runner
    2049"); then what guessit takes for the title, with its part number; then both sides of parentheses ("La ley
    del deseo (Law of Desire)"). A year is taken from brackets, else from guessit.
    """
    guess = guessit(f"{stem}.mkv", dict(_GUESS_OPTIONS))
    bracketed = _YEAR_IN_BRACKETS.findall(stem)
    year = int(bracketed[-1]) if bracketed else _value(guess, "year")
    best: dict[tuple[str, int | None], Reading] = {}
    whole = tuple(_readings(stem, guess, year, bool(bracketed)))
    for reading in chain(whole, _first_of_series(whole), _without_prefix(stem)):
        key = (title_keys(reading.title).strict, reading.year)
        if reading.year is None and year is not None and str(year) not in reading.title:
            continue
        if reading.title and (key not in best or best[key].weight < reading.weight):
            best[key] = reading
    return tuple(best.values())


def _without_prefix(stem: str) -> Iterator[Reading]:
    """The readings of the name without a possible prefix of the title."""
    for rest in without_prefix(stem):
        for reading in readings(rest.name):
            if (reading.year is None and rest.needs_year) or (" " not in reading.title and rest.needs_words):
                continue
            yield replace(reading, weight=reading.weight * rest.weight)


def _first_of_series(found: Iterable[Reading]) -> Iterator[Reading]:
    """ "Shrek 1 (2001)" as "Shrek" of that year."""
    for reading in found:
        first = _ONE_AT_END.fullmatch(reading.title)
        if first and reading.year is not None:
            yield replace(reading, title=first[1], weight=reading.weight * _FIRST_OF_SERIES, without_one=True)


@lru_cache(maxsize=4096)
def is_release_name(name: str) -> bool:
    """Whether a name contains at least two release tags, or one and a year: "Vertigo.1958.DVDRip"."""
    guess = guessit(f"{name}.mkv", dict(_GUESS_OPTIONS))
    found = {tag for tag, _, _ in _spans(guess, _HARD_TAGS | {"year"})}
    return bool(_value(guess, "title")) and len(found) > 1


def _readings(stem: str, guess: Any, year: int | None, bracketed: bool) -> Iterator[Reading]:
    every_tag = _HARD_TAGS | _SOFT_TAGS
    heads = {(_first_tag(stem, guess, every_tag | {"year"}), year): 1.0}
    if year is not None and not bracketed:
        heads.setdefault((_first_tag(stem, guess, every_tag), None), 1.0)
    heads.setdefault((_first_tag(stem, guess, _HARD_TAGS | ({"year"} if year is not None else set())), year), 1.0)
    for (end, its_year), weight in heads.items():
        head = _spaced(_YEAR_IN_BRACKETS.sub(" ", stem[:end]))
        yield Reading(head, its_year, weight)
        sides = [_spaced(side) for side in _ALSO_KNOWN_AS.split(head)]
        yield from (Reading(side, its_year, 0.98) for side in sides if len(sides) > 1 and side)
        match = _PARENTHESES.match(head)
        if match and not title_keys(match["inside"]).numbers:  # "(Part 2)" distinguishes films
            yield Reading(_spaced(f"{match['before']} {match['after']}"), its_year, 0.98)
            yield Reading(_spaced(match["inside"]), its_year, 0.98)
    yield Reading(_whole(stem, guess, year), year)
    yield from _guessed(stem, guess, year, _spaced(stem[: _first_tag(stem, guess, every_tag | {"year"})]))


def _whole(stem: str, guess: Any, year: int | None) -> str:
    """The whole name except its year: tags may be words of a title ("Fausto 5.0"), and a year may precede it."""
    bare = _YEAR_IN_BRACKETS.sub(" ", stem)
    found = next(_spans(guess, frozenset({"year"})), None)
    if year is not None and bare == stem and found is not None:
        bare = stem[: found[1]] + " " + stem[found[2] :]
    return _spaced(bare)


def _guessed(stem: str, guess: Any, year: int | None, head: str) -> Iterator[Reading]:
    """The title according to guessit; `head` is the name up to its first tag or year."""
    title, alternative = _value(guess, "title"), _value(guess, "alternative_title")
    if title:
        left = set(_DISC.sub(" ", fold(head)).split()) - set(fold(str(title)).split()) - _PART_WORDS
        known = {str(year), str(_value(guess, "part"))}
        explained = alternative is None and all(_numeral(word, 1, [word]) in known for word in left)
        yield Reading(_with_part(guess, str(title)), year, 0.97 if explained else _UNEXPLAINED)
    if title and alternative:
        yield Reading(f"{title} {alternative}", year, 0.97)
    if next(_spans(guess, _HARD_TAGS), None):
        spoken = guessit(f"{stem}.mkv", {"type": "movie", "advanced": True})  # "Vertigo.FRENCH.DVDRip"
        if any(_value(spoken, name) for name in _LANGUAGE):
            yield Reading(_with_part(spoken, str(_value(spoken, "title") or "")), year, 0.93)


def _with_part(guess: Any, title: str) -> str:
    part = _value(guess, "part")
    return f"{title} part {part}" if title and part else title


def _spaced(text: str) -> str:
    """Dots and underscores as spaces, where the name uses them so; stray separators at the ends removed."""
    if " " not in text.strip():
        text = text.replace("_", " ").replace(".", " ")
    text = text.replace("_", " ")
    text = _SPACES.sub(" ", _EMPTY_BRACKETS.sub(" ", text)).strip(" -–,;[{")
    return text[:-1].strip() if text.endswith("(") else text


def _value(guess: Any, name: str) -> Any:
    found = guess.get(name)
    if isinstance(found, list):
        found = found[0]
    return None if found is None else found.value


def _spans(guess: Any, names: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    for name in names:
        found = guess.get(name)
        for match in found if isinstance(found, list) else [found]:
            if match is not None:
                yield name, match.start, match.end


def _first_tag(stem: str, guess: Any, tags: frozenset[str]) -> int:
    """Where the title ends: at the first tag after its beginning, and never at the name's first word."""
    first_word = len(stem) - len(stem.lstrip("[({ ")) + 1
    starts = [len(stem)]
    for tag, start, end in _spans(guess, tags):
        in_parentheses = tag == "release_group" and stem[max(start - 1, 0) : start + 1].strip()[:1] in ("(", "[")
        if first_word <= start < min(end, len(stem)) and not in_parentheses:
            starts.append(start - 1 if stem[start - 1] in "([{.-_ " else start)
    return min(starts)
