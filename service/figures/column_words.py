"""What the columns of Mining's table are called on a page."""

from __future__ import annotations

from told import Told

TEMPLATES = {"Country": "Country: {}", "Genre": "Genre: {}", "Director": "Director: {}", "Composer": "Composer: {}"}
"""Kinds of indicator columns, which are 1 for films that have the rest of the column's name -> how they are told."""
MUSIC = {"Country": "Country music"}
"""Columns of music genres whose name alone means something else."""


def column_words(name: str) -> Told:
    """A column's name as text that a page can translate; what a film or a person is called stays as it is."""
    kind, colon, rest = name.partition(": ")
    return Told(TEMPLATES[kind], rest) if colon and kind in TEMPLATES else Told(MUSIC.get(name, name))
