"""`filmscore api`: the HTTP API for other programs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from commands.common import HomeOption, console, output
from commands.network import HostOption, ProxyOption, checked_proxies
from db.home import Home
from errors import ParameterError

EVERYTHING = "everything"
USUAL_DAYS = 365


def register(app: typer.Typer) -> None:
    @app.command("api")
    def api(
        host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 accepts other machines.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8502,
        allowed_host: HostOption = None,
        trusted_proxy: ProxyOption = None,
        closed: Annotated[
            list[str] | None,
            typer.Option(help="Require a token for: docs, metrics, answers, clips or everything. Repeatable."),
        ] = None,
        embed_in: Annotated[
            list[str] | None,
            typer.Option(help="A site that may show films in a frame: https://example.org. Repeatable."),
        ] = None,
        home: HomeOption = None,
    ) -> None:
        """Serve /films, /recommend, /sounds-like, /health, and /jobs with a token; documentation at /docs."""
        import uvicorn

        from service.api.gate import AREAS
        from service.api.routes import create_app
        from service.figures.embed import checked_origins
        from service.listening.listeners import LOCAL_VARIABLE, is_local_only
        from service.rights.arriving import arriving
        from service.rights.headers import API, API_DOCS, SecurityHeaders
        from service.rights.hosts import Hosts

        proxies = checked_proxies(trusted_proxy)
        areas = set(AREAS if EVERYTHING in (closed or ()) else closed or ())
        if unknown := sorted(areas - set(AREAS)):
            known = f"{', '.join(AREAS)} or {EVERYTHING}"
            raise ParameterError(f"--closed {unknown[0]}: the API has no such part. Choose {known}.")
        where = Home.at(home)
        where.check_writable("The API keeps tokens, jobs and clips there.")
        os.environ[LOCAL_VARIABLE] = str(int(is_local_only(host, allowed_host or (), proxies)))
        os.umask(0o077)  # only this user may read what the process writes
        console.print(f"filmscore API on http://{host}:{port}/docs", markup=False)
        guarded = Hosts(create_app(where, closed=areas, embed_in=checked_origins(embed_in or ())), allowed_host or ())
        served = SecurityHeaders(guarded, API, {"/docs": API_DOCS, "/redoc": API_DOCS})
        with arriving(where):
            uvicorn.run(
                served, host=host, port=port, log_level="warning", server_header=False, forwarded_allow_ips=proxies
            )

    tokens = typer.Typer(no_args_is_help=True, help="Manage the tokens of programs that use the HTTP API.")
    app.add_typer(tokens, name="api-token")

    @tokens.command("new")
    def new(
        name: Annotated[str, typer.Argument(help="Name of the program.")],
        scope: Annotated[
            str, typer.Option(help="read: answers; hear: also clips; admin: also jobs. Open areas need no token.")
        ] = "admin",
        days: Annotated[int, typer.Option(help="Days until the token expires; 0: never.", min=0)] = USUAL_DAYS,
        home: HomeOption = None,
    ) -> None:
        """Create a token; it is shown only once."""
        from service.rights.access import LOCAL, new_api_token

        token = new_api_token(Home.at(home), LOCAL, name, scope, days or None)
        output.print(token, markup=False, highlight=False, soft_wrap=True)

    @tokens.command("list")
    def list_(home: HomeOption = None) -> None:
        """List all tokens with their scope and expiry."""
        from service.rights.access import LOCAL, api_tokens
        from service.rights.api_tokens import now, said

        for name, token in api_tokens(Home.at(home), LOCAL).items():
            output.print(said(name, token, now()), markup=False, soft_wrap=True)

    @tokens.command("revoke")
    def revoke(name: Annotated[str, typer.Argument(help="Name of the program.")], home: HomeOption = None) -> None:
        """End a token."""
        from service.rights.access import LOCAL, revoke_api_token

        revoke_api_token(Home.at(home), LOCAL, name)
