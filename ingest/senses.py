"""Analyse a film's senses other than sound: dialogue, picture and faces. The confined child opens the files; if one
sense fails, the film keeps the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from errors import MediaError, ModelError
from film import Cue, FilmAnalysis
from ingest.dialogue import describe_dialogue
from ingest.faces import describe_faces
from ingest.frames import describe_frames
from ingest.passages import describe_passages
from ingest.picture import describe_picture
from ingest.subtitles import Subtitles, read_subtitles, subtitles_beside
from media.confined import Confined
from senses import Dialogue, Faces, Picture

EDITION = 7
"""Version of the analysis: films analysed by another edition are analysed again at the next ingest."""


@dataclass(frozen=True)
class Sensed:
    """A film's other senses, before they are combined with the sound."""

    subtitles: Subtitles
    picture: Picture | None
    faces: Faces | None
    read_from: str
    """`sources` of the film's files."""
    warnings: tuple[str, ...] = ()
    """Problems with picture and faces."""


def sources(paths: Sequence[Path]) -> str:
    """The sources of a film's senses: the edition, and name, size and time of each subtitle file beside it.

    The film's own content is not in it: the part's key holds its hash.
    """
    told = [str(EDITION)]
    for path in paths:
        for track in subtitles_beside(path):
            try:
                status = Path(track.path).stat()
            except OSError:
                continue
            told.append(f"{Path(track.path).name}\0{status.st_size}\0{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def read_senses(
    paths: Sequence[Path], lengths_s: Sequence[float | None], child: Confined, languages: Sequence[str] = ()
) -> Sensed:
    """Analyse the senses other than sound in a film's files.

    Args:
        paths: the film's files, in their order.
        lengths_s: how long each is; None = not known.
        child: opens all files.
        languages: preferred languages of the subtitles, in order: that of the analysed audio track, then the film's
            original language by its metadata.
    """
    read_from = sources(paths)
    originals = tuple(filter(None, languages))
    read = [
        read_subtitles(path, child, duration_s=length_s, originals=originals)
        for path, length_s in zip(paths, lengths_s, strict=True)
    ]
    picture, faces, warnings = _looked_at(paths, lengths_s, child)
    return Sensed(_one_behind_the_other(read, lengths_s), picture, faces, read_from, warnings)


def _looked_at(
    paths: Sequence[Path], lengths_s: Sequence[float | None], child: Confined
) -> tuple[Picture | None, Faces | None, tuple[str, ...]]:
    """The picture of a film and its faces; if the film has several files, only of the first, because picture sizes may
    differ."""
    try:
        frames = child.look(paths[0])
    except MediaError as error:
        return None, None, (f"its picture was not read: {error}",)
    if frames is None:
        return None, None, ()
    warnings = []
    if not frames.whole:
        end = f"{frames.times_s[-1] / 60:.0f} min"
        warnings.append(f"{paths[0].name}: its picture is damaged; what was seen up to {end} counts")
    if len(paths) > 1:
        warnings.append(f"{paths[0].name}: its picture is that of the first of {len(paths)} files")
    length_s = lengths_s[0] or float(frames.times_s[-1]) + 1.0
    faces = None
    try:
        faces = describe_faces(frames, length_s)
    except (ModelError, MemoryError) as error:
        warnings.append(f"its faces were not read: {error}")
    picture = describe_picture(frames, length_s)
    try:
        picture = replace(picture, embedding=describe_frames(frames))
    except (ModelError, MemoryError) as error:
        warnings.append(f"what its frames show was not read: {error}")
    return picture, faces, tuple(warnings)


def with_senses(analysis: FilmAnalysis, sensed: Sensed) -> FilmAnalysis:
    """An analysis of the sound, joined by what was read."""
    subtitles = sensed.subtitles
    dialogue, unread = _said(subtitles, analysis)
    return replace(
        analysis,
        subtitles=subtitles.tracks,
        dialogue=dialogue,
        picture=sensed.picture,
        faces=sensed.faces,
        senses_from=sensed.read_from,
        warnings=(*analysis.warnings, *filter(None, (subtitles.warning, unread)), *sensed.warnings),
    )


def _said(subtitles: Subtitles, analysis: FilmAnalysis) -> tuple[Dialogue | None, str]:
    """The dialogue of a film, and a warning if its topics cannot be determined."""
    dialogue = describe_dialogue(subtitles, analysis.duration_s, analysis.activity)
    if dialogue is None:
        return None, ""
    try:
        return replace(dialogue, embedding=describe_passages(subtitles, analysis.duration_s)), ""
    except (ModelError, MemoryError) as error:
        return dialogue, f"what its dialogue is about was not read: {error}"


def _one_behind_the_other(read: Sequence[Subtitles], lengths_s: Sequence[float | None]) -> Subtitles:
    """The subtitles of a film's files as one; those of another language than the first are left."""
    whole = read[0]
    start_s = lengths_s[0]
    for further, length_s in zip(read[1:], lengths_s[1:], strict=True):
        if start_s is not None and (further.language == whole.language or not whole.cues):
            moved = tuple(Cue(cue.start_s + start_s, cue.end_s + start_s, cue.text) for cue in further.cues)
            whole = replace(
                whole,
                cues=whole.cues + moved,
                chosen=whole.chosen or further.chosen,
                language=whole.language or further.language,
            )
        whole = replace(
            whole,
            tracks=whole.tracks + further.tracks,
            warning="; ".join(filter(None, (whole.warning, further.warning))),
        )
        start_s = None if start_s is None or length_s is None else start_s + length_s
    return whole
