"""A rapper: spoken lines on the bars of a piece, through a microphone that is turned up too far."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, resample_poly, sosfilt

from studio.production import at_loudness, loudness
from studio.speech import Speaker

Samples = npt.NDArray[np.float32]
VOICES = ("en-us+m3", "en-us+m7")
LINES = (
    "I walk down the corner where the street lights glow",
    "count every step while the bass goes slow",
    "my name on the wall and a drum in my chest",
    "up before the sun and I never take rest",
    "we started at the bottom with a pencil and a page",
    "now the whole block listens when I step on the stage",
    "rain on the window and the train running late",
    "mother said be patient but I never could wait",
    "one for the kitchen and two for the floor",
    "three for the neighbours who knock on the door",
    "give me four bars and I fill up the room",
    "like a snare in the night or a bird in the gloom",
    "they talk about money and they talk about fame",
    "I talk about the people who remember my name",
    "so turn up the speaker and turn down the light",
    "the city keeps rhythm and the rhythm keeps right",
)
"""One line for each bar, in rhyming pairs; written for this project."""
_HOOK = 8
"""So many lines make a verse, which is repeated."""
_SHARE_OF_BAR = 0.9
_STRETCH = 1.15


def rap(
    tempo_bpm: float, seconds: float, rate_hz: int, seed: int, rng: np.random.Generator, *, hot: bool = True
) -> Samples:
    """Speak a line on each bar of 4/4.

    Args:
        tempo_bpm: of the piece.
        seconds: its length.
        rate_hz: rate of the result.
        seed: seed of the speech engine.
        rng: draws the voice, its pitch and the first line.
        hot: whether the microphone is turned up too far.

    Returns:
        (seconds * rate_hz,) samples.

    Raises:
        ModelError: the extra `studio` is missing.
    """
    bar_s = 240 / tempo_bpm
    voice, pitch = VOICES[int(rng.integers(len(VOICES)))], int(rng.integers(35, 50))
    first = 2 * int(rng.integers(len(LINES) // 2))
    out = np.zeros(round(seconds * rate_hz), np.float32)
    with Speaker(seed) as speaker:
        verse = [_line(speaker, first + index, voice, pitch, bar_s, rate_hz) for index in range(_HOOK)]
    for bar in range(int(np.ceil(seconds / bar_s))):
        at = round((bar * bar_s + rng.uniform(0, 0.02)) * rate_hz)
        line = verse[bar % _HOOK][: max(0, len(out) - at)]
        out[at : at + len(line)] += line
    return _hot_microphone(out, rate_hz) if hot else out


def _line(speaker: Speaker, index: int, voice: str, pitch: int, bar_s: float, rate_hz: int) -> Samples:
    """A line that lasts most of a bar: spoken at about the right pace, then stretched a little."""
    text = LINES[index % len(LINES)]
    wanted_s = bar_s * _SHARE_OF_BAR
    pace = int(np.clip(len(text.split()) * 60 / wanted_s, 120, 400))
    said = speaker.say(text, voice, pace, pitch)
    said = np.asarray(resample_poly(said, rate_hz // 50, speaker.rate_hz // 50), np.float32)
    wanted = int(np.clip(wanted_s * rate_hz, len(said) / _STRETCH, len(said) * _STRETCH))
    at = np.linspace(0, max(0, len(said) - 1), wanted)
    return np.interp(at, np.arange(len(said)), said).astype(np.float32) if len(said) else said


def _hot_microphone(voice: Samples, rate_hz: int) -> Samples:
    level = loudness(voice)
    if level == 0:
        return voice
    bent = np.tanh(2 * voice / level)
    band = sosfilt(butter(2, (400, 3_000), "bandpass", fs=rate_hz, output="sos"), bent)
    return at_loudness(np.asarray(band, np.float32), level)
