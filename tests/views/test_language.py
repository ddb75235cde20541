"""The fan's pages in another language: every text goes through its table, and the table has every text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import get_args

import pytest
import streamlit as st

from db.home import Home
from errors import ParameterError
from film import ATTRIBUTES, GENRES, KEYS, LABELS, LEVELS
from mining.correlation import FOCUS
from mining.preprocess import METADATA_FEATURES, MUSIC_FEATURES, PRESENT, SAID_AND_SEEN
from mining.separation import PRESETS, Source
from models.pictures.faces import EXPRESSIONS
from service.figures.mining_room import CORRECTIONS
from service.figures.sound_print import NO_MUSIC, NOT_ANALYSED
from service.languages import VARIABLE, Language
from service.library.backups import disk_use
from service.library.servers import SERVERS
from service.questions.comparing import MEASURES
from service.questions.lists import GIVEN
from tests.views.conftest import Open
from tests.views.test_pages import words
from told import Sentence, Told, listed
from views import language
from views.first_start import UNITS
from views.words import de, de_told

VIEWS = Path(language.__file__).parent
PAGES = ("discover", "films", "film", "sounds_like", "lists", "compare", "tonight", "map")
PARTS = (
    "answers",
    "film_heading",
    "film_neighbours",
    "film_scenes",
    "filters",
    "first_start",
    "frame",
    "links",
    "map_canvas",
    "media_server",
    "more_less",
    "navigation",
    "outside",
    "player",
    "question",
    "ratings_upload",
    "saved_searches",
    "scenes",
    "share",
    "submitting",
    "wall",
)
PARTS += ("film_curves", "film_figures", "film_senses", "sound_print", "surprise", "titles", "undo")
STUDY = ("about", "mining", "mining_directors", "validity")
"""Pages for people who study films."""
ADMINS = ("add_films", "by_ear", "data", "jobs", "library", "models", "overview", "sign_in")
FANS = (*PAGES, *PARTS, *STUDY, *ADMINS)
STAY = {"ALL", "ANY", "FOR_PHONES", "EXAMPLE_TITLE", "PATHS", "TAKES_FILES", "TRAITS", "WATCH"}
"""Constants that are values of addresses or of stored data; where they are shown, they are said at that place."""
SHOW = ("st.", "frame.", "links.", "left.", "right.", "middle.")
"""What shows its arguments."""
TEXT = re.compile(r"[A-Z][a-z]+|[a-z]{2,} [a-z]{2,}")
HIDDEN = re.compile(r"<[^>]*>|\{[^}]*\}|:material/\w+:|^[\w-]+$|^[a-z-]+\.(html|css|csv|wav)$")
"""What of a literal nobody reads as text: tags, icons, keys, file names."""
HEARD = {*GENRES, *KEYS, *LABELS, *ATTRIBUTES, "genre", *(level for levels in LEVELS.values() for level in levels)}
HEARD |= {NOT_ANALYSED, NO_MUSIC}


PLAIN = {"accuracy", "guessing"}
"""Single words, which cannot be distinguished from names."""
HEARD_FURTHER = ("acousticness", "instrumentalness")
FACE_WORDS = ("much laughter", "much sadness", "much anger", "much fear", "much surprise")


def german(text: str) -> str:
    """A text as a page shows it if German is requested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, Language.GERMAN)
        return language.say(text)


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse((VIEWS / f"{name}.py").read_text("utf-8"))


@cache
def _constants(name: str) -> dict[str, tuple[str, ...]]:
    """Constant of a module -> its texts."""
    found: dict[str, tuple[str, ...]] = {}
    for statement in _tree(name).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            value = statement.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
            for one, given in pairs:
                texts = given.values if isinstance(given, ast.Dict) else getattr(given, "elts", [given])
                texts = [text.elts[0] if isinstance(text, ast.Tuple) and text.elts else text for text in texts]
                texts = [text for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]
                if isinstance(one, ast.Name) and texts:
                    found[one.id] = tuple(str(text.value) for text in texts)
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("views."):
            module = str(statement.module).removeprefix("views.")
            known = _constants(module) if module in FANS else {}
            found |= {one.asname or one.name: known[one.name] for one in statement.names if one.name in known}
    return found


def _functions(name: str) -> Iterator[ast.FunctionDef]:
    return (one for one in _tree(name).body if isinstance(one, ast.FunctionDef))


def _is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"


