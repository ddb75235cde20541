"""Play notes with the General MIDI soundfont, by tinysoundfont without an audio device."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from studio.composing import DRUM_CHANNEL, Piece
from studio.extra import soundfont_path

PLAYED_HZ = 16_000
"""Twice the films' rate, so that the resampler, not the player, removes content above 4 kHz."""
_DRUM_BANK = 128
_TICK_S = 0.004


@lru_cache(maxsize=1)
def _soundfont() -> bytes:
    return soundfont_path().read_bytes()


def perform(piece: Piece, seconds: float) -> npt.NDArray[np.float32]:
    """Play a piece.

    Args:
        piece: the piece to play.
        seconds: duration; notes that still sound at the end are cut.

    Returns:
        (seconds * PLAYED_HZ,) mono samples at the soundfont's own level.

    Raises:
        ModelError: the extra `studio` is missing.
    """
    font = _soundfont()
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-12.0, samplerate=PLAYED_HZ)
    font_id = synth.sfload(font)
    for channel, program in piece.programs.items():
        synth.program_select(channel, font_id, 0, program)
    _select_kit(synth, font_id, piece.kit)

    events = [(round(n.start_s / _TICK_S), 1, n.channel, n.key, n.velocity) for n in piece.notes]
    events += [(round((n.start_s + n.seconds) / _TICK_S), 0, n.channel, n.key, 0) for n in piece.notes]
    events.sort()
    tick_samples = round(PLAYED_HZ * _TICK_S)
    total = round(seconds * PLAYED_HZ)
    pieces: list[npt.NDArray[np.float32]] = []
    done = 0
    for tick, on, channel, key, velocity in events:
        until = min(tick * tick_samples, total)
        if until > done:
            pieces.append(_generate(synth, until - done))
            done = until
        if on:
            synth.noteon(channel, key, velocity)
        else:
            synth.noteoff(channel, key)
    if total > done:
        pieces.append(_generate(synth, total - done))
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _select_kit(synth: object, font_id: int, kit: int) -> None:
    select = synth.program_select  # type: ignore[attr-defined]
    try:
        select(DRUM_CHANNEL, font_id, _DRUM_BANK, kit, True)
    except RuntimeError:  # the soundfont lacks this kit: use the standard kit
        select(DRUM_CHANNEL, font_id, _DRUM_BANK, 0, True)


def _generate(synth: object, count: int) -> npt.NDArray[np.float32]:
    buffer = synth.generate(count)  # type: ignore[attr-defined]
    stereo = np.frombuffer(buffer, np.float32).reshape(-1, 2)
    return np.asarray(stereo.mean(axis=1), np.float32)
