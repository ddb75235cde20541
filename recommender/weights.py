"""The weights of the score: of each block for each aim, and how the slider or a mix divides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.question import Aim
from recommender.senses import SENSES
from recommender.vectors import HEARD


@dataclass(frozen=True)
class Weights:
    """The constants of the score, chosen on earlier slices of the training likes (docs/decisions/0002-scoring.md)."""

    blocks: Mapping[str, float] = field(
        default_factory=lambda: {
            "music": 0.5,
            "embedding": 0.5,
            "genres": 0.20,
            "people": 0.60,
            "place": 0.07,
            "era": 0.43,
            "reception": 0.08,
            "plot": 0.0,
        }
    )
    """Weights within the groups `sound` and `about`; the slider sets the ratio of the two groups."""
    senses: Mapping[str, float] = field(default_factory=lambda: {"dialogue": 0.08, "picture": 0.08, "faces": 0.04})
    """Weights of dialogue, picture and faces, relative to the two groups' 1; 0 at the slider's ends. Small, and not
    chosen on likes: no public ratings come with subtitles and pictures."""
    prior: float = 0.19
    """w_p of a question without music; it decreases with the weight of `about`, to 0 for sound alone."""
    dislike: float = 0.5
    """g"""
    series: float = 0.0
    """Weight of a common series among the names of `people`, beside 1.5 of a director and 1 of a player."""
    nearest: int = 8
    """k: number of nearest likes (and nearest dislikes) that determine a film's score."""


DEFAULT_WEIGHTS = Weights()
"""Weights for a taste, chosen on likes."""

LIKE_WEIGHTS = Weights(
    blocks={
        "music": 0.5,
        "embedding": 0.5,
        "genres": 0.50,
        "people": 1.70,
        "place": 0.07,
        "era": 0.20,
        "reception": 0.15,
        "plot": 0.70,
    },
    prior=0.12,
    series=1.5,
)
"""Weights for films like one or a few, chosen on people's judgements of pairs of films."""

WEIGHTS: Mapping[Aim, Weights] = {"like": LIKE_WEIGHTS, "taste": DEFAULT_WEIGHTS}

Balance = float | Mapping[str, float]
"""The slider's value, or a mix: weights of the groups of blocks by name (`recommender.question.MIXED`)."""


def group_of(block: str) -> str:
    """The group of a block: `sound`, `about`, or its own name."""
    return "sound" if block in HEARD else block if block in SENSES else "about"


def amounts_of(weights: Weights, balance: Balance) -> dict[str, float]:
    """The weight of each group."""
    if isinstance(balance, Mapping):
        return dict(balance)
    away = 2 * min(balance, 1.0 - balance)
    return {"sound": balance, "about": 1.0 - balance, **{name: away * w for name, w in weights.senses.items()}}


def block_weights(weights: Weights, blocks: list[str], balance: Balance) -> dict[str, float]:
    """w_b: a group's weight, divided among its existing blocks; blocks of weight 0 are omitted.

    With a slider m, the blocks of `sound` together weigh m, those of `about` 1 - m.
    """
    weight: dict[str, float] = {}
    for group, amount in amounts_of(weights, balance).items():
        names = [name for name in blocks if group_of(name) == group]
        own = {name: 1.0 if group in SENSES else weights.blocks.get(name, 0.0) for name in names}
        total = sum(own.values())
        if total > 0 and amount > 0:
            weight |= {name: amount * own[name] / total for name in names}
    return {name: weight[name] for name in blocks if weight.get(name, 0.0) > 0}
