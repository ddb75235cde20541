"""How often distorted file names are matched to the right film: `python -m bench.imdb_match [--half check] [--json]`.

Takes a catalogue (MovieLens films with director, year and other titles), distorts names in ways that occur in real
collections, and matches them against the catalogue. The rules were developed on the half `develop` only; `check` is
the other half. A tenth of the films is removed from the catalogue first: none of their names may be accepted.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.given import existing, real_data
from db.titles import fold
from ingest.matching import FileName, match
from ingest.matching_names import title_keys
from ingest.matching_titles import Title, TitleIndex, titles_of_csv

SEEDS = {"develop": 4, "check": 5}
TAGS = (
    ".1080p.BluRay.x264-GROUP",
    ".720p.WEB-DL.AAC2.0.H.264",
    ".DVDRip.XviD",
    " [1080p]",
    " (720p BluRay)",
    ".2160p.UHD.REMUX",
    ".REMASTERED.1080p.BRRip.x265.10bit",
    " 480p HDTV x264",
    ".EXTENDED.1080p.BluRay.DTS",
    " [BluRay 1080p] [YTS.MX]",
)
ROMAN = "I II III IV V VI VII VIII IX X".split()  # noqa: SIM905
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
ARTICLE = re.compile(r"^(The|A|An|La|Le|Les|El|Los|Las|Il|Der|Die|Das) (.+)$")


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def on_disk(text: str) -> str:
    """A title without the characters that file systems refuse: / \\ : ? * " < > |."""
    return re.sub(r"\s+", " ", re.sub(r'[/\\:?*"<>|]', " ", text)).strip(" .")


@dataclass(frozen=True)
class Asked:
    """A name in a folder, and the film that it names."""

    style: str
    folders: tuple[str, ...]
    stem: str
    title: Title


Style = Callable[[str, Title, random.Random], str | None]


def article_last(name: str, title: Title, rng: random.Random) -> str | None:
    found = ARTICLE.match(name)
    return f"{found[2]}, {found[1]}" if found else None


def no_accents(name: str, title: Title, rng: random.Random) -> str | None:
    return plain(name) if plain(name) != name else None


def no_apostrophe(name: str, title: Title, rng: random.Random) -> str | None:
    return re.sub("['’]", "", name) if re.search("['’]", name) else None


def ampersand(name: str, title: Title, rng: random.Random) -> str | None:
    if " & " in name:
        return name.replace(" & ", rng.choice([" and ", " "]))
    return name.replace(" and ", " & ") if " and " in name else None


def numerals(name: str, title: Title, rng: random.Random) -> str | None:
    def other(found: re.Match[str]) -> str:
        word = found[0]
        return str(ROMAN.index(word) + 1) if word in ROMAN else ROMAN[int(word) - 1]

    changed = re.sub(r"(?<=\w )(?:(?:II|III|IV|V|VI|VII|VIII|IX)|(?:[2-9]|10))\b(?!['./-])", other, name)
    return changed if changed != name else None


def part_number(name: str, title: Title, rng: random.Random) -> str | None:
    changed = re.sub(r"[,:]?\s*\b(?:Part|Vol\.?|Volume|Episode|Chapter)\s+(?=[IVX\d])", " ", name)
    return changed if changed != name else None


def translation(name: str, title: Title, rng: random.Random) -> str | None:
    if len(title.names) < 2:
        return None
    first, second = title.names[0], title.names[1]
    return f"{second} ({first})" if rng.random() < 0.5 else f"{first} ({second})"


def other_name(name: str, title: Title, rng: random.Random) -> str | None:
    return rng.choice(title.names[1:]) if len(title.names) > 1 else None


def lost_letter(name: str, title: Title, rng: random.Random) -> str | None:
    places = [i for i, c in enumerate(name) if c.isalpha() and i > 0]
    words = {w for w in re.findall(r"\w+", name) if w in ROMAN}
    if len(fold(name).replace(" ", "")) < 4 or words or not places:
        return None
    place = rng.choice(places)
    return name[:place] + name[place + 1 :]


