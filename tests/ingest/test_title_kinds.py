"""Title types in the languages of IMDb's pages."""

from __future__ import annotations

import pytest

from ingest.title_kinds import is_film

NO_FILMS = """TV Series|TV Mini Series|tvMiniSeries|TV Episode|tvEpisode|Video Game|videoGame|Podcast Series
|Podcast Episode|Music Video|Fernsehserie|Miniserie|TV-Folge|Videospiel|Episode|Série télévisée|Épisode TV|Jeu vidéo
|Serie de TV|Episodio de TV|Videojuego|Serie TV|Episodio TV|Videogioco|Série de TV|Episódio de TV|Jogo eletrônico
|Serial TV|Odcinek serialu|Gra wideo|TV-serie|TV-avsnitt|Videospel|Tv-afsnit|Videospil|Videospill|Aflevering|TV-sarja
|Jakso|Videopeli|TV Dizisi|Bölüm|Video Oyunu|Сериал|Эпизод|Видеоигра|テレビシリーズ|エピソード|ビデオゲーム
|TV 시리즈|에피소드
|비디오 게임|电视剧|剧集|电子游戏|टीवी सीरीज़|टीवी एपिसोड|वीडियो गेम|Τηλεοπτική σειρά|Επεισόδιο|مسلسل|حلقة|TV sorozat
|Epizód|Televizní seriál""".replace("\n", "").split("|")
FILMS = """Movie|movie|Feature Film|TV Movie|tvMovie|Short|TV Short|Video|Documentary|Spielfilm|Fernsehfilm|Kurzfilm
|Film|Téléfilm|Court-métrage|Película|Largometraje|Película de TV|Cortometraggio|Filme|Speelfilm|Spelfilm|Spillefilm
|Elokuva|Фильм|映画|电影|영화|फ़िल्म|Ταινία|Film telewizyjny|""".replace("\n", "").split("|")


@pytest.mark.parametrize("kind", NO_FILMS)
def test_series_episodes_and_games_are_no_films(kind: str) -> None:
    assert not is_film(kind)


@pytest.mark.parametrize("kind", FILMS)
def test_films_are_films(kind: str) -> None:
    assert is_film(kind)
