"""`filmscore imdb load|match|parse|fetch`: what IMDb knows of one's films."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home
from errors import MetadataError, ParameterError
from film import Film

if TYPE_CHECKING:
    from db.imdb.load import LoadReport
    from ingest.imdb_fetch import Fetched
    from ingest.matching import Match

imdb = typer.Typer(help="Get metadata from IMDb.", no_args_is_help=True)

TitlesOption = Annotated[
    Path | None,
    typer.Option(help="Match against this CSV (movie, imdb_id, year, director) instead of the loaded files."),
]
_REJECTS_SHOWN = 20
_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    TextColumn("{task.percentage:>3.0f} %"),
    TimeElapsedColumn(),
)


@imdb.command("load")
def load_(
    directory: Annotated[Path, typer.Argument(help="Folder with IMDb's official .tsv or .tsv.gz files.")],
    tv_movies: Annotated[bool, typer.Option("--tv-movies", help="Include films made for television.")] = False,
    shorts: Annotated[bool, typer.Option("--shorts", help="Include short films.")] = False,
    only_movies: Annotated[
        Path | None, typer.Option(help="Where to write the thesis's onlyMovies.csv (default: in the home).")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read IMDb's official files (https://datasets.imdbws.com/; personal, non-commercial use only)."""
    from service.library.sources import load_imdb
    from service.rights.access import LOCAL

    place = Home.at(home)
    kinds = ["movie", *(["tvMovie"] if tv_movies else []), *(["short"] if shorts else [])]
    with Progress(*_COLUMNS, console=console) as progress:
        lines: dict[str, Any] = {}

        def advance(name: str, share: float) -> None:
            line = lines.setdefault(name, None)
            if line is None:
                line = lines[name] = progress.add_task(name, total=1.0)
            progress.update(line, completed=share)

        report = load_imdb(
            place,
            LOCAL,
            directory,
            kinds=kinds,
            only_movies=only_movies or place.root / "onlyMovies.csv",
            on_progress=advance,
        )
    if as_json:
        emit(asdict(report))
    else:
        _show_load(report)


def _show_load(report: LoadReport) -> None:
    for file in report.files:
        broken = f", {file.rejected:,} broken rows left out" if file.rejected else ""
        output.print(f"{file.file}: {file.kept:,} rows kept{broken}", markup=False)
        for reject in file.rejects[:_REJECTS_SHOWN]:
            output.print(f"  {reject.file}:{reject.line}: {reject.reason}: {reject.text}", markup=False, soft_wrap=True)
    for name in report.missing:
        output.print(f"{name}: not in the folder; its data stay unknown", markup=False)
    output.print(f"{report.films:,} films loaded.")


def _record(match: Match) -> dict[str, Any]:
    return {
        "path": str(match.path),
        "query": match.query,
        "accepted": match.accepted,
        "candidates": [asdict(candidate) for candidate in match.candidates],
        "left_out": match.left_out,
    }


