"""More of something, less of something else: traits of films that add to a score, in addition to its blocks.

A trait is one number a film (its energy, its share of jazz, whether it is a Western). It acts as a further block of
width one: z(x) = (v(x) - mean) / standard deviation over the films whose value is known, within +-MOST_DEVIATIONS,
and 0 where it is unknown. The score becomes score(x) + STRENGTH (sum of z over `more` - sum of z over `less`). So
among answers without variety, the mean z of a requested trait cannot decrease.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

from db.catalogue.run_facts import RunFacts
from film import GENRES, LEVELS
from recommender.question import Effect, Question, Reason, Recommendation
from told import Told

Float64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

STRENGTH = 0.15
"""What one standard deviation of a trait adds to a score, or takes from it."""
MOST_DEVIATIONS = 3.0
LAST = 2.0
"""What `less director` takes from films of a like's director: more than the rest of a score, so that they come last."""
UNKNOWN = "{} {}: nothing of this name is known of any film here; it is left out."
ALIKE = "{} {}: the same for all films here; it changes nothing."
SAME_DIRECTOR = ("director", "same director", "the same director")
OPPOSITES: Mapping[str, tuple[str, bool]] = {
    "calm": ("energy", False), "calmer": ("energy", False), "quiet": ("energy", False),
    "energetic": ("energy", True), "loud": ("energy", True), "wild": ("energy", True),
    "dark": ("valence", False), "darker": ("valence", False), "sad": ("valence", False),
    "bright": ("valence", True), "brighter": ("valence", True), "happy": ("valence", True),
    "cheerful": ("valence", True), "mood": ("valence", True), "danceable": ("danceability", True),
    "fast": ("tempo_bpm", True), "faster": ("tempo_bpm", True), "tempo": ("tempo_bpm", True),
    "slow": ("tempo_bpm", False), "slower": ("tempo_bpm", False),
    "beat regularity": ("tempo_confidence", True),
    "acoustic": ("acousticness", True), "instrumental": ("instrumentalness", True), "sung": ("instrumentalness", False),
}  # fmt: skip
"""A word -> the trait it is about, and whether more of the word is more of the trait."""
WORDS = {"tempo_bpm": Told("tempo"), "tempo_confidence": Told("beat regularity")}
"""A trait whose name is no word -> how it is called."""
_DECADE = re.compile(r"^(?:the )?(\d{3}0|[2-9]0)'?s$")


@runtime_checkable
class HeardRuns(Protocol):
    """A catalogue that knows the tags of its runs; a snapshot does."""

    def run_facts(self) -> RunFacts: ...


class KnownTraits(Protocol):
    """Traits of films, or of runs."""

    def values(self, name: str) -> Float64 | None: ...
    def directed(self, rows: Rows) -> Float64: ...


