"""Which words of a table's column "title type" say that a row is no film."""

from __future__ import annotations

import re

_NO_FILMS = re.compile(
    r"series|episod|épisode|folge|serie|série|sorozat|epizód|odcinek|avsnitt|afsnit|bölüm|dizi|сериал|эпизод|シリーズ|"
    r"エピソード|season|staffel|saison|show|game|spiel|jeu|juego|gioco|jogo|игра|ゲーム|podcast|music video|musikvideo|"
    r"clip|person",
    re.IGNORECASE,
)
"""In the languages of IMDb's pages."""


def is_film(kind: str) -> bool:
    """Whether a title type may be a film's: "Movie", "TV-Film", "short", and words that are not known.

    Series, episodes, games, podcasts and music videos are not: "TV Episode", "tvSeries", "TV-Folge", "Videospiel".
    """
    return not _NO_FILMS.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind))
