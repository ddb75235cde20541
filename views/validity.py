"""Validity: the pipeline on a file whose truth is known, second by second (thesis 5.2, figure 17)."""

from __future__ import annotations

import html
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from film import ATTRIBUTES, LABELS
from service.validity import CORRECT, EXTREME, SIMPLE, Comparison, Validity, load_validity
from views import frame
from views.film_figures import span_of
from views.theme import Theme, template

MARKS = {CORRECT: "✓", SIMPLE: "~", EXTREME: "✗"}
CARDS = Path(__file__).resolve().parent.parent / "models" / "cards"


def _over_time(found: Validity, look: Theme) -> None:
    places = {name: len(LABELS) - 1 - place for place, name in enumerate(LABELS)}
    figure = go.Figure()
    lines = (
        ("heard", found.label_predicted, look.directors[10], "solid"),
        ("true", found.label_true, look.accent, "dot"),
    )
    for name, labels, colour, dash in lines:
        figure.add_trace(
            go.Scatter(
                x=list(range(len(labels))),
                y=[places[label] for label in labels],
                mode="lines",
                line={"shape": "hv", "color": colour, "dash": dash, "width": 2},
                name=name,
                hovertemplate="%{x} s<extra>" + name + "</extra>",
            )
        )
    figure.update_layout(
        template=template(look),
        height=300,
        xaxis_title="seconds",
        yaxis={"tickvals": list(places.values()), "ticktext": list(places), "range": [-0.3, 2.3]},
    )
    right = 100 * found.accuracy["label"]
    frame.figure(
        figure,
        f"Label heard and true label over {found.duration_s} seconds; {right:.0f} % of the seconds agree",
        "validity",
        pd.DataFrame({"second": range(found.duration_s), "true": found.label_true, "heard": found.label_predicted}),
    )
    st.caption(
        f"{right:.0f} % of the seconds carry the right label; music F1 {found.accuracy['music_f1']:.2f}, "
        f"speech F1 {found.accuracy['speech_f1']:.2f}."
    )


def _cell(one: Comparison, look: Theme) -> str:
    colour = {CORRECT: look.good, SIMPLE: look.warn}.get(one.mark, look.bad)
    heard = html.escape(one.predicted or "nothing")
    sure = f", {100 * one.probability:.0f} % sure" if one.probability is not None else ""
    truth = "" if one.mark == CORRECT else f"<br><span class='fs-meta'>true: {html.escape(one.true)}</span>"
    return (
        f"<td style='border-left:4px solid {colour};padding:.4rem .7rem'>{heard}{sure}<br>"
        f"<b style='color:{colour}'>{MARKS.get(one.mark, '✗')} {html.escape(one.mark)}</b>{truth}</td>"
    )


def _segments(found: Validity, look: Theme) -> None:
    names = ("song", "genre", *ATTRIBUTES)
    heads = "".join(f"<th style='text-align:left;padding:.4rem .7rem'>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><td style='padding:.4rem .7rem'>{span_of(one.start_s, one.end_s)}</td>"
        + "".join(_cell(getattr(one, name), look) for name in ("genre", *ATTRIBUTES))
        + "</tr>"
        for one in found.segments
    )
    table = "<table style='width:100%;border-collapse:collapse'>"
    st.html(f"{table}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    st.caption(
        "Correct: as it is. Simple error: one level off. Extreme error: low for high, or high for low. "
        + ", ".join(f"{name} {100 * found.accuracy[name]:.0f} % correct" for name in ("genre", *ATTRIBUTES))
        + "."
    )


def _cards() -> None:
    st.subheader("The models' cards", anchor=False)
    cards = sorted(CARDS.glob("*.md")) if CARDS.is_dir() else []
    if not cards:
        st.caption("No cards are shipped with this version.")
    for card in cards:
        with st.expander(card.stem):
            st.markdown(card.read_text(encoding="utf-8"))


def show() -> None:
    look = frame.page(
        "How well it hears", "A film whose truth is known second by second, heard by the same models as every other."
    )
    found = load_validity(frame.home())
    if found is None:
        st.info("The validity file was not heard yet. This makes it and hears it:", icon=":material/fact_check:")
        st.code("filmscore validity", language=None)
    else:
        st.caption(f"{found.note} Heard by {found.model_version} ({found.architecture}), {found.made_at[:10]}.")
        _over_time(found, look)
        st.subheader("The songs", anchor=False)
        _segments(found, look)
    _cards()


show()
