"""Who a folder names: "Polanski", "Pedro Almodovar", "Hitchcock, Alfred", "Coen Brothers", "Joel & Ethan Coen"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from db.titles import fold

_KIN = frozenset({"brothers", "brother", "bros", "sisters", "sister", "the", "and"})
_SHELF_NAMES = (
    "films film movies movie videos video media cinema collection new old misc other classics dvd bluray blu ray hd "
    "uhd action adventure animation biography comedy crime documentary drama family fantasy noir history horror "
    "music musical mystery romance sci fi science fiction short sport thriller war western unsorted downloads "
    "trilogy saga series kids favourites favorites best watched unwatched watchlist anime animated foreign silent "
    "jellyfin kodi plex emby nas english german french spanish italian dutch dubbed subbed complete incoming done "
    "filme peliculas film francais deutsch spielfilme kinderfilme home shows show tv concerts"
)
_SHELF_WORDS = frozenset(_SHELF_NAMES.split())
_SET_NAMES = (
    "collection trilogy tetralogy quadrilogy pentalogy hexalogy duology dilogy saga anthology boxset series franchise "
    "complete reihe sammlung filmreihe integrale coleccion trilogie trilogia"
)
_SET_WORDS = frozenset(_SET_NAMES.split())
_MEDIA_WORDS = frozenset({"films", "movies", "videos", "media", "new", "collection", "filme", "peliculas"})
_DATED = re.compile(r"[^\W\d_].*[(\[](?:18|19|20)\d\d[)\]]")
_SHELF = re.compile(r"(?:[a-z]|\d+s?|(?:19|20)\d\ds?|\d+p|\d+k)")
_BETWEEN_PEOPLE = re.compile(r"\s*(?:[&+,]|\band\b)\s*", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[{].*?[)\]}]")
_SHORTEST_MISSPELT = 5
_NEAR = 86.0
_NEARLY = 0.97
"""Evidence of a misspelt director, where 1 is one spelt right."""


class Directors:
    """The directors of a set of titles."""

    def __init__(self, titles: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        """Args: (id of a title, its directors)."""
        self._titles: dict[str, set[str]] = defaultdict(set)
        for imdb_id, directors in titles:
            for director in directors:
                self._titles[fold(director)].add(imdb_id)
        self._with_word: dict[str, set[str]] = defaultdict(set)
        for name in self._titles:
            for word in name.split():
                self._with_word[word].add(name)
        self._names = sorted(name for name in self._titles if name)

    def titles_by(self, folder: str) -> dict[str, float]:
        """Id of each title by the person whom a folder names -> confidence in (0, 1]; empty: no such director.

        All of a director's names must be in the folder, or the folder's in the director's with the last one among
        them ("Polanski"); "Brothers" and "&" leave it open whose first names are meant. Else each of several people
        by a name of their own ("Powell & Pressburger"), the surname of several ("The Coens"), the nearest spelling.
        """
        plain = _BRACKETED.sub(" ", folder)
        named = [word for word in fold(plain).split() if word not in _KIN | _SET_WORDS]
        if not named or self.is_shelf(folder):
            return {}
        found = self._spelt(named)
        if not found:
            people = [part for part in _BETWEEN_PEOPLE.split(plain) if part.strip()]
            each = [self.titles_by(part) for part in people] if len(people) > 1 else []
            if each and all(each):
                return {imdb_id: sure for titles in each for imdb_id, sure in titles.items()}
        if not found and len(named) == 1 and named[0].endswith("s"):
            found = self._spelt([named[0][:-1]])
        found = found or self._misspelt(" ".join(named))
        return {imdb_id: sure for name, sure in found.items() for imdb_id in self._titles[name]}

    def _spelt(self, named: list[str]) -> dict[str, float]:
        asked = set(named)
        found: dict[str, float] = {}
        for name in set().union(*(self._with_word.get(word, ()) for word in named)):
            theirs = [word for word in name.split() if word not in _KIN] or name.split()
            ours_in_theirs = asked <= set(theirs) and theirs[-1] in asked
            theirs_in_ours = set(theirs) <= asked and (len(theirs) > 1 or len(named) == 1)
            if ours_in_theirs or theirs_in_ours or _same_but_initials(named, theirs):
                found[name] = 1.0
        return found

    def _misspelt(self, name: str) -> dict[str, float]:
        if len(name.replace(" ", "")) < _SHORTEST_MISSPELT:
            return {}
        near = process.extract(name, self._names, scorer=fuzz.ratio, limit=2)
        return {known: _NEARLY for known, nearness, _ in near if nearness >= _NEAR}

    @staticmethod
    def is_full_name(folder: str) -> bool:
        """Whether a folder is named as a person may be: several words, no figures, none that shelves have."""
        words = fold(folder).split()
        return len(words) > 1 and "".join(words).isalpha() and not _SHELF_WORDS & set(words)

    @staticmethod
    def is_shelf(folder: str) -> bool:
        """Whether a folder's name is one of shelves ("Movies", "Sci-Fi", "1990s", "A"), not of people."""
        words = fold(folder).split()
        if _DATED.search(folder) and not _MEDIA_WORDS & set(words):  # "Kids (1995)" is a film
            return False
        return all(word in _SHELF_WORDS or _SHELF.fullmatch(word) for word in words)

    @staticmethod
    def is_set(folder: str) -> bool:
        """Whether a folder is named as a set of films is: "Alien Collection", "The Dollars Trilogy"."""
        words = fold(_BRACKETED.sub(" ", folder)).split()
        return bool(words) and (words[-1] in _SET_WORDS or words[-2:] == ["box", "set"])

    @staticmethod
    def set_name(folder: str) -> str:
        """The name of a set without words such as "Collection": "Alien" of "Alien Collection [1979-1997]"."""
        words = _BRACKETED.sub(" ", folder).replace("_", " ").split()
        while words and (fold(words[-1]) in _SET_WORDS or fold(words[-1]) in ("box", "set", "")):
            words.pop()
        return " ".join(words)


def _same_but_initials(ours: list[str], theirs: list[str]) -> bool:
    """ "Paul T Anderson" and "Paul Thomas Anderson"; "Alejandro Gonzalez Inarritu" and "Alejandro G. Iñárritu"."""
    return (
        len(ours) > 1
        and len(ours) == len(theirs)
        and ours[-1] == theirs[-1]
        and all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in zip(ours, theirs, strict=True))
    )
