"""The blocks `dialogue`, `picture` and `faces`, and their words for reasons.

If no film of a catalogue has a sense, the catalogue has no block of it, and vectors, scores and speed are the same as
without the sense. A film's figures are expressed as deviations from a centre: the catalogue's mean, shrunk towards
typical films if the catalogue is small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from db.catalogue.records import Heard
from models.pictures.frames import WIDTH
from models.texts.sentences import WIDTH as TEXT_WIDTH
from recommender import terms
from recommender.sound import principal
from recommender.terms import Float64, unit_rows
from senses import Dialogue, Faces, Picture, unpacked
from told import Told

SENSES = {"dialogue": 56, "picture": 56, "faces": 10}
"""The blocks in their order, with their width."""

TOPIC_COLUMNS, HASHED_TERMS = 24, 2
ABOUT_COLUMNS, ABOUT_WEIGHT, WORDS_BESIDE_WEIGHT = 24, 0.6, 0.2
"""Weights of the sentence network's topics of a dialogue, and of its words next to them (measured: bench.topics)."""
FIGURES_WEIGHT, TOPIC_WEIGHT = 0.8, 0.6
"""Weights of how people speak and of what they talk about; of a picture's figures and of its palette."""
SHOWN_COLUMNS, SHOWN_WEIGHTS = (24, 8), (0.5, 0.25)
"""Of what a picture's frames show, beside these two: of the mean over the frames, and of how they differ."""

TYPICAL_FILMS = 5.0
"""The centre is a mean over the catalogue and this many typical films."""
LARGEST_DEVIATION = 3.0

Figure = tuple[Callable[[Any], float | None], float, float]
"""A figure of a film; what is typical of films, and how much they differ (rough, so that one film has a middle too)."""

DIALOGUE_FIGURES: tuple[Figure, ...] = (
    (lambda d: d.share, 0.45, 0.15),
    (lambda d: None if d.words_per_minute is None else math.log1p(d.words_per_minute), 4.3, 0.6),
    (lambda d: math.log1p(d.longest_silence_s), 5.3, 0.6),
    (lambda d: d.vocabulary, 0.7, 0.05),
    (lambda d: d.questions, 0.2, 0.06),
    (lambda d: d.exclamations, 0.08, 0.07),
    (lambda d: d.sentiment, 0.05, 0.06),
    (lambda d: d.music_captions / 10 if d.music_captions else None, 1.0, 1.0),
)
PICTURE_FIGURES: tuple[Figure, ...] = (
    (lambda p: p.brightness, 0.3, 0.1),
    (lambda p: p.brightness_spread, 0.12, 0.04),
    (lambda p: p.contrast, 0.2, 0.05),
    (lambda p: p.saturation, 0.35, 0.15),
    (lambda p: p.warmth, 0.06, 0.06),
    (lambda p: math.log1p(p.colourfulness), 3.2, 0.6),
    (lambda p: 2.0 if p.black_and_white else 0.0, 0.2, 0.6),
    (lambda p: p.dark_share, 0.25, 0.2),
    (lambda p: (math.log1p(p.cuts_per_minute) + math.log1p(p.cuts_per_minute_most)) / 2, 2.2, 0.5),
    (lambda p: p.aspect_ratio, 1.9, 0.3),
)
FACE_FIGURES: tuple[Figure, ...] = (
    (lambda f: f.share, 0.5, 0.15),
    (lambda f: math.log1p(f.faces_per_frame), 0.5, 0.15),
    (lambda f: f.close_up_share, 0.2, 0.1),
    (lambda f: f.expressions.get("neutral"), 0.5, 0.12),
    (lambda f: f.expressions.get("happy"), 0.12, 0.08),
    (lambda f: f.expressions.get("sad"), 0.15, 0.08),
    (lambda f: f.expressions.get("angry"), 0.08, 0.05),
    (lambda f: f.expressions.get("fearful"), 0.04, 0.03),
    (lambda f: f.expressions.get("disgusted"), 0.03, 0.03),
    (lambda f: f.expressions.get("surprised"), 0.08, 0.05),
)

_HUES = [(math.cos(angle), math.sin(angle)) for angle in np.deg2rad([30, 90, 150, 210, 270, 330])]
COLOURS = np.array(
    [(lightness, 0.0, 0.0) for lightness in (8, 92)] + [(light, 40 * a, 40 * b) for a, b in _HUES for light in (35, 70)]
)
"""CIELAB: black, white, and six hues, dark and light: a palette is told by how near its colours are to these."""
COLOUR_SPREAD = 28.0


def _deviations(fitted: Mapping[str, Any], figures: Sequence[Figure], told: Sequence[Any]) -> Float64:
    rows = np.zeros((len(told), len(figures)))
    for row, one in enumerate(told):
        for column, (figure, _, _) in enumerate(figures):
            value = None if one is None else figure(one)
            if value is not None and math.isfinite(value):
                deviation = (value - fitted["means"][column]) / fitted["spreads"][column]
                rows[row, column] = np.clip(deviation, -LARGEST_DEVIATION, LARGEST_DEVIATION)
    return rows / math.sqrt(len(figures))


