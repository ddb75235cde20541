"""The five things a model can be trained to tell, and the names of their classes."""

from __future__ import annotations

from errors import ParameterError
from film import ATTRIBUTES, GENRES, LABELS, LEVELS

KINDS = ("detector", "genre", *ATTRIBUTES)
"""What `train` and `evaluate` take. The detector hears seconds, the others hear 10 s windows."""

ARCHITECTURES = ("thesis", "default")


def class_labels(kind: str) -> tuple[str, ...]:
    """Names of the classes of a kind; the index is the class number.

    Raises:
        ParameterError: no such kind.
    """
    if kind == "detector":
        return LABELS
    if kind == "genre":
        return GENRES
    if kind in LEVELS:
        return LEVELS[kind]
    raise ParameterError(f"{kind}: no such model. Take one of {', '.join(KINDS)}.")
