"""From frame-wise evidence to smoothed probabilities: forward-backward over a two-state chain.

Music and speech change rarely from one second to the next. Each is a hidden chain of two states, absent and present,
with fixed probabilities of switching; the network's probability of a second, divided by the prior it was trained
with, is the likelihood. The posterior given all seconds is what the design calls the smoothed probability.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from errors import ParameterError
from film import FloatArray


def smooth(
    probability: FloatArray, enter: float, leave: float, prior: float, trust: float = 1.0
) -> npt.NDArray[np.float64]:
    """Posterior probability of the present state in each step.

    Args:
        probability: (n,) unsmoothed probability of being present, each by its own evidence.
        enter: probability of switching from absent to present in a step, 0 < enter < 1.
        leave: probability of switching from present to absent.
        prior: share of present steps in the material that taught `probability`.
        trust: exponent of the likelihood; below 1 because neighbouring steps are heard from overlapping context.

    Returns:
        (n,) in [0, 1].

    Raises:
        ParameterError: a value outside (0, 1), or NaN.
    """
    if not all(0 < value < 1 for value in (enter, leave, prior)):
        raise ParameterError(f"smoothing: enter {enter}, leave {leave} and prior {prior} must lie between 0 and 1.")
    if probability.ndim != 1 or not np.isfinite(probability).all():
        raise ParameterError("smoothing: the probabilities must be one row of finite numbers.")
    bounded = np.clip(probability.astype(np.float64), 1e-6, 1 - 1e-6)
    likelihood = np.stack([(1 - bounded) / (1 - prior), bounded / prior], axis=1) ** trust
    likelihood /= likelihood.sum(axis=1, keepdims=True)
    step = np.array([[1 - enter, enter], [leave, 1 - leave]])
    start = np.array([leave, enter]) / (enter + leave)
    forward, backward = np.empty_like(likelihood), np.ones_like(likelihood)
    belief = start
    for i, evidence in enumerate(likelihood):
        belief = (belief if i == 0 else belief @ step) * evidence
        belief = belief / belief.sum()
        forward[i] = belief
    for i in range(len(likelihood) - 2, -1, -1):
        ahead = step @ (likelihood[i + 1] * backward[i + 1])
        backward[i] = ahead / ahead.sum()
    posterior = forward * backward
    smoothed: npt.NDArray[np.float64] = posterior[:, 1] / posterior.sum(axis=1)
    return smoothed


def labels(music: FloatArray, speech: FloatArray) -> npt.NDArray[np.int8]:
    """(n,) of film.MUSIC, film.SPEECH, film.OTHER: the likelier of the present ones, else other (design,
    vocabulary)."""
    from film import MUSIC, OTHER, SPEECH

    likelier = np.where(music >= speech, MUSIC, SPEECH)
    present = np.maximum(music, speech) >= 0.5
    return np.where(present, likelier, OTHER).astype(np.int8)
