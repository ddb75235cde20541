"""Compute the inputs of the default heads for a run's windows: MusiCNN's tags and embedding, the 68 features, pulse and
tempo.

The network hears a run in patches of 3 s on one grid, each levelled by the 10 s around it. In a short run the patches
follow each other, and a window's tags and embedding are the means of the patches it overlaps, weighted by the overlap;
in a longer one they are interpolated between the patches around the window's middle. The 68 features are
computed once per run at a fixed gain and then brought to each window's own peak, which is what the library's
normalisation of the window alone gives: only the energy and the first cepstral coefficient depend on the gain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from media.geometry import FRAMES_PER_SECOND, SAMPLE_RATE_HZ, SECOND_SAMPLES, WINDOW_RMS, WINDOW_S
from models.ears import activity_net, joining
from models.ears.heads import tag_logits
from models.ears.musicnn import EMBEDDING, MSD_TAGS, Musicnn
from models.ears.store import version_of
from models.features import musicnn_mel, signal_features
from models.features.filterbanks import cepstrum
from models.features.short_term import FEATURE_NAMES, short_term_features

Samples = npt.NDArray[np.int16]
Blocks = dict[str, npt.NDArray[np.float64]]
NUMBER = 1
"""Version of the features; change it when the computation around the networks changes."""
WIDTHS = {
    "msd": EMBEDDING,
    "tags": len(MSD_TAGS),
    "features68": 2 * len(FEATURE_NAMES),
    "pulse": signal_features.N_FEATURES,
    "activity": activity_net.FEATURES + 3,
}
"""Numbers of each block that a head may hear; activity is the detector's (DefaultEar.activity_features)."""
NETWORKS = {"msd": ("musicnn_msd",), "tags": ("musicnn_msd",), "activity": joining.NETWORKS}
"""Shipped weights that a block comes from; the other blocks come from the signal alone."""
PATCH_S = 3
HEARD_WHOLE_S = 20
"""Up to this length a run is heard without gaps."""
PATCH_STEP_S = 10
"""In longer runs the network hears 3 s in this many: with 5 it costs twice as much, and is right no more often than
chance allows (`python -m bench.patches`; models/cards/default-attributes.md)."""
PATCHES_AT_ONCE = 60
WINDOWS_AT_ONCE = 120
QUIETEST_RMS = 1e-4
"""Sound quieter than this is not raised to WINDOW_RMS, but amplified by the same factor as sound of this level."""
ENERGY, FIRST_MFCC = FEATURE_NAMES.index("energy"), FEATURE_NAMES.index("mfcc_1")


def features_version(blocks: Iterable[str]) -> str:
    """Names the code and the networks that blocks come from: a head hears only with those that it learnt on.

    Raises:
        ModelError: as `models.ears.store.version_of`.
    """
    return version_of("features", NUMBER, {network for block in blocks for network in NETWORKS.get(block, ())})


def second_energies(samples: Samples, start_s: int, end_s: int) -> npt.NDArray[np.float64]:
    """(end_s - start_s,) mean square of each second, full scale 1."""
    seconds = [samples[s * SECOND_SAMPLES : (s + 1) * SECOND_SAMPLES].astype(np.float64) for s in range(start_s, end_s)]
    return np.array([np.mean(np.square(x)) for x in seconds]) / 32_768.0**2


def patch_starts(length_s: int, step_s: int = PATCH_STEP_S) -> npt.NDArray[np.int64]:
    """Starts in seconds of the patches of a run; the last is moved back to end with the run."""
    starts = np.arange(0, length_s, PATCH_S if length_s <= HEARD_WHOLE_S else step_s)
    return np.minimum(starts, length_s - PATCH_S)


