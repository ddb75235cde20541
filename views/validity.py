"""Validity: the pipeline on a file whose truth is known, second by second (thesis 5.2, figure 17)."""

from __future__ import annotations

import html
import re

import pandas as pd
import streamlit as st

from film import ATTRIBUTES
from service.figures.mining_figures import confusion_heatmap
from service.figures.model_cards import model_cards
from service.figures.model_figures import labels_over_time, learning_curves, reliability_curves
from service.figures.validity import CORRECT, EXTREME, SIMPLE, Comparison, Validity, load_validity, media_path
from service.languages import Language
from told import Told
from views import frame
from views.film_figures import span_of
from views.language import language, say
from views.theme import Theme

MARKS = {CORRECT: "✓", SIMPLE: "~", EXTREME: "✗"}
FIGURE, TABLE = " (figure {})", " (table {})"
FIGURES = {
    "thesis-danceability": (Told(FIGURE, 8), Told(FIGURE, 9)),
    "thesis-valence": (Told(FIGURE, 10), Told(FIGURE, 11)),
    "thesis-energy": (Told(FIGURE, 12), Told(FIGURE, 13)),
    "thesis-genre": (Told(FIGURE, 14), Told(FIGURE, 15)),
    "thesis-detector": ("", Told(TABLE, 10)),
}
"""The thesis's numbers of a model's learning curve and confusion matrix."""


LABELS_ALT = "Label heard and true label over {} seconds; {:.0f} % of the seconds agree"
LABELS_WORDS = "{:.0f} % of the seconds carry the right label; music F1 {:.2f}, speech F1 {:.2f}."
MARKS_WORDS = "Correct: as it is. Simple error: one level off. Extreme error: low for high, or high for low. "
THE_MODELS = "The models"
CARD_OF = "Card of"
NO_CARDS = "No cards are shipped with this version."
CONFUSION = "**Confusion matrix{}**: clips of the test part; each row is the truth"
CONFUSION_ALT = "Confusion matrix of {} over {} clips"
CURVE = "**Learning curve{}**"
CURVE_ALT = "Accuracy and loss of {} over {} epochs"
RELIABILITY = "**Reliability**: how often it is right when it is so sure, on clips that it did not learn from"
RELIABILITY_ALT = "Share of right answers of {} by their probability"
NO_HISTORY = (
    "The history of this training was not kept, so the curve{} cannot be drawn. `filmscore train` draws it for every "
    "model that it trains (figures/epochs.html beside the weights)."
)
TITLE = "How well it hears"
LEAD = "A film whose truth is known second by second, heard by the same models as every other."
NOT_ANALYSED = "The validity file was not analysed yet. This makes it and hears it:"
HEARD_BY = "{} Heard by {} ({}), {}."
THE_SONGS, SONGS_ALT = "The songs", "The songs, heard and true"
NOTHING, CONFIDENCE, TRUE = "nothing", ", confidence {:.0f} %", "true: {}"
SHARE_CORRECT = "{} {:.0f} % correct"
CARD_IN_ENGLISH = "This card is written in English."


def _over_time(found: Validity, look: Theme) -> None:
    right = 100 * found.accuracy["label"]
    frame.figure(
        labels_over_time(found.label_true, found.label_predicted, look),
        say(LABELS_ALT, found.duration_s, right),
        "validity",
        pd.DataFrame({"second": range(found.duration_s), "true": found.label_true, "heard": found.label_predicted}),
    )
    st.caption(say(LABELS_WORDS, right, found.accuracy["music_f1"], found.accuracy["speech_f1"]))


def _cell(one: Comparison, look: Theme) -> str:
    colour = {CORRECT: look.good, SIMPLE: look.warn}.get(one.mark, look.bad)
    heard = html.escape(say(one.predicted or NOTHING))
    sure = say(CONFIDENCE, 100 * one.probability) if one.probability is not None else ""
    true = html.escape(say(TRUE, say(one.true)))
    truth = "" if one.mark == CORRECT else f"<br><span class='fs-meta'>{true}</span>"
    return (
        f"<td style='border-left:4px solid {colour}'>{heard}{sure}<br>"
        f"<b style='color:{colour}'>{MARKS.get(one.mark, '✗')} {html.escape(say(one.mark))}</b>{truth}</td>"
    )


def _segments(found: Validity, look: Theme) -> None:
    names = ("song", "genre", *ATTRIBUTES)
    heads = "".join(f'<th scope="col">{say(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{span_of(one.start_s, one.end_s)}</th>'
        + "".join(_cell(getattr(one, name), look) for name in ("genre", *ATTRIBUTES))
        + "</tr>"
        for one in found.segments
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    st.html(f'<div class="fs-scroll" tabindex="0" role="region" aria-label="{say(SONGS_ALT)}">{table}</div>')
    st.caption(
        say(MARKS_WORDS)
        + ", ".join(say(SHARE_CORRECT, say(name), 100 * found.accuracy[name]) for name in ("genre", *ATTRIBUTES))
        + "."
    )


def _cards(look: Theme) -> None:
    st.subheader(say(THE_MODELS), anchor=False)
    cards = {card.name: card for card in model_cards()}
    if not cards:
        st.caption(say(NO_CARDS))
        return
    name = st.selectbox(say(CARD_OF), list(cards), format_func=lambda one: f"{cards[one].title} ({one})", key="card")
    card = cards[name]
    curve, matrix = FIGURES.get(name, ("", ""))
    if card.confusion is not None:
        st.markdown(say(CONFUSION, matrix))
        counts = pd.DataFrame(card.confusion.counts, columns=list(card.confusion.labels))
        frame.figure(
            confusion_heatmap(card.confusion.labels, card.confusion.counts, look),
            say(CONFUSION_ALT, card.title, counts.to_numpy().sum()),
            "confusion",
            counts.assign(true=list(card.confusion.labels)),
        )
    if card.history is not None:
        st.markdown(say(CURVE, curve))
        frame.figure(
            learning_curves(card.history, look),
            say(CURVE_ALT, card.title, len(card.history["loss"])),
            "curves",
            pd.DataFrame(card.history).rename_axis("epoch").reset_index(),
        )
        if card.note:
            st.caption(frame.plain(say(card.note)))
    elif curve:
        st.caption(say(NO_HISTORY, curve))
    if card.reliability:
        st.markdown(say(RELIABILITY))
        frame.figure(
            reliability_curves(card.reliability, look),
            say(RELIABILITY_ALT, card.title),
            "reliability",
            pd.DataFrame([{"head": head, **one} for head, bins in card.reliability.items() for one in bins]),
        )
    if language() != Language.ENGLISH:
        st.caption(say(CARD_IN_ENGLISH))
    st.markdown(re.sub(r"^#+ ", "#### ", card.text, flags=re.MULTILINE))


def show() -> None:
    look = frame.page(say(TITLE), say(LEAD))
    found = load_validity(frame.home())
    if found is None:
        st.info(say(NOT_ANALYSED), icon=":material/fact_check:")
        st.code(frame.command("validity"), language=None, wrap_lines=True)
    else:
        st.caption(say(HEARD_BY, say(found.note), found.model_version, found.architecture, found.made_at[:10]))
        _over_time(found, look)
        if media_path(frame.home()).is_file():
            st.audio(str(media_path(frame.home())))
        st.subheader(say(THE_SONGS), anchor=False)
        _segments(found, look)
    _cards(look)


show()
