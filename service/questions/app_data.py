"""Data of the pages, computed once per snapshot: the open catalogue and the queries that all pages share."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.current import current_id
from db.catalogue.following import Common
from db.catalogue.parts import read_part
from db.catalogue.snapshot import Snapshot
from db.catalogue.stored_runs import StoredRun
from db.formulas import neutral
from db.home import Home
from db.state.store import State
from errors import CatalogueError
from film import ATTRIBUTES, Activity, Film, FilmSummary
from media.geometry import WINDOW_S
from mining.preprocess import first_director, unambiguous
from recommender import Recommender
from recommender.outside import imdb_id_of
from recommender.question import Answer
from senses import Picture
from service.questions.columns import ColumnValues
from service.questions.film_names import FilmNames, name_of
from service.questions.known_titles import KnownTitles
from told import Told, joined

if TYPE_CHECKING:
    from service.questions.browsing import Shelf

DEMO_COLLECTION = "demo"
MOST_KEPT = 500
"""Number of films whose runs, about 50 kB each, and whose drawings an open catalogue keeps in memory."""
T = TypeVar("T")
Drawing = tuple[FilmSummary | None, Picture | None]
"""What a film's print and its colours are drawn from"""


@dataclass(frozen=True)
class OpenCatalogue:
    """An immutable snapshot with everything that the pages derive from it, shared by all visitors."""

    home: Home
    snapshot: Snapshot
    recommender: Recommender
    known_titles: KnownTitles | None = None
    """Titles outside of the catalogue, if IMDb's files are loaded"""

    @classmethod
    def open(cls, home: Home, before: OpenCatalogue | None = None) -> OpenCatalogue:
        """Open the current snapshot.

        Args:
            before: the catalogue that was open before; what is the same in both is taken from it, not read again.

        Raises:
            CatalogueError: there is none yet, or it cannot be used.
        """
        snapshot = Snapshot.open(home)
        known = KnownTitles.beside(home, snapshot)
        recommender = Recommender(snapshot, known_titles=known)
        if before is not None and (same := snapshot.follow(before.snapshot)):
            recommender.follow(before.recommender, same.rows)
            opened = cls(home, snapshot, recommender, known)
            opened._follow(before, same)
            return opened
        return cls(home, snapshot, recommender, known)

    def _follow(self, before: OpenCatalogue, same: Common) -> None:
        """Take over what pages have asked the earlier catalogue for, so that they need not wait for it again."""
        fresh = self.films[same.rows < 0]
        for column, held in list(before._columns.items()):
            if column in fresh:
                self._columns[column] = held.followed(same.rows, fresh[column])
        if "enhanced" in before.__dict__:
            changed = unambiguous(self.snapshot.enhanced_dataset(same.changed))
            self.__dict__["enhanced"] = same.frame(before.enhanced, changed)
        if "shelf" in before.__dict__:
            self.shelf.follow(before.shelf, same.rows)
        kept = set(self.films.index).difference(same.changed)
        for name in ("_runs", "_activities", "_energies", "_drawings"):
            known = dict(getattr(before, name))
            getattr(self, name).update({film_id: known[film_id] for film_id in kept.intersection(known)})

    @cached_property
    def films(self) -> pd.DataFrame:
        """One row per film (db.catalogue.snapshot), indexed by film_id."""
        films: pd.DataFrame = self.snapshot.films().set_index("film_id", drop=False)
        return films

    @cached_property
    def enhanced(self) -> pd.DataFrame:
        """The enhanced dataset, with the film's countries under "Countries"."""
        return unambiguous(self.snapshot.enhanced_dataset())

    @cached_property
    def names(self) -> Mapping[int, str]:
        """film_id -> "Vertigo (1958), Alfred Hitchcock"; a name is made when it is asked for."""
        return FilmNames(self.films)

    def names_of(self, film_ids: Sequence[int]) -> dict[int, str]:
        """Names of films of the catalogue and of known titles outside of it; an IMDb id where no more is known."""
        outside = [film_id for film_id in film_ids if film_id < 0]
        names = {film_id: self.names.get(film_id, imdb_id_of(film_id)) for film_id in film_ids}
        if outside and self.known_titles is not None:
            with suppress(CatalogueError):  # the answer says what is wrong with the known titles
                for film_id, film in self.known_titles.titles(outside).items():
                    names[film_id] = name_of(film.title, film.year, film.directors)
        return names

    @cached_property
    def directors(self) -> tuple[str, ...]:
        """In the fixed order of their colours: most films with music first, then most films, then alphabetical."""
        firsts = [names[0] if len(names) else "" for names in self.films["directors"].to_numpy()]
        code, written = pd.factorize(np.array(firsts, object))
        names = first_director(pd.DataFrame({"Director": written})).to_list()  # as Mining reads them
        films, heard = Counter[str](), Counter[str]()
        for found, here in ((films, code), (heard, code[self.films["has_music"].to_numpy(bool)])):
            for name, n in zip(names, np.bincount(here, minlength=len(names)).tolist(), strict=True):
                found[name] += n
        return tuple(sorted((name for name in films if name), key=lambda one: (-heard[one], -films[one], one)))

    @cached_property
    def heard(self) -> int:
        """Number of films with music."""
        return int(self.films["has_music"].sum())

    def runs(self, film_id: int) -> Sequence[StoredRun]:
        """The film's runs in order; cached, because a page needs those of the same films in each rerun."""
        return _kept(self._runs, film_id, lambda: tuple(self.snapshot.runs(film_id)))

    def activity(self, film_id: int) -> Activity | None:
        """What is heard in each second of a film; None if it is not analysed. Cached."""
        return _kept(self._activities, film_id, lambda: self.snapshot.activity(film_id))

    def length_s(self, film_id: int) -> int:
        """Analysed length of a film in whole seconds; 0 if it is not analysed."""
        heard = self.activity(film_id)
        return len(heard.label) if heard is not None else 0

    def energy(self, film_id: int) -> pd.DataFrame | None:
        """`energy_curve` of a film. Cached; do not modify it."""
        return _kept(self._energies, film_id, lambda: energy_curve(self, film_id))

    def drawings(self, film_ids: Sequence[int]) -> dict[int, Drawing]:
        """What the prints and colours of these films are drawn from. Cached; the new ones are read at once."""
        found = {film_id: kept for film_id in film_ids if (kept := self._drawings.get(film_id)) is not None}
        new = [film_id for film_id in film_ids if film_id not in found]
        if new:
            summaries, pictures = self.snapshot.summaries_of(new), self.snapshot.pictures(new)
            read = {film_id: (summaries.get(film_id), pictures.get(film_id)) for film_id in new}
            if len(self._drawings) + len(read) > MOST_KEPT:
                self._drawings.clear()
            self._drawings.update(read)
            found |= read
        return found

    @cached_property
    def _drawings(self) -> dict[int, Drawing]:
        """film_id -> what it is drawn from, for about MOST_KEPT films."""
        return {}

    def search(self, text: str, limit: int) -> list[int]:
        """film_ids of the titles that resemble a text, best first, then of films by directors named so."""
        if not text.strip():
            return []
        found = [film.film_id for film in self.snapshot.find_titles(text, limit) if film.film_id is not None]
        part = " ".join(text.casefold().split())
        for name in self.values("directors"):
            if len(found) >= limit:
                break
            if part in name.casefold():
                found += self.films["film_id"].to_numpy()[self.holding("directors", name)].tolist()
        return list(dict.fromkeys(found))[:limit]

    @cached_property
    def _runs(self) -> dict[int, Sequence[StoredRun]]:
        """film_id -> its runs, for at most MOST_KEPT films."""
        return {}

    @cached_property
    def _activities(self) -> dict[int, Activity | None]:
        """film_id -> its activity, about 60 kB, for at most MOST_KEPT films."""
        return {}

    @cached_property
    def _energies(self) -> dict[int, pd.DataFrame | None]:
        """film_id -> the curve of its energy, for at most MOST_KEPT films."""
        return {}

    def values(self, column: str) -> list[str]:
        """The distinct values of a text or list column, most frequent first."""
        return self._held(column).names

    def holding(self, column: str, value: str) -> npt.NDArray[np.bool_]:
        """(n_films,) whether a text or list column of a film contains a value, spelled so."""
        return self._held(column).films_with(value)

    def _held(self, column: str) -> ColumnValues:
        if column not in self._columns:
            self._columns[column] = ColumnValues.of(self.films[column])
        return self._columns[column]

    @cached_property
    def _columns(self) -> dict[str, ColumnValues]:
        """Column -> its values."""
        return {}

    @cached_property
    def shelf(self) -> Shelf:
        """All films, ready to be sorted and filtered."""
        from service.questions.browsing import Shelf  # it imports this module

        return Shelf(self)

    @cached_property
    def is_demo(self) -> bool:
        """Whether the catalogue contains demo films."""
        return bool((self.films["collection"].str.lower().str.contains(DEMO_COLLECTION)).any())