def joined(name: str, title: Title, rng: random.Random) -> str | None:
    gaps = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", name)]
    if not gaps:
        return None
    place = rng.choice(gaps)
    return name[:place] + name[place + 1 :].lower()


def lower(name: str, title: Title, rng: random.Random) -> str | None:
    return name.lower()


def no_punctuation(name: str, title: Title, rng: random.Random) -> str | None:
    changed = re.sub(r"\s+", " ", re.sub(r"[^\w\s]", " ", name)).strip()
    return changed if changed and changed != name else None


def spelt_numbers(name: str, title: Title, rng: random.Random) -> str | None:
    def other(found: re.Match[str]) -> str:
        word = found[0].lower()
        return str(WORDS.index(word)) if word in WORDS else WORDS[int(word)].capitalize()

    changed = re.sub(rf"\b(?:{'|'.join(WORDS[2:])}|[2-9]|1[012])\b(?![,.'/½:-]\w)", other, name, flags=re.IGNORECASE)
    return changed if changed != name and not re.search(r"\d/\d", name) else None


def dash(name: str, title: Title, rng: random.Random) -> str | None:
    return name.replace(": ", " - ") if ": " in name else None


def split_word(name: str, title: Title, rng: random.Random) -> str | None:
    word = re.search(r"[A-Za-z]{8,}", name)
    if word is None:
        return None
    place = rng.randint(word.start() + 3, word.end() - 3)
    return f"{name[:place]} {name[place:]}"


STYLES: dict[str, Style] = {
    "as it is": lambda name, title, rng: name,
    "article last": article_last,
    "no accents": no_accents,
    "no apostrophe": no_apostrophe,
    "and/&": ampersand,
    "numerals": numerals,
    "part number": part_number,
    "translation": translation,
    "other title": other_name,
    "lost letter": lost_letter,
    "joined words": joined,
    "lower case": lower,
    "no punctuation": no_punctuation,
    "spelt numbers": spelt_numbers,
    "dash for colon": dash,
    "split word": split_word,
}

WHOLE_NAMES = ("other title", "translation")
"""Styles that replace the whole name; they are applied first."""


def director_folder(title: Title, rng: random.Random) -> str:
    name = title.directors[0]
    surnames = Counter(director.split()[-1] for director in title.directors)
    surname, times = surnames.most_common(1)[0]
    if times > 1:
        return rng.choice([f"{surname} Brothers", " & ".join(title.directors)])
    words = name.split()
    return rng.choice([name, name, plain(name), words[-1] if len(words[-1]) > 3 else name,
                       f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 else name])  # fmt: skip


def dressed(name: str, title: Title, rng: random.Random, dress: str) -> str:
    """Add a year and release tags to a name."""
    name = on_disk(name)
    if dress == "plain":
        return name
    if dress == "year":
        return f"{name} {rng.choice(['({})', '[{}]']).format(title.year)}"
    if dress == "tags":
        return re.sub(r"[ _]", rng.choice([".", " "]), name) + rng.choice(TAGS)
    if dress == "year and tags":
        return re.sub(" ", ".", name) + f".{title.year}" + rng.choice(TAGS)
    if dress == "underscores":
        return f"{name}_({title.year})".replace(" ", "_") if rng.random() < 0.5 else name.replace(" ", "_")
    return f"{name} ({title.year}){rng.choice([' [1080p]', ' 720p BluRay x264', ' [BluRay]', ' DVDRip'])}"


DRESSES = ("plain", "year", "tags", "year and tags", "underscores", "year, tags")


