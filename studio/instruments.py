"""Play a piece: notes with the General MIDI soundfont, by tinysoundfont without an audio device, and what they lack."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from studio.composing import Piece
from studio.extra import soundfont_path
from studio.machines import drum_machine, sub_bass
from studio.notes import DRUM_CHANNEL, Note
from studio.plucking import pluck
from studio.production import amplified, at_loudness, compressed, loudness, softened
from studio.rapping import rap
from studio.singing import sing

Samples = npt.NDArray[np.float32]

PLAYED_HZ = 16_000
"""Twice the films' rate, so that the resampler, not the player, removes content above 4 kHz."""
_DRUM_BANK = 128
_TICK_S = 0.004
_STRINGS_LEVEL = np.float32(0.15)
_MACHINE_LEVEL = np.float32(0.35)
"""So that strings and machines are as loud as the soundfont's guitars and drums."""
_PAN, _LEFT, _RIGHT = 10, 0, 127
"""The controller that places a channel. Left and right are two separate sums here, not two loudspeakers."""


@lru_cache(maxsize=1)
def _soundfont() -> bytes:
    return soundfont_path().read_bytes()


def perform(piece: Piece, seconds: float, rng: np.random.Generator) -> Samples:
    """Play a piece: the instruments, the guitars through their amplifier, and the singer.

    Args:
        piece: the piece to play.
        seconds: duration; notes that still sound at the end are cut.
        rng: draws what differs between two performances.

    Returns:
        (seconds * PLAYED_HZ,) mono samples.

    Raises:
        ModelError: the extra `studio` is missing.
    """
    sound, guitars = _play(piece, seconds)
    sound = sound + _machines(piece, seconds, rng)
    for channel, strings in piece.strings.items():
        played = pluck([note for note in piece.notes if note.channel == channel], seconds, PLAYED_HZ, strings, rng)
        if channel in piece.amplified:
            guitars = guitars + _STRINGS_LEVEL * played
        else:
            sound = sound + _STRINGS_LEVEL * played
    band = loudness(sound) or loudness(guitars)
    if piece.amplified:
        amplified_guitars = amplified(guitars, PLAYED_HZ, piece.mix.drive_db, rng)
        sound = sound + at_loudness(amplified_guitars, band * piece.mix.guitars)
    if piece.voice is not None:
        voice = sing(piece.sung, seconds, PLAYED_HZ, piece.voice, rng)
        sound = sound + at_loudness(voice, band * piece.mix.singer)
    if piece.rapped:
        rapper = rap(piece.tempo_bpm, seconds, PLAYED_HZ, int(rng.integers(2**31)), rng, hot=piece.mix.hot_microphone)
        sound = sound + at_loudness(rapper, band * piece.mix.singer)
    return compressed(softened(sound, PLAYED_HZ, piece.mix.tone_hz), PLAYED_HZ, piece.mix.squeeze)


def _play(piece: Piece, seconds: float) -> tuple[Samples, Samples]:
    """What the soundfont plays: the instruments that sound as they are, and those for the amplifier."""
    font = _soundfont()
    import tinysoundfont

    synth = tinysoundfont.Synth(gain=-12.0, samplerate=PLAYED_HZ)
    font_id = synth.sfload(font)
    for channel, program in piece.programs.items():
        synth.program_select(channel, font_id, 0, program)
        synth.control_change(channel, _PAN, _RIGHT if channel in piece.amplified else _LEFT)
    _select_kit(synth, font_id, piece.kit)
    synth.control_change(DRUM_CHANNEL, _PAN, _LEFT)

    notes = [note for note in piece.notes if _by_soundfont(piece, note)]
    events = [(round(n.start_s / _TICK_S), 1, n.channel, n.key, n.velocity) for n in notes]
    events += [(round((n.start_s + n.seconds) / _TICK_S), 0, n.channel, n.key, 0) for n in notes]
    events.sort()
    tick_samples = round(PLAYED_HZ * _TICK_S)
    total = round(seconds * PLAYED_HZ)
    pieces = [np.zeros(0, np.float32)]
    done = 0
    for tick, on, channel, key, velocity in events:
        until = min(tick * tick_samples, total)
        if until > done:
            pieces.append(np.frombuffer(synth.generate(until - done), np.float32))
            done = until
        if on:
            synth.noteon(channel, key, velocity)
        else:
            synth.noteoff(channel, key)
    if total > done:
        pieces.append(np.frombuffer(synth.generate(total - done), np.float32))
    stereo = np.concatenate(pieces).reshape(-1, 2)
    return stereo[:, 0].copy(), stereo[:, 1].copy()


def _by_machine(piece: Piece, note: Note) -> bool:
    return note.channel in piece.sub or (piece.machine and note.channel == DRUM_CHANNEL)


def _by_soundfont(piece: Piece, note: Note) -> bool:
    return note.channel not in piece.strings and not _by_machine(piece, note)


def _machines(piece: Piece, seconds: float, rng: np.random.Generator) -> Samples:
    """What the drum machine and the bass synthesiser play."""
    notes = [note for note in piece.notes if _by_machine(piece, note)]
    drums = drum_machine([n for n in notes if n.channel == DRUM_CHANNEL], seconds, PLAYED_HZ, rng)
    bass = sub_bass([n for n in notes if n.channel != DRUM_CHANNEL], seconds, PLAYED_HZ)
    return _MACHINE_LEVEL * (drums + 0.35 * bass)


def _select_kit(synth: object, font_id: int, kit: int) -> None:
    select = synth.program_select  # type: ignore[attr-defined]
    try:
        select(DRUM_CHANNEL, font_id, _DRUM_BANK, kit, True)
    except RuntimeError:  # the soundfont lacks this kit: use the standard kit
        select(DRUM_CHANNEL, font_id, _DRUM_BANK, 0, True)
