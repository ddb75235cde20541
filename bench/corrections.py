"""Does a model that learns from corrections hear better in films that nobody corrected?

    filmscore demo --home DEMO
    python -m bench.corrections --home DEMO [--json]

On a copy of a demo home, a listener who is always right sets the genre of each scene (what the studio wrote for the
piece that fills most of it) in two films of each style, and leaves the third alone. Then the commands that a user gives
run: `export --corrections`, `train --from-corrections`, `models install`, `models use`, `ingest`. The result is the
share of scenes of the films left alone whose genre is right, before and after.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

from bench.given import existing
from db.catalogue.snapshot import Snapshot
from db.home import Home
from film import MusicRun
from service.library.demo import demo_films, media_dir, script_of
from service.library.editing import correct_run
from service.rights.access import LOCAL
from studio.script import FilmScript

KIND, SEED = "genre", 0
OF_A_STYLE = 3
"""Number of demo films of each style; the last of them is left alone."""


def written(script: FilmScript, run: MusicRun) -> str:
    """The genre of the piece that fills most of a run; "" where none was written."""

    def shared_s(start_s: float, seconds: float) -> float:
        return min(run.end_s, start_s + seconds) - max(run.start_s, start_s)

    pieces = [(shared_s(piece.start_s, piece.seconds), piece.genre) for piece in script.music]
    most_s, genre = max(pieces, default=(0.0, ""))
    return genre if most_s > 0 else ""


def scripts(snapshot: Snapshot) -> dict[int, tuple[int, FilmScript]]:
    """film_id -> number and script of each demo film."""
    named = {film.title: index for index, film in enumerate(demo_films())}
    films = snapshot.films()
    found = zip(films["film_id"].tolist(), films["title"].tolist(), films["collection"].tolist(), strict=True)
    return {
        film_id: (named[title], script_of(named[title], title))
        for film_id, title, collection in found
        if collection == "demo"
    }


def right(home: Home) -> dict[str, Any]:
    """Numbers of scenes of the films left alone, and of those whose genre is right."""
    scenes = correct = 0
    with Snapshot.open(home) as snapshot:
        for film_id, (index, script) in scripts(snapshot).items():
            for run in snapshot.runs(film_id) if index % OF_A_STYLE == OF_A_STYLE - 1 else ():
                genre = written(script, run)
                scenes += bool(genre)
                correct += bool(genre) and run.genre == genre
    return {"scenes": scenes, "right": correct, "share": round(correct / scenes, 3)}


def correct(home: Home) -> int:
    """Set the genre of each scene of the films that teach; the number of scenes set."""
    with Snapshot.open(home) as snapshot:
        asked = [
            (film_id, (run.start_s, run.end_s), written(script, run))
            for film_id, (index, script) in scripts(snapshot).items()
            if index % OF_A_STYLE < OF_A_STYLE - 1
            for run in snapshot.runs(film_id)
        ]
    said = [one for one in asked if one[2]]
    for film_id, span, genre in said:
        correct_run(home, LOCAL, film_id, span, {KIND: genre})
    return len(said)


def filmscore(home: Home, *line: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "cli", *line, "--home", str(home.root)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure(demo: Path) -> dict[str, Any]:
    """The way of the corrections, and the shares before and after it."""
    with tempfile.TemporaryDirectory() as folder:
        home, out = Home.at(Path(folder) / "home"), Path(folder) / "trained"
        copytree(demo, home.root, ignore=ignore_patterns("logs", "excerpts"), dirs_exist_ok=True)
        before, labels = right(home), correct(home)
        filmscore(home, "export", str(Path(folder) / "genre.csv"), "--corrections", KIND)
        trained = json.loads(
            filmscore(home, "train", KIND, "--out", str(out), "--from-corrections", "--seed", str(SEED), "--json")
        )
        version = filmscore(home, "models", "install", str(out)).split()[0]
        filmscore(home, "models", "use", version)
        filmscore(home, "ingest", str(media_dir(home)))
        after = right(home)
    return {
        "scenes_set": labels,
        "accuracy_of_the_training": {name: trained[name] for name in ("n", "accuracy")},
        "before": before,
        "after": after,
    }


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=existing, required=True, help="a complete demo home; it is not changed")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments.home)
    print(json.dumps(found) if arguments.json else json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