def _kept(known: dict[int, T], film_id: int, read: Callable[[], T]) -> T:
    """What is known of a film; read if it is not, and kept, for at most MOST_KEPT films."""
    if film_id in known:
        with suppress(KeyError):  # another thread may have cleared it
            return known[film_id]
    if len(known) >= MOST_KEPT:
        known.clear()
    found = known[film_id] = read()
    return found


def film_line(film: Film) -> Told:
    """The line below a title: year, directors, minutes, film genres."""
    parts = [
        str(film.year or ""),
        ", ".join(film.directors),
        ", ".join(film.genres[:3]),
        Told("{} min", film.runtime_minutes) if film.runtime_minutes else "",
        Told("rated {:.1f}", film.rating) if film.rating is not None else "",
    ]
    return joined(" · ", [part for part in parts if part])


def segment_table(runs: Sequence[StoredRun]) -> pd.DataFrame:
    """The segment layer: start_s, end_s, then value and probability (percent) of each attribute, one row per run.

    A corrected value replaces the model's and has no probability; the column "as heard" keeps the model's value.
    """
    names = ("genre", *ATTRIBUTES)
    rows = []
    for run in runs:
        row: dict[str, object] = {"start_s": run.start_s, "end_s": run.end_s}
        for name in names:
            percent = None if name in run.corrections else round(100 * getattr(run, f"{name}_p"))
            row |= {name: run.value(name), f"{name}_p": percent}
        row["as heard"] = ", ".join(f"{name} {getattr(run, name)}" for name in run.corrections)
        rows.append(row)
    columns = ["start_s", "end_s", *(key for name in names for key in (name, f"{name}_p")), "as heard"]
    return pd.DataFrame(rows, columns=columns).astype({f"{name}_p": "Int64" for name in names})


