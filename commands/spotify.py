"""`filmscore spotify fetch|import|genres|balance`: tracks with attributes, and training sets made of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home
from errors import MetadataError, ParameterError

spotify = typer.Typer(help="Work with tracks that have Spotify's attributes.", no_args_is_help=True)

SeedOption = Annotated[int, typer.Option(help="Seed of what is drawn.")]
TracksOption = Annotated[
    Path | None, typer.Option("--tracks", help="Tracks with Table 6's columns (default: those of the home).")
]


def _tracks_path(home: Home, given: Path | None) -> Path:
    return given or home.root / "spotify_tracks.csv"


def _mapping(home: Home) -> dict[str, str]:
    """Table 5 and what a person accepted beside it."""
    from ingest.hyper_genres import read_mapping, table_5

    own = home.hyper_genres
    return table_5() | (read_mapping(own) if own.exists() else {})


@spotify.command("import")
def import_(
    dumps: Annotated[list[Path], typer.Argument(help="Public dumps of Spotify's attributes (CSV).")],
    tracks: TracksOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read public dumps, whatever their columns, separators and scales, into Table 6's columns."""
    from ingest.spotify_dumps import read_dump
    from service.library.sources import keep_tracks
    from service.rights.access import LOCAL

    place = Home.at(home)
    report: list[dict[str, Any]] = []
    for path in dumps:
        dump = read_dump(path)
        file = _tracks_path(place, tracks)
        added, total = keep_tracks(place, LOCAL, file, dump.tracks, path.name)
        report.append(
            {
                "file": str(path),
                "rows": dump.rows,
                "tracks": len(dump.tracks),
                "duplicates": dump.duplicates,
                "without_genre": dump.without_genre,
                "rejected": [asdict(fault) for fault in dump.faults],
                "columns": list(dump.columns),
                "added": added,
                "kept": total,
                "into": str(file),
            }
        )
    broken = [one["file"] for one in report if one["rejected"] and not one["tracks"]]
    if as_json:
        emit(report)
        raise typer.Exit(1 if broken else 0)
    for one in report:
        left_out = f"{one['duplicates']} duplicates and {len(one['rejected'])} broken rows left out"
        what = f"{one['without_genre']} tracks without a genre; {len(one['columns'])} of 21 columns"
        line = f"{one['file']}: {one['rows']:,} rows, {left_out}; {what}; {one['added']:,} tracks added"
        output.print(line, markup=False, soft_wrap=True)
        for fault in one["rejected"][:20]:
            output.print(f"  {one['file']}:{fault['line']}: {fault['fault']}", markup=False, soft_wrap=True)
    output.print(f"{report[-1]['kept']:,} tracks in {report[-1]['into']}", markup=False, soft_wrap=True)
    if broken:
        said = f"{', '.join(broken)}: every row is broken, nothing was added. Correct the rows that are named above."
        console.print(said, markup=False, soft_wrap=True)
        raise typer.Exit(1)