def _fit_figures(figures: Sequence[Figure], told: Sequence[Any]) -> dict[str, Any]:
    means, spreads = [], []
    for figure, typical, spread in figures:
        values = np.array([v for one in told if (v := figure(one)) is not None and math.isfinite(v)], float)
        mean = (values.sum() + TYPICAL_FILMS * typical) / (len(values) + TYPICAL_FILMS)
        squares = ((values - mean) ** 2).sum() + TYPICAL_FILMS * (spread**2 + (typical - mean) ** 2)
        means.append(float(mean))
        spreads.append(float(np.sqrt(squares / (len(values) + TYPICAL_FILMS))))
    return {"means": np.array(means), "spreads": np.array(spreads)}


def _documents(told: Sequence[Dialogue | None]) -> list[list[tuple[str, float]]]:
    """The words of each film, weighted by the logarithm of how often they are said; by language."""
    return [
        [(f"{d.language}:{word}", 1 + math.log(count)) for word, count in d.terms.items()] if d else [] for d in told
    ]


def fit(records: Sequence[Heard]) -> dict[str, Any]:
    """The fitted data of the blocks, for each sense that some film has."""
    fitted: dict[str, Any] = {}
    said = [record.dialogue for record in records if record.dialogue]
    if said:
        fitted["dialogue"] = _fit_figures(DIALOGUE_FIGURES, said)
        fitted["dialogue"]["topics"] = terms.fit_projection(
            terms.Documents(_documents(said)), TOPIC_COLUMNS, HASHED_TERMS
        )
        fitted["dialogue"]["about"] = _fit_axes(_embeddings(said, 1, TEXT_WIDTH)[1], (ABOUT_COLUMNS,))
    seen = [record.picture for record in records if record.picture]
    if seen:
        fitted["picture"] = _fit_figures(PICTURE_FIGURES, seen)
        uniform = np.full(len(COLOURS), 1 / math.sqrt(len(COLOURS)))
        total = _palettes(seen).sum(axis=0) + TYPICAL_FILMS * uniform
        fitted["picture"]["palette"] = total / (len(seen) + TYPICAL_FILMS)
        fitted["picture"]["shown"] = _fit_axes(_embeddings(seen, 2, WIDTH)[1], SHOWN_COLUMNS)
    shown = [record.faces for record in records if record.faces]
    if any(one.share for one in shown):  # where there are none at all, films do not differ in them
        fitted["faces"] = _fit_figures(FACE_FIGURES, shown)
    return fitted


def encode(fitted: Mapping[str, Any], records: Sequence[Heard]) -> dict[str, Float64]:
    """(n, d) unit rows of each fitted block; zeros for films without the sense."""
    blocks = {}
    if "dialogue" in fitted:
        said = [record.dialogue for record in records]
        figures = _deviations(fitted["dialogue"], DIALOGUE_FIGURES, said)
        topics = terms.encode_projection(
            fitted["dialogue"]["topics"], terms.Words.of(_documents(said)), TOPIC_COLUMNS, HASHED_TERMS
        )
        having, told = _embeddings(said, 1, TEXT_WIDTH)
        about = _projected(fitted["dialogue"]["about"], (ABOUT_COLUMNS,), (ABOUT_WEIGHT,), having, told, len(said))
        weights = np.full((len(said), 1), TOPIC_WEIGHT)
        weights[having] = WORDS_BESIDE_WEIGHT
        blocks["dialogue"] = unit_rows(np.hstack([FIGURES_WEIGHT * unit_rows(figures), weights * topics, *about]))
    if "picture" in fitted:
        seen = [record.picture for record in records]
        figures = _deviations(fitted["picture"], PICTURE_FIGURES, seen)
        colours = np.zeros((len(records), len(COLOURS)))
        having = [row for row, one in enumerate(seen) if one]
        if having:
            colours[having] = _palettes([one for one in seen if one]) - fitted["picture"]["palette"]
        told_of, told = _embeddings(seen, 2, WIDTH)
        shown = _projected(fitted["picture"]["shown"], SHOWN_COLUMNS, SHOWN_WEIGHTS, told_of, told, len(seen))
        figures, colours = FIGURES_WEIGHT * unit_rows(figures), TOPIC_WEIGHT * unit_rows(colours)
        blocks["picture"] = unit_rows(np.hstack([figures, colours, *shown]))
    if "faces" in fitted:
        blocks["faces"] = unit_rows(_deviations(fitted["faces"], FACE_FIGURES, [record.faces for record in records]))
    return blocks


def _embeddings(told: Sequence[Dialogue | Picture | None], parts: int, width: int) -> tuple[list[int], Float64]:
    """The rows of films that have an embedding, and (n, parts, width) the embeddings."""
    found = {
        row: values
        for row, one in enumerate(told)
        if one and (values := unpacked(one.embedding, parts, width)) is not None
    }
    return list(found), np.array(list(found.values())).reshape(-1, parts, width)


