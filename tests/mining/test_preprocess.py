"""The thesis's encoding, number by number, and what the founded one does differently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from errors import ParameterError
from mining import preprocess
from mining.preprocess import (
    MUSIC_FEATURES,
    encode,
    founded_encoding,
    metadata_columns,
    thesis_encoding,
    with_music,
)
from tests.mining.fixtures import i_confess, row


@pytest.fixture
def films() -> pd.DataFrame:
    return pd.DataFrame(
        [
            i_confess(),
            row("Plain", "Woody Allen", Rock=21.0, Pop=20.0, Metal=59.0, Metascore=None, Energy="High")
            | {"Countries": "UK", "Movie Genres": "Comedy"},
            row("Silent", "Woody Allen", Energy=None, Danceability=None, Valence=None, Metascore=50)
            | {"Movie Genres": "Crime, Drama, Thriller"},
        ]
    )


def test_metascore_is_divided_by_ten_and_an_empty_one_takes_the_rating(films: pd.DataFrame) -> None:
    encoded = thesis_encoding(films)
    assert encoded["Metascore"].tolist() == pytest.approx([7.3, 7.0, 5.0])


def test_categories_become_integers_by_alphabet(films: pd.DataFrame) -> None:
    encoded = thesis_encoding(films)
    assert encoded["Director"].tolist() == [0, 1, 1]
    assert encoded["Countries"].tolist() == [1, 0, 1]
    assert encoded["Movie Genres"].tolist() == [1, 0, 1]


def test_levels_become_0_1_2(films: pd.DataFrame) -> None:
    encoded = thesis_encoding(films)
    assert encoded.loc[0, ["Energy", "Danceability", "Valence"]].tolist() == [0, 0, 0]
    assert encoded.loc[1, ["Energy", "Danceability", "Valence"]].tolist() == [2, 1, 0]


def test_only_genres_above_a_fifth_are_joined(films: pd.DataFrame) -> None:
    # "Jazz, Classical" < "Rock, Metal" by alphabet; pop's 20 % is not above 20 %; a film without music has none
    codes = thesis_encoding(films)["Music Genres"]
    assert codes[:2].tolist() == [0, 1]
    assert np.isnan(codes[2])


def test_films_without_music_have_no_music_features(films: pd.DataFrame) -> None:
    assert with_music(films).tolist() == [True, True, False]
    for name in ("thesis", "founded"):
        assert encode(films, name)[list(MUSIC_FEATURES)].isna().all(axis=1).tolist() == [False, False, True]  # type: ignore[arg-type]


def test_the_founded_encoding_gives_indicators_and_invents_no_metascore(films: pd.DataFrame) -> None:
    encoded = founded_encoding(films)
    assert encoded["Country: USA"].tolist() == [1, 0, 1]
    assert encoded["Genre: Thriller"].tolist() == [1, 0, 1]
    assert "Genre: Comedy" not in encoded  # one film only
    assert np.isnan(encoded["Metascore"][1])
    assert encoded["Director: Woody Allen"].tolist() == [0, 1, 1]


def test_a_composer_of_two_films_is_a_column_of_the_founded_encoding(films: pd.DataFrame) -> None:
    known = films.assign(Composers=["A Maker, B Maker", "B Maker", ""])
    encoded = founded_encoding(known)
    assert encoded["Composer: B Maker"].tolist() == [1, 1, 0]
    assert "Composer: A Maker" not in encoded and "Composer: " not in encoded
    assert not [name for name in thesis_encoding(known) if "Composer" in name]
    assert not [name for name in metadata_columns(encoded) if "Composer" in name]
    none = founded_encoding(films.assign(Composers=["", "", ""]))
    assert list(none) == list(founded_encoding(films)), "no composer is known"


def test_what_is_present_is_a_column_of_the_founded_encoding_where_it_is_known(films: pd.DataFrame) -> None:
    known = films.assign(**{"Music Present": [68.0, 40.0, 0.0], "Speech Present": [64.0, 30.0, 90.0]})
    encoded = founded_encoding(known)
    assert encoded["Music Present"].tolist() == [68, 40, 0] and encoded["Speech Present"].tolist() == [64, 30, 90]
    assert "Music Under Speech" not in encoded
    assert "Music Present" not in thesis_encoding(known)


def test_the_director_is_never_among_the_metadata(films: pd.DataFrame) -> None:
    assert metadata_columns(thesis_encoding(films)) == ["Rating", "Metascore", "Countries", "Year", "Movie Genres"]
    assert not [name for name in metadata_columns(founded_encoding(films)) if "Director" in name]


def test_lists_read_like_joined_strings(films: pd.DataFrame) -> None:
    lists = films.copy()
    for column in ("Director", "Countries", "Movie Genres"):
        lists[column] = [value.split(", ") for value in films[column]]
    pd.testing.assert_frame_equal(thesis_encoding(lists), thesis_encoding(films))


def test_the_thesis_s_second_country_column_is_the_film_s(films: pd.DataFrame) -> None:
    twice = films.set_axis(["Country" if name == "Countries" else name for name in films.columns], axis=1)
    pd.testing.assert_frame_equal(thesis_encoding(twice), thesis_encoding(films))


def test_missing_columns_and_no_films_are_said(films: pd.DataFrame) -> None:
    with pytest.raises(ParameterError, match="'Rating' is missing"):
        thesis_encoding(films.drop(columns="Rating"))
    with pytest.raises(ParameterError, match="no films"):
        founded_encoding(films.head(0))


def test_each_distinct_cell_is_read_once_however_many_films_have_it(
    films: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = pd.concat([films] * 50, ignore_index=True)
    plain, read = preprocess._split, []
    monkeypatch.setattr(preprocess, "_split", lambda value: read.append(value) or plain(value))
    for encoding in ("thesis", "founded"):
        encode(many, encoding)
    assert len(read) <= 10 * len(films)
