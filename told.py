"""English text that keeps its template and values, so that a page can show it in another language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self


class Told(str):
    """A template and its values, as English text.

    A value that is itself `Told` is translated too; other text is a name and stays unchanged.
    """

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Self:
        """
        Args:
            template: English, with `{}` for each value; without values it is the text itself.
        """
        made = super().__new__(cls, cls.finished(template.format(*values) if values else template))
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[object, ...]:  # type: ignore[override]
        """The arguments from which copies and pickles are made."""
        return (self.template, *self.values)

    @staticmethod
    def finished(text: str) -> str:
        """The final form of a text, in any language."""
        return text


class Sentence(Told):
    """The same text as a sentence, with a capital letter at the beginning."""

    @staticmethod
    def finished(text: str) -> str:
        return text[:1].upper() + text[1:]


def joined(separator: str, parts: Sequence[str]) -> Told:
    """Join parts with a separator."""
    return Told(separator.join(["{}"] * len(parts)), *parts)


def listed(words: Sequence[str]) -> Told:
    """Join parts as a list: "a", "a and b", "a, b and c"."""
    return joined("", words) if len(words) < 2 else Told("{} and {}", joined(", ", words[:-1]), words[-1])