@imdb.command("match")
def match_(
    folder: Annotated[Path, typer.Argument(help="Folder of films, laid out by director or flat.")],
    titles: TitlesOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Add the titles' metadata to the library's films.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Match the files of a folder to titles; unclear matches are left for a person to decide."""
    from ingest.matching_folder import file_names
    from service.library.metadata import apply_matches, films_by_id, match_folder
    from service.rights.access import LOCAL

    place = Home.at(home)
    names, problems = file_names(folder)
    for problem in problems:
        console.print(f"{problem.path}: {problem.reason}", style="red", markup=False, soft_wrap=True)
    with Progress(*_COLUMNS, console=console) as progress:
        line = progress.add_task("files", total=len(names))
        matches = match_folder(place, folder, names, titles, lambda done: progress.update(line, completed=done))
    if apply:
        accepted = [match.accepted for match in matches if match.accepted]
        report = apply_matches(place, LOCAL, folder, matches, films_by_id(place, titles, accepted))
        console.print(f"{report.added} films added, {report.updated} completed, {report.unchanged} unchanged.")
    if as_json:
        emit([_record(match) for match in matches])
        return
    table = Table("file", "accepted", "best candidate", "year", "confidence")
    for match in matches:
        best = match.candidates[0] if match.candidates else None
        table.add_row(
            escape(str(match.path.relative_to(folder) if match.path != folder else match.path)),
            match.accepted or (f"left out: {match.left_out}" if match.left_out else "[yellow]to decide[/]"),
            escape(f"{best.title} ({best.imdb_id})") if best else "none",
            str(best.year or "") if best else "",
            f"{best.confidence:.2f}" if best else "",
        )
    output.print(table)
    films = [match for match in matches if match.accepted or not match.left_out]
    left_out = f"; {len(matches) - len(films)} left out as not films" if len(films) < len(matches) else ""
    output.print(f"{sum(match.accepted is not None for match in films)} of {len(films)} accepted{left_out}.")


@imdb.command("decide")
def decide_(
    name: Annotated[str, typer.Argument(help="The file's path below its folder, without the ending.")],
    imdb_id: Annotated[str, typer.Argument(help="The title's id, as tt0049470.")],
    home: HomeOption = None,
) -> None:
    """Remember which title a file is; `imdb match` then accepts it."""
    from ingest.imdb_ids import imdb_id_of
    from service.library.metadata import decide
    from service.rights.access import LOCAL

    chosen = imdb_id_of(imdb_id)
    if not chosen:
        raise ParameterError(f"{imdb_id}: not an IMDb id. Write it as tt0000000.")
    decide(Home.at(home), LOCAL, name, chosen)


def _parsed(path: Path) -> tuple[Film, str]:
    from ingest.imdb_pages import parse_page

    try:
        return parse_page(path), ""
    except MetadataError as error:
        return Film(title=""), str(error)


@imdb.command("parse")
def parse(
    pages: Annotated[list[Path], typer.Argument(help="Saved title pages (HTML).")],
    out: Annotated[Path | None, typer.Option(help="Also write the films, as .csv or .json (Table 3).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Read the thesis's twelve fields from saved IMDb title pages."""
    from ingest.imdb_pages import joined
    from ingest.metadata_export import write_films

    parsed = [(path, *_parsed(path)) for path in pages]
    if out is not None:
        write_films(joined(film for _, film, error in parsed if not error), out)
    if as_json:
        emit([{"file": str(path), **_fields(film, error), "error": error or None} for path, film, error in parsed])
    else:
        table = Table("file", "film", "year", "director", "rating", "")
        for path, film, error in parsed:
            rating = "" if film.rating is None else f"{film.rating:g}"
            table.add_row(
                escape(path.name), escape(film.title), str(film.year or ""), escape(", ".join(film.directors)), rating,
                f"[red]{escape(error)}[/]" if error else "",
            )  # fmt: skip
        output.print(table)
    if any(error for _, _, error in parsed):
        raise typer.Exit(1)


def _fields(film: Film, error: str) -> dict[str, Any]:
    from ingest.metadata_export import table_3

    return table_3(film) if not error else dict.fromkeys(table_3(film))


@imdb.command("fetch")
def fetch(
    imdb_ids: Annotated[
        list[str] | None, typer.Argument(help="Ids; default: the films of the library that have one.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Download title pages from imdb.com, slowly, and store them; stops as soon as IMDb refuses."""
    from db.state.store import State
    from service.library.sources import fetch_imdb_pages
    from service.rights.access import LOCAL

    place = Home.at(home)
    if not imdb_ids:
        with State.open(place) as state:
            imdb_ids = [film.imdb_id for film in state.films() if film.imdb_id]
    if not imdb_ids:
        raise ParameterError(
            "no film of the library has an IMDb id. Run `filmscore imdb match FOLDER --apply`, or name ids."
        )

    def told(page: Fetched) -> None:
        console.print(page.reason or f"{page.imdb_id}: {'already stored' if page.cached else 'fetched'}", markup=False)

    report = fetch_imdb_pages(place, LOCAL, imdb_ids, told)
    if as_json:
        pages = [
            {"imdb_id": page.imdb_id, "file": str(page.path) if page.path else None, "error": page.reason or None}
            for page in report.pages
        ]
        emit({"pages": pages, "stopped": report.stopped or None})
    if report.stopped:
        console.print(report.stopped, style="red", markup=False)
    if report.stopped or any(page.reason for page in report.pages):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    app.add_typer(imdb, name="imdb")