class Traits:
    """The traits of a catalogue's films, in the order of its matrix."""

    def __init__(
        self,
        films: pd.DataFrame,
        summaries: pd.DataFrame,
        film_ids: npt.NDArray[np.int64],
        runs: Callable[[], RunFacts] | None = None,
    ) -> None:
        """
        Args:
            runs: reads what is known of all runs; asked for only if a trait is found nowhere else.
        """
        self._films = films.set_index("film_id").reindex(film_ids)
        self._summaries = summaries.set_index("film_id").reindex(film_ids)
        self._film_ids, self._runs = film_ids, runs

    def values(self, name: str) -> Float64 | None:
        """(n,) the trait of each film, NaN where it is unknown; None if nothing of this name is known of any film.

        Args:
            name: an attribute, a music genre, a further attribute, a film genre, a decade or a tag, in lower case.
        """
        for found in (self.heard(name), self.known(name)):
            if found is not None:
                return found
        return self._tagged(name)

    def directed(self, rows: Rows) -> Float64:
        """(n,) 1 for films that share a director with one of the given rows, else 0."""
        held = [frozenset(map(str.casefold, names)) for names in self._films["directors"]]
        wanted = frozenset().union(*(held[row] for row in rows))
        return np.array([not wanted.isdisjoint(names) for names in held], np.float64)

    def heard(self, name: str) -> Float64 | None:
        """(n,) a trait of the films' music: an attribute, a music genre, a further attribute."""
        table = self._summaries
        if name in LEVELS and len(table):
            shares = table[[f"{name}_{level}" for level in LEVELS[name]]].to_numpy(np.float64)
            return np.where(shares.sum(axis=1) > 0, shares @ np.arange(3) / 100, np.nan)
        if name in GENRES:
            shares = table[list(GENRES)].to_numpy(np.float64)
            return np.where(shares.sum(axis=1) > 0, shares[:, GENRES.index(name)], np.nan)
        if "further" not in table:
            return None
        further = [one.get(name, np.nan) if isinstance(one, Mapping) else np.nan for one in table["further"]]
        values = np.array(further, np.float64)
        return values if np.isfinite(values).any() else None

    def known(self, name: str) -> Float64 | None:
        """(n,) a trait from the films' metadata: a decade, a film genre."""
        decade = _DECADE.match(name)
        if decade:
            years = pd.to_numeric(self._films["year"]).to_numpy(np.float64)
            return np.where(np.isnan(years), np.nan, years // 10 * 10 == int(decade[1]) + 1900 * (len(decade[1]) == 2))
        has = np.array([name in {str(one).casefold() for one in names} for names in self._films["genres"]], np.float64)
        return has if has.any() else None

    def _tagged(self, name: str) -> Float64 | None:
        """The mean of a tag over each film's runs, weighted by their seconds."""
        if self._runs is None:
            return None
        facts = self._runs()
        values = {tag.casefold(): column for tag, column in facts.named.items()}.get(name)
        if values is None:
            return None
        at = np.searchsorted(self._film_ids, facts.film_ids)
        here = at < len(self._film_ids)
        here[here] = self._film_ids[at[here]] == facts.film_ids[here]
        seconds = (facts.end_s - facts.start_s).astype(np.float64)[here]
        n = len(self._film_ids)
        total = np.bincount(at[here], seconds, n)
        summed = np.bincount(at[here], np.nan_to_num(values[here]) * seconds, n)  # a tag that is not kept is near 0
        means: Float64 = np.divide(summed, total, out=np.full(n, np.nan), where=total > 0)
        return means


@dataclass(frozen=True, eq=False)
class Wish:
    """One requested trait."""

    name: str
    is_more: bool
    values: Float64
    """(n,)"""
    bonus: Float64
    """(n,) what it adds to each film's score"""


@dataclass(frozen=True, eq=False)
class Steering:
    """What a question's `more` and `less` add to the films' scores."""

    wishes: tuple[Wish, ...]
    notices: tuple[str, ...]

    @classmethod
    def of(cls, question: Question, traits: KnownTraits, likes: Rows) -> Steering:
        """Read the traits that a question names; those that nothing is known of are named in the notices."""
        wishes: list[Wish] = []
        notices: list[str] = []
        for is_more, names in ((True, question.more), (False, question.less)):
            for said in names:
                name, same_way = OPPOSITES.get(said, (said, True))
                values = traits.directed(likes) if name in SAME_DIRECTOR else traits.values(name)
                option = "`more`" if is_more else "`less`"
                if values is None:
                    notices.append(Told(UNKNOWN, option, said))
                    continue
                apart = deviations(values)
                if not apart.any():
                    notices.append(Told(ALIKE, option, said))
                    continue
                upwards = is_more == same_way
                if name in SAME_DIRECTOR:
                    name, apart = SAME_DIRECTOR[0], apart if upwards else values * (LAST / STRENGTH)
                wishes.append(Wish(name, upwards, values, (1.0 if upwards else -1.0) * STRENGTH * apart))
        return cls(tuple(wishes), tuple(notices))

    def bonus(self, n: int) -> Float64:
        """(n,) what all wishes together add."""
        return sum((wish.bonus for wish in self.wishes), np.zeros(n))

    def explained(self, results: Sequence[Recommendation], rows: Rows) -> list[Recommendation]:
        """The results of a search whose prior held the bonus too, with a reason for each wish; shares sum as before."""
        found = []
        for result, row in zip(results, rows, strict=True):
            own = [
                Reason("more" if wish.is_more else "less", float(wish.bonus[row]), _words(wish, int(row)))
                for wish in self.wishes
            ]
            total = sum(reason.share for reason in own)
            others = [
                Reason("prior", reason.share - total, reason.words) if reason.block == "prior" else reason
                for reason in result.reasons
            ]
            ordered = sorted([*others, *own], key=lambda reason: -reason.share)
            found.append(Recommendation(result.film, result.score, tuple(ordered), result.because, result.note))
        return found

    def effects(self, before: Rows, after: Rows) -> tuple[Effect, ...]:
        """The mean of each trait over the answers without the wishes, and over those with them."""
        return tuple(
            Effect(wish.name, wish.is_more, _mean(wish.values[before]), _mean(wish.values[after]))
            for wish in self.wishes
        )


def deviations(values: Float64) -> Float64:
    """(n,) standard deviations from the mean of the known values, within +-MOST_DEVIATIONS; 0 where unknown."""
    known = np.isfinite(values)
    spread = float(values[known].std()) if known.any() else 0.0
    if spread < 1e-12:
        return np.zeros(len(values))
    apart = np.where(known, (values - values[known].mean()) / spread, 0.0)
    clipped: Float64 = np.clip(apart, -MOST_DEVIATIONS, MOST_DEVIATIONS)
    return clipped


def _mean(values: Float64) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _words(wish: Wish, row: int) -> str:
    asked = asked_words(wish.is_more, wish.name)
    value = wish.values[row]
    if wish.name in SAME_DIRECTOR:
        return Told("by the same director" if value else "by another director")
    if not np.isfinite(value):
        return Told("{}: unknown for this film", asked)
    amounts = (amount_words(wish.name, one) for one in (value, _mean(wish.values)))
    return Told("{}: {} (all films: {})", asked, *amounts)


def asked_words(is_more: bool, name: str) -> Told:
    """The request in words: "More energy; less guitar"."""
    return Told("more {}" if is_more else "less {}", WORDS.get(name, Told(name)))


def amount_words(name: str, amount: float | None) -> Told:
    """How much of a trait a film has, with its unit: "117 BPM"."""
    if amount is None:
        return Told("unknown")
    if name == "tempo_bpm":
        return Told("{:.0f} BPM", amount)
    return Told("{:.0f}" if abs(amount) >= 99.5 else "{:.2g}", amount)
