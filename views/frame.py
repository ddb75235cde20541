"""The frame of every page: style, the open catalogue, escaped film text, figures with their downloads."""

from __future__ import annotations

import base64
import html
import re
import secrets
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from db.catalogue.export import table_csv
from db.home import Home
from errors import CatalogueError
from film import Film
from service.library.posters import poster_of
from service.questions.app_data import DEMO_COLLECTION, OpenCatalogue, film_line
from service.questions.current import current_of
from service.rights.access import ANYBODY, Actor, actor_of
from service.rights.browsers import BROWSER_COOKIE, SESSION_COOKIE, SESSIONS, browser_key, browser_of
from views import figure_words, links, theme
from views.language import language, say, say_error
from views.sound_print import colour_strip, sound_print_image

_VIEWS = Path(__file__).parent
FILM_PAGE = _VIEWS / "film.py"
SIGN_IN_PAGE = _VIEWS / "sign_in.py"
ADD_PAGE = _VIEWS / "add_films.py"
OVERVIEW_PAGE = _VIEWS / "overview.py"
JOBS_PAGE = _VIEWS / "jobs.py"

_LINKS = (Path(__file__).parent / "assets" / "links.html").read_text(encoding="utf-8")
_KEYS = (Path(__file__).parent / "assets" / "keys.html").read_text(encoding="utf-8")
_STYLE = (Path(__file__).parent / "assets" / "style.css").read_text(encoding="utf-8")


def _css(look: theme.Theme) -> str:
    names = ("accent", "background", "surface", "text", "muted", "line", "bad")
    variables = "".join(f"--fs-{name}: {getattr(look, name)}; " for name in names)
    return f"<style>:root {{ {variables} --fs-serif: {theme.SERIF}; }}\n{_STYLE}</style>"


def page(title: str, lead: str = "", *, named: bool = True) -> theme.Theme:
    """Style the page and write its title, unless the page writes its own (`named`); the theme to draw with."""
    look = theme.current()
    st.session_state["arrived"] = st.session_state.get("page") != title
    st.session_state["page"] = title
    st.html(_css(look) + _LINKS.replace("LANGUAGE", language()) + _KEYS, unsafe_allow_javascript=True)
    if named:
        st.title(title, anchor=False)
    if lead:
        lead_in(lead)
    return look


def lead_in(words: str) -> None:
    """The sentence below a page's title."""
    st.html(f'<p class="fs-lead">{html.escape(words)}</p>')


def name_tab(name: str) -> None:
    """Name the browser's tab, and so its bookmarks and its history."""
    st.set_page_config(page_title=f"{name} · filmscore")


def arrived() -> bool:
    """Whether this page is shown after another one (or first on this visit), rather than again."""
    return bool(st.session_state["arrived"])


def home() -> Home:
    """Where this app's data lives."""
    return Home.at()


def cookies() -> Mapping[str, str]:
    """Our cookies that this page's browser came with."""
    sent = st.context.cookies
    return {name: value for name in (BROWSER_COOKIE, SESSION_COOKIE) if isinstance(value := sent.get(name), str)}


@st.cache_resource(max_entries=4, show_spinner=False)
def _key(root: str) -> bytes:
    return browser_key(Home(Path(root)))


def reader() -> str:
    """Whose lists are shown: this browser's; of one that takes no cookies, this visit's."""
    known = browser_of(cookies(), _key(str(home().root)))
    if known:
        return known
    visit: str = st.session_state.setdefault("visit", f"visit {secrets.token_urlsafe(12)}")
    return visit


def keeper() -> str:
    """Who keeps searches on this page: this browser; "" for the admin, who shares those of the terminal."""
    return "" if not SESSIONS.guarded or actor().is_admin else reader()


def has_left() -> bool:
    """Whether the browser has closed this page while its script runs."""
    running = get_script_run_ctx()
    return bool(running and runtime.exists() and not runtime.get_instance().is_active_session(running.session_id))


def session_token() -> str | None:
    """The session token of this browser's request. Read again for every act, and never stored."""
    return cookies().get(SESSION_COOKIE)


