"""One reading of IMDb's ids: alone, in an address, in a longer text, and as a number."""

from __future__ import annotations

import pytest

from ingest.imdb_ids import imdb_id_of, imdb_id_of_number, imdb_ids_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tt0133093", "tt0133093"),
        (" TT0133093 ", "tt0133093"),
        ("tt1234567890", "tt1234567890"),
        ("https://www.imdb.com/title/tt0133093/", "tt0133093"),
        ("https://www.imdb.com/de/title/tt0133093/?ref_=nv_sr_1", "tt0133093"),
        ("m.imdb.com/title/tt0133093#cast", "tt0133093"),
        ("/title/tt0133093/", "tt0133093"),
        ("tt0133093/", "tt0133093"),
        ("tt133093", ""),
        ("tt12345678901", ""),
        ("tt٠١٣٣٠٩٣", ""),  # digits of another script
        ("0133093", ""),
        ("https://www.imdb.com/name/nm0000206/", ""),
        ("https://example.org/title/tt0133093/", ""),
        ("The Matrix tt0133093", ""),
        ("", ""),
    ],
)
def test_a_text_is_an_id_or_none(text: str, expected: str) -> None:
    assert imdb_id_of(text) == expected


def test_a_number_of_a_column_of_ids_is_one() -> None:
    texts = ("114709", "0114709", "tt0114709", "12345678", "12345678901", "x", "")
    assert [*map(imdb_id_of_number, texts)] == ["tt0114709", "tt0114709", "tt0114709", "tt12345678", "", "", ""]


def test_addresses_are_found_in_a_longer_text() -> None:
    text = (
        "see https://imdb.com/title/tt0133093/ and\nHTTPS://WWW.IMDB.COM/de/title/TT0234215 but not tt0000001, twice: "
    )
    assert imdb_ids_in(text + "imdb.com/title/tt0133093") == ("tt0133093", "tt0234215")
