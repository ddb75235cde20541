"""`filmscore serve`: the app on this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.common import HomeOption, console
from commands.network import HostOption, ProxyOption, checked_prefix, checked_proxies
from db.home import Home
from errors import ParameterError
from service.languages import VARIABLE, Language

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "views" / "front" / "app.py"
"""Streamlit finds theme, limits and fonts next to it, in a checkout and in an installed wheel."""

PROXIES = "FORWARDED_ALLOW_IPS"
"""Uvicorn's variable for the proxies that may report visitors' addresses; without it, Uvicorn trusts everybody on this
machine."""


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except socket.gaierror as error:
            raise ParameterError(
                "localhost: this machine knows no such address. Add the line `127.0.0.1 localhost` to /etc/hosts."
            ) from error
        except OSError as error:
            raise ParameterError(
                f"--port {port}: cannot be used ({error.strerror}). Stop what uses it, or choose another."
            ) from error


def _start_worker(home: Home) -> None:
    """Start a worker that ends with this process, even when that is killed."""
    from db.secret_files import without_secrets
    from ingest.jellyfin import Jellyfin
    from ingest.plex import Plex

    worker = [sys.executable, "-m", "cli", "worker", "--with-parent", str(os.getpid()), "--home", str(home.root)]
    subprocess.Popen(
        worker,
        cwd=ROOT,
        env=without_secrets(os.environ, but=(Jellyfin.key_name, Plex.key_name)),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def register(app: typer.Typer) -> None:
    @app.command("serve")
    def serve(
        port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8501,
        address: Annotated[
            str, typer.Option(help="Address to listen on; localhost accepts this machine only.")
        ] = "localhost",
        allowed_host: HostOption = None,
        trusted_proxy: ProxyOption = None,
        path_prefix: Annotated[
            str, typer.Option(help="Path of the app behind a proxy that does not remove it: films for /films/.")
        ] = "",
        language: Annotated[
            Language | None, typer.Option(help="Language of the pages; without it, each visitor's browser decides.")
        ] = None,
        no_worker: Annotated[bool, typer.Option("--no-worker", help="Do not start a worker with the app.")] = False,
        home: HomeOption = None,
    ) -> None:
        """Serve the app, with a worker for its admins' jobs; it opens no browser and sends nothing anywhere."""
        from service.jobs.alone import worker_alive
        from service.listening.listeners import LOCAL_VARIABLE, is_local_only
        from service.rights.access import has_password, setup_token
        from service.rights.oidc import provider_from_environment
        from service.rights.upload_limits import MESSAGE_MB, PAGE_MB

        proxies = checked_proxies(trusted_proxy)
        prefix = checked_prefix(path_prefix)
        provider_from_environment()  # reports invalid settings now
        where = Home.at(home)
        where.check_writable("The app keeps sessions, lists and uploads there.")
        os.umask(0o077)  # only this user may read what the process writes
        _check_free(port)
        base = f"http://localhost:{port}/{prefix}".rstrip("/")
        console.print(f"filmscore is at {base} (Ctrl-C stops it)", highlight=False)
        if not has_password(where):
            link = f"{base}/sign_in?setup={setup_token(where)}"
            console.print(
                f"To add films there, choose an admin password first: {link}", highlight=False, soft_wrap=True
            )
        if not no_worker and not worker_alive(where):
            _start_worker(where)
        options = {
            "server.port": port,
            "server.address": address,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.maxUploadSize": PAGE_MB,
            "server.baseUrlPath": prefix,
            "browser.gatherUsageStats": False,
            "server.maxWidgetStateSize": MESSAGE_MB,
            "server.enableAgentApi": False,  # its requests carry no cookie
            "client.showErrorDetails": "none",
            "logger.level": "warning",
        }
        asked = json.dumps({"script": str(APP), "allowed": allowed_host or [], "options": options})
        command = [sys.executable, "-m", "commands.app_process", asked]
        local = str(int(is_local_only(address, allowed_host or (), proxies)))
        environment = os.environ | {
            "FILMSCORE_HOME": str(where.root),
            PROXIES: ",".join(proxies),
            LOCAL_VARIABLE: local,
        }
        if language:
            environment[VARIABLE] = language
        os.chdir(ROOT)  # not the visitor's folder, which may hold settings of another Streamlit app
        sys.stdout.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # Replaces this process, so that stopping this command stops the app.
        os.execve(sys.executable, command, environment)  # noqa: S606

    @app.command("forget-password")
    def forget(home: HomeOption = None) -> None:
        """Reset the admin password and end all sessions; the next `serve` prints a link to choose a new one."""
        from service.rights.access import LOCAL, forget_password

        forget_password(Home.at(home), LOCAL)
        console.print("Password reset. Restart `filmscore serve` and open the link that it prints.", soft_wrap=True)
