"""Text that keeps its template and values."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from told import Sentence, Told, joined, listed


def test_it_is_its_english_text() -> None:
    said = Told("rated {:.1f}, like {}", 7.25, "Rope")
    assert said == "rated 7.2, like Rope" and json.dumps({"words": said}) == '{"words": "rated 7.2, like Rope"}'
    assert Told("{} as it is") == "{} as it is", "without values nothing is put in"
    assert Told("with {}", "A {} B") == "with A {} B"


@pytest.mark.parametrize("said", [Told("both {}", Told("dark")), Sentence("{}.", "both dark")])
def test_copies_remember(said: Told) -> None:
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (other, other.template, other.values, type(other)) == (said, said.template, said.values, type(said))


def test_a_sentence_begins_with_a_capital() -> None:
    assert Sentence("{}.", "both dark") == "Both dark." and Sentence("{}", "") == ""


def test_words_are_listed() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (0, 1, 2, 3)] == ["", "a", "a and b", "a, b and c"]
    assert joined("; ", ["a", "b"]) == "a; b"
