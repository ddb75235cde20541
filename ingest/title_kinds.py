"""Which words of a table's column "title type" say that a row is no film."""

from __future__ import annotations

import re
import unicodedata

_SERIES = (
    r"series|serie|serial|sorozat|sarja|dizi|season|staffel|saison|\bshow\b|сериал|серіал|σειρα|مسلسل|סדר|シリース|시리즈|剧|劇|"
    r"सीरीज"
)
_EPISODES = (
    r"episod|epizod|folge|odcinek|avsnitt|afsnit|aflevering|jakso|bolum|эпизод|епізод|επεισοδιο|حلقة|פרק|エヒソート|에피소드|"
    r"集|एपिसोड"
)
_GAMES = (
    r"game|spiel(?!film)|\bjeux?\b|juego|gioco|jogo|(?:\b|video|data|tv-?)spel\b|(?:\b|video)spill?\b|(?:\b|video)peli\b|"
    r"gra wideo|oyun|игра|гра\b|παιχνιδι|لعبة|משחק|ケーム|게임|游戏|遊戲|गेम"
)
_OTHERS = r"podcast|music video|musikvideo|clip|person"
_NO_FILMS = re.compile("|".join((_SERIES, _EPISODES, _GAMES, _OTHERS)), re.IGNORECASE)
"""In the languages of IMDb's pages, without their accents."""


def is_film(kind: str) -> bool:
    """Whether a title type may be a film's: "Movie", "TV-Film", "short", and words that are not known.

    Series, episodes, games, podcasts and music videos are not: "TV Episode", "tvSeries", "TV-Folge", "Videospiel".
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)
    return not _NO_FILMS.search(_without_accents(words))


def _without_accents(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)  # Korean syllables whole again