@spotify.command("fetch")
def fetch(
    ids: Annotated[list[str] | None, typer.Argument(help="Spotify ids or links of tracks.")] = None,
    from_file: Annotated[Path | None, typer.Option("--from", help="A text file with one id or link a line.")] = None,
    tracks: TracksOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Download tracks from Spotify (credentials: SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET)."""
    from csv_table import read_text
    from ingest.spotify_fetch import client_from_environment, fetch_tracks
    from service.library.sources import keep_tracks
    from service.rights.access import LOCAL

    asked = [*(ids or []), *(read_text(from_file).split() if from_file else [])]
    if not asked:
        raise ParameterError("no tracks are named. Give ids or links, or --from FILE.")

    def told(done: int) -> None:
        console.print(f"{done:,} of {len(asked):,} tracks asked for", markup=False)

    found = fetch_tracks(client_from_environment(), asked, told)
    place = Home.at(home)
    path = _tracks_path(place, tracks)
    added, total = keep_tracks(place, LOCAL, path, found.tracks, "Spotify")
    for note in found.notes:
        console.print(note, style="yellow", markup=False, soft_wrap=True)
    if as_json:
        emit(
            {"fetched": len(found.tracks), "added": added, "kept": total, "into": str(path), "notes": list(found.notes)}
        )
    else:
        output.print(
            f"{len(found.tracks)} tracks fetched, {added} new; {total:,} in {path}", markup=False, soft_wrap=True
        )
    if found.notes:
        raise typer.Exit(1)


@spotify.command("genres")
def genres(
    averages: Annotated[Path | None, typer.Option(help="Audio means per sub-genre (data_by_genres.csv).")] = None,
    review: Annotated[
        Path | None, typer.Option(help="Write proposals for unmapped names here, to be reviewed.")
    ] = None,
    accept: Annotated[
        Path | None, typer.Option(help="Import a reviewed file; rows without a hyper-genre are left out.")
    ] = None,
    tracks: TracksOption = None,
    seed: SeedOption = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Group sub-genres into the ten hyper-genres: Table 5, a K-means proposal, and your review."""
    from ingest.hyper_genres import table_5
    from ingest.hyper_genres_proposal import agreement, propose, write_review
    from ingest.spotify_dumps import read_dump
    from ingest.spotify_tracks import read_tracks
    from service.library.sources import accept_genres
    from service.rights.access import LOCAL

    place = Home.at(home)
    if accept is not None:
        console.print(f"{accept_genres(place, LOCAL, accept)} sub-genres imported.")
    mapping = _mapping(place)
    means = list(read_dump(averages).tracks) if averages else []
    kept = _tracks_path(place, tracks)
    rows = [*(read_tracks(kept) if kept.exists() else []), *means]
    names = sorted({genre for track in rows for genre in track.genres})
    proposals = propose(names, mapping, means, seed=seed)
    if review is not None:
        write_review(proposals, review)
    agreed = agreement(table_5(), means, seed=seed)
    summary = {
        "mapped": len(mapping),
        "names": len(names),
        "unmapped": len(proposals),
        "proposed": sum(bool(one.hyper_genre) for one in proposals),
        "agreement": {key: value if key == "names" else round(value, 4) for key, value in asdict(agreed).items()},
    }
    if as_json:
        emit(summary)
        return
    table = Table("agreement with Table 5 (379 names)", "")
    table.add_row("ten clusters, as in the thesis, paired at best", f"{100 * agreed.thesis_procedure:.1f} %")
    table.add_row("adjusted Rand index of the ten clusters", f"{agreed.thesis_rand:.3f}")
    table.add_row("ten clusters, each by its majority", f"{100 * agreed.majority:.1f} %")
    table.add_row("proposal for hidden names, where there is one", f"{100 * agreed.held_out:.1f} %")
    table.add_row("hidden names that get a proposal", f"{100 * agreed.held_out_proposed:.1f} %")
    output.print(table)
    output.print(
        f"{len(names):,} names; {len(proposals):,} are not mapped, {summary['proposed']:,} of them get a proposal."
    )
    if review is None and proposals:
        output.print("Write them to a file with --review FILE, correct it, and import it with --accept FILE.")


@spotify.command("balance")
def balance_(
    attribute: Annotated[str, typer.Argument(help="danceability, valence, energy or genre.")],
    out: Annotated[Path, typer.Option(help="Folder for train.csv and test.csv.")],
    tracks: TracksOption = None,
    train: Annotated[int | None, typer.Option(help="Tracks for training.", show_default="700")] = None,
    test: Annotated[int | None, typer.Option(help="Tracks for testing.", show_default="300")] = None,
    seed: SeedOption = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a balanced training and test set for one attribute (thesis 2.3.2)."""
    from ingest.spotify_balance import N_TEST, N_TRAIN, balance
    from ingest.spotify_tracks import read_tracks, write_tracks

    place = Home.at(home)
    path = _tracks_path(place, tracks)
    if not path.exists():
        raise MetadataError(f"{path}: no tracks yet. Run `filmscore spotify import CSV` first, or give --tracks.")
    n_train = N_TRAIN if train is None else train
    n_test = N_TEST if test is None else test
    sets = balance(read_tracks(path), attribute, _mapping(place), seed=seed, n_train=n_train, n_test=n_test)
    write_tracks(sets.train, out / "train.csv", sets.train_labels)
    write_tracks(sets.test, out / "test.csv", sets.test_labels)
    if as_json:
        counts = {"train": len(sets.train), "test": len(sets.test), "classes": list(sets.classes), "seed": seed}
        emit({"attribute": attribute, **counts})
    else:
        output.print(
            f"{attribute}: {len(sets.train)} tracks for training, {len(sets.test)} for testing, in {out} (seed {seed})",
            markup=False,
        )


def register(app: typer.Typer) -> None:
    app.add_typer(spotify, name="spotify")
