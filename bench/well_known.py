"""Print the ten answers to each of forty well-known films for both aims, and the lists that break a rule.

    python -m bench.well_known --catalogue CSV [--plots CSV] [--for like|taste] [--json]

Each film is the only like; weights and variety are the shipped ones. Three rules are checked for each list: for an
animated film the first three answers are animated; if the catalogue has a film of the same series or director, one is
among the first three; and none of the first four has only its year and its rating as reasons.

For 150 films drawn at random among those of which the catalogue has another film of the series (seed 0), it also counts
the lists with one of them among the first three.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.given import existing
from bench.record_catalogue import RecordCatalogue
from csv_table import read_csv
from db.catalogue.text_vectors import TextVectors
from db.home import Home
from db.titles import series_key, title_key
from film import Film
from recommender import Question, Recommendation, Recommender
from recommender.evaluation import encode
from recommender.names import LARGEST_SERIES
from recommender.protocol import RatedCatalogue, read_catalogue
from recommender.question import Aim
from recommender.reasons import NEARLY_NOTHING, SHARED

FILMS = (
    ("Toy Story", 1995), ("The Lion King", 1994), ("Frozen", 2013), ("Finding Nemo", 2003), ("Spirited Away", 2001),
    ("Shrek", 2001), ("The Matrix", 1999), ("Blade Runner", 1982), ("Alien", 1979), ("The Terminator", 1984),
    ("Star Wars: Episode IV - A New Hope", 1977), ("E.T. the Extra-Terrestrial", 1982), ("Jurassic Park", 1993),
    ("Back to the Future", 1985), ("Raiders of the Lost Ark", 1981),
    ("The Lord of the Rings: The Fellowship of the Ring", 2001),
    ("Harry Potter and the Sorcerer's Stone", 2001), ("The Dark Knight", 2008), ("Iron Man", 2008), ("Avatar", 2009),
    ("The Godfather", 1972), ("Goodfellas", 1990), ("Pulp Fiction", 1994), ("The Shawshank Redemption", 1994),
    ("Forrest Gump", 1994), ("Titanic", 1997), ("Schindler's List", 1993), ("Saving Private Ryan", 1998),
    ("Gladiator", 2000), ("Braveheart", 1995), ("The Silence of the Lambs", 1991), ("Se7en", 1995),
    ("The Sixth Sense", 1999), ("The Shining", 1980), ("Psycho", 1960), ("Vertigo", 1958), ("Casablanca", 1942),
    ("Pretty Woman", 1990), ("Groundhog Day", 1993), ("Rocky", 1976),
)  # fmt: skip
FIRST = 3
"""A sequel or a film by the same director must be among the first three."""
SERIES_ASKED = 150
SUPPORTED = 4
"""Among the first four, none may have only its year and its rating as reasons."""


def with_plots(catalogue: RatedCatalogue, catalogue_csv: Path, plots_csv: Path) -> RatedCatalogue:
    """The same films with the plots of a CSV (imdb_id, plot)."""
    plots = {row.cells[0]: row.cells[1] for row in read_csv(plots_csv).rows}
    table = read_csv(catalogue_csv)
    at = table.header.index("imdb_id")
    ids = [row.cells[at] for row in table.rows]
    records = tuple(
        replace(record, film=replace(record.film, plot=plots.get(imdb_id, record.film.plot)))
        for record, imdb_id in zip(catalogue.records, ids, strict=True)
    )
    return replace(catalogue, records=records)


def related(film: Film, other: Film) -> bool:
    """Whether two films are of one series or by one director."""
    return series_key(film.title) == series_key(other.title) or bool(set(film.directors) & set(other.directors))


def supported(film: Film, result: Recommendation) -> bool:
    """Whether an answer has another reason than year and rating: a genre, a name, a country or the plot."""
    return any(
        reason.share > NEARLY_NOTHING
        and (bool(SHARED[reason.block](result.film, film)) if reason.block in SHARED else reason.block == "plot")
        for reason in result.reasons
    )


def found_silly(film: Film, results: Sequence[Recommendation], others: Sequence[Film]) -> list[str]:
    """The rules that a list breaks."""
    broken = []
    if "Animation" in film.genres and not all("Animation" in one.film.genres for one in results[:FIRST]):
        broken.append("not animated first")
    has_relative = any(related(film, other) for other in others if other.film_id != film.film_id)
    if has_relative and not any(related(film, one.film) for one in results[:FIRST]):
        broken.append("no sequel and nothing by the director in front")
    if not all(supported(film, one) for one in results[:SUPPORTED]):
        broken.append("only year and rating")
    return broken


def answers(recommender: Recommender, films: Sequence[Film], aim: Aim) -> Iterator[dict[str, Any]]:
    """The answers to each of FILMS that the catalogue has."""
    by_key = {(title_key(film.title), film.year): film for film in films}
    for title, year in FILMS:
        film = by_key.get((title_key(title), year))
        if film is None:
            yield {"title": title, "year": year, "missing": True}
            continue
        results = recommender.recommend(Question((film.film_id or 0,), aim=aim)).results
        listed = [
            {
                "title": one.film.title,
                "year": one.film.year,
                "score": round(one.score, 3),
                "reasons": [f"{r.block} {r.share:.2f}: {r.words}" for r in one.reasons],
            }
            for one in results
        ]
        yield {"title": title, "year": year, "answers": listed, "broken": found_silly(film, results, films)}


def of_series(films: Sequence[Film], count: int = SERIES_ASKED) -> list[Film]:
    """Films drawn at random among those with another film of the same series."""
    series: dict[str, list[Film]] = {}
    for film in films:
        series.setdefault(series_key(film.title), []).append(film)
    having = [film for same in series.values() if 1 < len(same) <= LARGEST_SERIES for film in same]
    drawn = np.random.default_rng(0).permutation(len(having))[:count]
    return [having[i] for i in drawn]


def in_front(recommender: Recommender, asked: Sequence[Film], aim: Aim) -> int:
    """The number of films with another film of the series among the first three answers."""
    found = 0
    for film in asked:
        results = recommender.recommend(Question((film.film_id or 0,), n=FIRST, aim=aim)).results
        found += any(series_key(one.film.title) == series_key(film.title) for one in results)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=existing, required=True)
    parser.add_argument("--plots", type=existing, help="CSV with imdb_id and plot")
    parser.add_argument("--for", dest="aim", choices=("like", "taste"), action="append")
    parser.add_argument("--home", type=Path, help="keeps the vectors of the plots")
    parser.add_argument("--reasons", action="store_true", help="print the reasons of each answer")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    catalogue = read_catalogue(options.catalogue)
    if options.plots:
        catalogue = with_plots(catalogue, options.catalogue, options.plots)
    matrix = encode(catalogue, TextVectors(Home(options.home)) if options.home else None)
    recommender = Recommender(RecordCatalogue(catalogue.records, matrix))
    films = [record.film for record in catalogue.records]
    found = {aim: list(answers(recommender, films, aim)) for aim in options.aim or ("like", "taste")}
    asked = of_series(films)
    series = {aim: in_front(recommender, asked, aim) for aim in found}
    if options.json:
        print(json.dumps({**found, "series": {"asked": len(asked), **series}}))
        return
    for aim, lists in found.items():
        print(f"\n# {aim}: {sum(bool(one.get('broken')) for one in lists)} lists break a rule")
        print(f"another film of the series among the first three: {series[aim]} of {len(asked)}\n")
        for one in lists:
            print(f"{one['title']} ({one['year']}){': ' + '; '.join(one['broken']) if one.get('broken') else ''}")
            for place, answer in enumerate(one.get("answers", ()), 1):
                print(f"  {place:2} {answer['title']} ({answer['year']}) {answer['score']}")
                if options.reasons:
                    print(f"       {' | '.join(answer['reasons'])}")


if __name__ == "__main__":
    main()
