"""How surely somebody speaks, by Silero VAD (Silero Team, MIT licence), ported to hear a film in pieces.

Weights: models/weights/silero_vad.onnx, the 8 kHz half of the package's network, made by
models.recipes.convert_silero. A frame is 256 samples (32 ms); the network carries its state from frame to frame.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES
from models.network import open_network

FRAME = 256
CONTEXT = 32
HIDDEN = 128
PIECE_S = 64
"""A whole number of seconds and of frames."""
LARGEST_LOGIT = 8.0


class VoiceNetwork:
    """Hears speech in each second."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session = open_network(path, threads)

    def hear(self, samples: npt.NDArray[np.generic], gain: float) -> npt.NDArray[np.float32]:
        """(n_seconds,) mean logit of the frames centred in each second, each bounded to +-LARGEST_LOGIT.

        Args:
            samples: (n,) at 8 kHz; int16, may be a memmap, or floats of full scale 1.
            gain: brings the samples to the level of speech (models.activity_mel.level_gain).
        """
        n_seconds = samples.size // SECOND_SAMPLES
        n_frames = -(-n_seconds * SECOND_SAMPLES // FRAME)
        logits = np.empty(n_frames, np.float32)
        state = [np.zeros((1, 1, HIDDEN), np.float32)] * 2
        per_piece = PIECE_S * SECOND_SAMPLES // FRAME
        for first in range(0, n_frames, per_piece):
            last = min(first + per_piece, n_frames)
            frames = _frames(samples, gain, first, last)
            logits[first:last], *state = self._session.run(None, {"frames": frames, "h": state[0], "c": state[1]})
        np.clip(logits, -LARGEST_LOGIT, LARGEST_LOGIT, out=logits)
        second = np.minimum((np.arange(n_frames) * FRAME + FRAME // 2) // SECOND_SAMPLES, max(n_seconds - 1, 0))
        sums = np.bincount(second, weights=logits, minlength=n_seconds)[:n_seconds]
        counts = np.bincount(second, minlength=n_seconds)[:n_seconds]
        means: npt.NDArray[np.float32] = (sums / np.maximum(counts, 1)).astype(np.float32)
        return means


def _frames(samples: npt.NDArray[np.generic], gain: float, first: int, last: int) -> npt.NDArray[np.float32]:
    """(last - first, CONTEXT + FRAME): frames with the end of the frame before each; zeros beyond the file."""
    begin, end = first * FRAME - CONTEXT, last * FRAME
    piece = samples[max(begin, 0) : min(end, samples.size)]
    scale = np.float32(gain / 32_768 if np.issubdtype(samples.dtype, np.integer) else gain)
    sound = np.pad(piece.astype(np.float32) * scale, (max(0, -begin), max(0, end - samples.size)))
    return np.lib.stride_tricks.sliding_window_view(np.clip(sound, -1, 1), CONTEXT + FRAME)[::FRAME].copy()
