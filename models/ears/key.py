"""The key of a run of music: which of the 24 major and minor keys its pitch classes fit best, and how surely.

The pitch classes (`models.features.chroma`) are correlated with the profile of each key: how often each degree of the
scale occurs in music of that mode. The profiles are those of Albrecht and Shanahan (The use of large corpora to train a
new type of key-finding algorithm, Music Perception 31, 2013), counted in classical pieces. A run has one key; a change
of key inside it is not followed. `python -m bench.keys` measures how often the key is right, and
models/cards/default-attributes.md says it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from film import FloatArray
from media.geometry import SECOND_SAMPLES
from models.features.chroma import SEMITONES, pitch_classes

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
TEMPERATURE = 0.11
"""Of the softmax over the correlations: fitted on rendered pieces (`python -m bench.keys --seed 1 --chorales 20
--fit`)."""
SPOKEN_TEMPERATURE = 0.2
"""Between those that fit music under speech that is 0 dB and 8 dB louder (`--seed 1 --speech 0 8 --fit`)."""
LEAST_S = 8


def _profiles() -> npt.NDArray[np.float64]:
    """(24, 12) in the order of KEYS: mean 0, length 1."""
    rows = np.array([np.roll(mode, tonic) for mode in (MAJOR, MINOR) for tonic in range(SEMITONES)])
    rows -= rows.mean(axis=1, keepdims=True)
    unit: npt.NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


PROFILES = _profiles()


def correlations(classes: FloatArray) -> npt.NDArray[np.float64]:
    """(24,) correlation of pitch classes (12,) with the profile of each of KEYS; zeros where no class stands out."""
    centred = classes - classes.mean()
    length = np.linalg.norm(centred)
    found: npt.NDArray[np.float64] = PROFILES @ (centred / length if length > 0 else centred)
    return found


def key_attributes(samples: npt.NDArray[np.generic], spoken: npt.NDArray[np.bool_] | None = None) -> dict[str, float]:
    """Of a run: `key`, its index in KEYS; `key_confidence`, its probability; `minor`, the probability of a minor key.

    Voices have pitches of their own, so the key is heard in the seconds without speech if they are LEAST_S or more, and
    otherwise in all, with less confidence. In silence all keys are equally probable.

    Args:
        samples: (n,) at 8 kHz, int16 or floats of full scale 1.
        spoken: (n // 8000,) whether somebody speaks in a second; None: nowhere.
    """
    alone, is_spoken = samples, False
    if spoken is not None and spoken.any():
        is_spoken = int((~spoken).sum()) < LEAST_S
        if not is_spoken:
            alone = samples[: spoken.size * SECOND_SAMPLES].reshape(-1, SECOND_SAMPLES)[~spoken].ravel()
    p = softmax(correlations(pitch_classes(alone)) / (SPOKEN_TEMPERATURE if is_spoken else TEMPERATURE))
    return {"key": float(p.argmax()), "key_confidence": float(p.max()), "minor": float(p[SEMITONES:].sum())}
