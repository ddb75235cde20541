"""The meaning of words about sound: a curated list of synonyms, and the parsing of a question with it.

The measures are those that are known of every scene: MusiCNN's tags, tags of instruments (models.ears.instruments),
music genres, levels, tempo. An instrument that no tag names, such as the organ, is named as not understood rather than
guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from errors import ParameterError
from told import Told

LONGEST = 200
"""Characters of a question."""
TAG, GENRE, LEVEL, FURTHER, TEMPO = "tag", "genre", "level", "further", "tempo"


@dataclass(frozen=True)
class Measure:
    """One thing that is known of a scene."""

    kind: str
    name: str
    """The tag, the genre, the attribute, or the further attribute."""
    level: str = ""
    """Of an attribute: its level; of the tempo: slow or fast; of a further attribute "" (much) or "little"."""


@dataclass(frozen=True)
class Wanted:
    """A word (or a few) of a question that was understood."""

    words: str
    measures: tuple[Measure, ...]
    """The strongest of them counts."""
    is_unwanted: bool = False
    """Behind "not" or "without"."""
    read_as: str = ""
    """The known word that replaces an unknown word; "" for a known word."""


@dataclass(frozen=True)
class Reading:
    """How a question was read."""

    wanted: tuple[Wanted, ...]
    not_understood: tuple[str, ...]


def _tags(*names: str) -> tuple[Measure, ...]:
    return tuple(Measure(TAG, name) for name in names)


def _genre(name: str, *tags: str) -> tuple[Measure, ...]:
    return (Measure(GENRE, name), *_tags(*tags))


def _level(attribute: str, level: str, *tags: str) -> tuple[Measure, ...]:
    return (Measure(LEVEL, attribute, level), *_tags(*tags))


_SLOW, _FAST = (Measure(TEMPO, "tempo_bpm", "slow"),), (Measure(TEMPO, "tempo_bpm", "fast"),)
_SUNG, _UNSUNG = (Measure(FURTHER, "instrumentalness", "little"),), (Measure(FURTHER, "instrumentalness"),)

_SYNONYMS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("slow, slower, slowly, adagio, lento, largo", _SLOW),
    ("fast, faster, quick, quickly, rapid, speedy, allegro, presto, uptempo, up tempo", _FAST),
    ("sad, sadder, melancholic, melancholy, sorrowful, mournful, tragic, gloomy", _level("valence", "negative", "sad")),
    ("dark, darker, tense, threatening, menacing, scary, eerie, angry, sinister", _level("valence", "negative")),
    (
        "happy, happier, cheerful, joyful, merry, bright, brighter, upbeat, funny",
        _level("valence", "positive", "happy"),
    ),
    (
        "calm, calmer, quiet, quieter, soft, softer, gentle, peaceful, relaxed, relaxing, tranquil",
        _level("energy", "low", "Mellow", "chill"),
    ),
    ("energetic, energy, loud, louder, wild, powerful, intense, lively", _level("energy", "high")),
    ("danceable, dancing, groovy, rhythmic", _level("danceability", "high")),
    ("dance, disco, club", _genre("dance", "dance", "House")),
    ("classical, orchestra, orchestral, symphonic, symphony, philharmonic", _genre("classical")),
    ("jazz, jazzy, swing, bebop, big band", _genre("jazz", "jazz")),
    ("blues, bluesy", _genre("blues", "blues")),
    ("rock, rocky", _genre("rock", "rock")),
    ("classic rock", _tags("classic rock")),
    ("hard rock", _tags("hard rock")),
    ("indie, indie rock, indie pop", _tags("indie", "indie rock", "indie pop")),
    ("alternative, alternative rock", _tags("alternative", "alternative rock")),
    ("progressive rock, prog rock, prog", _tags("Progressive rock")),
    ("punk", _tags("punk")),
    ("metal, heavy metal", _genre("metal", "metal", "heavy metal")),
    ("pop", _genre("pop", "pop")),
    ("electronic, electronica, techno", _genre("electronic", "electronic", "electronica", "electro")),
    ("synth, synths, synthesizer, synthesiser", (*_tags("synth"), *_genre("electronic", "electronic"))),
    ("house", _tags("House")),
    ("hip hop, hiphop, rap", _genre("hiphop", "Hip-Hop")),
    ("country, country music", _genre("country", "country")),
    ("folk, folky", _tags("folk")),
    ("soul, soulful", _tags("soul")),
    ("funk, funky", _tags("funk")),
    ("rnb, r b, rhythm and blues", _tags("rnb")),
    ("ambient, atmospheric, drone", _tags("ambient")),
    ("chillout, chill, lounge", _tags("chillout", "chill")),
    ("mellow", _tags("Mellow")),
    ("easy listening", _tags("easy listening")),
    ("experimental, avant garde", _tags("experimental")),
    ("beautiful, lovely", _tags("beautiful")),
    ("sexy, sensual", _tags("sexy")),
    ("catchy", _tags("catchy")),
    ("party", _tags("party")),
    ("oldies, old fashioned", _tags("oldies")),
    ("guitar, guitars", _tags("guitar")),
    ("piano, pianos, pianist", _tags("piano")),
    ("strings, string, string quartet, string section", _tags("strings", "violin", "cello")),
    ("violin, violins, fiddle", _tags("violin")),
    ("cello, cellos", _tags("cello")),
    ("flute, flutes, woodwind, woodwinds", _tags("flute")),
    ("harp, harps", _tags("harp")),
    ("harpsichord", _tags("harpsichord")),
    ("choir, choirs, chorus, choral, chant, chanting", _tags("choir")),
    ("opera, operatic, aria, soprano, tenor", _tags("opera")),
    ("minor, minor key, in minor, in a minor key", (Measure(FURTHER, "minor"),)),
    ("major, major key, in major, in a major key", (Measure(FURTHER, "minor", "little"),)),
    ("drums, drum, drumming, percussion", _tags("drums")),
    ("solo, unaccompanied", _tags("solo")),
    ("acoustic, unplugged", (Measure(FURTHER, "acousticness"), *_tags("acoustic"))),
    ("instrumental", (*_UNSUNG, *_tags("instrumental"))),
    ("sung, singing, singer, song, songs, vocal, vocals, voice, voices", _SUNG),
    (
        "female vocals, female vocal, female voice, female singer, woman singing",
        _tags("female vocalists", "female vocalist"),
    ),
    ("male vocals, male vocal, male voice, male singer, man singing", _tags("male vocalists")),
    ("60s, sixties, 1960s", _tags("60s")),
    ("70s, seventies, 1970s", _tags("70s")),
    ("80s, eighties, 1980s", _tags("80s")),
    ("90s, nineties, 1990s", _tags("90s")),
    ("00s, 2000s", _tags("00s")),
)
Nearest = Callable[[Sequence[str]], Mapping[str, str]]
"""Unknown words -> those that are near a known word, with that word."""
MEANINGS: dict[str, tuple[Measure, ...]] = {
    word.strip(): measures for words, measures in _SYNONYMS for word in words.split(",")
}
_MOST_WORDS = max(len(words.split()) for words in MEANINGS)
_NOT = frozenset({"not", "no", "without", "never"})
_FILLERS = """
    a an and are at but by film films for from give i in is it its like me movie movies music of on or please quite
    rather scene scenes some somewhat something sound sounding sounds that the to track very want what where which with
