"""Fetch title pages from imdb.com: one at a time, slowly, with our own user agent, obeying robots.txt; store them.

Since March 2026 IMDb answers scripts with a challenge (HTTP 202, `x-amzn-waf-action: challenge`). It is recognised and
ends the run at once; nothing here tries to get around it. The official datasets (`filmscore imdb load`) are the way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import requests
import urllib3

import durable
from ingest.imdb_ids import imdb_id_of

USER_AGENT = "filmscore/0.1 (film recommender that listens; fetches title pages of one's own films, one at a time)"
IMDB = "https://www.imdb.com"
IMDB_HOSTS = frozenset({"imdb.com", "www.imdb.com"})
INTERVAL_S = 5.0
MAX_BYTES = 5_000_000
MAX_SECONDS = 30.0
_MAX_REDIRECTS = 3
_CHUNK = 1 << 16
_WILD_RULE = re.compile(r"^[ \t]*(allow|disallow)[ \t]*:[ \t]*([^\s#]*[*$][^\s#]*)", re.IGNORECASE | re.MULTILINE)
_DATASETS = "Use the official files instead (https://datasets.imdbws.com/ and `filmscore imdb load DIR`)."


@dataclass(frozen=True)
class Fetched:
    """The outcome for one page: `path` if it is stored, otherwise the `reason`."""

    imdb_id: str
    path: Path | None = None
    cached: bool = False
    reason: str = ""


@dataclass(frozen=True)
class FetchReport:
    """A run; `stopped` is the reason if it ended early, otherwise empty. A later run resumes."""

    pages: tuple[Fetched, ...]
    stopped: str = ""


@dataclass(frozen=True)
class Manners:
    """Server and timing of requests; tests use their own server."""

    base: str = IMDB
    hosts: frozenset[str] = IMDB_HOSTS
    interval_s: float = INTERVAL_S
    max_bytes: int = MAX_BYTES
    max_seconds: float = MAX_SECONDS
    schemes: frozenset[str] = field(default=frozenset({"https"}))


class _StopError(Exception):
    """The site refuses further requests."""


class _PageError(Exception):
    """This page is not available; others may be."""


def fetch_pages(
    imdb_ids: Iterable[str],
    cache: Path,
    *,
    manners: Manners | None = None,
    on_page: Callable[[Fetched], None] | None = None,
) -> FetchReport:
    """Fetch the title pages of some films into `cache` as tt0000000.html, except those already there.

    The report contains every outcome; no response of the site raises an error. The run stops at a challenge, at
    "too many requests", when robots.txt forbids title pages, or when the site cannot be reached.
    """
    run = _Run(manners or Manners())
    pages: list[Fetched] = []
    cache.mkdir(parents=True, exist_ok=True)
    for imdb_id in dict.fromkeys(imdb_ids):
        kept = cache / f"{imdb_id}.html"
        if imdb_id_of(imdb_id) != imdb_id:
            page = Fetched(imdb_id, reason=f"{imdb_id}: not an IMDb id. Write it as tt0000000.")
        elif kept.exists():
            page = Fetched(imdb_id, kept, cached=True)
        else:
            try:
                content = run.page(f"/title/{imdb_id}/")
                with durable.whole(kept) as beside:
                    beside.write_bytes(content)
                page = Fetched(imdb_id, kept)
            except _PageError as error:
                page = Fetched(imdb_id, reason=f"{imdb_id}: {error}")
            except _StopError as error:
                return FetchReport(tuple(pages), str(error))
        pages.append(page)
        if on_page:
            on_page(page)
    return FetchReport(tuple(pages))


class _Run:
    """The session of one run, with its rate limit and the site's rules."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.headers["Accept-Language"] = "en"
        self._last = -1e9
        self._interval_s = manners.interval_s
        self._rules: str | None = None

    def page(self, path: str) -> bytes:
        if not _allows(self._robots(), path):
            raise _StopError(f"robots.txt of {self._host()} forbids {path}. {_DATASETS}")
        return self._get(urljoin(self._manners.base, path))

    def _host(self) -> str:
        return urlsplit(self._manners.base).hostname or self._manners.base

    def _robots(self) -> str:
        if self._rules is None:
            try:
                self._rules = self._get(urljoin(self._manners.base, "/robots.txt")).decode("utf-8", errors="replace")
            except _PageError:
                self._rules = ""  # there is none: everything is allowed
            parser = RobotFileParser()
            parser.parse(self._rules.splitlines())
            self._interval_s = max(self._interval_s, float(parser.crawl_delay(USER_AGENT) or 0))
        return self._rules

    def _get(self, url: str) -> bytes:
        for _ in range(_MAX_REDIRECTS + 1):
            parts = urlsplit(url)
            if parts.hostname not in self._manners.hosts or parts.scheme not in self._manners.schemes:
                raise _PageError(f"redirected to {parts.scheme}://{parts.hostname}, which is not IMDb; not followed.")
            time.sleep(max(0.0, self._last + self._interval_s - time.monotonic()))
            self._last = time.monotonic()
            try:
                with self._session.get(
                    url, stream=True, allow_redirects=False, timeout=self._manners.max_seconds
                ) as answer:
                    if not answer.is_redirect:
                        return self._content(answer)
                    url = urljoin(url, answer.headers["Location"])
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                raise _StopError(
                    f"{self._host()} is out of reach ({type(error).__name__}). Check the network, then run again: "
                    "pages fetched so far are kept."
                ) from error
        raise _PageError("redirected too often. Open the page in a browser and save it for `filmscore imdb parse`.")

    def _content(self, answer: requests.Response) -> bytes:
        challenge = answer.headers.get("x-amzn-waf-action", "").lower()
        if challenge or answer.status_code == 202:
            raise _StopError(
                f"{self._host()} answers scripts with a challenge (HTTP {answer.status_code}"
                f"{f', x-amzn-waf-action: {challenge}' if challenge else ''}) and gives no page. Stopped. {_DATASETS}"
            )
        if answer.status_code in (401, 403, 429, 503):
            raise _StopError(
                f"{self._host()} refuses (HTTP {answer.status_code}). Stopped; run again later to resume. {_DATASETS}"
            )
        if answer.status_code >= 500:
            raise _StopError(f"{self._host()} is in trouble (HTTP {answer.status_code}). Run again later to resume.")
        if answer.status_code != 200:
            raise _PageError(f"HTTP {answer.status_code}. Check the id.")
        begun, content = time.monotonic(), bytearray()
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):  # what has come, however little: see the clock
            content += chunk
            if len(content) > self._manners.max_bytes:
                raise _PageError(f"larger than {self._manners.max_bytes:,} bytes; left out.")
            if time.monotonic() - begun > self._manners.max_seconds:
                raise _PageError(f"took longer than {self._manners.max_seconds:g} s; left out. Run again to retry.")
        if not content:
            raise _PageError("an empty answer; left out. Run again to retry.")
        return bytes(content)


def _allows(robots_txt: str, path: str) -> bool:
    """Whether a robots.txt allows a path. The parser does not support `*` and `$` in paths, so they are resolved
    here.
    """

    def literal(rule: re.Match[str]) -> str:
        name, pattern = rule[1], rule[2]
        end = "$" if pattern.endswith("$") else ""
        wanted = ".*".join(re.escape(piece) for piece in pattern.removesuffix("$").split("*"))
        return f"{name}: {path if re.match(wanted + end, path) else '/-'}"

    parser = RobotFileParser()
    parser.parse(_WILD_RULE.sub(literal, robots_txt).splitlines())
    return parser.can_fetch(USER_AGENT, path)