def patch_weights(length_s: int, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(n_windows, n_patches): rows sum to 1; how much each patch counts in a window of the run."""
    return overlap_weights(length_s) if length_s <= HEARD_WHOLE_S else between(starts, length_s - WINDOW_S + 1)


def between(starts: npt.NDArray[np.integer], n_windows: int) -> npt.NDArray[np.float64]:
    """(n_windows, n_patches): rows sum to 1; how a window is interpolated between the patches around its middle."""
    middles = np.arange(n_windows) + WINDOW_S / 2
    weights = [np.interp(middles, starts + PATCH_S / 2, unit) for unit in np.eye(starts.size)]
    return np.stack(weights, axis=1)


def overlap_weights(length_s: int) -> npt.NDArray[np.float64]:
    """(n_windows, n_patches): rows sum to 1; how much of each patch a window of a short run averages."""
    starts = patch_starts(length_s)
    windows = np.arange(length_s - WINDOW_S + 1)[:, None]
    shared = np.minimum(windows + WINDOW_S, starts + PATCH_S) - np.maximum(windows, starts)
    weights = np.maximum(shared, 0).astype(np.float64)
    shares: npt.NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return shares


def patch_gains(energies: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """(n_patches,) factors that bring the 10 s around each patch to WINDOW_RMS.

    Args:
        energies: (n_seconds,) of the run, as `second_energies`.
        starts: (n_patches,) in seconds from the start of the run.
    """
    first = np.clip(starts + PATCH_S // 2 - WINDOW_S // 2, 0, len(energies) - WINDOW_S)
    level = np.sqrt(np.array([energies[s : s + WINDOW_S].mean() for s in first]))
    gains: npt.NDArray[np.float64] = WINDOW_RMS / np.maximum(level, QUIETEST_RMS)
    return gains


def heard_by_network(
    network: Musicnn, samples: Samples, start_s: int, end_s: int, step_s: int = PATCH_STEP_S
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Tags (n_windows, 50) and embeddings (n_windows, 200) of a run's windows."""
    starts = patch_starts(end_s - start_s, step_s)
    gains = patch_gains(second_energies(samples, start_s, end_s), starts)
    tags = np.empty((starts.size, len(MSD_TAGS)))
    embeddings = np.empty((starts.size, EMBEDDING))
    for first in range(0, starts.size, PATCHES_AT_ONCE):
        rows = slice(first, first + PATCHES_AT_ONCE)
        from_s = start_s + int(starts[rows].min())
        to_s = start_s + int(starts[rows].max()) + PATCH_S
        sound = samples[from_s * SECOND_SAMPLES : to_s * SECOND_SAMPLES].astype(np.float32) / np.float32(32_768)
        places = (starts[rows] + start_s - from_s) * SAMPLE_RATE_HZ
        tags[rows], embeddings[rows] = network.hear(musicnn_mel.patches(sound, places, gains[rows]))
    weights = patch_weights(end_s - start_s, starts)
    return weights @ tags, weights @ embeddings


def window_statistics(frames: npt.NDArray[np.float64], peaks: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n_windows, 68): mean and deviation of each 10 s window's frames, as if each window were levelled to peak 1.

    Args:
        frames: (34, n_frames) short-term features at a fixed gain.
        peaks: (n_windows,) largest absolute sample of each window at that gain.
    """
    per_second = frames.reshape(frames.shape[0], -1, FRAMES_PER_SECOND)
    centre = frames.mean(axis=1)[:, None]
    sums = (per_second - centre[:, :, None]).sum(axis=2)
    squares = np.square(per_second - centre[:, :, None]).sum(axis=2)
    rolled = np.lib.stride_tricks.sliding_window_view
    n = WINDOW_S * FRAMES_PER_SECOND
    mean = rolled(sums, WINDOW_S, axis=1).sum(axis=2) / n
    deviation = np.sqrt(np.maximum(rolled(squares, WINDOW_S, axis=1).sum(axis=2) / n - mean**2, 0))
    mean = mean + centre
    gain = 1 / np.maximum(peaks, 1e-9)
    mean[ENERGY] *= gain**2
    deviation[ENERGY] *= gain**2
    mean[FIRST_MFCC] += np.log10(gain) * cepstrum()[:, 0].sum()
    statistics: npt.NDArray[np.float64] = np.concatenate([mean, deviation]).T
    return statistics


def _pieces(start_s: int, end_s: int) -> Iterator[tuple[int, int]]:
    """Pieces of a run, each of at most WINDOWS_AT_ONCE windows, end exclusive."""
    for first in range(start_s, end_s - WINDOW_S + 1, WINDOWS_AT_ONCE):
        yield first, min(first + WINDOWS_AT_ONCE + WINDOW_S - 1, end_s)


def _from_signal(sound: npt.NDArray[np.float32]) -> Blocks:
    n_windows = sound.size // SECOND_SAMPLES - WINDOW_S + 1
    loudest = np.abs(sound).reshape(-1, SECOND_SAMPLES).max(axis=1)
    peaks = np.lib.stride_tricks.sliding_window_view(loudest, WINDOW_S).max(axis=1).astype(np.float64)
    log_mels = signal_features.window_log_mels(signal_features.fine_power_mel(sound), n_windows)
    pulse, (bpm, strength, between) = signal_features.pulse_and_beats(log_mels)
    return {
        "features68": window_statistics(short_term_features(sound, "fixed"), peaks),
        "pulse": pulse,
        "beats_bpm": bpm,
        "beats_strength": strength,
        "beats_between": between,
    }


def window_features(network: Musicnn, samples: Samples, start_s: int, end_s: int, step_s: int = PATCH_STEP_S) -> Blocks:
    """Feature blocks (n_windows, d) of the windows of a run: msd, tags (logits), features68, pulse, beats_*.

    Args:
        samples: (n,) int16 at 8 kHz.
        start_s: first second of the run; `end_s` is exclusive and at least 10 later.
        step_s: of a run longer than HEARD_WHOLE_S the network hears PATCH_S in so many seconds.
    """
    tags, embedding = heard_by_network(network, samples, start_s, end_s, step_s)
    parts = [
        _from_signal(samples[first * SECOND_SAMPLES : last * SECOND_SAMPLES].astype(np.float32) / np.float32(32_768))
        for first, last in _pieces(start_s, end_s)
    ]
    signal = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"msd": embedding, "tags": tag_logits(tags), **signal}
