"""The films of a catalogue to look through: filtered, sorted, by first letter, by pages; and rows to begin with."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.following import in_place
from db.titles import title_key
from film import BOUNDS, LEVELS
from recommender.question import Filters, Question
from service.questions.app_data import DEMO_COLLECTION, OpenCatalogue
from service.questions.link import to_params

PAGE_FILMS = 36
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ#")
"""First characters of titles; # is anything except a Latin letter."""
SORTS = {
    "title": ("key", True),
    "newest": ("year", False),
    "oldest": ("year", True),
    "added": ("added", False),
    "rated": ("rating", False),
    "calm": ("energy", True),
    "energetic": ("energy", False),
    "slow": ("tempo", True),
    "fast": ("tempo", False),
    "music": ("music", False),
}
"""Name in an address -> the column of the shelf, and whether it ascends. Films without a value come last."""
PEOPLE = ("directors", "writers", "composers", "cast")
"""Columns that name people."""
HEARD_SORTS = ("calm", "energetic", "slow", "fast", "music")
"""Sorts by what was heard."""


@dataclass(frozen=True)
class Wanted:
    """Which films are looked at, and how; the address of the page Films says it."""

    text: str = ""
    """A part of the title; case and accents do not count."""
    genre: str = ""
    country: str = ""
    person: str = ""
    """Directs, writes, composes or plays."""
    collection: str = ""
    decade: int | None = None
    """Its first year."""
    letter: str = ""
    heard: bool = False
    """Only films whose music was heard."""
    sort: str = "title"
    page: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Wanted:
        """The view that an address requests; invalid parameters get their defaults."""
        text = {name: params.get(name, "").strip() for name in ("text", "genre", "country", "person", "collection")}
        decade = params.get("decade", "")
        whole = int(decade) // 10 * 10 if decade.isdecimal() and len(decade) < 5 else None
        low, high = BOUNDS["year"]
        page = params.get("page", "")
        return cls(
            **text,
            decade=whole if whole is not None and low // 10 * 10 <= whole <= high else None,
            letter=params.get("letter", "") if params.get("letter", "") in LETTERS else "",
            heard=params.get("heard") == "1",
            sort=params.get("sort", "") if params.get("sort", "") in SORTS else "title",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        )

    def params(self) -> dict[str, str]:
        """The parameters of the address; defaults are omitted."""
        plain = Wanted()
        changed = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: "1" if value is True else str(value)
            for name, value in changed.items()
            if value != getattr(plain, name)
        }

    def but(self, **changes: object) -> Wanted:
        """The same with changes, from the first page on."""
        return replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Page:
    """One page of the requested films."""

    film_ids: tuple[int, ...]
    total: int
    number: int
    pages: int
    letters: frozenset[str]
    """First letters of the films that all but the letter lets pass"""


@dataclass(frozen=True)
class Row:
    """A few films to begin with, and the question that they answer."""

    name: str
    film_ids: tuple[int, ...]
    page: str
    """The page that has the whole answer: films, or discover"""
    params: Mapping[str, str]
    about: str = ""
    """A director or a title that the row is about"""


def first_letter(key: str) -> str:
    """A to Z, or #, of a title's key."""
    letter = unicodedata.normalize("NFKD", key[:1]).upper()[:1]
    return letter if letter in LETTERS else "#"