def _fit_axes(told: Float64, columns: Sequence[int]) -> list[dict[str, Any]]:
    """Centre and principal axes of each part of some embeddings (n, parts, width); nothing without embeddings."""
    fitted = []
    for part, most in enumerate(columns if len(told) else ()):
        centre, axes, _, _ = principal(told[:, part], min(most, len(told)))
        fitted.append({"centre": centre, "axes": axes})
    return fitted


def _projected(
    fitted: Sequence[Mapping[str, Any]],
    columns: Sequence[int],
    weights: Sequence[float],
    having: list[int],
    told: Float64,
    films: int,
) -> list[Float64]:
    """For each part (films, columns) rows of length `weights`; zeros for films that are not among those `having` it."""
    rows = [np.zeros((films, most)) for most in columns]
    for part, (one, weight) in enumerate(zip(fitted, weights, strict=False)):
        found = (told[:, part] - one["centre"]) @ one["axes"]
        rows[part][having, : found.shape[1]] = weight * unit_rows(found)
    return rows


def _palettes(seen: Sequence[Picture]) -> Float64:
    """(n, colours) square roots of how much of each film's palette is near to each of COLOURS."""
    rows = np.zeros((len(seen), len(COLOURS)))
    for row, one in enumerate(seen):
        if not one.palette:
            continue
        lab = _lab(np.array(one.palette, np.float64))
        distance = ((lab[:, None] - COLOURS[None]) ** 2).sum(axis=2)
        near = np.exp(-(distance - distance.min(axis=1, keepdims=True)) / (2 * COLOUR_SPREAD**2))
        near /= near.sum(axis=1, keepdims=True)
        shares = np.array(one.palette_shares)
        rows[row] = np.sqrt(shares @ near / max(float(shares.sum()), 1e-9))
    return rows


def _lab(colours: Float64) -> Float64:
    """(n, 3) sRGB, 0 to 255, as CIELAB under D65."""
    values = colours / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    ratio = linear @ to_xyz.T / to_xyz.sum(axis=1)
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


@runtime_checkable
class SensedFilms(Protocol):
    """The senses of a snapshot's films."""

    def dialogues(self, film_ids: list[int] | None = None) -> dict[int, Dialogue]: ...
    def pictures(self, film_ids: list[int] | None = None) -> dict[int, Picture]: ...
    def faces(self, film_ids: list[int] | None = None) -> dict[int, Faces]: ...


DARK_BELOW, BRIGHT_ABOVE = 0.25, 0.42
"""The mean brightness of films that are called dark and bright."""


def picture_words(seen: Picture) -> list[str]:
    """Words for what strikes most in a film's looks."""
    words: list[str] = []
    if seen.black_and_white:
        words.append(Told("black-and-white"))
    if seen.brightness < DARK_BELOW:
        words.append(Told("dark"))
    elif seen.brightness > BRIGHT_ABOVE:
        words.append(Told("bright"))
    if seen.cuts_per_minute_most < 6:
        words.append(Told("slow-cut"))
    elif seen.cuts_per_minute > 16:
        words.append(Told("fast-cut"))
    if not seen.black_and_white and seen.saturation < 0.22:
        words.append(Told("pale"))
    elif seen.saturation > 0.5:
        words.append(Told("full of colour"))
    if seen.warmth > 0.12:
        words.append(Told("warm in colour"))
    elif seen.warmth < -0.03:
        words.append(Told("cold in colour"))
    return words


def dialogue_words(said: Dialogue) -> list[str]:
    """Words for what strikes most in how a film talks."""
    words: list[str] = []
    if said.share < 0.3:
        words.append(Told("quiet"))
    elif said.share > 0.5:
        words.append(Told("talkative"))
    if said.questions > 0.27:
        words.append(Told("full of questions"))
    if said.exclamations > 0.18:
        words.append(Told("loud in words"))
    if said.sentiment is not None and said.sentiment < -0.05:
        words.append(Told("dark in words"))
    elif said.sentiment is not None and said.sentiment > 0.15:
        words.append(Told("bright in words"))
    return words


def face_words(shown: Faces) -> list[str]:
    """Words for what strikes most in a film's faces."""
    words: list[str] = []
    if shown.share < 0.2:
        words.append(Told("few faces"))
    elif shown.share > 0.7:
        words.append(Told("faces nearly always"))
    if shown.close_up_share > 0.35:
        words.append(Told("many close-ups"))
    much = {"happy": (0.25, "much laughter"), "sad": (0.3, "much sadness"), "angry": (0.18, "much anger")}
    much |= {"fearful": (0.12, "much fear"), "surprised": (0.18, "much surprise")}
    words += [
        Told(f"{word} in the faces") for name, (least, word) in much.items() if shown.expressions.get(name, 0.0) > least
    ]
    return words


def common_terms(said: Dialogue, other: Dialogue) -> list[str]:
    """The topics that both share, the most frequent first."""
    if said.language != other.language:
        return []
    common = {word: min(count, other.terms[word]) for word, count in said.terms.items() if word in other.terms}
    return sorted(common, key=lambda word: (-common[word], word))
