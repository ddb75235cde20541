"""Figures of one film: the two-level pie, the rings of levels, the timeline (thesis 5.3, figures 18-24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from db.catalogue.stored_runs import StoredRun
from film import ATTRIBUTES, GENRES, LABELS, LEVELS, SURE_OF_KEY, Activity, FilmSummary, MusicRun
from views.language import say
from views.sound_print import whole_percentages
from views.theme import Theme, template

OF_FILM, OF_MUSIC, TEN_SECONDS = "{} % of the film", "{} % of the music", "energy of ten seconds"
CAPTION_HEARD, CAPTION_UNHEARD = "a caption of music, heard too", "a caption of music, not heard"
CORRECTED, SURE = "corrected", "confidence {:.0f} %"
PRESENCE = (
    "Music in {:.0f} % of the film, speech in {:.0f} %, both at once in {:.0f} %; the pie counts each second once."
)

LOUDNESS = "The film's loudness is {:.0f} LUFS."
LOUDNESS_AND_MUSIC = "The film's loudness is {:.0f} LUFS; of its music where nobody speaks, {:.0f} LUFS."

_SMALL = {"l": 8, "r": 8, "t": 8, "b": 8}

MOST_TAGS = 5
"""Tags of a run that are told in words, the strongest; the others have low probabilities."""


def two_level_pie(summary: FilmSummary, theme: Theme) -> go.Figure:
    """Music, speech and other inside; the genre shares outside the music slice. A click on music opens it."""
    activity = {label: float(getattr(summary, label)) for label in LABELS}
    whole = whole_percentages(activity)
    genres = {name: share for name, share in summary.genres.items() if share > 0}
    whole_genres = whole_percentages(summary.genres)
    ids = list(LABELS) + [f"music/{name}" for name in genres]
    total = sum(genres.values()) or 1.0
    figure = go.Figure(
        go.Sunburst(
            ids=ids,
            labels=[*LABELS, *genres],
            parents=[""] * len(LABELS) + ["music"] * len(genres),
            values=[*activity.values(), *(activity["music"] * share / total for share in genres.values())],
            branchvalues="total",
            marker={
                "colors": [theme.label[name] for name in LABELS] + [theme.genre[name] for name in genres],
                "line": {"color": theme.background, "width": 2},
            },
            customdata=[say(OF_FILM, whole[name]) for name in LABELS]
            + [say(OF_MUSIC, whole_genres[name]) for name in genres],
            hovertemplate="%{label}: %{customdata}<extra></extra>",
            insidetextorientation="auto",
            leaf={"opacity": 1},
            sort=False,
            rotation=90,
        )
    )
    figure.update_layout(template=template(theme), margin=_SMALL, height=330)
    return figure


def timeline(
    activity: Activity,
    runs: Sequence[StoredRun],
    theme: Theme,
    energy: pd.DataFrame | None = None,
    colour_print: str = "",
    seconds: int = 0,
    captions: Sequence[tuple[float, float]] = (),
) -> go.Figure:
    """The whole film: what is heard each second, the genre of each run, and its energy; the x axis is minutes.

    Args:
        energy: columns second and energy (service.questions.app_data.energy_curve), drawn besides the runs' levels.
        colour_print: of the picture (WebP in base64), drawn above; "" = none.
        seconds: the length of the time axis at least, so that figures of several films can have one scale.
        captions: spans of subtitles that tell of music, drawn below what is heard; empty = no row.
    """
    n = len(activity.label)
    top, told = int(bool(colour_print)), int(bool(captions))
    heights = [*[0.12] * top, 0.18 if top else 0.2, *[0.1] * told, 0.18 if top else 0.2, 0.52 if top else 0.6]
    figure = make_subplots(rows=3 + top + told, cols=1, shared_xaxes=True, vertical_spacing=0.07, row_heights=heights)
    if colour_print:
        _add_colour_print(figure, colour_print, n / 60)
    if captions:
        figure.add_traces(_caption_bars(captions, activity, theme), rows=2 + top, cols=1)
    figure.add_trace(_activity_strip(activity, theme), row=1 + top, col=1)
    figure.add_traces(_key_marks(theme), rows=1 + top, cols=1)
    for genre in GENRES:
        own = [run for run in runs if run.value("genre") == genre]
        if own:
            figure.add_trace(_genre_bars(genre, own, theme), row=2 + top + told, col=1)
    for line in _energy_lines(runs, energy, theme):
        figure.add_trace(line, row=3 + top + told, col=1)
    figure.update_layout(
        template=template(theme),
        height=370 + 50 * top + 40 * told,
        barmode="overlay",
        bargap=0,
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0, "itemclick": False},
    )
    figure.update_yaxes(showgrid=False, fixedrange=True)
    levels = {"tickvals": [0, 1, 2], "ticktext": LEVELS["energy"], "range": [-0.3, 2.3], "showgrid": True}
    figure.update_yaxes(title="energy", **levels, row=3 + top + told, col=1)
    figure.update_xaxes(range=[0, max(n, seconds, 1) / 60], showgrid=False)
    figure.update_xaxes(title="minutes", row=3 + top + told, col=1)
    return figure


def _add_colour_print(figure: go.Figure, colour_print: str, minutes: float) -> None:
    """The strip of mean colours in the first row, on the time axis of the others."""
    figure.add_trace(go.Scatter(x=[0], y=["seen"], mode="markers", opacity=0, showlegend=False, hoverinfo="skip"), 1, 1)
    figure.add_layout_image(
        source=f"data:image/webp;base64,{colour_print}",
        xref="x",
        yref="y domain",
        x=0,
        y=1,
        sizex=minutes,
        sizey=1,
        sizing="stretch",
        layer="below",
    )


def _activity_strip(activity: Activity, theme: Theme) -> go.Heatmap:
    steps = [[place / 3 + shift, theme.label[name]] for place, name in enumerate(LABELS) for shift in (0, 1 / 3)]
    said = [say(name) for name in LABELS]
    return go.Heatmap(
        x=np.arange(len(activity.label)) / 60,
        y=["heard"],
        z=[activity.label],
        zmin=-0.5,
        zmax=2.5,
        colorscale=steps,
        showscale=False,
        customdata=[[f"{clock(second)}: {said[label]}" for second, label in enumerate(activity.label)]],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _key_marks(theme: Theme) -> list[go.Scatter]:
    """Entries of the legend for the strip, which has none of its own."""
    return [
        go.Scatter(
            x=[None], y=["heard"], mode="markers", name=name, marker={"symbol": "square", "size": 12, "color": colour}
        )
        for name, colour in theme.label.items()
    ]


def _caption_bars(captions: Sequence[tuple[float, float]], activity: Activity, theme: Theme) -> list[go.Bar]:
    """A bar for each caption: filled where music was heard too, else only an outline."""
    bars = []
    for name, heard in ((CAPTION_HEARD, True), (CAPTION_UNHEARD, False)):
        own = [one for one in captions if activity.has_music(*one) is heard]
        bars.append(
            go.Bar(
                x=[(end_s - start_s) / 60 for start_s, end_s in own],
                base=[start_s / 60 for start_s, _ in own],
                y=["captions"] * len(own),
                orientation="h",
                name=say(name),
                showlegend=False,
                marker={
                    "color": theme.label["music"] if heard else theme.background,
                    "line": {"color": theme.label["music"], "width": 1},
                },
                customdata=[span_of(*one) for one in own],
                hovertemplate=f"{say(name)}<br>%{{customdata}}<extra></extra>",
            )
        )
    return bars


def _genre_bars(genre: str, runs: Sequence[StoredRun], theme: Theme) -> go.Bar:
    def said(run: StoredRun) -> str:
        return say(CORRECTED) if "genre" in run.corrections else say(SURE, 100 * run.genre_p)

    return go.Bar(
        x=[run.seconds / 60 for run in runs],
        base=[run.start_s / 60 for run in runs],
        y=["genre"] * len(runs),
        orientation="h",
        name=genre,
        marker={"color": theme.genre[genre], "line": {"width": 0}},
        customdata=[[span(run), said(run)] for run in runs],
        hovertemplate=f"{say(genre)} (%{{customdata[1]}})<br>%{{customdata[0]}}<extra></extra>",
    )


def _energy_lines(runs: Sequence[StoredRun], energy: pd.DataFrame | None, theme: Theme) -> list[go.Scatter]:
    x: list[float | None] = []
    y: list[float | None] = []
    for run in runs:
        level = LEVELS["energy"].index(run.value("energy"))
        x += [run.start_s / 60, run.end_s / 60, None]
        y += [level, level, None]
    bold = {"color": theme.accent, "width": 4}
    lines = [go.Scatter(x=x, y=y, mode="lines", name="energy", line=bold, showlegend=False, hoverinfo="skip")]
    if energy is not None:
        whole = energy.set_index("second")["energy"]
        whole = whole.reindex(range(int(whole.index[0]), int(whole.index[-1]) + 1))
        lines.append(
            go.Scatter(
                x=whole.index / 60,
                y=whole.to_numpy(),
                customdata=[clock(second) for second in whole.index],
                mode="lines",
                name=say(TEN_SECONDS),
                line={"color": theme.text, "width": 1.3},
                showlegend=False,
                hovertemplate=f"{say(TEN_SECONDS)} %{{y:.1f}}, %{{customdata}}<extra></extra>",
            )
        )
    return lines


def presence_words(presence: Mapping[str, float]) -> str:
    """How much of the film has music and speech, and both at once, in words; "" where it is not known."""
    if not presence:
        return ""
    return say(PRESENCE, *(presence[name] for name in ("music_present", "speech_present", "music_under_speech")))


def loudness_words(loudness: Mapping[str, float]) -> str:
    """How loud the film and its music are, in words; "" if unknown."""
    if "loudness_lufs" not in loudness:
        return ""
    whole, music = loudness["loudness_lufs"], loudness.get("music_loudness_lufs")
    return say(LOUDNESS, whole) if music is None else say(LOUDNESS_AND_MUSIC, whole, music)


def further_words(further: Mapping[str, float]) -> str:
    """The further attributes of a film's music in words; "" where they were not heard."""
    said = []
    if "tempo_bpm" in further:
        said.append(say("{:.0f} BPM", further["tempo_bpm"]))
    if "tempo_confidence" in further:
        said.append(say("beat regularity {:.2f}", further["tempo_confidence"]))
    named = ("acousticness", "instrumentalness")
    said += [say("{} {:.2f}", say(name), further[name]) for name in named if name in further]
    return ", ".join(said)


def description(run: MusicRun) -> str:
    """What a run is like in words: its genre, levels, tempo and strongest tags."""
    levels = [f"{say(getattr(run, name))} {say(name)}" for name in ATTRIBUTES]
    strongest = sorted(run.tags.items(), key=lambda tag: -tag[1])[:MOST_TAGS]
    tags = [say("{} {:.2f}", name, value) for name, value in strongest]
    further = further_words({name: value for name, value in run.further.items() if name == "tempo_bpm"})
    return ", ".join(part for part in (say(run.genre), *levels, further, sure_key(run), *tags) if part)


def sure_key(run: MusicRun) -> str:
    """The run's key, if it is sure enough to be shown, else ""."""
    return say(run.key) if run.key and run.further["key_confidence"] >= SURE_OF_KEY else ""


def clock(seconds: float) -> str:
    """Seconds as h:mm:ss or m:ss."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def span_of(start_s: float, end_s: float) -> str:
    """A stretch of a film: 1:02-1:40."""
    return f"{clock(start_s)}-{clock(end_s)}"


def span(run: MusicRun) -> str:
    """A run's place in the film."""
    return span_of(run.start_s, run.end_s)
