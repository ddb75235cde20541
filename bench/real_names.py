"""Measure how many realistic file names of well-known films are matched to the right film.

    python -m bench.real_names

The names of the three lists were written by hand: `Title (Year) :: name || folder/name || name`. They are matched
against the MovieLens catalogue of $FILMSCORE_DATA; a film that is not in it must not be accepted as another one.
`real_names.txt` and `real_names_in_folders.txt` were available while the rules were written; the names in
`real_names_held_back.txt` were written afterwards.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.matching import FileName, match
from ingest.matching_names import title_keys
from ingest.matching_titles import Title, TitleIndex, titles_of_csv

LISTS = ("real_names", "real_names_in_folders", "real_names_held_back")
CATALOGUE = Path(os.environ.get("FILMSCORE_DATA", "../shared/data")) / "movielens" / "catalogue.csv.gz"
_FILM = re.compile(r"(?P<title>.+) \((?P<year>\d{4})\)")


def names(listed: str) -> Iterator[tuple[str, int, str]]:
    """Read (title, year, path without its ending) of each name of a list."""
    for line in Path(__file__).with_name(f"{listed}.txt").read_text("utf-8").splitlines():
        film, _, written = line.partition(" :: ")
        said = _FILM.fullmatch(film)
        assert said, line
        for name in written.split(" || "):
            yield said["title"], int(said["year"]), name.strip()


def true_ids(title: str, year: int, titles: list[Title]) -> set[str]:
    """The catalogue's films with this title (or another of its names, normalised) and about this year."""
    key = title_keys(title).compact
    return {
        one.imdb_id
        for one in titles
        if one.year is not None and abs(one.year - year) <= 1 and key in {title_keys(n).compact for n in one.names}
    }


def measure(listed: str, titles: list[Title], index: TitleIndex) -> tuple[Counter[str], list[str]]:
    """For a list: the numbers of right, open, wrong and missing (not in the catalogue) names, and a line for each that
    is not right."""
    counts: Counter[str] = Counter()
    lines: list[str] = []
    for title, year, name in names(listed):
        wanted = true_ids(title, year, titles)
        *folders, stem = name.split("/")
        answer = match(FileName(Path(f"{name}.mkv"), stem, (*reversed(folders), "films")), index)
        if not wanted:
            kind = "lacking, accepted" if answer.accepted else "lacking"
        else:
            kind = "right" if answer.accepted in wanted else "wrong" if answer.accepted else "open"
        counts[kind] += 1
        if kind != "right":
            first = answer.candidates[0] if answer.candidates else None
            shown = f"{first.title} ({first.year}), {first.confidence:.2f}" if first else answer.left_out or "nothing"
            lines.append(f"{kind}: {name} [{title}] -> {shown}")
    return counts, lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--show", action="store_true", help="list what is not right")
    shown = parser.parse_args().show
    titles = list(titles_of_csv(CATALOGUE))
    index = TitleIndex(titles)
    for listed in LISTS:
        counts, lines = measure(listed, titles, index)
        known = counts["right"] + counts["open"] + counts["wrong"]
        print(
            f"{listed}: {counts.total()} names, {known} of films that the catalogue has: {counts['right']} right, "
            f"{counts['open']} open, {counts['wrong']} wrong; of the others {counts['lacking, accepted']} accepted"
        )
        if shown:
            print("\n".join(lines))


if __name__ == "__main__":
    main()
