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


def chosen(asking: Actor) -> int | None:
    """The form, and the preview that it was last asked for. The id of the job, once one was submitted."""
    kind = st.segmented_control(
        "Server", list(SERVERS), default="jellyfin", required=True, key="server-kind", format_func=_product
    )
    server = SERVERS[kind]
    st.caption(
        f"The key comes from the environment of the app and its worker: `{server.key_name}`, or "
        f"`{server.key_name}_FILE`, the path of a file of mode 600. {server.key_from}"
    )
    address = named_address(kind)
    if not address:
        st.info(
            f"Set `{server.address_name}` in the environment of the app and its worker, such as "
            f"http://192.168.1.2:{server.port}. Only that server is asked, so that nobody sends its key elsewhere.",
            icon=":material/dns:",
        )
    else:
        st.write(frame.plain(f"Address: {address}"))
    left, right = st.columns(2)
    user = left.text_input("User", placeholder="the only one", key="server-user") if kind == "jellyfin" else ""
    profile = right.text_input("Taste profile for ratings and what was played", _product(kind), key=f"profile-{kind}")
    rules = st.text_area(
        "Folders: SERVER=HERE, one a line",
        placeholder="/media/films=/mnt/films",
        help="Where the server's folders are on this machine, below a media root. Empty: the paths are the same.",
        key="server-rules",
    )
    hear = st.checkbox("Listen to the films whose files are here", value=True, key="server-hear")
    wanted = {
        "server": kind,
        "address": address,
        "user": user.strip(),
        "profile": profile.strip(),
        "rules": [line.strip() for line in rules.splitlines() if line.strip()],
        "ingest": hear,
    }
    buttons = st.container(horizontal=True)
    looked = buttons.button("Preview", icon=":material/visibility:", disabled=not address, key="server-preview")
    added = buttons.button("Add", type="primary", icon=":material/add:", disabled=not address, key="server-add")
    try:
        if looked:
            with st.spinner("Reading the server's library"):
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
    st.write(f"{len(films)} films on the server: {here} of their files are here, {known} films are in the library.")
    if here < len(films):
        st.caption(
            "A file is here if its path, after the folders above are replaced, exists below a media root. Films "
            "without a file here bring their metadata and your ratings, and are not listened to."
        )
    table = pd.DataFrame(
        {
            "title": [film.title for film in films],
            "year": [film.year for film in films],
            "library": ["known" if film.known else "new" for film in films],
            "you": [film.taste for film in films],
            "file here": [str(film.path or "") for film in films],
            "file on the server": [film.server_path for film in films],
        }
    )
    st.dataframe(table, hide_index=True, alt="The films of the server, and where their files are here")
