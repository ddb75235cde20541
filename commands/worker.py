"""`filmscore worker`: runs the jobs that the app's admins submit."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from commands.common import HomeOption, console
from db.home import Home


def register(app: typer.Typer) -> None:
    @app.command("worker")
    def worker(
        once: Annotated[bool, typer.Option("--once", help="Exit when no job is queued.")] = False,
        parent: Annotated[
            int | None,
            typer.Option("--with-parent", help="Exit when the process with this id, which started it, has ended."),
        ] = None,
        metrics_port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, help="Serve /metrics for Prometheus on this port of this machine."),
        ] = None,
        check: Annotated[
            bool, typer.Option("--check", help="Only check whether a worker is running: exit code 0 or 1.")
        ] = False,
        home: HomeOption = None,
    ) -> None:
        """Run the jobs of this home until stopped; jobs of a killed worker are requeued."""
        from service.jobs.alone import worker_alive
        from service.jobs.worker import run_worker

        where = Home.at(home)
        if check:
            raise typer.Exit(0 if worker_alive(where) else 1)
        os.umask(0o077)  # only this user may read what the process writes
        console.print(f"working for {where.root} (Ctrl-C stops; a running job resumes next time)", highlight=False)
        if metrics_port is not None:
            from prometheus_client import start_http_server

            from service.admin.metrics import registry_of

            start_http_server(metrics_port, addr="127.0.0.1", registry=registry_of(where))
        run_worker(where, once=once, parent=parent)
