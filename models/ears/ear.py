"""What an ear is: something that hears activity in a film and attributes in its music."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from film import Activity, WindowAttributes
from models.kinds import ARCHITECTURES

Samples = npt.NDArray[np.int16]


class Ear(Protocol):
    """Models of one architecture, loaded once and used for film after film. Not shared between threads."""

    architecture: str
    """thesis or default"""
    model_version: str
    """Names the weights; stored with every analysis, and analyses of different versions are not compared."""

    def activity(self, samples: Samples) -> tuple[Activity, object]:
        """What is heard in each whole second.

        Args:
            samples: (n,) int16 at 8 kHz, may be a memmap; it is read in pieces.

        Returns:
            The activity of floor(n / 8000) seconds, and a memo for `attributes`.
        """
        ...

    def attributes(
        self, samples: Samples, runs: Sequence[tuple[int, int]], memo: object, wide: Samples | None = None
    ) -> list[WindowAttributes]:
        """The attributes of each run's windows.

        Args:
            samples: as given to `activity`.
            runs: (start_s, end_s) each, end exclusive, at least 10 s long.
            memo: what `activity` returned for these samples.
            wide: (2 n,) int16 at 16 kHz, the same film's mix, if the file has it; an ear need not use it.

        Returns:
            One per run, in order, of (end_s - start_s) - 9 windows.
        """
        ...


def load_ear(architecture: str = "default", threads: int = 1, own: Path | None = None) -> Ear:
    """Load an ear with its shipped weights, or with the heads that somebody installed.

    Args:
        architecture: thesis or default.
        threads: that networks may use (models.ears.network.each).
        own: folder of installed heads (models.ears.own_heads); the default ear uses those that are active.

    Raises:
        ParameterError: no such architecture, or threads below 1.
        ModelError: weights are missing, altered or of another version.
    """
    if architecture not in ARCHITECTURES:
        raise ParameterError(f"{architecture}: no such architecture. Take one of {', '.join(ARCHITECTURES)}.")
    if threads < 1:
        raise ParameterError(f"threads: {threads}. Give 1 or more.")
    if architecture == "default":
        from models.ears.default_ear import DefaultEar

        return DefaultEar.load(threads, own)
    from models.ears.thesis_ear import ThesisEar

    return ThesisEar.load(threads)


def base_version(model_version: str) -> str:
    """The version of the shipped weights in an ear's version; embeddings of one base are comparable."""
    return model_version.partition("+")[0]
