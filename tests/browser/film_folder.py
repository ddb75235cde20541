"""A small folder of made-up films as media servers lay films out: NFO files, posters, subtitles, extras, parts.

The sound is rendered, so that there is music to hear; the posters are drawn here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio import HABITS, RATE_HZ, film_script, render, write_media

POSTER = (400, 600)


@dataclass(frozen=True)
class MadeFilm:
    """A film of the folder and what lies beside it."""

    files: tuple[str, ...]
    """Its files: parts in their order, or versions."""
    title: str
    year: int
    habit: int
    """Index of studio.HABITS: how its music sounds."""
    poster: str = ""
    colours: tuple[str, str] = ("#20314a", "#e9b44c")
    nfo: str = ""
    imdb_id: str = ""
    director: str = ""
    genre: str = "Drama"
    plot: str = ""


FILMS = (
    MadeFilm(("Quiet Sea (1951)/Quiet Sea (1951).mkv",), "Quiet Sea", 1951, 0,
             "Quiet Sea (1951)/poster.jpg", ("#16324f", "#f2c14e"), "Quiet Sea (1951)/movie.nfo", "tt9000001",
             "Ana Berg", "Drama", "A lighthouse keeper finds a letter that was meant for somebody else."),
    MadeFilm(("Red Harbour (1962) [imdbid-tt9000002]/Red Harbour (1962) [imdbid-tt9000002].mkv",), "Red Harbour", 1962,
             3, "Red Harbour (1962) [imdbid-tt9000002]/poster.png", ("#7a1f1f", "#f6e7cb")),
    MadeFilm(("Night Ferry (1970)/a1b2c3d4e5f60718.mkv",), "Night Ferry", 1970, 5,
             "Night Ferry (1970)/folder.jpg", ("#1b1b3a", "#9bc1bc"), "Night Ferry (1970)/movie.nfo", "tt9000003",
             "Ana Berg", "Thriller", "Nobody on the last ferry of the year has bought a ticket."),
    MadeFilm(("Glass Road (1988)/Glass Road (1988) - 1080p.mkv", "Glass Road (1988)/Glass Road (1988) - 2160p.mkv"),
             "Glass Road", 1988, 7, "Glass Road (1988)/poster.webp", ("#0b4f4a", "#f4f1de")),
    MadeFilm(("Stone Letter (1949)/Stone Letter (1949).avi",), "Stone Letter", 1949, 1,
             "Stone Letter (1949)/Stone Letter (1949)-poster.jpg", ("#4a4238", "#e3d5ca"),
             "Stone Letter (1949)/Stone Letter (1949).nfo", "tt9000010", "Tom Lund", "Mystery",
             "A mason reads what another has written into the stones of a bridge."),
    MadeFilm(("Tin Comet (1992)/Tin Comet (1992)-cd1.avi", "Tin Comet (1992)/Tin Comet (1992)-cd2.avi"), "Tin Comet",
             1992, 8, "Tin Comet (1992)/poster.jpg", ("#3d2c5e", "#ff9f68")),
    MadeFilm(("Salt.Line.1973.720p.BluRay.x264-GRP.mkv",), "Salt Line", 1973, 2),
    MadeFilm(("Far Signal (1968)/Far Signal (1968) {edition-Director's Cut}.mp4",), "Far Signal", 1968, 9,
             "Far Signal (1968)/poster.jpg", ("#123c2c", "#c5e063")),
    MadeFilm(("Blue Kiln (1955) {imdb-tt9000020}/Blue Kiln (1955) {imdb-tt9000020}.mp4",), "Blue Kiln", 1955, 4,
             "Blue Kiln (1955) {imdb-tt9000020}/poster.jpg", ("#1f3a93", "#f5cba7")),
    MadeFilm(("Old Mill (1986).mkv",), "Old Mill", 1986, 10),
)  # fmt: skip

EXTRAS = (
    "Quiet Sea (1951)/Quiet Sea (1951)-trailer.mkv",
    "Quiet Sea (1951)/behind the scenes/the set.mkv",
    "Quiet Sea (1951)/deleted scenes/pier.mkv",
    "Quiet Sea (1951)/theme.mp3",
    "Far Signal (1968)/Featurettes/light.mkv",
    "Show/Season 01/Show S01E01.mkv",
)
SUBTITLES = ("Quiet Sea (1951)/Quiet Sea (1951).en.srt", "Tin Comet (1992)/Tin Comet (1992)-cd1.de.forced.srt")


def write_folder(root: Path, seconds: int = 60) -> None:
    """Write the folder.

    Args:
        seconds: length of each film; each of two parts is half as long.
    """
    for number, film in enumerate(FILMS):
        script = film_script(HABITS[film.habit % len(HABITS)], film.title, seconds, number)
        samples = render(script, number).samples
        in_parts = "-cd1" in film.files[0]
        pieces = np.array_split(samples, len(film.files)) if in_parts else [samples] * len(film.files)
        for name, piece in zip(film.files, pieces, strict=True):
            _write(root / name, piece)
        if film.poster:
            draw_poster(film).save(root / film.poster)
        if film.nfo:
            (root / film.nfo).write_text(_nfo(film), encoding="utf-8")
    hum = (6_000 * np.sin(2 * math.pi * 220 * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.int16)
    for name in EXTRAS:
        _write(root / name, hum)
    for name in SUBTITLES:
        (root / name).write_text("1\n00:00:01,000 --> 00:00:03,000\nGood evening.\n", encoding="utf-8")


def _write(path: Path, samples: np.ndarray) -> None:  # type: ignore[type-arg]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_media(samples, path, codec="flac" if path.suffix == ".mkv" else None)


def _nfo(film: MadeFilm) -> str:
    return (
        f"<movie><title>{escape(film.title)}</title><year>{film.year}</year><plot>{escape(film.plot)}</plot>"
        f"<uniqueid type='imdb'>{film.imdb_id}</uniqueid><genre>{film.genre}</genre>"
        f"<director>{escape(film.director)}</director></movie>\n"
    )


def draw_poster(film: MadeFilm) -> Image.Image:
    """A plain poster: a disc above waves, the title and the year."""
    ground, ink = film.colours
    width = POSTER[0]
    drawn = Image.new("RGB", POSTER, ground)
    pen = ImageDraw.Draw(drawn)
    radius, x = 70 + 9 * film.habit, 120 + 20 * film.habit
    pen.ellipse((x - radius, 190 - radius, x + radius, 190 + radius), fill=ink)
    for row in range(4):
        tops = [(at, 350 + 26 * row + 12 * math.sin(at / 40 + row + film.habit)) for at in range(0, width + 8, 8)]
        pen.line(tops, fill=ink, width=5)
    for at_y, text, size in ((480, film.title.upper(), 44), (545, str(film.year), 28)):
        pen.text((width / 2, at_y), text, fill=ink, font=ImageFont.load_default(size), anchor="mm")
    return drawn
