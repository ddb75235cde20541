"""Add films from a media server: its address, where its folders are here, a preview, and the job that reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from errors import FilmscoreError
from service.jobs import jobs
from service.library.servers import SERVERS, PlannedServerFilm, connect_named, named_address, plan_reading, read_rules
from service.rights.access import Actor
from service.rights.media_roots import allows
from views import frame
from views.language import say

SERVER = "Server"
KEY_WORDS = (
    "The key comes from the environment of the app and its worker: `{}`, or `{}_FILE`, the path of a file of mode 600. "
    "{}"
)
NO_ADDRESS = (
    "Set `{}` in the environment of the app and its worker, such as http://192.168.1.2:{}. Only that server is asked, "
    "so that nobody sends its key elsewhere."
)
ADDRESS = "Address: {}"
USER, ONLY_ONE = "User", "the only one"
PROFILE = "Taste profile for ratings and what was played"
FOLDERS = "Folders: SERVER=HERE, one a line"
FOLDERS_HELP = "Where the server's folders are on this machine, below a media root. Empty: the paths are the same."
LISTEN = "Listen to the films whose files are here"
PREVIEW, ADD = "Preview", "Add"
READING = "Reading the server's library"
ON_SERVER = "{} films on the server: {} of their files are here, {} films are in the library."
HERE_WORDS = (
    "A file is here if its path, after the folders above are replaced, exists below a media root. Films without a file "
    "here bring their metadata and your ratings, and are not listened to."
)
TABLE_ALT = "The films of the server, and where their files are here"
KNOWN, NEW = "known", "new"
HEADS = ("title", "year", "library", "you", "file here", "file on the server")


def chosen(asking: Actor) -> int | None:
    """The form, and the preview that it was last asked for. The id of the job, once one was submitted."""
    kind = st.segmented_control(
        say(SERVER), list(SERVERS), default="jellyfin", required=True, key="server-kind", format_func=_product
    )
    server = SERVERS[kind]
    st.caption(say(KEY_WORDS, server.key_name, server.key_name, say(server.key_from)))
    address = named_address(kind)
    if not address:
        st.info(say(NO_ADDRESS, server.address_name, str(server.port)), icon=":material/dns:")
    else:
        st.write(frame.plain(say(ADDRESS, address)))
    left, right = st.columns(2)
    user = left.text_input(say(USER), placeholder=say(ONLY_ONE), key="server-user") if kind == "jellyfin" else ""
    profile = right.text_input(say(PROFILE), _product(kind), key=f"profile-{kind}")
    rules = st.text_area(
        say(FOLDERS),
        placeholder="/media/films=/mnt/films",
        help=say(FOLDERS_HELP),
        key="server-rules",
    )
    hear = st.checkbox(say(LISTEN), value=True, key="server-hear")
    wanted = {
        "server": kind,
        "address": address,
        "user": user.strip(),
        "profile": profile.strip(),
        "rules": [line.strip() for line in rules.splitlines() if line.strip()],
        "ingest": hear,
    }
    buttons = st.container(horizontal=True)
    looked = buttons.button(say(PREVIEW), icon=":material/visibility:", disabled=not address, key="server-preview")
    added = buttons.button(say(ADD), type="primary", icon=":material/add:", disabled=not address, key="server-add")
    try:
        if looked:
            with st.spinner(say(READING)):
                st.session_state["server-plan"] = (wanted, _planned(asking, wanted))
        if added:
            st.session_state.pop("server-plan", None)
            return jobs.submit(frame.home(), asking, "server", wanted)
    except FilmscoreError as error:
        frame.trouble(error)
    planned = st.session_state.get("server-plan")
    if planned and planned[0] == wanted:
        _show(planned[1])
    return None


def _product(kind: str) -> str:
    return SERVERS[kind].product


def _planned(asking: Actor, wanted: dict[str, object]) -> list[PlannedServerFilm]:
    home = frame.home()
    arguments = jobs.KINDS["server"].arguments(home, wanted)
    with connect_named(arguments["server"], arguments["address"]) as server:
        films = list(server.films(server.user_id(arguments["user"])))
    return plan_reading(home, asking, films, read_rules(arguments["rules"]), lambda path: allows(home, path))


def _show(films: Sequence[PlannedServerFilm]) -> None:
    count = Counter((film.path is not None, film.known) for film in films)
    here = count[True, True] + count[True, False]
    known = count[True, True] + count[False, True]
    st.write(say(ON_SERVER, len(films), here, known))
    if here < len(films):
        st.caption(say(HERE_WORDS))
    rows = [
        (
            film.title,
            film.year,
            say(KNOWN if film.known else NEW),
            say(film.taste),
            str(film.path or ""),
            film.server_path,
        )
        for film in films
    ]
    table = pd.DataFrame(rows, columns=[say(head) for head in HEADS])
    st.dataframe(table, hide_index=True, alt=say(TABLE_ALT))