@pytest.mark.parametrize("name", FANS)
def test_no_cache_shows_its_own_english_while_one_waits(name: str) -> None:
    waiting = [node for node in ast.walk(_tree(name)) if isinstance(node, ast.keyword) and node.arg == "show_spinner"]
    assert all(isinstance(node.value, ast.Constant) and node.value.value is False for node in waiting)


def _said(name: str) -> set[str]:
    """The texts that a module gives to `say`, as far as they stand in it."""
    texts: set[str] = set()
    for call in (node for function in _functions(name) for node in ast.walk(function) if _is_said(node)):
        for node in ast.walk(call.args[0]):  # type: ignore[attr-defined]
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEXT.search(node.value):
                texts.add(node.value)
            elif isinstance(node, ast.Name):
                texts.update(_constants(name).get(node.id, ()))
    return texts


def _bypassing(module: str) -> list[str]:
    """Texts that a module shows without `say`: constants of its head, and literals within functions."""
    found = []
    for function in _functions(module):
        said = {id(part) for node in ast.walk(function) if _is_said(node) for part in ast.walk(node)}
        quiet = {id(part) for node in ast.walk(function) if isinstance(node, ast.Compare) for part in ast.walk(node)}
        quiet |= {id(part) for node in function.decorator_list for part in ast.walk(node)}  # spinners
        quiet |= {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}  # docstrings
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        quiet |= {id(part) for one in calls if ast.unparse(one.func) == "log_event" for part in ast.walk(one)}
        for one in calls:
            given = [*one.args, *(keyword.value for keyword in one.keywords)]
            names = [arg.id for arg in given if isinstance(arg, ast.Name) and arg.id not in STAY]
            shown = ast.unparse(one.func).startswith(SHOW)
            heads = [name for name in names if TEXT.search("".join(_constants(module).get(name, ())))]
            found += [f"{module}.py:{one.lineno}: {name}" for name in heads if shown]
        for node in ast.walk(function):
            if id(node) in said | quiet:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                seen = HIDDEN.sub("", node.value)
                seen = re.sub(r'<[^>]*$|^[^<]*>|[\w-]+="', "", seen)
                if TEXT.search(seen):
                    found.append(f"{module}.py:{node.lineno}: {node.value!r}")
    return found


TOLD = sorted(
    path
    for room in ("recommender", "mining", "ingest", "service")
    for path in (VIEWS.parent / room).rglob("*.py")
    if re.search(r"\b(Told|Sentence)\(", path.read_text("utf-8"))
)
"""Modules whose sentences are built from data."""


