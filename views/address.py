"""Widgets whose value is in the address: read there, written there, so that a link and the browser's Back hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isclose
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from views.language import say


def widget_key(name: str, value: object) -> str:
    """The key of the widget that shows a part of the address.

    A widget in a closed popover is not drawn, and what is assigned to its state meanwhile never reaches the browser,
    which later sends the old value as if somebody had chosen it. So nothing is assigned: a widget that holds another
    value than the address (after Back, a button on a card, a loaded profile) is replaced by a new one that starts with
    the address's.
    """
    state = st.session_state
    number = state.get(f"widget-{name}", 0)
    held = state.get(f"{name}-{number}", value)
    alike = isinstance(held, float) and isinstance(value, float) and isclose(held, value, abs_tol=1e-4)
    if held != value and not alike:
        number += 1
        state[f"widget-{name}"] = number
    return f"{name}-{number}"


_COMPLETE = (Path(__file__).parent / "assets" / "complete_address.html").read_text(encoding="utf-8")


def complete(page: str, **chosen: str) -> None:
    """Write what a page shows unasked into its address, so that a link to it shows the same; no new entry of the
    browser's history.

    Args:
        page: the last part of its path.
        chosen: parameters and their values.
    """
    if all(st.query_params.get(name) == value for name, value in chosen.items()):
        return
    st.session_state["completed"] = turn = (
        st.session_state.get("completed", 0) + 1
    )  # the same script would not run again
    script = _COMPLETE.replace("PAGE", page).replace("CHOSEN", urlencode(chosen)).replace("TURN", str(turn))
    st.html(script, unsafe_allow_javascript=True)


def section(
    label: str, options: Mapping[str, str], name: str, help: str | None = None, *, drops: Sequence[str] = ()
) -> str:
    """A row of sections to choose from; the chosen one is the parameter `name`, the first one where there is none.

    Args:
        options: what stands in the address -> what stands on the button, in English.
        drops: parameters of the section before, which mean nothing in another one.
    """
    first = next(iter(options))
    given = st.query_params.get(name, "")
    chosen = given if given in options else first
    key = widget_key(name, chosen)

    def put() -> None:
        now = st.session_state[key] or first
        others = {other: value for other, value in st.query_params.items() if other not in (name, *drops)}
        st.query_params.from_dict(others if now == first else others | {name: now})

    st.segmented_control(
        label,
        list(options),
        format_func=lambda one: say(options[one]),
        default=chosen,
        required=True,
        key=key,
        on_change=put,
        help=help,
    )
    return chosen
