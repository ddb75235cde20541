"""What a picture shows, as a vector: EfficientNet-Lite0 (Tan and Le 2019; Apache 2.0), ported to ONNX.

Weights: models/weights/frames.onnx, made by models.recipes.convert_frames. The network learnt to tell the 1,000 classes
of ImageNet apart; pictures that it finds alike have vectors that are near to each other.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.ears.network import open_network
from models.ears.store import load_weights

NETWORK = "frames"
"""Name of the weights."""
WIDTH = 128
"""Numbers of a vector."""
AT_ONCE = 8

Pixels = npt.NDArray[np.uint8]


class FrameEncoder:
    """Describes pictures."""

    def __init__(self, network: Path) -> None:
        """Open a checked weights file.

        Raises:
            ModelError: it is not what it should be.
        """
        self._session = open_network(network, 1)

    def encode(self, pictures: Pixels) -> npt.NDArray[np.float32]:
        """(n, WIDTH) vectors of (n, height, width, 3) RGB pictures of any size; it was trained on 224 x 224.

        Raises:
            ModelError: ONNX Runtime fails, for example for want of memory.
        """
        vectors = np.empty((len(pictures), WIDTH), np.float32)
        for first in range(0, len(pictures), AT_ONCE):
            some = pictures[first : first + AT_ONCE].astype(np.float32)
            try:
                vectors[first : first + AT_ONCE] = self._session.run(["vectors"], {"pixels": some})[0]
            except Exception as error:  # ONNX Runtime's own classes share no other base
                raise ModelError(f"{NETWORK}: the network failed ({error}).") from error
        return vectors


def frame_encoder() -> FrameEncoder:
    """The shipped network, opened.

    Raises:
        ModelError: its file is missing or damaged.
    """
    return FrameEncoder(load_weights(NETWORK))
