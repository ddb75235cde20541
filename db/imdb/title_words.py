"""The index for title search in IMDb's loaded files: each title from each of its words on, in alphabetical order.

A range of such an index holds all titles with a word that begins as typed. DuckDB skips the rest of the table, so that
a search takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

MOST_WORDS = 12
"""Words of a title that can be searched for; later ones are found with those before them only."""

_LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ß": "ss", "&": " and "}


def _folded(expression: str) -> str:
    """SQL: a title in lower case without accents and punctuation, its words separated by one space."""
    plain = f"strip_accents(lower({expression}))"
    for letter, ascii_letters in _LETTERS.items():
        plain = f"replace({plain}, '{letter}', '{ascii_letters}')"
    without_apostrophes = f"regexp_replace({plain}, '[''’`´]', '', 'g')"
    return f"trim(regexp_replace({without_apostrophes}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"


CREATE = f"""
CREATE TABLE title_words AS
WITH titles AS (
    SELECT tconst, title, votes FROM films UNION
    SELECT tconst, original_title, votes FROM films WHERE original_title IS NOT NULL),
folded AS (SELECT tconst, votes, string_split({_folded("title")}, ' ') AS words FROM titles)
SELECT array_to_string(words[place:], ' ') AS words, place = 1 AS whole, tconst, coalesce(votes, 0) AS votes
FROM (SELECT tconst, votes, words, unnest(range(1, least(len(words), {MOST_WORDS}) + 1)) AS place FROM folded)
WHERE words[place] <> '' ORDER BY 1;
"""
"""Of the primary and the original titles. The order of the rows is what makes a search fast."""

_FIND = """
SELECT tconst FROM title_words WHERE words >= $key AND words < $end
GROUP BY tconst
ORDER BY min(CASE WHEN NOT whole THEN 2 WHEN words = $key THEN 0 ELSE 1 END), max(votes) DESC, tconst
LIMIT $limit
"""


def find_ids(con: duckdb.DuckDBPyConnection, typed: str, limit: int) -> Sequence[str]:
    """Ids of the titles that fit what was typed: the same title first, then beginnings of titles, then of words.

    Among equals those with most votes come first.

    Raises:
        duckdb.CatalogException: the files were loaded before there was this index.
    """
    key = str(con.execute(f"SELECT {_folded('?::VARCHAR')}", [typed]).fetchall()[0][0])
    found = con.execute(_FIND, {"key": key, "end": key + chr(0x10FFFF), "limit": limit}).fetchall() if key else []
    return [str(row[0]) for row in found]


def titled_ids(con: duckdb.DuckDBPyConnection, titles: Sequence[str]) -> Sequence[str]:
    """Ids of the titles that are the same as one of these, apart from case, accents and punctuation.

    Raises:
        duckdb.CatalogException: as for `find_ids`.
    """
    rows = con.execute(
        f"WITH asked AS (SELECT DISTINCT {_folded('title')} AS words FROM (SELECT unnest(?::VARCHAR[]) AS title)) "
        "SELECT DISTINCT tconst FROM title_words SEMI JOIN asked USING (words) WHERE whole ORDER BY tconst",
        [list(titles)],
    ).fetchall()
    return [str(row[0]) for row in rows]
