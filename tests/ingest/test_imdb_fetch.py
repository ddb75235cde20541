"""Asking for title pages: manners, cache, and the challenge, against a server of our own."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest.imdb_fetch import IMDB_HOSTS, USER_AGENT, Manners, fetch_pages

Answer = tuple[int, dict[str, str], bytes]
DRIPPING = b"x" * 400
"""A body that comes ten bytes at a time."""


class Site:
    """A web site whose answers a test sets; it counts what is asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /search\n")}
        self.default: Answer = (200, {}, b"<html>page</html>")
        self.asked: list[str] = []
        self.agents: set[str] = set()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.add(self.headers["User-Agent"])
                status, headers, body = site.answers.get(self.path, site.default)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                for begin in range(0, len(body), 10) if body is DRIPPING else [0]:
                    with contextlib.suppress(OSError):  # the client has gone
                        self.wfile.write(body[begin : begin + 10] if body is DRIPPING else body)
                        time.sleep(0.1 if body is DRIPPING else 0)

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{self.server.server_port}"
        self.manners = Manners(
            base=base, hosts=frozenset({"127.0.0.1"}), interval_s=0.0, schemes=frozenset({"http"}), max_seconds=5
        )


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


IDS = ["tt0000001", "tt0000002", "tt0000003"]


def test_pages_are_kept_and_not_asked_for_again(site: Site, tmp_path: Path) -> None:
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert report.stopped == ""
    assert [page.path for page in report.pages] == [tmp_path / f"{one}.html" for one in IDS]
    assert (tmp_path / "tt0000001.html").read_bytes() == b"<html>page</html>"
    assert site.agents == {USER_AGENT}
    before = len(site.asked)
    assert all(page.cached for page in fetch_pages(IDS, tmp_path, manners=site.manners).pages)
    assert len(site.asked) == before


@pytest.mark.parametrize(
    "answer",
    [(202, {"x-amzn-waf-action": "challenge"}, b""), (202, {}, b""), (200, {"x-amzn-waf-action": "captcha"}, b"x")],
)
def test_a_challenge_ends_the_run_at_once_and_points_to_the_datasets(
    site: Site, tmp_path: Path, answer: Answer
) -> None:
    site.answers["/title/tt0000002/"] = answer
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert [page.imdb_id for page in report.pages] == ["tt0000001"]
    assert "challenge" in report.stopped
    assert "filmscore imdb load" in report.stopped
    assert site.asked == ["/robots.txt", "/title/tt0000001/", "/title/tt0000002/"]
    assert not (tmp_path / "tt0000002.html").exists()


