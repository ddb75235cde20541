"""A browser's side of the app: its cookies, its websocket, and what a page says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol


def cookie_header(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


@dataclass
class Shown:
    """What a run of the page's script sent."""

    text: str = ""
    fragments: set[str] = field(default_factory=set)
    buttons: dict[str, str] = field(default_factory=dict)
    """Label -> widget id."""
    leads_to: str = ""
    """Where the browser is sent by `st.login`."""


@dataclass
class Tab:
    """An open page."""

    connection: ClientConnection
    session_id: str = ""

    def run(self, page: str = "", fragment: str = "", click: str = "", query: str = "") -> Shown:
        """Run the page's script for an address, or one of its fragments, with a button pressed; what it shows.

        A page that runs by itself meanwhile is waited for, too: its messages come first.
        """
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        asked.rerun_script.fragment_id = fragment
        if click:
            asked.rerun_script.widget_states.widgets.add(id=click, trigger_value=True)
        self.connection.send(asked.SerializeToString())
        shown = Shown()
        while True:
            message = ForwardMsg()
            message.ParseFromString(bytes(self.connection.recv(timeout=120)))  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind == "auth_redirect":
                shown.leads_to = message.auth_redirect.url
            elif kind == "delta":
                shown.text += "\n".join(words(message.delta.new_element)) + "\n"
                if message.delta.fragment_id:
                    shown.fragments.add(message.delta.fragment_id)
                button = message.delta.new_element.button
                if button.label:
                    shown.buttons[button.label] = button.id
            elif kind == "script_finished":
                return shown


def words(message: Message) -> Iterator[str]:
    """Every text in a message."""
    for descriptor, value in message.ListFields():
        for one in value if descriptor.is_repeated else [value]:
            if isinstance(one, Message):
                yield from words(one)
            elif isinstance(one, str):
                yield one


@contextmanager
def tab(address: str, cookies: Mapping[str, str] | None = None, session_id: str = "") -> Iterator[Tab]:
    """Open a page's connection.

    Args:
        address: of the app.
        cookies: the browser's.
        session_id: the Streamlit session that it says to go on with.
    """
    asked = ["streamlit", "no-xsrf-token", *([session_id] if session_id else [])]
    with connect(
        address.replace("http", "ws", 1) + "/_stcore/stream",
        origin=Origin(address),
        subprotocols=[Subprotocol(one) for one in asked],
        additional_headers=cookie_header(cookies or {}),
        max_size=None,
    ) as connection:
        yield Tab(connection)
