"""Ingest a collection laid out as Jellyfin, Kodi and Plex document it: `python -m bench.layouts`.

Writes a folder of fictitious films (two seconds of tone each) with their NFO files, posters and extras, ingests it, and
prints a table: each file, the expected result, the actual result.
"""

from __future__ import annotations

import io
import math
import struct
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from db.home import Home
from db.state.store import State
from service.library.adding import IngestReport, ingest
from service.library.ingest_steps import IngestedFilm
from service.library.posters import poster_of

RATE_HZ = 8_000


@dataclass(frozen=True)
class Expected:
    """A film of the collection."""

    first: str
    """Its first file."""
    title: str
    year: int | None
    imdb_id: str = ""
    director: str = ""
    poster: bool = False
    further: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


FILMS = (
    # Jellyfin: a folder a film, ids in brackets, movie.nfo, poster.jpg
    Expected("jellyfin/Quiet Sea (1951)/Quiet Sea (1951).mkv", "Quiet Sea", 1951, poster=True),
    Expected("jellyfin/Red Harbour (1962) [imdbid-tt9000002]/Red Harbour (1962) [imdbid-tt9000002].mkv",
             "Red Harbour", 1962, "tt9000002"),
    Expected("jellyfin/Night Ferry (1970)/a1b2c3d4e5f60718.mkv", "Night Ferry", 1970, "tt9000003", "Ana Berg", True),
    Expected("jellyfin/Glass Road (1988)/Glass Road (1988) - 1080p.mkv", "Glass Road", 1988, poster=True,
             versions=("jellyfin/Glass Road (1988)/Glass Road (1988) - 2160p.mkv",)),
    Expected("jellyfin/Last Orchard (1999)/VIDEO_TS/VTS_01_1.VOB", "Last Orchard", 1999,
             further=("jellyfin/Last Orchard (1999)/VIDEO_TS/VTS_01_2.VOB",)),
    Expected("jellyfin/Iron Meadow (2004)/BDMV/STREAM/00001.m2ts", "Iron Meadow", 2004, poster=True),
    Expected("jellyfin/Paper Wolves (2011)/Paper Wolves (2011)-part1.mkv", "Paper Wolves", 2011,
             further=("jellyfin/Paper Wolves (2011)/Paper Wolves (2011)-part2.mkv",)),
    Expected("jellyfin/Émigré Song (2015)/Émigré Song (2015).webm", "Émigré Song", 2015, director="Zoë Ćuk"),
    # Kodi: Title.nfo and Title-poster.jpg beside the film, in folders of sets, in one flat folder, on discs
    Expected("kodi/Stone Letter (1949)/Stone Letter (1949).avi", "Stone Letter", 1949, "tt9000010", "Tom Lund", True),
    Expected("kodi/Movies/Winter Post (1958).avi", "Winter Post", 1958, "tt9000011", "", True),
    Expected("kodi/Movies/Copper Hill (1966).avi", "Copper Hill", 1966),
    Expected("kodi/Movies/Salt.Line.1973.720p.BluRay.x264-GRP.mkv", "Salt Line", 1973),
    Expected("kodi/Movies/02. Brass Lantern (1975).avi", "Brass Lantern", 1975),
    Expected("kodi/Movies/[some-site.net] - Cold.Ember.1979.DVDRip.XviD-GRP.avi", "Cold Ember", 1979),
    Expected("kodi/Movies/1983 - Slow Canal.avi", "Slow Canal", 1983),
    Expected("kodi/Movies/green_lamp_1990_dvdrip.f4v", "green lamp", 1990),
    Expected("kodi/The Marsh Collection/The Marsh (1981)/The Marsh (1981).mkv", "The Marsh", 1981),
    Expected("kodi/The Marsh Collection/The Marsh Returns (1984)/The Marsh Returns (1984).mkv", "The Marsh Returns",
             1984),
    Expected("kodi/Tin Comet (1992)/Tin Comet (1992)-cd1.avi", "Tin Comet", 1992,
             further=("kodi/Tin Comet (1992)/Tin Comet (1992)-cd2.avi",)),
    Expected("kodi/Low Bridge/VIDEO_TS/VTS_02_1.VOB", "Low Bridge", 2001, "tt9000017"),
    Expected("kodi/Amber.Road.2007.1080p.WEB-DL-GRP/amber.road.mkv", "Amber Road", 2007, "tt9000018"),
    Expected("kodi/Latin Name (2009)/Latin Name (2009).mkv", "Café Noir", 2009),
    # Plex: ids in braces, editions, folders of extras
    Expected("plex/Blue Kiln (1955) {imdb-tt9000020}/Blue Kiln (1955) {imdb-tt9000020}.mp4", "Blue Kiln", 1955,
             "tt9000020"),
    Expected("plex/Far Signal (1968)/Far Signal (1968) {edition-Director's Cut}.mp4", "Far Signal", 1968, poster=True),
    Expected("plex/Half Moon Bay (1977)/Half Moon Bay (1977).m4v", "Half Moon Bay", 1977),
    Expected("plex/Old Mill (1986)/Old Mill (1986) - pt1.mp4", "Old Mill", 1986,
             further=("plex/Old Mill (1986)/Old Mill (1986) - pt2.mp4",)),
    Expected("plex/Clay Birds (1994) {tmdb-4711}/Clay Birds (1994) {tmdb-4711}.mkv", "Clay Birds", 1994),
    Expected("plex/Tide Table (2003)/Tide Table (2003) - 4K.mkv", "Tide Table", 2003),
    Expected("plex/River Glass (2018).mkv", "River Glass", 2018),
    Expected("Mara Olin/First Snow (1963).mkv", "First Snow", 1963, director="Mara Olin"),
    Expected("Mara Olin/Second Snow.mkv", "Second Snow", None, director="Mara Olin"),
)  # fmt: skip

