"""Labels that people set by ear, as a manifest of recordings that `train` and `evaluate` read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import durable
from db.catalogue.doubts import CHOICES
from db.home import Home
from db.state.films import Correction
from db.state.media import Media
from db.state.store import State
from errors import ParameterError
from ingest.film_parts import further_files
from service.rights.access import Actor
from told import Told, joined

COLUMNS = ("path", "label", "start_s", "end_s", "audio_track")


@dataclass(frozen=True)
class CorrectionsManifest:
    """The corrections of one attribute."""

    text: str
    """CSV of COLUMNS, one row per run. A split never divides the runs of one file."""
    runs: int
    films: int
    left_out: tuple[str, ...]
    """Films whose corrections cannot be used, with the reasons."""


def corrections_manifest(
    home: Home, actor: Actor, attribute: str, beneath: Sequence[Path] | None = None
) -> CorrectionsManifest:
    """The corrections of an attribute, with the files of their films.

    Args:
        attribute: genre, danceability, valence or energy.
        beneath: folders that must contain the files; None: anywhere.

    Raises:
        AccessError: not an admin.
        ParameterError: no such attribute, or no usable correction of it.
    """
    actor.require_admin("export corrections")
    if attribute not in CHOICES:
        raise ParameterError(f"corrections of {attribute}: not an attribute of runs. One of {', '.join(CHOICES)}.")
    with State.open(home) as state:
        said = _latest([one for one in state.corrections() if one.attribute == attribute])
        ids = sorted({one.film_id for one in said})
        media = {one.film_id: one for one in state.media(ids)}
        titles = {film.film_id: film.title for film in state.films_of(ids)}
    faults = {film_id: _fault(media.get(film_id), beneath) for film_id in ids}
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(COLUMNS)
    used = [one for one in said if not faults[one.film_id]]
    for one in used:
        file = media[one.film_id]
        writer.writerow([file.path, one.value, one.start_s, one.end_s, file.audio_track])
    left_out = tuple(Told("{}: {}", titles.get(film_id, film_id), fault) for film_id, fault in faults.items() if fault)
    if not used:
        reasons = Told(" Left out: {}.", joined("; ", left_out[:5])) if left_out else ""
        raise ParameterError(
            Told(
                "corrections of {}: there is none to use.{} Set some on the page By ear first.",
                Told(attribute),
                reasons,
            )
        )
    return CorrectionsManifest(sheet.getvalue(), len(used), len({one.film_id for one in used}), left_out)


def write_corrections(
    home: Home, actor: Actor, attribute: str, path: Path, beneath: Sequence[Path] | None = None
) -> CorrectionsManifest:
    """Write the corrections of an attribute as a manifest, atomically; see `corrections_manifest`."""
    found = corrections_manifest(home, actor, attribute, beneath)
    with durable.asked_for(path) as beside:
        beside.write_text(found.text, encoding="utf-8")
    return found


def _latest(corrections: Sequence[Correction]) -> list[Correction]:
    """Remove corrections that a later one overlaps: another model may have found other runs meanwhile."""
    kept: list[Correction] = []
    for one in sorted(corrections, key=lambda one: one.corrected_at, reverse=True):
        if not any(
            one.film_id == other.film_id and one.start_s < other.end_s and other.start_s < one.end_s for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.film_id, one.start_s))


def _fault(media: Media | None, beneath: Sequence[Path] | None) -> str:
    """Why the file of a film cannot be used for training; "" if it can."""
    if media is None or not media.path:
        return Told("it has no file")
    path = Path(media.path)
    if not path.is_file():
        return Told("its file {} is not where it was", path.name)
    if beneath is not None and not any(path.resolve().is_relative_to(root) for root in beneath):
        return Told("its file {} lies outside of the media roots", path.name)
    if further_files(path):
        return Told("it consists of several files, and a row of a manifest names one")
    return ""
