"""How often the ear hears in the demo's films the genre that the studio wrote.

    python -m bench.demo_genres [--every 1] [--seed SEED] [--levels] [--json]

Every demo film (or one in `--every`: 3 takes one of each style) is rendered as `filmscore demo` does, heard by the
default ear, and compared with what its script says: the share of pieces of music whose run has their genre, and whose
run has their energy, valence and danceability. A piece that no run reaches counts as wrong. `--seed` takes other films
of the same styles: how the studio renders is chosen on those, and the demo's are looked at once. `--levels` prints for
each genre which levels were written and which were heard.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from film import ATTRIBUTES
from ingest.analyse import analyse
from models.ears.ear import load_ear
from service.figures.validity import CORRECT, Comparison, compare
from service.library.demo import SEED, demo_films, script_of
from studio import render, write_media

NAMES = ("genre", *ATTRIBUTES)


def measure(every: int, seed: int = SEED) -> dict[str, Any]:
    """Shares over all pieces; of each style the genres that were written and heard, of each genre the levels."""
    ear, right, pieces = load_ear(), Counter[str](), 0
    styles: dict[str, Counter[str]] = {}
    levels: dict[str, dict[str, Counter[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder) / "film.flac"
        for index, film in list(enumerate(demo_films()))[::every]:
            rendered = render(script_of(index, film.title, seed), seed + index)
            write_media(rendered, media, codec="flac")
            analysis = analyse(media, ear, scratch_dir=Path(folder))
            said = styles.setdefault(film.directors[0], Counter())
            for segment in compare(rendered, analysis, "default").segments:
                pieces += 1
                right.update(name for name in NAMES if getattr(segment, name).mark == CORRECT)
                said[_heard(segment.genre)] += 1
                of_genre = levels.setdefault(segment.genre.true, {name: Counter() for name in ATTRIBUTES})
                for name in ATTRIBUTES:
                    of_genre[name][_heard(getattr(segment, name))] += 1
    shares = {name: round(right[name] / pieces, 3) for name in NAMES}
    return {
        "pieces": pieces,
        **shares,
        "styles": {name: dict(said.most_common()) for name, said in styles.items()},
        "levels": {
            genre: {name: dict(said.most_common()) for name, said in of_genre.items()}
            for genre, of_genre in levels.items()
        },
    }


def _heard(one: Comparison) -> str:
    return f"{one.true} heard as {one.predicted or 'nothing'}"


def _listed(said: dict[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in said.items())


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--levels", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.every, arguments.seed)
    if arguments.json:
        print(json.dumps(found))
        return
    print(f"{found['pieces']} pieces: " + ", ".join(f"{name} {found[name]:.2f} right" for name in NAMES))
    for style, said in found["styles"].items():
        print(f"{style}: {_listed(said)}")
    for genre, of_genre in found["levels"].items() if arguments.levels else ():
        for name, said in of_genre.items():
            print(f"{genre}, {name}: {_listed(said)}")


if __name__ == "__main__":
    main()
