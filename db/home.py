"""The home: the one directory that holds all data, `$FILMSCORE_HOME`."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from errors import CatalogueError

NOT_WRITABLE = "Give this user the right to write there, or choose another home with --home."


@dataclass(frozen=True)
class Home:
    """The directory of one catalogue. All paths inside it are defined here."""

    root: Path

    @classmethod
    def named(cls, path: Path | None = None) -> Home:
        """The home at `path`, else at `$FILMSCORE_HOME`, else `~/.filmscore`. The directory need not exist."""
        root = Path(path or os.environ.get("FILMSCORE_HOME") or Path.home() / ".filmscore")
        return cls(root.expanduser().absolute())

    @classmethod
    def at(cls, path: Path | None = None) -> Home:
        """Like `named`, but create the directory if it is missing. Only the current user may read a new home.

        Raises:
            CatalogueError: the directory cannot be created or entered.
        """
        home = cls.named(path)
        try:
            home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not any(home.root.iterdir()):
                with suppress(PermissionError):  # the directory belongs to another user, who lets us write there
                    home.root.chmod(0o700)
            for directory in (home.parts, home.snapshots, home.asides, home.scratch):
                directory.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CatalogueError(
                f"{home.root}: cannot be used as the home of a catalogue ({error.strerror}). {NOT_WRITABLE}"
            ) from error
        return home

    def check_writable(self, why: str) -> None:
        """For programs that cannot work with a home that can only be read.

        Args:
            why: a sentence that says what is written.

        Raises:
            CatalogueError: nothing can be written there.
        """
        try:
            with TemporaryFile(dir=self.scratch):
                pass
        except OSError as error:
            raise CatalogueError(
                f"{self.root}: not writable ({error.strerror}). {why} {NOT_WRITABLE} A copy of the home will do; "
                "recommend, find, mine and export only read."
            ) from error

    @property
    def parts(self) -> Path:
        """One Parquet file per analysed film."""
        return self.root / "parts"

    @property
    def snapshots(self) -> Path:
        """One directory per published catalogue."""
        return self.root / "snapshots"

    @property
    def imdb(self) -> Path:
        """IMDb's files as `filmscore imdb load` keeps them."""
        return self.root / "imdb.duckdb"

    @property
    def asides(self) -> Path:
        """Copies of state.sqlite, one per publish."""
        return self.root / "asides"

    @property
    def backups(self) -> Path:
        """Backups made from the app."""
        return self.root / "backups"

    @property
    def uploads(self) -> Path:
        """Films uploaded through the app."""
        return self.root / "uploads"

    @property
    def models(self) -> Path:
        """Locally trained and installed heads."""
        return self.root / "models"

    @property
    def hyper_genres(self) -> Path:
        """The reviewed assignment of sub-genres to hyper-genres."""
        return self.root / "hyper_genres.csv"

    @property
    def posters(self) -> Path:
        """Small copies of the films' posters, named by the hash of their media."""
        return self.root / "posters"

    @property
    def excerpts(self) -> Path:
        """Excerpts of films that were listened to; any may be removed."""
        return self.root / "excerpts"

    @property
    def maps(self) -> Path:
        """Points of films and scenes for the page Map, one file each basis; they can be made again."""
        return self.root / "maps"

    @property
    def first_rows(self) -> Path:
        """The rows with which the page Discover begins; they can be chosen again."""
        return self.root / "first_rows.json"

    @property
    def texts_path(self) -> Path:
        """What was read of plots: a cache that can be made again."""
        return self.root / "texts.sqlite"

    @property
    def trained(self) -> Path:
        """Outputs of the submitted training jobs, one folder each."""
        return self.root / "trained"

    @property
    def scratch(self) -> Path:
        """Decoded sound and other temporary files that a restart may delete."""
        return self.root / "scratch"

    @property
    def state_path(self) -> Path:
        return self.root / "state.sqlite"

    @property
    def manifest_path(self) -> Path:
        """The pointer to the current snapshot. Publishing replaces this file."""
        return self.root / "manifest.json"

    @property
    def lock_path(self) -> Path:
        """The lock file that the single writer holds."""
        return self.root / ".publish.lock"
