"""Sources other than films that an admin loads or downloads: IMDb's files and pages, Spotify's tracks, reviewed
sub-genres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from db.home import Home
from db.imdb.load import LoadReport, Progress, load, official_files
from db.state.store import State
from ingest.hyper_genres import read_mapping
from ingest.hyper_genres_proposal import write_mapping
from ingest.imdb_fetch import Fetched, FetchReport, fetch_pages
from ingest.spotify_tracks import Track, read_tracks, write_tracks
from media.beneath import held
from service.rights.access import Actor


def load_imdb(
    home: Home,
    actor: Actor,
    folder: Path,
    *,
    kinds: Sequence[str] = ("movie",),
    only_movies: Path | None = None,
    on_progress: Progress | None = None,
    beneath: Sequence[Path] = (),
) -> LoadReport:
    """Load IMDb's official files into this home.

    Args:
        kinds, only_movies, on_progress: as `db.imdb.load.load`.
        beneath: folders that must contain the files when they are opened; none: anywhere.

    Raises:
        AccessError, MetadataError, CatalogueError: not an admin; as `db.imdb.load.load`.
        MediaError: a file lies elsewhere.
    """
    actor.require_admin("load IMDb's files")
    found = official_files(folder)
    with held(list(found.values()), beneath, home.scratch) as leading:
        lying = dict(zip(found, leading, strict=True))
        report = load(folder, home.imdb, kinds=kinds, only_movies=only_movies, on_progress=on_progress, found=lying)
    _audit(home, actor, "imdb load", {"folder": folder.name, "films": report.films})
    return report


def fetch_imdb_pages(
    home: Home, actor: Actor, imdb_ids: Sequence[str], on_page: Callable[[Fetched], None] | None = None
) -> FetchReport:
    """Download title pages from imdb.com and store them in this home, as `ingest.imdb_fetch.fetch_pages` does.

    Raises:
        AccessError: not an admin.
    """
    actor.require_admin("fetch IMDb's pages")
    report = fetch_pages(imdb_ids, home.root / "imdb_pages", on_page=on_page)
    fetched = sum(page.path is not None and not page.cached for page in report.pages)
    _audit(home, actor, "imdb fetch", {"asked": len(imdb_ids), "fetched": fetched, "stopped": report.stopped})
    return report


def keep_tracks(home: Home, actor: Actor, path: Path, new: Sequence[Track], source: str) -> tuple[int, int]:
    """Add tracks to a file of tracks. Returns how many are new, and how many the file now holds.

    Args:
        path: of the file; created if it is missing.
        source: where the tracks come from, for the audit log.

    Raises:
        AccessError, MetadataError: not an admin; the file holds something else.
    """
    actor.require_admin("keep tracks")
    with State.open(home) as state, state.transaction():  # one at a time, or the later one loses the earlier one's
        before = read_tracks(path) if path.exists() else []
        joined = list(dict.fromkeys([*before, *new]))
        write_tracks(joined, path)
        added = len(joined) - len(before)
        state.audit("keep tracks", actor.name, {"from": source, "into": str(path), "added": added})
    return added, len(joined)


def accept_genres(home: Home, actor: Actor, reviewed: Path) -> int:
    """Import the sub-genres of a reviewed file and return their number.

    Raises:
        AccessError, MetadataError: not an admin; not such a file.
    """
    actor.require_admin("sort sub-genres")
    accepted = read_mapping(reviewed)
    own = home.hyper_genres
    with State.open(home) as state, state.transaction():  # one at a time, or the later one loses the earlier one's
        write_mapping((read_mapping(own) if own.exists() else {}) | accepted, own)
        state.audit("accept genres", actor.name, {"file": reviewed.name, "sub_genres": len(accepted)})
    return len(accepted)


def _audit(home: Home, actor: Actor, action: str, detail: dict[str, Any]) -> None:
    with State.open(home) as state:
        state.audit(action, actor.name, detail)
