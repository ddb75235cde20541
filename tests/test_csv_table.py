"""Tables that people made: encodings, separators, quotes, sizes, and what is refused by file and line."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import csv_table
from csv_table import CsvRow, CsvTable, parse_csv, read_csv
from errors import MetadataError, ParameterError

ROWS = [["title", "year", "note"], ["Amélie", "2001", 'says "hello", twice\nor so'], ["Žižek", "2005", ""]]


def text_of(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gzip"])
def test_every_encoding_and_separator_gives_the_same_table(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = text_of(ROWS, delimiter)
    data = gzip.compress(text.encode(), mtime=0) if encoding == "gzip" else text.encode(encoding)
    (tmp_path / "films.csv").write_bytes(data)
    found = read_csv(tmp_path / "films.csv")
    assert found == CsvTable(tuple(ROWS[0]), (CsvRow(3, ROWS[1]), CsvRow(4, ROWS[2])))


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    found = parse_csv(text_of([["a", "b"], *rows]), "t.csv")
    assert [row.cells for row in found.rows] == [row for row in rows if any(cell.strip() for cell in row)]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("sep=;\na;b,c\n1;2,5\n", ("a", "b,c"), [(3, ["1", "2,5"])]),
        ('"a;b;c",d\n1,2\n', ("a;b;c", "d"), [(2, ["1", "2"])]),
        ("path, label\nx.wav, rock\n", ("path", "label"), [(2, ["x.wav", "rock"])]),
        ("a,b\n x, y\n", ("a", "b"), [(2, [" x", " y"])]),
        ("\n\na,b\r\r1,2,,\r", ("a", "b"), [(5, ["1", "2"])]),
        ("", (), []),
        (" \n\n", (), []),
    ],
)
def test_layouts_of_spreadsheets(text: str, header: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> None:
    found = parse_csv(text, "t.csv")
    assert (found.header, [tuple(row) for row in found.rows]) == (header, rows)


def test_a_row_of_another_length_is_named_and_a_short_one_is_filled() -> None:
    found = parse_csv("a,b\n1\n1,2,3\n1,2\n", "t.csv")
    assert [found.fault(row) for row in found.rows] == ["1 cells under 2 columns", "3 cells under 2 columns", ""]
    assert next(found.records()) == (2, {"a": "1", "b": ""})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"title\nGood\nCach\xe9\n", "films.csv: line 3 is not UTF-8. Save the file as UTF-8"),
        (b"title\nA\0B\n", "films.csv: line 2 holds NUL bytes"),
        (b'title\nA\n"open\nB\n', "films.csv: line 4: not a CSV .*Correct the quotes"),
        (b"title\n" + b"x" * 1_000_001 + b"\n", "films.csv: line 2: not a CSV .field larger"),
        (gzip.compress(b"title\nA\n", mtime=0)[:-4], "films.csv: truncated or damaged .gz"),
        (gzip.compress(b"title\n" * 9, mtime=0)[:12] + b"broken" * 9, "films.csv: truncated or damaged .gz"),
        (b"PK\x03\x04rest", "films.csv: a ZIP file or Excel workbook"),
        (b"\n<!doctype html><p>log in</p>", "films.csv: a web page"),
    ],
)
def test_what_is_no_table_is_one_line_with_its_file(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "films.csv"
    path.write_bytes(data)
    for error in (MetadataError, ParameterError):
        with pytest.raises(error, match=says) as refused:
            read_csv(path, error)
        assert "\n" not in str(refused.value)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "LIMIT_BYTES", 1024**2)
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"a\n" * 1024**2))
    with pytest.raises(MetadataError, match=r"bomb\.csv\.gz: larger than 1 MB"):
        read_csv(tmp_path / "bomb.csv.gz")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match=r"none\.csv: cannot be read \(no such file\)"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(MetadataError, match="cannot be read"):
        read_csv(tmp_path)
