"""Read CSV tables that people made: one text, its delimiter, a header, and rows that know their line."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from errors import FilmscoreError, MetadataError

LIMIT_BYTES = 512 * 1024**2
"""Of the unpacked text. The largest public dump of Spotify's attributes has 346 MB."""
_LONGEST_CELL = 1_000_000
_DELIMITERS = ",;\t|"
_NAMED_DELIMITER = re.compile(r"\ufeff?sep=(.)[ \t]*(?:\r\n?|\n)", re.IGNORECASE)
"""A line that Excel writes before the header."""
_QUOTED = re.compile(r'"[^"]*"')
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class CsvRow(NamedTuple):
    """One row and where it ends."""

    line: int
    """Line of the file on which the row ends; the header's line is 1 where nothing stands before it."""
    cells: list[str]


@dataclass(frozen=True)
class CsvTable:
    """A table: no blank rows, and no empty cells behind the header's last column."""

    header: tuple[str, ...]
    """As written, without the spaces around the names; empty if the text is blank."""
    rows: tuple[CsvRow, ...]

    def fault(self, row: CsvRow) -> str:
        """What is wrong with the number of cells of a row; empty if it is the header's."""
        if len(row.cells) == len(self.header):
            return ""
        return f"{len(row.cells)} cells under {len(self.header)} columns"

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and cells by column of each row; a column that a short row lacks is empty."""
        for line, cells in self.rows:
            yield line, dict.fromkeys(self.header, "") | dict(zip(self.header, cells, strict=False))


def read_csv(path: Path, error: type[FilmscoreError] = MetadataError) -> CsvTable:
    """The table in a file; see `read_text` and `parse_csv`."""
    return parse_csv(read_text(path, error), str(path), error)


def read_text(path: Path, error: type[FilmscoreError] = MetadataError) -> str:
    """The text of a file, gzipped or not.

    Raises:
        error: the file is missing, larger than LIMIT_BYTES, a truncated .gz, or no text (see `decoded`).
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            data = (gzip.GzipFile(fileobj=file) if packed else file).read(LIMIT_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as damaged:
        raise error(f"{path}: truncated or damaged .gz. Download or copy it again.") from damaged
    except FileNotFoundError as missing:
        raise error(f"{path}: cannot be read (no such file). Check the path.") from missing
    except OSError as unreadable:
        raise error(f"{path}: cannot be read ({unreadable.strerror}). Check the path.") from unreadable
    if len(data) > LIMIT_BYTES:
        raise error(f"{path}: larger than {LIMIT_BYTES // 1024**2} MB. Split the file.")
    return decoded(data, str(path), error)


def decoded(data: bytes, name: str, error: type[FilmscoreError] = MetadataError, otherwise: str = "") -> str:
    """Bytes as text: UTF-8, with or without its mark, or UTF-16 with its mark.

    Args:
        name: of the file, for messages.
        otherwise: an encoding for bytes that are not UTF-8; without it they are refused by line.

    Raises:
        error: not UTF-8, not text, or a workbook or web page.
    """
    if data.startswith(_ZIP):
        raise error(f"{name}: a ZIP file or Excel workbook. Save its sheet as CSV (UTF-8).")
    try:
        text = data.decode("utf-16" if data[:2] in _UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        if otherwise and data[:2] not in _UTF_16:
            text = data.decode(otherwise, "replace")
        else:
            line = data.count(b"\n", 0, wrong.start) + 1
            raise error(f"{name}: line {line} is not UTF-8. Save the file as UTF-8.") from wrong
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise error(f"{name}: line {line} holds NUL bytes, so it is not text. Save the file as UTF-8 text.")
    return text


def parse_csv(text: str, name: str, error: type[FilmscoreError] = MetadataError, *, lines_before: int = 0) -> CsvTable:
    """The table in a text: separated by commas, semicolons, tabs or bars, whichever the header has most of.

    Cells may be quoted and may then hold separators and line ends. Spaces after separators are dropped where the header
    has them, too ("path, label").

    Args:
        name: of the file, for messages.
        lines_before: lines of the file before the text.

    Raises:
        error: quotes that do not match, or a cell of more than a million characters; the message names the line.
    """
    if text.lstrip()[:1] == "<":
        raise error(f"{name}: a web page or XML, not a table. Download the CSV itself.")
    csv.field_size_limit(_LONGEST_CELL)
    named = _NAMED_DELIMITER.match(text)
    body = text[named.end() :] if named else text
    delimiter, spaced = _layout(body, named[1] if named else "")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, skipinitialspace=spaced, strict=True)
    first_line = lines_before + (1 if named else 0)
    rows: list[CsvRow] = []
    try:
        filled = (cells for cells in reader if any(cell.strip() for cell in cells))
        rows.extend(CsvRow(reader.line_num + first_line, cells) for cells in filled)
    except csv.Error as wrong:
        where = reader.line_num + first_line
        raise error(f"{name}: line {where}: not a CSV ({wrong}). Correct the quotes there.") from wrong
    if not rows:
        return CsvTable((), ())
    header = tuple(cell.strip() for cell in rows[0].cells)
    return CsvTable(header, tuple(CsvRow(line, _trimmed(cells, len(header))) for line, cells in rows[1:]))


def _layout(body: str, delimiter: str) -> tuple[str, bool]:
    """The delimiter (where none is named), and whether the header has a space after each."""
    first = _QUOTED.sub("", body.lstrip("\r\n ").partition("\n")[0].partition("\r")[0])
    delimiter = delimiter or max(_DELIMITERS, key=first.count)
    return delimiter, delimiter in first and first.count(delimiter) == first.count(f"{delimiter} ")


def _trimmed(cells: list[str], columns: int) -> list[str]:
    """Spreadsheets write rows that are longer than the header, with nothing in the cells behind it."""
    return cells[:columns] if not any(cell.strip() for cell in cells[columns:]) else cells
