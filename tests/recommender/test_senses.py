"""Blocks of what is said and seen, the mix, and films that have neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bench.generated import records, with_senses
from db.catalogue.records import FilmRecord
from errors import ParameterError
from film import Film
from models.pictures.frames import WIDTH
from models.texts.sentences import WIDTH as TEXT_WIDTH
from recommender import Question, Recommender
from recommender.matrix import BlockMatrix
from recommender.question import MIXED, mix_as_text, mix_from_text, mix_of
from recommender.reasons import Comparison, words_for
from recommender.senses import SENSES, picture_words
from recommender.vectors import DIMENSIONS, FilmEncoding
from recommender.weights import DEFAULT_WEIGHTS, amounts_of, block_weights
from senses import Dialogue, Faces, Picture, packed
from tests.views.catalogue import SAID, SEEN, SHOWN

ENCODING = FilmEncoding()
PLAIN = list(records(60))
QUIET = replace(
    SAID, share=0.2, words_per_minute=30.0, longest_silence_s=600.0, terms={"harbour": 9, "ship": 5, "storm": 3}
)
LOUD = replace(
    SAID, share=0.6, words_per_minute=150.0, longest_silence_s=40.0, terms={"court": 8, "judge": 6, "ship": 1}
)
SLOW, FAST = (
    {"cuts_per_minute": 3.0, "cuts_per_minute_most": 3.5},
    {"cuts_per_minute": 25.0, "cuts_per_minute_most": 40.0},
)
NIGHT = replace(SEEN, brightness=0.12, dark_share=0.8, palette=((10, 12, 20), (20, 30, 60)), **SLOW)
DAY = replace(SEEN, brightness=0.6, dark_share=0.0, palette=((230, 210, 90), (250, 240, 220)), **FAST)
LAUGHING = replace(SHOWN, expressions={"neutral": 0.5, "happy": 0.45, "sad": 0.05})
GRAVE = replace(SHOWN, share=0.3, expressions={"neutral": 0.5, "happy": 0.02, "sad": 0.48})


def sensed(record: FilmRecord, said: Dialogue | None, seen: Picture | None) -> FilmRecord:
    """A film that says, looks, and shows faces: grave ones in a dark film."""
    faces = None if seen is None else GRAVE if seen.brightness < 0.3 else LAUGHING
    return replace(record, dialogue=said, picture=seen, faces=faces)


class Films:
    """A catalogue of some records, in the shape of a snapshot."""

    def __init__(self, some: list[FilmRecord]) -> None:
        blocks = ENCODING.encode(fitted := ENCODING.fit(some), some)
        self.some, self.ids = some, [record.film.film_id or 0 for record in some]
        self.vectors = BlockMatrix.from_blocks(self.ids, blocks, ENCODING.prior(fitted, some))
        self.asked: list[int] = []

    def films(self) -> pd.DataFrame:
        return pd.DataFrame([vars(record.film) for record in self.some])

    def summaries(self) -> pd.DataFrame:
        return pd.DataFrame()

    def matrix(self) -> BlockMatrix:
        return self.vectors

    def scenes(self) -> None:
        raise AssertionError("nobody asks for scenes")

    def dialogues(self, film_ids: list[int] | None = None) -> dict[int, Dialogue]:
        self.asked += film_ids or []
        return {r.film.film_id or 0: r.dialogue for r in self.some if r.dialogue and r.film.film_id in (film_ids or [])}

    def faces(self, film_ids: list[int] | None = None) -> dict[int, Faces]:
        return {i: r.faces for i, r in zip(self.ids, self.some, strict=True) if r.faces and i in (film_ids or self.ids)}

    def pictures(self, film_ids: list[int] | None = None) -> dict[int, Picture]:
        return {r.film.film_id or 0: r.picture for r in self.some if r.picture and r.film.film_id in (film_ids or [])}


def catalogue(*senses: tuple[Dialogue | None, Picture | None]) -> Films:
    plain = [replace(r, film=replace(r.film, film_id=i + 1)) for i, r in enumerate(PLAIN)]
    told = dict(enumerate(senses))
    return Films([sensed(r, *told.get(i, (None, None))) for i, r in enumerate(plain)])


def test_a_catalogue_without_the_senses_has_the_vectors_and_answers_of_before() -> None:
    plain = ENCODING.encode(ENCODING.fit(PLAIN), PLAIN)
    assert list(plain) == list(DIMENSIONS)
    some = [sensed(PLAIN[0], QUIET, NIGHT), *PLAIN[1:]]
    with_senses = ENCODING.encode(ENCODING.fit(some), some)
    assert list(with_senses) == [*DIMENSIONS, *SENSES]
    assert all(np.array_equal(plain[name], with_senses[name]) for name in DIMENSIONS)
    assert sum(rows.shape[1] for rows in with_senses.values()) <= 384
    question = Question(likes=(5, 9), n=8)  # neither like has a sense; one other film does
    before, after = (Recommender(films).recommend(question) for films in (catalogue(), catalogue((QUIET, NIGHT))))
    assert [(r.film.film_id, r.score) for r in before.results] == [(r.film.film_id, r.score) for r in after.results]
    for music in (0.0, 0.3, 1.0):
        assert block_weights(DEFAULT_WEIGHTS, [*DIMENSIONS], music) == block_weights(
            replace(DEFAULT_WEIGHTS, senses={}), [*DIMENSIONS], music
        )


def test_alike_films_are_near_in_what_they_say_and_show() -> None:
    films = catalogue((QUIET, NIGHT), (replace(QUIET, share=0.24), replace(NIGHT, brightness=0.15)), (LOUD, DAY))
    for name in SENSES:
        rows = films.vectors.vectors[:3, films.vectors.slices[name]]
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
        assert rows[0] @ rows[1] > 0.8 > 0.3 > rows[0] @ rows[2]
        assert not films.vectors.has[name][3:].any()


def test_pictures_that_show_the_same_are_nearer_and_those_that_are_not_described_are_compared_by_the_rest() -> None:
    rng = np.random.default_rng(4)
    indoors, outdoors = rng.standard_normal((2, 2, WIDTH))
    shown = [replace(NIGHT, embedding=packed(one)) for one in (indoors, indoors + 0.1, outdoors, outdoors)]
    films = catalogue(*((None, one) for one in [*shown, NIGHT]))
    rows = films.vectors.vectors[:5, films.vectors.slices["picture"]]
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
    assert 0.8 < rows[0] @ rows[4] < 0.9  # sqrt(1 / 1.3125): figures and palette are the same


def test_dialogues_about_the_same_are_nearer_and_those_in_other_languages_are_compared_by_their_words() -> None:
    ships, courts = np.random.default_rng(5).standard_normal((2, 1, TEXT_WIDTH))
    said = [replace(QUIET, embedding=packed(one)) for one in (ships, ships + 0.1, courts)]
    films = catalogue(*((one, None) for one in [*said, QUIET, replace(QUIET, terms=LOUD.terms)]))
    rows = films.vectors.vectors[:5, films.vectors.slices["dialogue"]]
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
    assert rows[3] @ rows[4] < 0.9  # without embeddings, other words tell them apart


def test_a_mix_says_what_weighs_how_much() -> None:
    films = catalogue(
        (QUIET, NIGHT), (LOUD, DAY), (replace(QUIET, share=0.22), DAY), (LOUD, replace(NIGHT, contrast=0.1))
    )
    engine = Recommender(films)
    best = {
        name: engine.recommend(Question(likes=(1,), n=1, variety=0.0, mix=mix_of({name: 1.0}))).results[0]
        for name in ("picture", "dialogue")
    }
    assert (best["picture"].film.film_id, best["dialogue"].film.film_id) == (4, 3)
    for name, found in best.items():
        assert [reason.block for reason in found.reasons if reason.block != "prior"] == [name]
        assert sum(reason.share for reason in found.reasons) == pytest.approx(found.score, abs=1e-9)
    with pytest.raises(ParameterError, match="`mix` picture: no liked film has any of it"):
        engine.recommend(Question(likes=(30,), mix=mix_of({"picture": 1.0})))


def test_the_slider_s_ends_leave_the_senses_out_and_its_middle_gives_them_a_little() -> None:
    for end in (0.0, 1.0):
        assert all(amounts_of(DEFAULT_WEIGHTS, end)[name] == 0 for name in SENSES)
    middle = amounts_of(DEFAULT_WEIGHTS, 0.5)
    assert [middle[name] for name in MIXED] == [0.5, 0.5, 0.08, 0.08, 0.04]


def test_reasons_name_what_both_films_share() -> None:
    film, other = Film("A", film_id=1), Film("B", film_id=2)
    looks = Comparison(film, other, True, 0.1, film_seen=NIGHT, nearest_seen=replace(NIGHT, cuts_per_minute=5.0))
    assert words_for("picture", looks) == "both dark and slow-cut"
    talk = Comparison(film, other, True, 0.1, film_said=QUIET, nearest_said=replace(QUIET, share=0.25))
    assert words_for("dialogue", talk).startswith("talk of the same things: harbour, ship and storm; quiet and ")
    assert words_for("dialogue", talk).endswith("films: 20 % dialogue")
    unlike = Comparison(film, other, False, -0.1, film_seen=NIGHT, nearest_seen=DAY)
    assert words_for("picture", unlike) == "looks unlike B"
    german = replace(QUIET, language="de")
    assert "harbour" not in words_for("dialogue", replace(talk, nearest_said=german))


@pytest.mark.parametrize(
    "text", ["sound", "sound=x", "sound=-1", "sound=nan", "voices=1", "sound=0", "sound=.5,,about=.5", ""]
)
def test_a_mix_that_makes_no_sense_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ParameterError, match=r"^`mix`"):
        mix_from_text(text)


def test_a_mix_is_scaled_and_comes_back_from_its_text() -> None:
    mix = mix_from_text("sound=4, about=4,picture=1,dialogue=1")
    assert dict(mix) == pytest.approx({"sound": 0.4, "about": 0.4, "picture": 0.1, "dialogue": 0.1})
    assert dict(mix_from_text(mix_as_text(mix))) == pytest.approx(dict(mix))
    assert [name for name, _ in mix] == [name for name in MIXED if name != "faces"]


def test_a_film_whose_key_frames_are_rare_is_not_called_slow() -> None:
    assert "slow-cut" in picture_words(NIGHT)
    assert "slow-cut" not in picture_words(replace(NIGHT, cuts_per_minute=5.5, cuts_per_minute_most=14.0))


def test_generated_films_fill_the_blocks_of_every_sense() -> None:
    rng = np.random.default_rng(3)
    blocks = ENCODING.encode(ENCODING.fit(some := [with_senses(record, rng) for record in PLAIN]), some)
    assert {name: blocks[name].shape[1] for name in SENSES} == SENSES
    assert all(np.isfinite(blocks[name]).all() and blocks[name].any(axis=1).all() for name in SENSES)


def test_films_whose_faces_show_the_same_are_near_and_the_reason_says_it() -> None:
    shown = [LAUGHING, replace(LAUGHING, share=0.62), GRAVE, None]
    films = Films([replace(record, faces=one) for record, one in zip(PLAIN[:4], shown, strict=True)])
    found, other = films.ids[:2]
    best = Recommender(films).recommend(Question(likes=(found,), n=1, variety=0.0, mix=mix_of({"faces": 1.0})))
    assert best.results[0].film.film_id == other
    (reason,) = [one for one in best.results[0].reasons if one.block == "faces"]
    assert reason.words.startswith("much laughter in the faces")
    assert not films.vectors.has["faces"][3]


def test_a_catalogue_without_a_single_face_has_no_block_of_them() -> None:
    none = replace(SHOWN, share=0.0, faces_per_frame=0.0, close_up_share=0.0, expressions={}, expression_curves={})
    assert "faces" not in Films([replace(record, faces=none) for record in PLAIN[:4]]).vectors.slices
