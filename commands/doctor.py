"""`filmscore doctor`: check a home for missing or damaged data; `--repair` repairs what can be repaired."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from commands.common import HomeOption, JsonOption, console, emit, output
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("doctor")
    def doctor(
        repair: Annotated[bool, typer.Option("--repair", help="Repair: rebuild from state and parts.")] = False,
        home: HomeOption = None,
        as_json: JsonOption = False,
    ) -> None:
        """Check versions, weights, jobs, state, snapshot, index, parts and disk; exit code 3 if something is wrong."""
        from service.admin.checkup import examine
        from service.admin.checkup import repair as mend
        from service.rights.access import LOCAL

        place = Home.at(home)
        done = []
        if repair:
            for line in mend(place, LOCAL):
                done.append(line)
                console.print(line, markup=False, soft_wrap=True)
        findings = list(examine(place))
        well = all(finding.ok for finding in findings)
        if as_json:
            emit({"ok": well, "home": str(place.root), "findings": [asdict(f) for f in findings], "repairs": done})
        else:
            table = Table("", "", "", box=None, show_header=False)
            for finding in findings:
                mark = "[green]ok[/]" if finding.ok else "[red]wrong[/]"
                table.add_row(mark, escape(finding.thing), escape(finding.said))
            output.print(table)
            if not well:
                output.print("Run `filmscore doctor --repair` to repair what can be repaired.")
        raise typer.Exit(0 if well else 3)