def _templates(path: Path) -> set[str]:
    """The templates that a module gives to `Told`, if they are literals or constants of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    head: dict[str, ast.expr] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=True))
            head |= {one.id: given for one, given in pairs if isinstance(one, ast.Name)}
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        if ast.unparse(call.func) not in ("Told", "Sentence"):
            continue
        pieces = {id(part) for one in ast.walk(call.args[0]) if isinstance(one, ast.JoinedStr) for part in one.values}
        for node in ast.walk(call.args[0]):
            if id(node) in pieces:
                continue
            within = ast.walk(head[node.id]) if isinstance(node, ast.Name) and node.id in head else [node]
            found |= {str(one.value) for one in within if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {one for one in found if LETTERS.search(re.sub(r"\{[^}]*\}", "", one))}


FIGURES = sorted((VIEWS.parent / "service" / "figures").glob("*.py"))
"""Modules whose words `figure_words` says."""
LETTERS = re.compile(r"[A-Za-z]")


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.stem)
def test_german_has_every_sentence_that_is_built_from_data(path: Path) -> None:
    assert sorted(_templates(path) - de.GERMAN.keys()) == []


def test_a_sentence_is_told_with_all_that_is_within_it() -> None:
    said = Told("{}, as in {}", listed([Told("crime"), Told("drama")]), "Drama and crime")
    assert german(said) == "Krimi und Drama, wie in Drama and crime", "names stay as they are"
    assert german(Sentence("{}.", Told("rated {:.1f} by {:,} people", 7.25, 12000))) == (
        "Von 12.000 Menschen mit 7,2 bewertet."
    )


def test_answers_are_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    said = words(open_page(filled.root, "discover", like="1,7"))
    why = re.findall(r'<p class="fs-sentence" dir="auto">(.+?)</p>|<li><span>(.+?)</span>', said)
    assert len(why) > 20
    english = re.compile(r"\b(the|and|rated|both|with|same|years?|people|music|sounds)\b")
    assert [one for one in why if english.search("".join(one))] == []


@pytest.mark.parametrize("name", FANS)
def test_german_has_every_text(name: str) -> None:
    assert sorted(_said(name) - de.GERMAN.keys()) == []


@pytest.mark.parametrize("name", FANS)
def test_no_text_is_shown_past_the_tables(name: str) -> None:
    assert _bypassing(name) == []


def test_the_check_finds_a_text_that_is_shown_past_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (
        "LIKE = 'Like'\ndef show():\n    st.button('Like this film')\n    st.button(say(LIKE))\n    st.button(LIKE)\n"
    )
    monkeypatch.setitem(globals(), "_tree", lambda name: ast.parse(page))
    monkeypatch.setitem(globals(), "_constants", lambda name: {"LIKE": ("Like",)})
    assert _bypassing("page") == ["page.py:5: LIKE", "page.py:3: 'Like this film'"]


def test_german_has_no_text_that_no_page_says(filled: Home) -> None:
    modules = FANS
    nodes = [node for name in modules for node in ast.walk(_tree(name)) if isinstance(node, ast.Constant)]
    held = {node.value for node in nodes if isinstance(node.value, str)} | disk_use(filled).keys()
    drawn = [node for path in FIGURES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    held |= {node.value for node in drawn if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    held |= {part.removesuffix("</extra>") for text in held for part in text.split("<extra>")}
    said = {text for name in modules for text in _said(name)}
    units = {text for pair in UNITS for text in pair}
    told = {text for path in TOLD for text in _templates(path)}
    dynamic = {*EXPRESSIONS, *get_args(Source), *FOCUS, *CORRECTIONS.values(), *(one.unit for one in MEASURES.values())}
    dynamic |= {*HEARD_FURTHER, *PLAIN, *(server.key_from for server in SERVERS.values())}
    dynamic |= {*MUSIC_FEATURES, *METADATA_FEATURES, *SAID_AND_SEEN, *PRESENT, "Music Genres", "Metadata"}
    dynamic |= {"exact", "permutation", *PRESETS}
    library = _constants("library")
    fields = (*library["TEXTS"], *library["NUMBERS"], *library["LISTS"])
    dynamic |= {name.replace("_", " ").capitalize() for name in fields}
    dynamic |= {*de_told.FILM_GENRES, *de_told.PARTS, *(f"{one} in the faces" for one in FACE_WORDS)}
    assert sorted(de.GERMAN.keys() - held - said - units - HEARD - set(GIVEN) - told - dynamic) == []
    assert units <= de.GERMAN.keys()


@pytest.mark.parametrize("english", de.GERMAN)
def test_a_translation_takes_the_same_values(english: str) -> None:
    def fields(text: str) -> list[tuple[str, str | None]]:
        """Place and format of each field; German may put them in another order by numbers."""
        held = [(field, form) for _, field, form, _ in Formatter().parse(text) if field is not None]
        return sorted((field or str(place), form) for place, (field, form) in enumerate(held))

    assert fields(de.GERMAN[english]) == fields(english)


@pytest.mark.parametrize(
    ("served", "browser", "expected"),
    [("", "de-AT", "de"), ("", "fr-FR", "en"), ("", None, "en"), ("en", "de-DE", "en"), ("de", "en-GB", "de")],
)
def test_the_language_is_the_served_one_else_the_browsers_else_english(
    served: str, browser: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, served)
    monkeypatch.setattr(st, "context", SimpleNamespace(locale=browser))
    assert language.language() == expected
    assert language.say("Undo") == {"de": "Rückgängig", "en": "Undo"}[expected]
    assert language.say("Page {:,} of {:,}", 2, 3000) == {"de": "Seite 2 von 3.000", "en": "Page 2 of 3,000"}[expected]


def test_an_error_is_said_in_the_language_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ParameterError(Told("{}: no such file or folder.", "/films/{Heat}"))
    plain = ParameterError("{Heat}: only in English.")
    assert str(missing) == language.say_error(missing) == "/films/{Heat}: no such file or folder."
    monkeypatch.setenv(VARIABLE, "de")
    assert language.say_error(missing) == "/films/{Heat}: Diese Datei oder diesen Ordner gibt es nicht."
    assert language.say_error(plain) == str(plain)
    assert language.say_error(OSError(2, "gone")) == "[Errno 2] gone" and language.say_error(ParameterError()) == ""


def test_every_language_that_can_be_served_has_a_table() -> None:
    assert set(language.TABLES) == set(Language)


def test_lists_are_german_where_german_is_served(
    filled: Home, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    app = open_page(filled.root, "lists")
    said = words(app)
    assert not app.exception and "Hier ist noch nichts" in said and "Nothing is here" not in said
