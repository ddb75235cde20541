"""English text that remembers how it was made, so that a page can say it in another language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self


class Told(str):
    """A template and its values, as English text.

    Of the values, text that is itself `Told` is translated, too; other text is a name and stays as it is.
    """

    template: str
    values: tuple[object, ...]

    def __new__(cls, template: str, *values: object) -> Self:
        """
        Args:
            template: English, with `{}` for each value; without values it is the text.
        """
        made = super().__new__(cls, cls.finished(template.format(*values) if values else template))
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[object, ...]:  # type: ignore[override]
        """What copies and pickles are made from."""
        return (self.template, *self.values)

    @staticmethod
    def finished(text: str) -> str:
        """The text as it is shown, in any language."""
        return text


class Sentence(Told):
    """The same as a sentence: it begins with a capital letter."""

    @staticmethod
    def finished(text: str) -> str:
        return text[:1].upper() + text[1:]


def joined(separator: str, parts: Sequence[str]) -> Told:
    """Parts with a separator between them."""
    return Told(separator.join(["{}"] * len(parts)), *parts)


def listed(words: Sequence[str]) -> Told:
    """a; a and b; a, b and c."""
    return joined("", words) if len(words) < 2 else Told("{} and {}", joined(", ", words[:-1]), words[-1])
