"""Read a saved web page as HTML from any of its formats: UTF-8, another character set, gzip, or .mhtml."""

from __future__ import annotations

import codecs
import gzip
import io
import re
from email import message_from_bytes, policy
from pathlib import Path

from errors import MetadataError

MAX_PAGE_BYTES = 20_000_000

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
_TEXT_CHARSET = re.compile(
    r"(?:iso-?8859|latin|windows|cp|koi8|shift|euc|gb|big5|us-ascii|utf-?16|mac|iso-?2022)[\w-]*", re.IGNORECASE
)
"""Accepted character sets. Python has other codecs (zip, rot13) that a page must not request."""
_DECLARED_WITHIN = 4096
_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:", re.IGNORECASE)


def read_page(path: Path) -> str:
    """The HTML of a saved page.

    A page is read as UTF-8 if it is valid UTF-8, otherwise in the character set that it declares.

    Raises:
        MetadataError: missing, too large, damaged, or in a character set that it does not declare.
    """
    too_large = MetadataError(f"{path}: larger than {MAX_PAGE_BYTES // 10**6} MB. Save the title page alone.")
    try:
        if path.stat().st_size > MAX_PAGE_BYTES:
            raise too_large
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(MAX_PAGE_BYTES + 1)
    except (EOFError, gzip.BadGzipFile) as error:
        raise MetadataError(f"{path}: truncated or damaged .gz. Download or copy it again.") from error
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    if len(data) > MAX_PAGE_BYTES:
        raise too_large
    declared = ""
    if _MHTML.match(data[:_DECLARED_WITHIN]):
        data, declared = _html_part(data, path)
    return _decoded(data, declared, path)


def _html_part(data: bytes, path: Path) -> tuple[bytes, str]:
    """The first HTML document of an .mhtml, and the character set that its part declares."""
    for part in message_from_bytes(data, policy=policy.compat32).walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(content, bytes):
            return content, str(part.get_content_charset() or "")
    raise MetadataError(f"{path}: no HTML is in this .mhtml. Save the film's page as HTML.")


def _unicode(data: bytes) -> str:
    """The Unicode encoding of a page, if any: UTF-16 is recognised by its byte order mark or by the zeros in "<h"."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2], "utf-8-sig")


def _decoded(data: bytes, declared: str, path: Path) -> str:
    try:
        return data.decode(_unicode(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        in_page = _CHARSET.search(data[:_DECLARED_WITHIN])
        charset = declared or (in_page[1].decode("ascii") if in_page else "")
        if not _TEXT_CHARSET.fullmatch(charset):
            raise MetadataError(
                f"{path}: line {line} is not UTF-8, and the page names no other character set. Save it as UTF-8."
            ) from error
    try:
        # Browsers read Latin-1 as Windows-1252, its superset; the five bytes that Windows-1252 lacks are not letters.
        latin = re.fullmatch(r"(?:iso-?8859-?1|latin-?1|us-ascii)", charset, re.IGNORECASE)
        return data.decode("cp1252" if latin else charset, "replace" if latin else "strict")
    except (LookupError, UnicodeError) as error:
        raise MetadataError(f"{path}: not in {charset}, as it says of itself. Save it as UTF-8.") from error