LEFT_OUT = {
    "jellyfin/Quiet Sea (1951)/Quiet Sea (1951)-trailer.mkv": "trailer",
    "jellyfin/Quiet Sea (1951)/trailers/teaser.mp4": "trailer",
    "jellyfin/Quiet Sea (1951)/behind the scenes/the set.mkv": "behind the scenes",
    "jellyfin/Quiet Sea (1951)/deleted scenes/pier.mkv": "deleted scene",
    "jellyfin/Quiet Sea (1951)/interviews/Ana Berg.mkv": "interview",
    "jellyfin/Quiet Sea (1951)/featurettes/sound.mkv": "featurette",
    "jellyfin/Quiet Sea (1951)/extras/gag reel.mkv": "extra",
    "jellyfin/Quiet Sea (1951)/shorts/before.mkv": "short",
    "jellyfin/Quiet Sea (1951)/theme.mp3": "theme music",
    "jellyfin/Quiet Sea (1951)/backdrops/waves.mp4": "theme video",
    "jellyfin/Red Harbour (1962) [imdbid-tt9000002]/Red Harbour (1962)-featurette.mkv": "featurette",
    "jellyfin/Last Orchard (1999)/VIDEO_TS/VIDEO_TS.VOB": "menu of a disc",
    "jellyfin/Iron Meadow (2004)/BDMV/STREAM/00002.m2ts": "other title of a disc",
    "kodi/Stone Letter (1949)/Stone Letter (1949)-trailer.mp4": "trailer",
    "kodi/Amber.Road.2007.1080p.WEB-DL-GRP/sample.mkv": "sample",
    "kodi/Amber.Road.2007.1080p.WEB-DL-GRP/Sample/amber.road.sample.mkv": "sample",
    "kodi/Show/Season 01/Show S01E01.mkv": "episode",
    "kodi/Show/Season 01/Show S01E02.mkv": "episode",
    "plex/Half Moon Bay (1977)/Behind The Scenes/pots.mkv": "behind the scenes",
    "plex/Half Moon Bay (1977)/Deleted Scenes/gull.mkv": "deleted scene",
    "plex/Half Moon Bay (1977)/Featurettes/light.mkv": "featurette",
    "plex/Half Moon Bay (1977)/Interviews/crew.mkv": "interview",
    "plex/Half Moon Bay (1977)/Scenes/one.mkv": "scene",
    "plex/Half Moon Bay (1977)/Shorts/bay.mkv": "short",
    "plex/Half Moon Bay (1977)/Trailers/one.mkv": "trailer",
    "plex/Half Moon Bay (1977)/Other/reel.mkv": "extra",
    "plex/River Glass (2018)-trailer.mkv": "trailer",
    "plex/Show/Season 02/Show - s02e03 - Title.mkv": "episode",
}

