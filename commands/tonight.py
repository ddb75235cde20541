"""`filmscore tonight` and `filmscore surprise`: a film for several people, and one unlike the last answers."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, option_words, output
from db.home import Home
from errors import ParameterError


def _person(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, titles = text.partition(":")
    likes = tuple(title.strip() for title in titles.split(";") if title.strip())
    if not name.strip() or not likes:
        raise ParameterError(f'--person {text}: not of the form "Ann: Vertigo; Psycho". Give a name and liked films.')
    return name.strip(), likes


def register(app: typer.Typer) -> None:
    @app.command("tonight")
    def tonight_command(
        person: Annotated[
            list[str], typer.Option("--person", help='Somebody and their films: "Ann: Vertigo; Psycho".')
        ],
        seen: Annotated[list[str] | None, typer.Option("--seen", help="A film to leave out.")] = None,
        minutes: Annotated[
            int | None, typer.Option("--minutes", help="Length of the longest film, in minutes.")
        ] = None,
        n: Annotated[int, typer.Option("-n", min=1, max=200, help="How many films.")] = 10,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Recommend films for several people: by the mean of their scores, lowered by whoever likes a film least."""
        from db.catalogue.snapshot import Snapshot
        from recommender import Recommender
        from service.questions.asking import Wish
        from service.questions.evening import tonight_document
        from service.questions.known_titles import KnownTitles

        people: dict[str, Wish] = {}
        for name, likes in map(_person, person):
            if name in people:
                raise ParameterError(f"--person {name}: named twice. Give each a name of their own.")
            people[name] = Wish(likes, seen=tuple(seen or ()))
        place = Home.at(home)
        with Snapshot.open(place) as snapshot:
            known = KnownTitles.beside(place, snapshot)
            recommender = Recommender(snapshot, known_titles=known)
            document = tonight_document(snapshot, recommender, people, n, minutes, known)
        if as_json:
            emit(document)
            return
        for notice in document["notices"]:
            console.print(option_words(notice), markup=False)
        table = Table("film", "minutes", "score", "who likes it", show_lines=True)
        for one in document["results"]:
            title = f"{one['title']} ({one['year']})" if one["year"] else one["title"]
            table.add_row(title, str(one["minutes"] or ""), f"{one['score']:.2f}", one["words"])
        if table.row_count:
            output.print(table, markup=False)

    @app.command("surprise")
    def surprise_command(
        like: Annotated[list[str], typer.Option("--like", help="A film you liked.")],
        seen: Annotated[list[str] | None, typer.Option("--seen", help="A film to leave out.")] = None,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Recommend one well-received film that is unlike the answers to a question, and say why."""
        from db.catalogue.snapshot import Snapshot
        from recommender import Recommender
        from service.questions.asking import Wish
        from service.questions.evening import surprise_document
        from service.questions.known_titles import KnownTitles

        place = Home.at(home)
        with Snapshot.open(place) as snapshot:
            known = KnownTitles.beside(place, snapshot)
            recommender = Recommender(snapshot, known_titles=known)
            document = surprise_document(snapshot, recommender, Wish(tuple(like), seen=tuple(seen or ())), known)
        if as_json:
            emit(document)
            return
        for notice in document["notices"]:
            console.print(option_words(notice), markup=False)
        if document["film"]:
            output.print(f"{document['film']['title']}: {document['words']}.", markup=False)
