"""`filmscore api`: the HTTP API for other programs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from commands.common import HomeOption, console, output
from commands.network import HostOption, ProxyOption, checked_proxies
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("api")
    def api(
        host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=1, max=65535)] = 8502,
        allowed_host: HostOption = None,
        trusted_proxy: ProxyOption = None,
        home: HomeOption = None,
    ) -> None:
        """Serve /films, /recommend, /sounds-like, /health, and /jobs for who has a token; documentation at /docs."""
        import uvicorn

        from service.api.routes import create_app
        from service.rights.hosts import Hosts

        proxies = checked_proxies(trusted_proxy)
        os.umask(0o077)  # what it writes is for this user only
        console.print(f"filmscore API on http://{host}:{port}/docs", markup=False)
        served = Hosts(create_app(Home.at(home)), allowed_host or ())
        uvicorn.run(served, host=host, port=port, log_level="warning", forwarded_allow_ips=proxies)

    tokens = typer.Typer(no_args_is_help=True, help="Tokens of programs that write through the HTTP API.")
    app.add_typer(tokens, name="api-token")

    @tokens.command("new")
    def new(name: Annotated[str, typer.Argument(help="Of the program.")], home: HomeOption = None) -> None:
        """Make a token; it is shown once."""
        from service.rights.access import LOCAL, new_api_token

        output.print(new_api_token(Home.at(home), LOCAL, name), markup=False, highlight=False, soft_wrap=True)

    @tokens.command("list")
    def list_(home: HomeOption = None) -> None:
        """The names of all tokens."""
        from service.rights.access import LOCAL, api_tokens

        for name in api_tokens(Home.at(home), LOCAL):
            output.print(name, markup=False)

    @tokens.command("revoke")
    def revoke(name: Annotated[str, typer.Argument(help="Of the program.")], home: HomeOption = None) -> None:
        """End a token."""
        from service.rights.access import LOCAL, revoke_api_token

        revoke_api_token(Home.at(home), LOCAL, name)