def actor() -> Actor:
    """Who is asking. While the state cannot be read everybody is a visitor: the catalogue is served all the same."""
    token = session_token()
    try:
        return actor_of(home(), token) if token else ANYBODY
    except CatalogueError:
        return ANYBODY


def admin_or_stop() -> Actor:
    """The admin who uses the page; for anybody else the page stops here with a link to sign in.

    This is only a convenience: the service's functions refuse changes by others.
    """
    asking = actor()
    if not asking.is_admin:
        st.info(say(ADMINS_ONLY), icon=":material/lock:")
        st.page_link(SIGN_IN_PAGE, label=say(SIGN_IN), icon=":material/login:")
        st.stop()
    return asking


def catalogue() -> OpenCatalogue | None:
    """The catalogue to show; None when there is none yet.

    Raises:
        CatalogueError: there is one that cannot be used.
    """
    return current_of(home()).get()


def command(words: str) -> str:
    """A command of filmscore for a terminal; it names the home that this app shows, unless that is the usual one."""
    root = home().root
    usual = root == (Path.home() / ".filmscore").absolute()
    return f"filmscore {words}" if usual else f"filmscore {words} --home {shlex.quote(str(root))}"


ADMINS_ONLY, SIGN_IN = "This page is for those who look after the films. Sign in first.", "Sign in"
OPEN, POSTER = "Open", "Poster of {}"
DOWNLOAD, AS_HTML, AS_CSV = "Download", "Figure as HTML", "Data as CSV"
CLICK_OPENS = "A click on a point opens its film."
FAULT = (
    "Something went wrong on this page, and it is noted in the log. Reload the page; if it stays, run `{}` in a "
    "terminal."
)


def trouble(error: CatalogueError | Exception) -> None:
    """An expected error, as a calm message."""
    st.warning(plain(say_error(error)), icon=":material/info:")


def fault() -> None:
    """Something that nobody expected; the log has it."""
    st.warning(
        say(FAULT, command("doctor")),
        icon=":material/info:",
    )


def plain(text: str) -> str:
    """Text for a place that reads Markdown, so that it is shown as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$<>:&^=/@])", r"\\\1", text).replace("\n", " ")


def in_words(detail: Mapping[str, object]) -> str:
    """The details of an entry of the audit log, as readable text: `film id 12; year 1958`."""

    def value(one: object) -> str:
        if isinstance(one, bool):
            return "yes" if one else "no"
        if isinstance(one, Mapping):
            return in_words(one)
        if isinstance(one, list | tuple):
            return ", ".join(map(value, one)) or "none"
        return "none" if one is None or one == "" else str(one)

    return "; ".join(f"{name.replace('_', ' ')} {value(one)}" for name, one in detail.items())


def poster_image(home: Home, film: Film, height: int) -> str:
    """The film's poster as an `<img>`, "" where there is none; width and height fit into two thirds of a square."""
    drawn = poster_of(home, film)
    if drawn is None:
        return ""
    words = html.escape(say(POSTER, film.title), quote=True)
    encoded = base64.b64encode(drawn).decode("ascii")
    return (
        f'<img class="fs-poster" src="data:image/jpeg;base64,{encoded}" alt="{words}" title="{words}" '
        f'style="height:{height}px">'
    )


def film_heading(film: Film, svg: str, *, rank: int | None = None, tag: str = "") -> str:
    """Sound print, title and facts of a film as HTML, its text column left open; all film text escaped."""
    number = f'<span class="fs-rank">{rank} </span>' if rank is not None else ""
    label = f' <span class="fs-tag">{html.escape(tag)}</span>' if tag else ""
    title = f'<a href="{links.film_href(film.film_id or 0)}">{html.escape(film.title)}</a>'
    return (
        f'<div class="fs-film">{svg}<div class="fs-words">'
        f'<h3 class="fs-title" dir="auto">{number}{title}</h3>'
        f'<div class="fs-meta" dir="auto">{html.escape(unbroken(say(film_line(film))))}{label}</div>'
    )


HARD_SPACE, SHORT_FACT = "\N{NO-BREAK SPACE}", 20


