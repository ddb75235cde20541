"""`filmscore models list|install|use`: the models in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from commands.common import HomeOption, output
from db.home import Home
from errors import ParameterError

SHIPPED = "shipped"


def register(app: typer.Typer) -> None:
    models = typer.Typer(
        no_args_is_help=True, help="Manage the models in use: shipped models and locally trained heads."
    )
    app.add_typer(models, name="models")

    @models.command("list")
    def list_(home: HomeOption = None) -> None:
        """List shipped weights and installed heads."""
        from service.library import ears

        table = Table("version", "kind", "from", "used", "sha256")
        own = ears.installed(Home.at(home))
        for weights in ears.shipped():
            table.add_row(f"{weights.name} {weights.version}", weights.kind, SHIPPED, "", weights.sha256[:12])
        for head in own:
            table.add_row(head.version, head.kind, "trained here", "yes" if head.active else "no", head.sha256[:12])
        output.print(table)
        for head in own:
            if head.fault:
                output.print(head.fault, style="red", markup=False, soft_wrap=True)

    @models.command("install")
    def install(
        trained: Annotated[Path, typer.Argument(help="What `filmscore train KIND --out FOLDER` wrote.")],
        home: HomeOption = None,
    ) -> None:
        """Install a trained head in this home."""
        from service.library import ears
        from service.rights.access import LOCAL

        version = ears.install(Home.at(home), LOCAL, trained)
        kind = version.rpartition("-")[0]
        output.print(
            f"{version} installed. Run `filmscore models use {version}` to classify {kind} with it.", soft_wrap=True
        )

    @models.command("use")
    def use(
        version: Annotated[str, typer.Argument(help="An installed version, or `shipped`.")],
        kind: Annotated[str, typer.Argument(help="With `shipped`: the attribute.")] = "",
        home: HomeOption = None,
    ) -> None:
        """Classify an attribute with an installed head, or with the shipped one again."""
        from service.library import ears
        from service.rights.access import LOCAL

        if version == SHIPPED and not kind:
            raise ParameterError(f"shipped: of which attribute? `filmscore models use {SHIPPED} energy`, say.")
        attribute = kind or version.rpartition("-")[0]
        if not attribute:
            raise ParameterError(f"{version}: not an installed head. Run `filmscore models list` to see all.")
        ears.use(Home.at(home), LOCAL, attribute, None if version == SHIPPED else version)
        output.print(
            "Films analysed before keep their values. Run `filmscore ingest` to analyse them again.", soft_wrap=True
        )
