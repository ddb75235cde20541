"""`filmscore sounds-like CLIP`: the films and scenes whose music is most similar to a clip's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, clock, console, emit, option_words, output
from db.home import Home
from film import ATTRIBUTES, SURE_OF_KEY, MusicRun

if TYPE_CHECKING:
    from service.questions.sounds_like import SoundsLike


def _heard(run: MusicRun) -> str:
    """What was heard of the clip, as a line: "0:00-0:24: jazz, low energy, 62 BPM; piano 0.81"."""
    levels = ", ".join(f"{getattr(run, name)} {name}" for name in ATTRIBUTES)
    tempo = f", {run.further['tempo_bpm']:.0f} BPM" if "tempo_bpm" in run.further else ""
    key = f", {run.key}" if run.key and run.further["key_confidence"] >= SURE_OF_KEY else ""
    tags = ", ".join(f"{name} {value:.2f}" for name, value in run.tags.items())
    said = f"{run.genre}, {levels}{tempo}{key}{f'; {tags}' if tags else ''}"
    return f"heard, {clock(run.start_s)}-{clock(run.end_s)}: {said}"


def _show(found: SoundsLike) -> None:
    from service.questions.asking import effect_words

    for run in found.heard:
        output.print(_heard(run), markup=False, soft_wrap=True)
    for line in (*map(option_words, found.notices), *map(effect_words, found.effects)):
        console.print(line, markup=False)
    if found.films:
        films = Table("film", "score")
        for _, title, score in found.films:
            films.add_row(title, f"{score:.3f}")
        output.print(films, markup=False)
    if found.scenes:
        scenes = Table("scene of", "from", "to", "score")
        for scene, title in found.scenes:
            scenes.add_row(title, clock(scene.start_s), clock(scene.end_s), f"{scene.score:.3f}")
        output.print(scenes, markup=False)


def register(app: typer.Typer) -> None:
    @app.command("sounds-like")
    def sounds_like_command(
        clip: Annotated[Path, typer.Argument(help="An audio or video clip.")],
        n: Annotated[int, typer.Option("-n", min=1, help="Number of films, and of scenes.")] = 10,
        more: Annotated[
            list[str] | None, typer.Option("--more", help="What they should have more of: energy, jazz, piano, 1970s.")
        ] = None,
        less: Annotated[list[str] | None, typer.Option("--less", help="What they should have less of.")] = None,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Find the films and scenes whose music is most similar to a clip's. The clip is not stored."""
        from db.catalogue.snapshot import Snapshot
        from recommender import Recommender
        from service.questions.sounds_like import document, sounds_like

        place = Home.at(home)
        with Snapshot.open(place) as snapshot, console.status("listening"):
            found = sounds_like(
                snapshot, Recommender(snapshot), clip, n, place.scratch, more=more or (), less=less or ()
            )
        if as_json:
            emit(document(found))
        else:
            _show(found)
