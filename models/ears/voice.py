"""How surely somebody speaks, by Silero VAD (Silero Team, MIT licence), ported to hear a film in pieces.

Weights: models/weights/silero_vad.onnx, the 8 kHz half of the package's network, made by
models.recipes.convert_silero. A frame is 256 samples (32 ms); the network carries its state from frame to frame.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES
from models.ears.network import open_network
from models.ears.pieces import PIECES, pieces
from models.features.levelling import Levelled

FRAME = 256
CONTEXT = 32
"""Samples of the frame before that a frame begins with."""
HIDDEN = 128
FRAMES_AT_ONCE = 2_000
"""About a minute."""
LARGEST_LOGIT = 8.0


class VoiceNetwork:
    """Hears speech in each piece of a second."""

    def __init__(self, path: Path) -> None:
        self._session = open_network(path)

    def hear(self, sound: Levelled) -> npt.NDArray[np.float32]:
        """(n_seconds, PIECES) mean logit of the frames centred in each piece (models.ears.pieces), each frame's bounded
        to +-LARGEST_LOGIT."""
        n_seconds = sound.samples.size // SECOND_SAMPLES
        if n_seconds == 0:
            return np.empty((0, PIECES), np.float32)
        n_frames = -(-n_seconds * SECOND_SAMPLES // FRAME)
        logits = np.empty(n_frames, np.float32)
        state = [np.zeros((1, 1, HIDDEN), np.float32)] * 2
        for first in range(0, n_frames, FRAMES_AT_ONCE):
            last = min(first + FRAMES_AT_ONCE, n_frames)
            frames = _frames(sound, first, last)
            logits[first:last], *state = self._session.run(None, {"frames": frames, "h": state[0], "c": state[1]})
        np.clip(logits, -LARGEST_LOGIT, LARGEST_LOGIT, out=logits)
        centres = np.arange(n_frames) * FRAME + FRAME // 2
        return pieces(logits[:, None], centres, SECOND_SAMPLES, n_seconds)[sound.seconds, :, 0]


def _frames(sound: Levelled, first: int, last: int) -> npt.NDArray[np.float32]:
    """(last - first, CONTEXT + FRAME): levelled frames with the end of the frame before each; zeros beyond the file."""
    padded = np.clip(sound.piece(first * FRAME - CONTEXT, last * FRAME), -1, 1)
    return np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + FRAME)[::FRAME].copy()
