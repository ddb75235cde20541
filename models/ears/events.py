"""How surely somebody speaks, somebody sings, music plays: the event network of FireRedVAD (Apache 2.0), ported to
hear a film in blocks.

Weights: models/weights/events.onnx, made by models.recipes.convert_events. A frame (models.features.kaldi_mel) is
25 ms, a hundred begin in a second; the network hears BEFORE frames before each and AFTER frames after it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from media.geometry import SECOND_SAMPLES
from models.ears.network import each, open_network
from models.ears.pieces import PIECES, pieces
from models.features.kaldi_mel import FRAME, HOP, RATE_HZ, frame_count, log_mel
from models.features.levelling import Levelled
from models.features.musicnn_mel import upsample

EVENTS = ("speech", "singing", "music")
BEFORE, AFTER = 8 * 19, 8 * 20
"""Eight memories, each of 19 frames back and 20 ahead."""
FRAMES_AT_ONCE = 6_000
"""Frames of a block whose results are used. BEFORE + AFTER frames around it are heard in vain; longer blocks gain
little and take more memory."""
FULL_SCALE = np.float32(32_768)
LARGEST_LOGIT = 8.0
_UPSAMPLING_REACH = 16
"""Samples at 8 kHz on either side that a sample at 16 kHz depends on (10), and some more."""


class EventNetwork:
    """Hears speech, singing and music in each piece of a second."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self._session, self._threads = open_network(path), threads

    def hear(self, sound: Levelled) -> npt.NDArray[np.float32]:
        """(n_seconds, PIECES, 3) mean logit of EVENTS over the frames centred in each piece (models.ears.pieces), each
        frame's bounded to +-LARGEST_LOGIT.

        The answer does not depend on FRAMES_AT_ONCE.
        """
        n_seconds = sound.samples.size // SECOND_SAMPLES
        if n_seconds == 0:
            return np.empty((0, PIECES, len(EVENTS)), np.float32)
        total = frame_count(sound.samples.size * (RATE_HZ // SECOND_SAMPLES))
        logits = np.empty((total, len(EVENTS)), np.float32)

        def hear(first: int) -> None:
            last = min(first + FRAMES_AT_ONCE, total)
            begin, end = max(0, first - BEFORE), min(total, last + AFTER)
            found = self.hear_mel(log_mel(_at_16_khz(sound, begin, end)))
            logits[first:last] = found[first - begin : last - begin]

        each(hear, range(0, total, FRAMES_AT_ONCE), self._threads)
        np.clip(logits, -LARGEST_LOGIT, LARGEST_LOGIT, out=logits)
        return pieces(logits, np.arange(total) * HOP + FRAME // 2, RATE_HZ, n_seconds)[sound.seconds]

    def hear_mel(self, mel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Logits (n_frames, 3) of EVENTS for (n_frames, BANDS) of `kaldi_mel.log_mel`."""
        logits: npt.NDArray[np.float32] = self._session.run(["logits"], {"log_mel": mel})[0]
        return logits


def _at_16_khz(sound: Levelled, first: int, last: int) -> npt.NDArray[np.float32]:
    """The samples of the frames from `first` to `last`, full scale 32768."""
    begin, end = first * HOP // 2, ((last - 1) * HOP + FRAME) // 2
    piece = sound.piece(begin - _UPSAMPLING_REACH, end + _UPSAMPLING_REACH)
    return upsample(piece)[2 * _UPSAMPLING_REACH : -2 * _UPSAMPLING_REACH] * FULL_SCALE