def names(titles: list[Title], half: str, per_style: int, twice: bool = False, seed: int | None = None) -> list[Asked]:
    """The names of one half of the films, without ambiguous ones (same director and title, no year)."""
    rng = random.Random(SEEDS[half] if seed is None else seed)
    splitter = random.Random(0)
    halves = {title.imdb_id: ("develop", "check")[splitter.random() < 0.5] for title in titles}
    with_name = Counter((title_keys(n).compact, d) for t in titles for n in set(t.names) for d in t.directors)
    with_year = Counter((title_keys(n).compact, t.year) for t in titles for n in set(t.names))
    pool = [t for t in titles if halves[t.imdb_id] == half and t.directors]
    asked: list[Asked] = []
    for style, disturb in STYLES.items():
        rng.shuffle(pool)
        taken = 0
        for title in pool:
            if any(with_name[title_keys(n).compact, d] > 1 for n in title.names for d in title.directors):
                continue
            changed = disturb(title.names[0], title, rng)
            if changed is not None and twice:
                second = rng.choice([way for other, way in STYLES.items() if other not in (style, *WHOLE_NAMES)])
                changed = second(changed, title, rng) or changed
            if changed is None or not on_disk(changed):
                continue
            dress = rng.choice(DRESSES)
            flat = rng.random() < 0.15 and style not in ("lost letter",)
            if flat and any(with_year[title_keys(n).compact, title.year] > 1 for n in title.names):
                continue
            if flat:
                dress = rng.choice(("year", "year and tags", "year, tags"))
            folders = ("films",) if flat else (director_folder(title, rng), "films")
            asked.append(Asked(style, folders, dressed(changed, title, rng, dress), title))
            taken += 1
            if taken == per_style:
                break
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=tuple(SEEDS), default="develop")
    parser.add_argument("--per-style", type=int, default=100)
    parser.add_argument("--catalogue", type=existing)
    parser.add_argument("--absent", type=int, default=10, help="take every so-manieth film out of the catalogue")
    parser.add_argument("--twice", action="store_true", help="disturb each name in a second way as well")
    parser.add_argument("--seed", type=int, help="draw other names and disturbances than the half's usual ones")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="list what was not accepted, or wrongly")
    options = parser.parse_args()
    data = real_data()
    titles = titles_of_csv(options.catalogue or data / "movielens" / "catalogue.csv.gz")
    asked = names(titles, options.half, options.per_style, options.twice, options.seed)
    seed = SEEDS[options.half] if options.seed is None else options.seed
    absent = {one.title.imdb_id for place, one in enumerate(asked) if place % options.absent == 0}
    index = TitleIndex(title for title in titles if title.imdb_id not in absent)
    counts: dict[str, Counter[str]] = {style: Counter() for style in STYLES}
    start = time.perf_counter()
    for one in asked:
        answer = match(FileName(Path(one.stem), one.stem, one.folders), index)
        there = one.title.imdb_id not in absent
        right = there and answer.accepted == one.title.imdb_id
        wrong = answer.accepted is not None and not right
        counts[one.style].update(there=there, absent=not there, right=right, wrong=wrong)
        if options.show and (wrong or (there and not right)):
            best = [(c.title, c.year, c.confidence) for c in answer.candidates[:3]]
            print(
                "WRONG" if wrong else "asked",
                one.style,
                one.folders[0],
                "|",
                one.stem,
                "|",
                one.title.names,
                one.title.year,
                best,
            )
    seconds = time.perf_counter() - start
    total: Counter[str] = sum(counts.values(), Counter())
    if options.json:
        report = {"half": options.half, "seed": seed, "seconds": round(seconds, 2), "names": len(asked)}
        styles = {style: dict(count) for style, count in counts.items()}
        print(json.dumps(report | {"total": dict(total), "styles": styles}))
        return
    for style, count in [*counts.items(), ("all", total)]:
        share = 100 * count["right"] / max(count["there"], 1)
        known = f"{count['there']:5} known, {share:6.2f} % right"
        print(f"{style:15} {known}; {count['absent']:4} absent; {count['wrong']} wrong")
    print(f"{len(asked)} names against {len(index.titles)} titles in {seconds:.1f} s (seed {seed})")


if __name__ == "__main__":
    main()
