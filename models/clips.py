"""From the rows of a manifest to what the thesis's models are trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from errors import MediaError, ParameterError
from media.decode import decode
from media.geometry import MEL_BANDS, MEL_FRAMES, SAMPLE_RATE_HZ, SECOND_SAMPLES, WINDOW_SAMPLES
from models.examples import Examples
from models.manifest import Clip, Manifest
from models.mel import log_mel
from models.thesis_ear import detector_features

MAX_TRAINING_WINDOWS = 8
"""Only the first 80 s of a clip are learnt from, as eight 10 s segments (thesis 4.1)."""

OnStep = Callable[[str, int, int], None]
"""Told what is being done, the steps done, and their number."""


@contextmanager
def heard_clip(manifest: Manifest, clip: Clip, scratch_dir: Path) -> Iterator[npt.NDArray[np.int16]]:
    """The samples of one row, (n,) int16 at 8 kHz, n >= 1: the whole clip, or from start_s to end_s.

    Raises:
        ParameterError: the file cannot be heard, or no sound lies between the times; the message names the row.
    """
    where = f"{manifest.path.name}, row {clip.row}"
    try:
        sound = decode(clip.path, scratch_dir=scratch_dir)
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


def hear_examples(manifest: Manifest, on_step: OnStep | None = None) -> Examples:
    """The training examples of a manifest for the thesis's models.

    Detector: a row of 68 levelled statistics per second (a clip under 1 s is repeated to 1 s). Attributes: the
    log-mels of the first 80 s in successive 10 s segments (a clip under 10 s is repeated to 10 s).

    Raises:
        ParameterError: a clip cannot be heard; the message names its row. Every clip is heard before any training.
    """
    inputs: list[npt.NDArray[np.floating]] = []
    with TemporaryDirectory(prefix="filmscore-clips-") as scratch:
        for done, clip in enumerate(manifest.clips, start=1):
            with heard_clip(manifest, clip, Path(scratch)) as samples:
                inputs.append(_seconds(samples) if manifest.kind == "detector" else _segments(samples))
            if on_step is not None:
                on_step("hearing the clips", done, len(manifest.clips))
    counts = [len(rows) for rows in inputs]
    return Examples(
        manifest.kind,
        np.concatenate(inputs),
        np.repeat(np.array([clip.label for clip in manifest.clips], dtype=np.int64), counts),
        np.repeat(np.array([clip.name for clip in manifest.clips]), counts),
        np.repeat(np.array([clip.group for clip in manifest.clips]), counts),
    )


def _seconds(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.floating]:
    return detector_features(at_least(samples, SECOND_SAMPLES))


def _segments(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.floating]:
    long_enough = at_least(samples, WINDOW_SAMPLES)
    n = min(len(long_enough) // WINDOW_SAMPLES, MAX_TRAINING_WINDOWS)
    segments = np.empty((n, MEL_BANDS, MEL_FRAMES), dtype=np.float32)
    for k in range(n):
        segments[k] = log_mel(long_enough[k * WINDOW_SAMPLES : (k + 1) * WINDOW_SAMPLES])
    return segments
