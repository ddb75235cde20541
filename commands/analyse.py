"""`filmscore analyse MEDIA`: listen to one file and store nothing."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from commands.common import ArchitectureOption, HomeOption, JsonOption, asked_languages, clock, console, emit, output
from db.home import Home
from film import ATTRIBUTES, LABELS, LOUDNESS, AudioTrack, FilmAnalysis


def as_json(analysis: FilmAnalysis) -> dict[str, Any]:
    """The document of docs/design.md: labels and smoothed probabilities per second, runs, summary, costs."""
    activity, summary = analysis.activity, analysis.summary
    return {
        "media": analysis.media,
        "track": analysis.audio_track,
        "tracks": [asdict(track) for track in analysis.tracks],
        "duration_s": analysis.duration_s,
        "model_version": analysis.model_version,
        "activity": {
            "label": [LABELS[label] for label in activity.label.tolist()],
            "music": [round(p, 6) for p in activity.music.tolist()],
            "speech": [round(p, 6) for p in activity.speech.tolist()],
        },
        "runs": [
            {
                "start_s": run.start_s,
                "end_s": run.end_s,
                "genre": run.genre,
                "genre_p": run.genre_p,
                **{key: getattr(run, key) for attribute in ATTRIBUTES for key in (attribute, f"{attribute}_p")},
                **run.further,
                **({"key": run.key} if run.key else {}),
                "tags": run.tags,
            }
            for run in analysis.runs
        ],
        "summary": {
            **summary.genres,
            **{attribute: getattr(summary, attribute) for attribute in ATTRIBUTES},
            **{label: getattr(summary, label) for label in LABELS},
            **summary.presence,
            **{name: summary.loudness.get(name) for name in LOUDNESS},
            **summary.further,
        },
        "subtitles": [asdict(track) for track in analysis.subtitles],
        "dialogue": asdict(analysis.dialogue) if analysis.dialogue else None,
        "picture": asdict(analysis.picture) if analysis.picture else None,
        "faces": asdict(analysis.faces) if analysis.faces else None,
        "warnings": list(analysis.warnings),
        "seconds": analysis.seconds,
        "peak_memory_mb": analysis.peak_memory_mb,
    }


def _choice(analysis: FilmAnalysis) -> str:
    """`Heard: track 1 (ger). Not heard: track 0 (eng, commentary).`"""

    def name(track: AudioTrack) -> str:
        said = ", ".join(word for word in (track.language, track.title, track.purpose) if word)
        return f"track {track.number}" + (f" ({said})" if said else "")

    heard = analysis.tracks[analysis.audio_track]
    others = ", ".join(name(track) for track in analysis.tracks if track is not heard)
    return f"Heard: {name(heard)}. Not heard: {others}."


def _said(analysis: FilmAnalysis) -> str:
    """`Dialogue (en, Heat.en.srt): 43 % of the film, 80 words a minute, longest silence 0:04:10.`"""
    said = analysis.dialogue
    if said is None:
        return ""
    parts = [f"{100 * said.share:.0f} % of the film"]
    if said.words_per_minute is not None:
        parts.append(f"{said.words_per_minute:.0f} words a minute")
    parts.append(f"longest silence {clock(round(said.longest_silence_s))}")
    if said.sentiment is not None:
        parts.append(f"sentiment {said.sentiment:+.2f}")
    return f"Dialogue ({', '.join(filter(None, (said.language, said.source)))}): {', '.join(parts)}."


def _seen(analysis: FilmAnalysis) -> str:
    """`Picture: brightness 0.31, saturation 0.42, 8.5 cuts a minute, 2.35:1, colours #203040 ...`"""
    seen = analysis.picture
    if seen is None:
        return ""
    colours = "in black and white" if seen.black_and_white else f"saturation {seen.saturation:.2f}"
    palette = " ".join("#" + "".join(f"{value:02x}" for value in colour) for colour in seen.palette)
    said = f"{seen.cuts_per_minute:.1f} cuts a minute, {seen.aspect_ratio:.2f}:1, colours {palette}"
    return f"Picture: brightness {seen.brightness:.2f}, {colours}, {said}."


def _shown(analysis: FilmAnalysis) -> str:
    """`Faces: in 60 % of 40 frames, 20 % close-ups; neutral 60 %, happy 30 %.`"""
    shown = analysis.faces
    if shown is None:
        return ""
    most = sorted(shown.expressions.items(), key=lambda one: -one[1])
    told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in most if share >= 0.05)
    often = (
        f"Faces: in {100 * shown.share:.0f} % of {shown.frames} frames, {100 * shown.close_up_share:.0f} % close-ups"
    )
    return f"{often}; {told}." if told else f"{often}."


def _show(analysis: FilmAnalysis) -> None:
    shares = ", ".join(f"{label} {getattr(analysis.summary, label):.0f} %" for label in LABELS)
    output.print(f"{Path(analysis.media).name}: {clock(int(analysis.duration_s))}, {shares}", markup=False)
    if len(analysis.tracks) > 1:
        output.print(_choice(analysis), markup=False)
    for line in (_said(analysis), _seen(analysis), _shown(analysis), *analysis.warnings):
        if line:
            output.print(line, markup=False)
    if not analysis.runs:
        output.print("No music found.")
        return
    table = Table("from", "to", "genre", *ATTRIBUTES)
    for run in analysis.runs:
        table.add_row(
            clock(run.start_s),
            clock(run.end_s),
            f"{run.genre} {run.genre_p:.2f}",
            *(f"{getattr(run, name)} {getattr(run, name + '_p'):.2f}" for name in ATTRIBUTES),
        )
    output.print(table)


def register(app: typer.Typer) -> None:
    @app.command("analyse")
    def analyse_command(
        media: Annotated[Path, typer.Argument(help="A film, clip or recording.")],
        audio_track: Annotated[
            int | None, typer.Option("--audio-track", min=0, help="Number of the audio track; the first is 0.")
        ] = None,
        audio_language: Annotated[
            str | None,
            typer.Option(
                "--audio-language",
                metavar="LANGUAGE",
                help="Analyse the audio track in this language: en, eng, English.",
            ),
        ] = None,
        architecture: ArchitectureOption = "default",
        home: HomeOption = None,
        as_document: JsonOption = False,
    ) -> None:
        """Analyse one file with the models in use: where is music, and what is it like? Stores nothing."""
        from media.confined import Confined

        languages = asked_languages(audio_track, audio_language)
        with (
            tempfile.TemporaryDirectory(prefix="filmscore-") as scratch,
            Confined(Path(scratch)) as child,
            console.status("") as status,
        ):
            child.start()  # while the models are loaded
            from ingest.analyse import analyse
            from models.ears.ear import load_ear

            ear = load_ear(architecture, threads=2, own=Home.named(home).models)
            analysis = analyse(
                media,
                ear,
                audio_track=audio_track,
                languages=languages,
                child=child,
                on_stage=lambda stage, fraction: status.update(f"{stage} {fraction:.0%}"),
            )
            tags = asdict(child.tags(media))
        if as_document:
            emit(as_json(analysis) | {"tags": tags})
        else:
            _show(analysis)
