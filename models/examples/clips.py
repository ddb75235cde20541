"""Turn the rows of a manifest into training examples for the thesis's models."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np
import numpy.typing as npt

import durable
from errors import MediaError, ModelError, ParameterError
from media.confined import Confined
from media.geometry import MEL_BANDS, MEL_FRAMES, SAMPLE_RATE_HZ, SECOND_SAMPLES, WINDOW_SAMPLES
from models.arrays import read_arrays
from models.ears.thesis_ear import detector_features
from models.examples.labelled import Examples
from models.examples.manifest import Clip, Manifest
from models.features.mel import log_mel

MAX_TRAINING_WINDOWS = 8
"""Only the first 80 s of a clip are used, as eight segments of 10 s (thesis 4.1)."""

OnStep = Callable[[str, int, int], None]
"""Called with the present step, the number of completed steps, and their total."""

Described = dict[str, npt.NDArray[np.floating]]
"""Features of one clip: named arrays with equal numbers of rows."""

HEARD = "heard"
"""Folder in which a training caches features, one file per clip, until it is done."""


@contextmanager
def heard_clip(manifest: Manifest, clip: Clip, child: Confined) -> Iterator[npt.NDArray[np.int16]]:
    """The samples of one row, (n,) int16 at 8 kHz, n >= 1: the whole clip, or from start_s to end_s.

    Raises:
        ParameterError: the file cannot be heard, or no sound lies between the times; the message names the row.
    """
    where = f"{manifest.path.name}, row {clip.row}"
    try:
        child.beneath = manifest.beneath
        sound = child.decode(clip.path, audio_track=clip.audio_track)
    except MediaError as error:
        raise ParameterError(f"{where}: {error}") from error
    with sound:
        samples = sound.samples()
        end = len(samples) if clip.end_s is None else round(clip.end_s * SAMPLE_RATE_HZ)
        part = samples[round(clip.start_s * SAMPLE_RATE_HZ) : end]
        if len(part) == 0:
            raise ParameterError(
                f"{where}: {clip.path.name}: no sound from {clip.start_s:g} s, it ends after {sound.duration_s:.2f} s. "
                "Correct the times."
            )
        yield part


def at_least(samples: npt.NDArray[np.int16], n_samples: int) -> npt.NDArray[np.int16]:
    """The samples, repeated up to n_samples if they are fewer."""
    return samples if len(samples) >= n_samples else np.resize(samples, n_samples)


def hear_clips(
    manifest: Manifest,
    describe: Callable[[npt.NDArray[np.int16]], Described],
    identity: str,
    out: Path,
    on_step: OnStep | None = None,
) -> list[Described]:
    """The result of `describe` for every clip, in the manifest's order. A resumed training processes only the remaining
    clips.

    Args:
        manifest: checked rows.
        describe: from (n,) samples at 8 kHz to named arrays.
        identity: names `describe` and the models behind it; what was heard under another identity is heard again.
        out: the training's directory; `forget_clips` removes what this leaves there.
        on_step: told the clips heard and their number.

    Raises:
        ParameterError: a clip cannot be heard; the message names its row.
    """
    kept = out / HEARD
    kept.mkdir(exist_ok=True)
    heard: list[Described] = []
    with TemporaryDirectory(prefix="filmscore-clips-") as scratch, Confined(Path(scratch)) as child:
        for done, clip in enumerate(manifest.clips, start=1):
            path = kept / f"{_clip_identity(clip, identity)}.npz"
            found = _kept(path)
            if found is None:
                with heard_clip(manifest, clip, child) as samples:
                    found = describe(samples)
                with durable.whole(path) as beside, beside.open("wb") as stream:
                    np.savez(stream, allow_pickle=False, **found)
            heard.append(found)
            if on_step is not None:
                on_step("hearing the clips", done, len(manifest.clips))
    return heard


def forget_clips(out: Path) -> None:
    """Delete the features that `hear_clips` cached."""
    shutil.rmtree(out / HEARD, ignore_errors=True)


def _clip_identity(clip: Clip, identity: str) -> str:
    state = clip.path.stat()
    part = (clip.start_s, clip.end_s, clip.audio_track)
    told = (identity, str(clip.path.resolve()), state.st_size, state.st_mtime_ns, *part)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _kept(path: Path) -> Described | None:
    """The cached features; None if there are none, or the file is incomplete."""
    if not path.exists():
        return None
    try:
        return cast(Described, read_arrays(path, ""))
    except ModelError:
        return None


def examples_of(manifest: Manifest, inputs: list[npt.NDArray[np.floating]]) -> Examples:
    """The rows of every clip, labelled and grouped as the manifest says; `inputs` holds one array a clip."""
    counts = [len(rows) for rows in inputs]
    return Examples(
        manifest.kind,
        np.concatenate(inputs),
        np.repeat(np.array([clip.label for clip in manifest.clips], dtype=np.int64), counts),
        np.repeat(np.array([clip.name for clip in manifest.clips]), counts),
        np.repeat(np.array([clip.group for clip in manifest.clips]), counts),
    )


def hear_examples(manifest: Manifest, out: Path, on_step: OnStep | None = None) -> Examples:
    """The training examples of a manifest for the thesis's models.

    Detector: a row of 68 levelled statistics per second (a clip under 1 s is repeated to 1 s). Attributes: the
    log-mels of the first 80 s in successive 10 s segments (a clip under 10 s is repeated to 10 s).

    Raises:
        ParameterError: a clip cannot be heard; the message names its row. Every clip is heard before any training.
    """
    describe = _seconds if manifest.kind == "detector" else _segments
    heard = hear_clips(manifest, lambda samples: {"rows": describe(samples)}, describe.__name__, out, on_step)
    return examples_of(manifest, [clip["rows"] for clip in heard])


def _seconds(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.floating]:
    return detector_features(at_least(samples, SECOND_SAMPLES))


def _segments(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.floating]:
    long_enough = at_least(samples, WINDOW_SAMPLES)
    n = min(len(long_enough) // WINDOW_SAMPLES, MAX_TRAINING_WINDOWS)
    segments = np.empty((n, MEL_BANDS, MEL_FRAMES), dtype=np.float32)
    for k in range(n):
        segments[k] = log_mel(long_enough[k * WINDOW_SAMPLES : (k + 1) * WINDOW_SAMPLES])
    return segments
