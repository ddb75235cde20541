"""`filmscore recommend`: I liked these films; what should I watch next, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, option_words, output
from db.home import Home

if TYPE_CHECKING:
    from recommender import Answer, Recommendation

Titles = list[str] | None
SMALLEST_SHARE = 0.0005
"""A smaller share would be printed as 0.000; the JSON has all shares."""


def _table(results: Sequence[Recommendation], title: str = "", *, several_likes: bool) -> Table:
    from service.questions.asking import name_of

    table = Table("", "film", "score", "why", show_lines=True, title=title or None)
    for rank, result in enumerate(results, 1):
        why = "\n".join(
            f"{reason.share:+.3f} {reason.block}: {reason.words}"
            for reason in result.reasons
            if abs(reason.share) >= SMALLEST_SHARE
        )
        by = f"\n{', '.join(result.film.directors)}" if result.film.directors else ""
        note = f"\n{result.note}" if result.note else ""
        near = f"near {'; '.join(name_of(cause.film) for cause in result.because)}\n" if several_likes else ""
        table.add_row(str(rank), name_of(result.film) + by, f"{result.score:.3f}", near + why + note)
    return table


def _show(answer: Answer) -> None:
    from service.questions.asking import effect_words

    for notice in answer.notices:
        console.print(option_words(notice), markup=False)
    for effect in answer.effects:
        console.print(effect_words(effect), markup=False)
    several = len(answer.likes) > 1
    if answer.results:
        output.print(_table(answer.results, several_likes=several), markup=False)
    if answer.unowned:
        output.print(_table(answer.unowned, "Films that you don't have", several_likes=several), markup=False)


def register(app: typer.Typer) -> None:
    @app.command("recommend")
    def recommend(
        like: Annotated[
            Titles, typer.Option("--like", help='A film you liked: title, or "Title (Year)"; repeatable.')
        ] = None,
        dislike: Annotated[Titles, typer.Option("--dislike", help="A film you did not like; repeatable.")] = None,
        seen: Annotated[Titles, typer.Option("--seen", help="A film to leave out; repeatable.")] = None,
        music: Annotated[
            float | None,
            typer.Option(help="0: compare only what films are about; 1: only how they sound.", show_default="0.5"),
        ] = None,
        variety: Annotated[
            float | None,
            typer.Option(help="0: the best scores; 1: films that differ as much as possible.", show_default="0.1"),
        ] = None,
        n: Annotated[int | None, typer.Option("-n", help="How many films.", show_default="10")] = None,
        year_from: Annotated[int | None, typer.Option("--year-from", help="Earliest year.")] = None,
        year_to: Annotated[int | None, typer.Option("--year-to", help="Latest year.")] = None,
        genre: Annotated[str | None, typer.Option("--genre", help="A film genre, such as Drama.")] = None,
        country: Annotated[str | None, typer.Option("--country", help="A country of production.")] = None,
        director: Annotated[str | None, typer.Option("--director", help="Who directed.")] = None,
        composer: Annotated[str | None, typer.Option("--composer", help="Who wrote the music.")] = None,
        collection: Annotated[str | None, typer.Option("--collection", help="Only films of this collection.")] = None,
        with_music: Annotated[bool, typer.Option("--with-music", help="Only films whose music is analysed.")] = False,
        max_per_director: Annotated[
            int | None, typer.Option("--max-per-director", help="Most films of one director.")
        ] = None,
        aim: Annotated[
            str | None,
            typer.Option(
                "--for",
                help="like: films like these; taste: films for somebody of this taste.",
                show_default="like up to three likes, else taste; a profile is a taste",
            ),
        ] = None,
        mix: Annotated[
            str | None,
            typer.Option(
                "--mix",
                help="Weights that replace --music: sound=.4,about=.3,picture=.1,dialogue=.1,faces=.1.",
            ),
        ] = None,
        more: Annotated[
            Titles,
            typer.Option("--more", help="What the films should have more of: energy, jazz, guitar, Western, 1970s."),
        ] = None,
        less: Annotated[
            Titles, typer.Option("--less", help="What the films should have less of; director: not the same directors.")
        ] = None,
        also_unowned: Annotated[
            bool,
            typer.Option("--also-unowned", help="Also list films that you do not have, from IMDb's loaded files."),
        ] = False,
        profile: Annotated[str | None, typer.Option("--profile", help="A saved taste profile to start from.")] = None,
        ratings: Annotated[
            Path | None,
            typer.Option(
                "--ratings", help="Ratings exported by IMDb, Letterboxd, Trakt or MovieLens, as likes and dislikes."
            ),
        ] = None,
        save_profile: Annotated[
            str | None, typer.Option("--save-profile", help="Save this taste under a name.")
        ] = None,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Recommend films like those you name, and say why. Without likes: films to start with.

        The shares of the reasons sum to the score.
        """
        from db.catalogue.snapshot import Snapshot
        from recommender import Filters, Recommender
        from recommender.question import mix_from_text
        from service.questions.asking import Wish, answer_document, question_of
        from service.questions.known_titles import KnownTitles
        from service.questions.profiles import profile_question, save, together

        filters = Filters(year_from, year_to, genre, country, director, collection, with_music, composer)
        said: dict[str, Any] = {"music": music, "variety": variety, "n": n, "max_per_director": max_per_director}
        said |= {"aim": aim, "mix": mix_from_text(mix) if mix is not None else None}
        named: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        named |= {name: tuple(words) for name, words in (("more", more), ("less", less)) if words}
        if music is not None and mix is None:
            named["mix"] = None  # the slider, not a profile's mix
        if filters != Filters():
            named["filters"] = filters
        if also_unowned:
            named["also_unowned"] = True
        wish = Wish(tuple(like or ()), tuple(dislike or ()), tuple(seen or ()), **named)
        place = Home.at(home)
        with Snapshot.open(place) as snapshot:
            known_titles = KnownTitles.beside(place, snapshot)
            question = question_of(snapshot, wish, known_titles)
            if profile:
                question = together(profile_question(place, snapshot, profile), question, named)
                question = replace(question, aim=question.aim or "taste")
            if ratings:
                from service.questions.ratings_import import liked_films, with_ratings

                found = liked_films(snapshot, ratings, known_titles)
                question = with_ratings(question, found)
                for line in found.notices:
                    console.print(line, markup=False)
            answer = Recommender(snapshot, known_titles=known_titles).recommend(question)
        if save_profile:
            save(place, save_profile, question)
        if as_json:
            emit(answer_document(answer))
        else:
            _show(answer)