def test_a_challenge_to_robots_txt_counts_too(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = (202, {"x-amzn-waf-action": "challenge"}, b"")
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert "challenge" in report.stopped
    assert site.asked == ["/robots.txt"]


def test_robots_txt_is_obeyed(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /title/\n")
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert "robots.txt" in report.stopped
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize(
    ("rules", "forbidden"),
    [
        (b"User-agent: *\nDisallow: /title/*\n", True),
        (b"User-agent: *\nDisallow: /*/tt0000001/$\n", True),
        (b"User-agent: filmscore\nDisallow: /\n\nUser-agent: *\nDisallow:\n", True),
        (b"User-agent: *\nDisallow: /title/*/mediaviewer\n", False),
        (b"User-agent: *\nDisallow: /*?ref_=*\nDisallow: /title/$\n", False),
        (b"User-agent: somebody\nDisallow: /\n", False),
        (b"", False),
    ],
)
def test_robots_txt_is_read_with_its_wildcards(site: Site, tmp_path: Path, rules: bytes, forbidden: bool) -> None:
    site.answers["/robots.txt"] = (200, {}, rules)
    report = fetch_pages(IDS[:1], tmp_path, manners=site.manners)
    assert ("forbids /title/tt0000001/" in report.stopped) == forbidden
    assert ("/title/tt0000001/" in site.asked) != forbidden


def test_without_robots_txt_all_is_allowed_but_not_while_the_site_is_in_trouble(site: Site, tmp_path: Path) -> None:
    site.answers["/robots.txt"] = (500, {}, b"")
    assert "in trouble (HTTP 500)" in fetch_pages(IDS[:1], tmp_path, manners=site.manners).stopped
    assert site.asked == ["/robots.txt"]
    site.answers["/robots.txt"] = (404, {}, b"")
    assert fetch_pages(IDS[:1], tmp_path, manners=site.manners).pages[0].path is not None


def test_a_page_that_drips_is_given_up_and_an_empty_one_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.answers["/title/tt0000001/"] = (200, {"Content-Length": "400"}, DRIPPING)
    site.answers["/title/tt0000002/"] = (200, {}, b"")
    first, second = fetch_pages(IDS[:2], tmp_path, manners=replace(site.manners, max_seconds=0.5)).pages
    assert "took longer than 0.5 s" in first.reason
    assert "empty answer" in second.reason
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_compressed_is_kept_as_it_was(site: Site, tmp_path: Path) -> None:
    body = b"<html>" + b"page " * 50_000
    site.default = (200, {"Content-Encoding": "gzip"}, gzip.compress(body))
    site.answers["/robots.txt"] = (404, {"Content-Encoding": ""}, b"")
    [page] = fetch_pages(IDS[:1], tmp_path, manners=site.manners).pages
    assert page.path is not None
    assert page.path.read_bytes() == body


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_refusal_stops_and_a_later_run_resumes(site: Site, tmp_path: Path, status: int) -> None:
    site.answers["/title/tt0000002/"] = (status, {}, b"")
    assert f"HTTP {status}" in fetch_pages(IDS, tmp_path, manners=site.manners).stopped
    del site.answers["/title/tt0000002/"]
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert [page.cached for page in report.pages] == [True, False, False]


@pytest.mark.parametrize("place", ["http://localhost:1/x", "https://imdb.com.example.org/", "file:///etc/passwd"])
def test_redirects_elsewhere_are_not_followed(site: Site, tmp_path: Path, place: str) -> None:
    site.answers["/title/tt0000001/"] = (302, {"Location": place}, b"")
    report = fetch_pages(IDS, tmp_path, manners=site.manners)
    assert "not IMDb; not followed" in report.pages[0].reason
    assert [page.path is None for page in report.pages] == [True, False, False]


def test_redirects_within_the_site_are_followed_but_not_for_ever(site: Site, tmp_path: Path) -> None:
    site.answers["/title/tt0000001/"] = (301, {"Location": "/title/tt0000003/"}, b"")
    site.answers["/title/tt0000002/"] = (301, {"Location": "/title/tt0000002/"}, b"")
    first, second, _ = fetch_pages(IDS, tmp_path, manners=site.manners).pages
    assert first.path is not None
    assert "redirected too often" in second.reason


def test_a_page_too_large_or_missing_is_left_out(site: Site, tmp_path: Path) -> None:
    site.answers["/title/tt0000001/"] = (200, {}, b"x" * 5000)
    site.answers["/title/tt0000002/"] = (404, {}, b"")
    manners = replace(site.manners, max_bytes=1000)
    first, second, third = fetch_pages(IDS, tmp_path, manners=manners).pages
    assert "larger than 1,000 bytes" in first.reason
    assert "HTTP 404" in second.reason
    assert third.path is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tt0000003.html"]


def test_pages_are_asked_for_slowly(site: Site, tmp_path: Path) -> None:
    start = time.monotonic()
    fetch_pages(IDS[:2], tmp_path, manners=replace(site.manners, interval_s=0.2))
    assert time.monotonic() - start >= 0.4


def test_a_site_out_of_reach_and_a_wrong_id_are_said(tmp_path: Path) -> None:
    closed = Manners(
        base="http://127.0.0.1:9", hosts=frozenset({"127.0.0.1"}), interval_s=0, schemes=frozenset({"http"})
    )
    assert "out of reach" in fetch_pages(IDS, tmp_path, manners=closed).stopped
    assert "not an IMDb id" in fetch_pages(["../x"], tmp_path, manners=closed).pages[0].reason


def test_by_default_only_imdb_is_asked_over_https() -> None:
    assert Manners().hosts == IMDB_HOSTS == {"imdb.com", "www.imdb.com"}
    assert Manners().schemes == {"https"}
    assert Manners().interval_s >= 1
