"""What a film's dialogue is about, as numbers: the mean over passages of the vectors of models.texts.sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from film import Cue
from ingest.dialogue import sentences, spoken
from ingest.subtitles import Subtitles
from models.texts.sentences import SentenceEncoder, sentence_encoder
from senses import packed

PASSAGE_WORDS = 60
"""A passage is so many words and the rest of the sentence."""
MOST_PASSAGES = 32
"""Of a film, spread over it evenly: they are read in 1.5 s."""


@cache
def shipped_encoder() -> SentenceEncoder:
    """The network, opened once in a process. Raises ModelError: its files are missing or damaged."""
    return sentence_encoder()


def passages(cues: Sequence[Cue]) -> list[str]:
    """Successive sentences, joined until they have PASSAGE_WORDS words; a shorter rest belongs to the last passage."""
    found: list[list[str]] = [[]]
    words = 0
    for _, sentence in sentences(cues):
        if words >= PASSAGE_WORDS:
            found.append([])
            words = 0
        found[-1].append(sentence)
        words += len(sentence.split())
    if len(found) > 1 and words < PASSAGE_WORDS:
        rest = found.pop()
        found[-1] += rest
    return [" ".join(one) for one in found if one]


def describe_passages(subtitles: Subtitles, duration_s: float, encoder: SentenceEncoder | None = None) -> str:
    """`packed` mean (1, WIDTH) over a film's passages, of length 1; "" without English speech, which the network knows.

    Args:
        subtitles: those that were read.
        duration_s: of the film.
        encoder: None: the shipped network.

    Raises:
        ModelError: its files are missing or damaged.
    """
    said = passages(spoken(subtitles, duration_s)) if subtitles.language == "en" else []
    if not said:
        return ""
    chosen = np.unique(np.linspace(0, len(said) - 1, min(len(said), MOST_PASSAGES)).round().astype(int))
    mean = (encoder or shipped_encoder()).encode([said[place] for place in chosen]).astype(np.float64).mean(axis=0)
    return packed([mean / max(float(np.linalg.norm(mean)), 1e-9)])