_NFO = "<movie><title>{}</title><year>{}</year><uniqueid type='imdb'>{}</uniqueid>{}</movie>"
_DIRECTOR = "<director>{}</director>"
_RATED = "<userrating>9</userrating><watched>true</watched>"
BESIDE: dict[str, str | bytes] = {
    "jellyfin/Night Ferry (1970)/movie.nfo": _NFO.format(
        "Night Ferry", 1970, "tt9000003", _DIRECTOR.format("Ana Berg") + _RATED
    ),
    "jellyfin/Émigré Song (2015)/movie.nfo": _NFO.format("Émigré Song", 2015, "", _DIRECTOR.format("Zoë Ćuk")),
    "kodi/Stone Letter (1949)/Stone Letter (1949).nfo": _NFO.format(
        "Stone Letter", 1949, "tt9000010", _DIRECTOR.format("Tom Lund")
    ),
    "kodi/Movies/Winter Post (1958).nfo": "https://www.imdb.com/title/tt9000011/\n",
    "kodi/Low Bridge/VIDEO_TS/VIDEO_TS.nfo": _NFO.format("Low Bridge", 2001, "tt9000017", ""),
    "kodi/Amber.Road.2007.1080p.WEB-DL-GRP/grp.nfo": "-= GRP =-\nhttp://www.imdb.com/title/tt9000018\n",
    "kodi/Latin Name (2009)/movie.nfo": _NFO.format("Café Noir", 2009, "", "").encode("cp1252"),
    "plex/Clay Birds (1994) {tmdb-4711}/movie.nfo": '<!DOCTYPE m [<!ENTITY e "e">]><movie><title>&e;</title></movie>',
    "plex/Tide Table (2003)/poster.jpg": b"no picture",
    "jellyfin/Quiet Sea (1951)/Quiet Sea (1951).en.srt": "1\n00:00:00,000 --> 00:00:01,000\nGood evening.\n",
}
NOTED = {"Clay Birds": "movie.nfo: declares a document type", "Tide Table": "poster.jpg: not a JPEG"}
"""Films with an unusable file beside them, and how the message about it begins."""
PICTURES = (
    "jellyfin/Quiet Sea (1951)/poster.jpg",
    "jellyfin/Night Ferry (1970)/folder.jpg",
    "jellyfin/Glass Road (1988)/poster.png",
    "jellyfin/Iron Meadow (2004)/cover.webp",
    "kodi/Stone Letter (1949)/Stone Letter (1949)-poster.jpg",
    "kodi/Movies/Winter Post (1958)-poster.jpg",
    "plex/Far Signal (1968)/Poster.JPG",
)


def write_collection(root: Path) -> int:
    """Write the collection below a folder; returns the number of media files."""
    names = [name for film in FILMS for name in (film.first, *film.further, *film.versions)] + list(LEFT_OUT)
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        seconds = 1 if LEFT_OUT.get(name, "").endswith("of a disc") else 2
        path.write_bytes(_tone(200 + 10 * number, seconds))
    for name, content in BESIDE.items():
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    for number, name in enumerate(PICTURES):
        drawn = io.BytesIO()
        kind = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}[Path(name).suffix.lower()]
        Image.new("RGB", (400, 600), (30 * number, 90, 120)).save(drawn, kind)
        (root / name).write_bytes(drawn.getvalue())
    return len(names)


def _tone(pitch_hz: int, seconds: int) -> bytes:
    """Write a WAV file; media are recognised by content, not by name."""
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        samples = (round(9_000 * math.sin(2 * math.pi * pitch_hz * n / RATE_HZ)) for n in range(seconds * RATE_HZ))
        out.writeframes(b"".join(struct.pack("<h", one) for one in samples))
    return made.getvalue()


def table(home: Home, root: Path, report: IngestReport) -> list[tuple[str, str, str]]:
    """(file, expected result, actual result) of every film and every file that was left out."""
    rows = []
    by_path = {str(Path(film.path).relative_to(root)): film for film in report.films}
    with State.open(home) as state:
        for film in FILMS:
            should = said(film.title, film.year, film.imdb_id, film.director, film.poster, film)
            became = by_path.get(film.first)
            if became is None or became.film_id is None:
                rows.append((film.first, should, became.reason if became else "nothing"))
                continue
            known = state.get_film(became.film_id)
            director = known.directors[0] if known.directors else ""
            poster = poster_of(home, known) is not None
            is_now = said(known.title, known.year, known.imdb_id, director, poster, became)
            rows.append((film.first, should, is_now))
    left_out = {str(one.path.relative_to(root)): one.kind for one in report.left_out}
    return rows + [(name, f"left out: {kind}", f"left out: {left_out.get(name)}") for name, kind in LEFT_OUT.items()]


def said(
    title: str, year: int | None, imdb_id: str, director: str, poster: bool, files: Expected | IngestedFilm
) -> str:
    """Describe a film in one line."""
    more = f"{len(files.further) + 1} files" if files.further else ""
    chosen = f"best of {len(files.versions) + 1} versions" if files.versions else ""
    parts = (f"{title} ({year})" if year else title, imdb_id, director, "poster" if poster else "", more, chosen)
    return ", ".join(part for part in parts if part)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, home = Path(folder, "films"), Home.at(Path(folder, "home"))
        count = write_collection(root)
        report = ingest(home, [root])
        rows = table(home, root, report)
        print("| file | should become | became |\n|---|---|---|")
        for name, should, became in rows:
            print(f"| {name} | {should} | {'as it should' if should == became else became} |")
        right = sum(should == became for _, should, became in rows)
        print(f"\n{count} media files, {len(rows)} rows, {right} as they should be.")


if __name__ == "__main__":
    main()