class Shelf:
    """All films of a catalogue, ready to be sorted and filtered; made once for a snapshot."""

    def __init__(self, found: OpenCatalogue) -> None:
        self._found = found
        self._orders: dict[str, npt.NDArray[np.intp]] = {}

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per film, indexed by film_id: what films are sorted and filtered by."""
        return self._table_of(np.arange(len(self._found.films)), self._found.snapshot.summaries())

    def follow(self, before: Shelf, rows: npt.NDArray[np.intp]) -> None:
        """Take over the table of an earlier catalogue and its orders, if the films that changed differ in neither.

        Args:
            rows: (n,) each film's row there; -1: it is new, or it changed.
        """
        new = np.flatnonzero(rows < 0)
        if "table" not in before.__dict__ or not in_place(rows, len(before.table)):
            return
        film_ids = self._found.films.index[new].tolist()
        if self._table_of(new, self._found.snapshot.summaries(film_ids)).equals(before.table.iloc[new]):
            for name in {"table", "_letters", "_by_title"} & before.__dict__.keys():
                self.__dict__[name] = before.__dict__[name]
            self._orders = dict(before._orders)

    def _table_of(self, rows: npt.NDArray[np.intp], summaries: pd.DataFrame) -> pd.DataFrame:
        """The rows of `table` of some films, from their summaries."""
        films = self._found.films.iloc[rows]
        keys = pd.Series(self._found.snapshot.title_keys[rows], films.index, "str")
        summaries = summaries.set_index("film_id").reindex(films.index)
        heard = films["has_music"].to_numpy(bool)
        levels = summaries[[f"energy_{level}" for level in LEVELS["energy"]]].to_numpy(float)
        music = summaries["music_present"].fillna(summaries["music"])
        tempo = [one.get("tempo_bpm", np.nan) if isinstance(one, dict) else np.nan for one in summaries["further"]]
        return pd.DataFrame(
            {
                "key": keys,
                "year": pd.to_numeric(films["year"]).astype(float),
                "rating": pd.to_numeric(films["rating"]).astype(float),
                "added": films["added_at"].astype(str),
                "heard": heard,
                "energy": np.where(heard, levels @ np.arange(3) / 100, np.nan),
                "tempo": tempo,
                "music": np.where(heard, music, np.nan),
                "demo": films["collection"].astype(str).str.lower().str.contains(DEMO_COLLECTION, regex=False),
            },
            index=films.index,
        )

    @cached_property
    def _letters(self) -> npt.NDArray[np.int8]:
        """(n,) the first letter of each film, by its place in LETTERS."""
        keys = self._found.snapshot.title_keys.tolist()
        starts, which = np.unique([key[:1] for key in keys], return_inverse=True)
        return np.array([LETTERS.index(first_letter(start)) for start in starts], np.int8)[which]

    @cached_property
    def _by_title(self) -> npt.NDArray[np.intp]:
        """Positions of all films by title."""
        return self.table["key"].reset_index(drop=True).sort_values(kind="stable").index.to_numpy()

    def _order(self, sort: str) -> npt.NDArray[np.intp]:
        """Positions of all films in this order, equal ones by title; cached."""
        if sort not in self._orders:
            column, ascending = SORTS[sort]
            titles = self._by_title
            if column != "key":
                ordered = self.table[column].reset_index(drop=True).iloc[titles]
                titles = ordered.sort_values(ascending=ascending, na_position="last", kind="stable").index.to_numpy()
            self._orders[sort] = titles
        return self._orders[sort]

    def _passing(self, wanted: Wanted) -> npt.NDArray[np.bool_]:
        """(n,) films that all but the letter lets pass."""
        films, table = self._found.films, self.table
        passing = np.ones(len(films), bool)
        for column, name in (("genres", wanted.genre), ("countries", wanted.country)):
            if name:
                passing &= self._found.holding(column, name)
        if wanted.person:
            named = [part for part in PEOPLE if part in films]  # a catalogue of an earlier version has fewer
            passing &= np.any([self._found.holding(part, wanted.person) for part in named], axis=0)
        if wanted.collection:
            passing &= (films["collection"] == wanted.collection).to_numpy(bool)
        if wanted.decade is not None:
            passing &= (table["year"] // 10 * 10 == wanted.decade).to_numpy(bool)
        if wanted.heard or wanted.sort in HEARD_SORTS:
            passing &= table["heard"].to_numpy(bool)
        if wanted.text:
            key = title_key(wanted.text)
            passing &= table["key"].str.contains(key, regex=False).to_numpy(bool)
        return passing

    def page(self, wanted: Wanted) -> Page:
        """The films of one page, in order; the last page if the number is too large."""
        passing = self._passing(wanted)
        letters = frozenset(LETTERS[i] for i in np.unique(self._letters[passing]))
        if wanted.letter:
            passing &= self._letters == LETTERS.index(wanted.letter)
        order = self._order(wanted.sort)
        places = order[passing[order]]
        pages = max(1, -(-len(places) // PAGE_FILMS))
        number = min(wanted.page, pages)
        shown = places[(number - 1) * PAGE_FILMS : number * PAGE_FILMS]
        return Page(tuple(int(one) for one in self.table.index[shown]), len(places), number, pages, letters)

    def scored_by(self, composer: str) -> tuple[int, ...]:
        """Films whose music this composer wrote, best rated first."""
        films = self._found.films
        if "composers" not in films:  # a catalogue of an earlier version
            return ()
        passing = self._found.holding("composers", composer)
        order = self._order("rated")
        return tuple(int(one) for one in self.table.index[order[passing[order]]])

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Rows of films to begin with, no film twice; films that were rendered for the demo come after real ones."""
        return _rows(self._found, self)


ROW_FILMS, FEWEST = 6, 3
"""Films of a row; a row of fewer is left out."""


def _rows(found: OpenCatalogue, shelf: Shelf) -> tuple[Row, ...]:
    used: set[int] = set()
    rows = []

    def take(name: str, film_ids: Sequence[int], page: str, params: Mapping[str, str], about: str = "") -> None:
        new = [one for one in film_ids if one not in used]
        new.sort(key=lambda one: bool(shelf.table.at[one, "demo"]))  # stable: the order within stays
        if len(new) >= FEWEST:
            used.update(new[:ROW_FILMS])
            rows.append(Row(name, tuple(new[:ROW_FILMS]), page, params, about))

    def sorted_by(sort: str) -> None:
        wanted = Wanted(sort=sort)
        take(sort, _first(shelf, wanted), "films", wanted.params())

    heard = found.heard >= FEWEST  # films to look at are films with a sound print, where there are some
    loved = found.recommender.starters(2 * ROW_FILMS, Filters(with_music=heard))
    take(
        "loved",
        [film.film_id or 0 for film in loved if film.rating is not None],
        "films",
        Wanted(sort="rated", heard=heard).params(),
    )
    if found.heard:
        best = shelf.table[shelf.table["heard"]].sort_values(["demo", "rating"], ascending=[True, False]).index[0]
        question = Question(likes=(int(best),), music=1.0, variety=0.0, n=2 * ROW_FILMS)
        like = [result.film.film_id or 0 for result in found.recommender.recommend(question).results]
        take("sounds-like", like, "discover", to_params(replace(question, n=10)), found.snapshot.film(int(best)).title)
    sorted_by("calm")
    sorted_by("energetic")
    sorted_by("fast")
    sorted_by("music")
    composers = found.values("composers") if "composers" in found.films else []
    makers = (("composer", composers[:1]), ("director", found.directors[:1]))
    for name, person in ((name, one) for name, most in makers for one in most):
        wanted = Wanted(person=person, sort="rated")
        take(name, _first(shelf, wanted), "films", wanted.params(), person)
    sorted_by("added")
    return tuple(rows)


def _first(shelf: Shelf, wanted: Wanted) -> Sequence[int]:
    return shelf.page(wanted).film_ids
