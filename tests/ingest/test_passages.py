"""What a dialogue is about: passages of some sentences, and the mean of their vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from errors import ModelError
from film import Cue
from ingest import passages as passages_module
from ingest.passages import MOST_PASSAGES, PASSAGE_WORDS, describe_passages, passages
from ingest.senses import Sensed, with_senses
from ingest.subtitles import Subtitles
from models.texts.sentences import WIDTH, sentence_encoder
from senses import unpacked
from studio.sentences import SENTENCES
from tests.views.catalogue import analysis


class Counting:
    """Describes each text by the number of its words, and keeps the texts."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.texts = list(texts)
        return np.array([[len(text.split())] * WIDTH for text in texts], np.float32)


def said(texts: Sequence[str], language: str = "en") -> Subtitles:
    return Subtitles(cues=tuple(Cue(2.0 * i, 2.0 * i + 1.5, text) for i, text in enumerate(texts)), language=language)


def test_every_sentence_is_in_one_passage_and_each_has_enough_words() -> None:
    texts = [f"Number {number} is what I say." for number in range(100)]
    found = passages(said(texts).cues)
    assert " ".join(found) == " ".join(texts)
    assert all(PASSAGE_WORDS <= len(one.split()) < 2 * PASSAGE_WORDS for one in found)
    assert passages(said(["Short."]).cues) == ["Short."] and passages([]) == []


def test_of_a_talkative_film_some_passages_are_read_from_beginning_to_end() -> None:
    encoder = Counting()
    texts = [f"Word {number}" + " again" * PASSAGE_WORDS + "." for number in range(300)]
    found = unpacked(describe_passages(said(texts), 1_000.0, encoder), 1, WIDTH)  # type: ignore[arg-type]
    assert found is not None and np.linalg.norm(found) == pytest.approx(1, abs=1e-3)
    assert len(encoder.texts) == MOST_PASSAGES and "299" in encoder.texts[-1]
    assert describe_passages(said(texts, "de"), 1_000.0, encoder) == ""  # type: ignore[arg-type]


def test_the_shipped_network_tells_what_is_talked_about() -> None:
    ships = ["The captain brought the ship into the harbour.", "The sailors feared the storm at sea."]
    courts = ["The judge asked the witness about the murder.", "The lawyer told the court that he was guilty."]
    encoder = sentence_encoder()
    one, two, other = (
        unpacked(describe_passages(said(texts), 60.0, encoder), 1, WIDTH) for texts in (ships[:1], ships[1:], courts)
    )
    assert one is not None and two is not None and other is not None
    assert float(one[0] @ two[0]) > float(one[0] @ other[0]) + 0.1


@pytest.mark.fault("The sentence network is missing when subtitles are read")
def test_a_missing_network_costs_a_dialogue_what_it_is_about_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModelError("minilm.onnx: weights file missing.")

    monkeypatch.setattr(passages_module, "shipped_encoder", missing)
    found = with_senses(analysis("A", None, 3), Sensed(said(SENTENCES["en"]), None, None, "here"))
    assert found.dialogue is not None and found.dialogue.share > 0 and not found.dialogue.embedding
    assert "what its dialogue is about was not read: minilm.onnx: weights file missing." in found.warnings