def unbroken(line: str) -> str:
    """Facts joined by " · ": a line breaks after a dot, and within none of up to SHORT_FACT letters."""
    facts = line.split(" · ")
    return f"{HARD_SPACE}· ".join(one.replace(" ", HARD_SPACE) if len(one) <= SHORT_FACT else one for one in facts)


def demo_tag(film: Film) -> str:
    """What marks the films of the demo."""
    return "demo" if DEMO_COLLECTION in film.collection.lower() else ""


def film_card(
    found: OpenCatalogue,
    film: Film,
    look: theme.Theme,
    *,
    rank: int | None = None,
    size: int = 92,
    tag: str = "",
    inside: str = "",
    more: str = "",
) -> None:
    """A film as a card: sound print, title, facts, colours; `inside` beside them, `more` below (HTML already safe)."""
    summary, picture = found.drawings([film.film_id or 0])[film.film_id or 0]
    drawing = poster_image(found.home, film, size) + sound_print_image(film.title, summary, size=size, theme=look)
    heading = film_heading(film, drawing, rank=rank, tag=tag or demo_tag(film))
    st.html(f"{heading}{colour_strip(picture)}{inside}</div></div>{more}")


def grid(n: int, across: int) -> list[DeltaGenerator]:
    """n cells in rows, so that reading and the keyboard go along the rows."""
    rows = [st.columns(across, gap="medium") for _ in range(-(-n // across))]
    return [cell for row in rows for cell in row][:n]


def open_film_link(film: Film, label: str = say(OPEN)) -> None:
    """A link to the film's page."""
    st.page_link(FILM_PAGE, label=say(label), icon=":material/arrow_forward:", query_params={"film": str(film.film_id)})


_SAVE = (Path(__file__).parent / "assets" / "save_figure.html").read_text(encoding="utf-8")


def _open_clicked(event: object, drawn: go.Figure, film_ids: Sequence[int]) -> None:
    """Open the film whose point was clicked."""
    for point in (getattr(event, "selection", None) or {}).get("points", []):
        # by place: the browser sends the points' own data back in another form than they had
        given = drawn.data[point["curve_number"]].customdata
        if given is not None:
            film_id = film_ids[int(given[point["point_index"]][-1])]
            links.go("film", links.film_params(film_id))


def figure(drawn: go.Figure, alt: str, name: str, data: pd.DataFrame, film_ids: Sequence[int] = ()) -> None:
    """A figure with words for those who cannot see it, and its downloads.

    PNG and SVG are drawn by the visitor's browser, as it shows the figure: the server needs no browser for them.

    Args:
        alt: what it shows, in a sentence.
        name: of the downloaded files, and the widget keys.
        data: what was drawn.
        film_ids: by row; a click on a point opens the film of the row that its `customdata` ends with.
    """
    config = {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    }
    drawn = figure_words.translated(drawn)
    if theme.on_phone():  # a finger that scrolls the page would be caught by the figure; its buttons cover the legend
        config["displayModeBar"] = False
        drawn = go.Figure(drawn).update_layout(dragmode=False)
    if len(film_ids):
        event = st.plotly_chart(
            drawn,
            theme=None,
            key=f"figure-{name}",
            config=config,
            alt=alt,
            on_select="rerun",
            selection_mode="points",
        )
        st.caption(say(CLICK_OPENS))
        _open_clicked(event, drawn, film_ids)
    else:
        st.plotly_chart(drawn, theme=None, key=f"figure-{name}", config=config, alt=alt)
    with st.popover(say(DOWNLOAD), icon=":material/download:", type="tertiary", key=f"save-{name}"):
        st.download_button(
            say(AS_HTML),
            lambda: drawn.to_html(include_plotlyjs=True),
            f"{name}.html",
            "text/html",
            key=f"html-{name}",
            on_click="ignore",
            type="tertiary",
        )
        st.html(_SAVE.replace("FIGURE", name), unsafe_allow_javascript=True)
        st.download_button(
            say(AS_CSV),
            lambda: table_csv(data),
            f"{name}.csv",
            "text/csv",
            key=f"csv-{name}",
            on_click="ignore",
            type="tertiary",
        )