"""
_EMPTY = frozenset(_FILLERS.split())
_EXAMPLE = '"slow sad jazz", "happy rock without singing"'


def read_question(text: str, nearest: Nearest | None = None) -> Reading:
    """What a question in words asks for; the longest group of words that is known counts.

    Args:
        nearest: replaces unknown words by known ones; None: they stay unknown.

    Raises:
        ParameterError: the text is empty, too long, or contains no known word.
    """
    if len(text) > LONGEST:
        raise ParameterError(Told("find: the question has {} characters. Give at most {}.", len(text), LONGEST))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    if not words:
        raise ParameterError(Told("find: the question has no words. Say how it should sound: {}.", _EXAMPLE))
    wanted: list[Wanted] = []
    unknown: dict[str, bool] = {}
    at, unwanted = 0, False
    while at < len(words):
        n = next((n for n in range(_MOST_WORDS, 0, -1) if " ".join(words[at : at + n]) in MEANINGS), 0)
        if n:
            said = " ".join(words[at : at + n])
            wanted.append(Wanted(said, MEANINGS[said], unwanted))
        elif words[at] in _NOT:
            unwanted = True
        elif words[at] not in _EMPTY:
            unknown.setdefault(words[at], unwanted)
        if n or words[at] not in _EMPTY | _NOT:
            unwanted = False
        at += max(n, 1)
    read = nearest(tuple(unknown)) if nearest and unknown else {}
    wanted += [
        Wanted(word, MEANINGS[read[word]], not_so, read[word]) for word, not_so in unknown.items() if word in read
    ]
    if not wanted:
        named = f" ({', '.join(unknown)})" if unknown else ""
        raise ParameterError(
            Told("find: none of these words is understood{}. Say how it should sound: {}.", named, _EXAMPLE)
        )
    return Reading(tuple(dict.fromkeys(wanted)), tuple(word for word in unknown if word not in read))
