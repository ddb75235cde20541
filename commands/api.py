"""`filmscore api`: the HTTP API for other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.common import HomeOption, console
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("api")
    def api(
        host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=1, max=65535)] = 8502,
        home: HomeOption = None,
    ) -> None:
        """Serve /films, /recommend, /sounds-like and /health; documentation at /docs."""
        import uvicorn

        from service.http_api import create_app

        console.print(f"filmscore API on http://{host}:{port}/docs", markup=False)
        uvicorn.run(create_app(Home.at(home)), host=host, port=port, log_level="warning")
