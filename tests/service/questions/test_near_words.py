"""Words that are not in the list of synonyms: near ones are replaced and reported, others are named as unknown, and
nothing fails without the network."""

from __future__ import annotations

import pytest

from errors import ModelError, ParameterError
from service.questions import near_words
from service.questions.near_words import MOST_WORDS, nearest_known
from service.questions.sound_words import MEANINGS, read_question


def test_words_are_read_as_the_nearest_known_one_and_others_are_not() -> None:
    read = nearest_known(["haunting", "soothing", "trumpet", "carburettor", "悲しい", "печальный", "1", "2nd"])
    assert read.keys() == {"haunting", "soothing"}
    assert set(read.values()) <= MEANINGS.keys()


def test_a_question_says_what_it_was_read_as_and_keeps_its_not() -> None:
    reading = read_question("slow, not haunting, trumpet", nearest_known)
    slow, haunting = reading.wanted
    assert (slow.read_as, haunting.words, haunting.is_unwanted) == ("", "haunting", True)
    assert MEANINGS[haunting.read_as] == haunting.measures and reading.not_understood == ("trumpet",)


def test_without_the_network_unknown_words_stay_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModelError("minilm.onnx: missing.")

    monkeypatch.setattr(near_words, "sentence_encoder", missing)
    near_words._known.cache_clear()
    assert nearest_known(["haunting"]) == {} and nearest_known([]) == {}
    with pytest.raises(ParameterError, match="haunting"):
        read_question("haunting", nearest_known)


def test_a_question_of_many_unknown_words_costs_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    encode = near_words._encoded
    monkeypatch.setattr(near_words, "_encoded", lambda words: (asked.append(len(words)), encode(words))[1])
    nearest_known([f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(60)])
    assert max(count for count in asked if count != len(MEANINGS)) == MOST_WORDS
