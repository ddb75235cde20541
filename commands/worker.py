"""`filmscore worker`: does the jobs that the app's admins hand in."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from commands.common import HomeOption, console
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("worker")
    def worker(
        once: Annotated[bool, typer.Option("--once", help="End as soon as no job waits.")] = False,
        parent: Annotated[
            int | None, typer.Option("--with-parent", help="End with the process of this number, which started it.")
        ] = None,
        metrics_port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, help="Serve /metrics for Prometheus on this port of this machine."),
        ] = None,
        check: Annotated[bool, typer.Option("--check", help="Only tell whether one works: exit code 0 or 1.")] = False,
        home: HomeOption = None,
    ) -> None:
        """Work through the jobs of this home until stopped; a killed worker's jobs are taken up again."""
        from service.jobs.worker import run_worker, worker_alive

        where = Home.at(home)
        if check:
            raise typer.Exit(0 if worker_alive(where) else 1)
        os.umask(0o077)  # what it writes is for this user only
        console.print(f"working for {where.root} (Ctrl-C stops; a running job goes on next time)", highlight=False)
        if metrics_port is not None:
            from prometheus_client import start_http_server

            from service.admin.metrics import registry_of

            start_http_server(metrics_port, addr="127.0.0.1", registry=registry_of(where))
        run_worker(where, once=once, parent=parent)
