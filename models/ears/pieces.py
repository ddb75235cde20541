"""What a network says in frames, as means over pieces of a second.

Speech stops and starts within seconds: the mean of a whole second says how much of it was speech only where the
network is equally sure of all its frames.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PIECES = 8
"""Of a second."""


def pieces(
    logits: npt.NDArray[np.float32], centres: npt.NDArray[np.int64], rate_hz: int, n_seconds: int
) -> npt.NDArray[np.float32]:
    """Mean logit of the frames centred in each piece of n_seconds >= 1 seconds; frames beyond them count for the last.

    Args:
        logits: (n_frames, n_outputs), in order of time, at least one frame centred in each piece.
        centres: (n_frames,) the sample in the middle of each frame, rising.
        rate_hz: samples of a second.

    Returns:
        (n_seconds, PIECES, n_outputs)
    """
    piece = np.minimum(centres * PIECES // rate_hz, n_seconds * PIECES - 1)
    starts = np.searchsorted(piece, np.arange(n_seconds * PIECES))
    sums = np.add.reduceat(logits, starts, axis=0, dtype=np.float64)
    means: npt.NDArray[np.float32] = (sums / np.bincount(piece)[:, None]).astype(np.float32)
    return means.reshape(n_seconds, PIECES, logits.shape[1])