def energy_curve(found: OpenCatalogue, film_id: int) -> pd.DataFrame | None:
    """The energy of the music over a film: columns second and energy, one row per window, at the second of its middle.

    Returns:
        The mean level (0 low to 2 high) by the probabilities of each ten-second window; None if only the levels of the
        runs
        are known, because the film's part is missing (a copied snapshot), has another version or contains no windows.
    """
    film, runs = found.snapshot.film(film_id), found.runs(film_id)
    starts = [run.start_s for run in runs]
    for path in found.home.parts.glob(f"{film.media_sha256[:2]}/{film.media_sha256}.*.parquet") if runs else ():
        try:
            part = read_part(path)
        except CatalogueError:
            continue
        as_published = part.model_version == runs[0].model_version and [run.start_s for run in part.runs] == starts
        if as_published and len(part.windows) == len(part.runs):
            pieces = [
                pd.DataFrame(
                    {
                        "second": range(run.start_s + WINDOW_S // 2, run.start_s + WINDOW_S // 2 + len(window.energy)),
                        "energy": window.energy.astype(float) @ np.arange(3),
                    }
                )
                for run, window in zip(part.runs, part.windows, strict=True)
            ]
            return pd.concat(pieces, ignore_index=True)
    return None


def snapshot_id(home: Home) -> str:
    """The id of the snapshot that readers open now; "" if nothing has been published yet.

    Raises:
        CatalogueError: the published catalogue cannot be used.
    """
    if not home.manifest_path.exists() and not any(home.snapshots.iterdir()):
        return ""
    return current_id(home)


def answer_csv(answer: Answer) -> str:
    """The recommendations as CSV: rank, film_id, title, year, directors, score, reasons."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(["rank", "film_id", "title", "year", "directors", "score", "reasons"])
    for rank, result in enumerate(answer.results, 1):
        reasons = "; ".join(f"{reason.words} ({reason.share:+.3f})" for reason in result.reasons)
        film = result.film
        writer.writerow(
            [
                rank,
                film.film_id,
                neutral(film.title),
                film.year or "",
                neutral(", ".join(film.directors)),
                f"{result.score:.4f}",
                neutral(reasons),
            ]
        )
    return sheet.getvalue()


def profiles(home: Home, owner: str) -> list[str]:
    """Names of an owner's saved questions."""
    with State.open(home) as state:
        return state.list_profiles(owner)


def profile(home: Home, name: str, owner: str) -> dict[str, str]:
    """A saved question as URL parameters."""
    with State.open(home) as state:
        return {key: str(value) for key, value in state.get_profile(name, owner).items()}
