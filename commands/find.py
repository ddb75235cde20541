"""`filmscore find WORDS`: scenes and films that sound as some words say."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, clock, console, emit, output
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("find")
    def find_command(
        words: Annotated[str, typer.Argument(help='How it should sound: "slow sad piano", "like TITLE but calmer".')],
        n: Annotated[int, typer.Option("-n", min=1, max=200, help="How many scenes, and how many films.")] = 10,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Find scenes and films by words that describe their sound, and show what matched."""
        from db.catalogue.snapshot import Snapshot
        from recommender import Recommender
        from service.questions.finding import find, find_document

        with Snapshot.open(Home.at(home)) as snapshot:
            found = find(snapshot, Recommender(snapshot), words, n)
        if as_json:
            emit(find_document(found))
            return
        for notice in found.notices:
            console.print(notice, markup=False)
        scenes = Table("scene of", "from", "score", "what matched")
        for scene in found.scenes:
            said = ", ".join(one.said for one in scene.matches)
            at = clock(scene.start_s)
            scenes.add_row(scene.title, at, f"{scene.score:.2f}", said)
        films = Table("film", "score")
        for _, title, score in found.films:
            films.add_row(title, f"{score:.2f}")
        for table in (scenes, films):
            if table.row_count:
                output.print(table, markup=False)
