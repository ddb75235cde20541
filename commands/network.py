"""Options of `serve` and `api` about the network: proxies and host names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Annotated

import typer

from errors import ParameterError

ProxyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        help="Address or network of a proxy whose X-Forwarded-For is trusted. All others are ignored.",
        metavar="ADDRESS",
    ),
]

HostOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-host",
        help="A host name of this server besides localhost and IP addresses: films.example, or * for any.",
        metavar="NAME",
    ),
]


def checked_prefix(text: str) -> str:
    """The path that an app lies below, without slashes at its ends; "" = none.

    Raises:
        ParameterError: it has characters that an address would write otherwise.
    """
    prefix = text.strip("/")
    if not re.fullmatch(r"[A-Za-z0-9._~/-]*", prefix) or "//" in prefix:
        raise ParameterError(f"--path-prefix {text}: not a plain path. Give letters, digits and - . _ ~ as /films.")
    return prefix


def checked_proxies(named: Sequence[str] | None) -> list[str]:
    """The addresses and networks of proxies, each written in its usual form.

    Raises:
        ParameterError: one is neither.
    """
    proxies = []
    for text in named or ():
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError as error:
            raise ParameterError(
                f"--trusted-proxy {text}: not an address or a network. Give one as 10.0.0.2 or 10.0.0.0/24."
            ) from error
        proxies.append(str(network.network_address) if network.num_addresses == 1 else str(network))
    return proxies
