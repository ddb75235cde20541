"""Replace words about sound that are not in the list of synonyms by the nearest word of the list, by the sentence
network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.texts.sentences import sentence_encoder
from service.questions.sound_words import MEANINGS

NEAR_ENOUGH = 0.72
"""Smallest accepted cosine between "WORD music" and "KNOWN WORD
music". `models/cards/find.md` says how it was chosen, and what
it does to other words."""
MOST_WORDS = 12
"""Most unknown words per question that are looked up: each costs a few milliseconds."""


def nearest_known(words: Sequence[str]) -> dict[str, str]:
    """Unknown word -> the known word that replaces it; words that are not near any are omitted.

    Without the network the result is empty.
    """
    asked = [word for word in dict.fromkeys(words) if word.isalpha()][:MOST_WORDS]  # a number says nothing of sound
    if not asked:
        return {}
    try:
        names, known = _known()
        cosines = _encoded(asked) @ known.T
    except ModelError:
        return {}
    best = cosines.argmax(axis=1)
    return {
        word: names[place] for word, place, row in zip(asked, best, cosines, strict=True) if row[place] >= NEAR_ENOUGH
    }


@cache
def _known() -> tuple[tuple[str, ...], npt.NDArray[np.float32]]:
    """The known words, and (n, d) their vectors."""
    names = tuple(MEANINGS)
    return names, _encoded(names)


def _encoded(words: Sequence[str]) -> npt.NDArray[np.float32]:
    return sentence_encoder().encode([f"{word} music" for word in words])
