"""Print the rooms, their sizes and their imports; `--write` updates the picture in docs/architecture.md.

python -m bench.rooms [--write]

The picture shows the rooms of one layer side by side and omits the arrows that skip a layer: imports may go to any
lower layer, which `lint-imports` checks.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
DIVIDED = ("service", "models", "db")
"""Packages whose sub-packages count as rooms."""
PACKAGES = ("commands", "views", "service", "recommender", "mining", "ingest", "db", "models", "media", "studio")
_BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def room_of(module: str) -> str:
    """The room of a module: `service.jobs` for `service.jobs.worker`, `views` for `views.film`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in DIVIDED and len(parts) > 2 else parts[0]


def arrows() -> Counter[tuple[str, str]]:
    """Number of modules of one room that import a module of another, by (room, room)."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        targets = {room_of(other) for other in graph.find_modules_directly_imported_by(module)}
        found.update((room_of(module), target) for target in targets if target != room_of(module))
    return found


def longest_ways(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The transitive reduction of the arrows, sorted: without those that a longer path replaces."""
    below: dict[str, set[str]] = {}
    for upper, lower in pairs:
        below.setdefault(upper, set()).add(lower)

    def reach(start: str, seen: set[str]) -> set[str]:
        for target in below.get(start, ()):
            if target not in seen:
                seen.add(target)
                reach(target, seen)
        return seen

    return sorted(
        (upper, lower)
        for upper, lowers in below.items()
        for lower in lowers
        if not any(lower in reach(other, set()) for other in lowers - {lower})
    )


def picture() -> str:
    """The rooms as a Mermaid flow chart."""
    pairs = [pair for pair in arrows() if not {pair[0], pair[1]} & set(DIVIDED)]
    lines = [f"    {upper} --> {lower}" for upper, lower in longest_ways(pairs)]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def sizes() -> list[tuple[str, int, int]]:
    """(room, modules, lines of code) of every room, the largest first."""
    modules: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if path.name != "__init__.py":
                room = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
                modules[room] += 1
                lines[room] += len(path.read_text("utf-8").splitlines())
    return sorted(((room, modules[room], lines[room]) for room in modules), key=lambda row: -row[2])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the picture into docs/architecture.md")
    if parser.parse_args().write:
        PAGE.write_text(_BLOCK.sub(lambda _: picture(), PAGE.read_text("utf-8"), count=1), encoding="utf-8")
        return
    for room, modules, lines in sizes():
        print(f"{room:20} {modules:4} modules {lines:6} lines")
    found = arrows()
    circles = sorted(pair for pair in found if pair[::-1] in found and pair[0] < pair[1])
    print(f"{len(sizes())} rooms, {len(found)} arrows, circles: {circles or 'none'}")


if __name__ == "__main__":
    main()
