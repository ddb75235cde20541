"""Compose a cue in a style: chords with close voice leading, patterns for each bar, and a motif for the melody."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from studio.notes import DRUM_CHANNEL, Note
from studio.plucking import Strings
from studio.script import INTENSITIES, MusicCue
from studio.singing import SungNote, Voice
from studio.style import CRASH, SNARE, TOM_HIGH, TOM_LOW, Lead, Mix, Part, Style
from studio.styles import STYLES

STEPS = 16
_VELOCITY = {"low": 60, "medium": 86, "high": 112}
_CHORDS = {
    "maj": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7, 12),
    "7": (0, 4, 10, 7),
    "maj7": (0, 4, 11, 7),
    "m7": (0, 3, 10, 7),
    "m7b5": (0, 3, 10, 6),
}
_SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "pentatonic major": (0, 2, 4, 7, 9),
    "pentatonic minor": (0, 3, 5, 7, 10),
    "bebop major": (0, 2, 4, 5, 7, 9, 10, 11),
    "bebop minor": (0, 2, 3, 5, 7, 8, 10, 11),
}


@dataclass(frozen=True)
class Piece:
    """A piece of music as notes."""

    notes: tuple[Note, ...]
    programs: dict[int, int]
    """General MIDI programs by channel."""
    kit: int
    tempo_bpm: float
    mode: str
    tonic: int
    """Pitch class of the tonic, 0 = C."""
    mix: Mix
    amplified: frozenset[int]
    """Channels of the guitars that go through the amplifier."""
    strings: dict[int, Strings]
    """Channels that are played on plucked strings."""
    sung: tuple[SungNote, ...] = ()
    voice: Voice | None = None
    rapped: bool = False
    machine: bool = False
    """Whether a drum machine plays the drums."""
    sub: frozenset[int] = frozenset()
    """Channels of the bass synthesiser."""

    def alone(self, program: int) -> Piece:
        """The same notes, all played by one instrument of the soundfont, without drums and voices."""
        return replace(
            self,
            notes=tuple(note for note in self.notes if note.channel != DRUM_CHANNEL),
            programs=dict.fromkeys(self.programs, program),
            amplified=frozenset(),
            strings={},
            sung=(),
            voice=None,
            rapped=False,
            sub=frozenset(),
        )


@dataclass(frozen=True)
class _Clock:
    """Map the steps of the piece to times."""

    step_s: float
    swing: float
    sixteenths: bool

    def at(self, step: float) -> float:
        whole = int(step)
        if self.sixteenths:
            late = (self.swing - 0.5) * 2 if whole % 2 else 0.0
        else:
            late = (self.swing - 0.5) * 4 if whole % 4 == 2 else 0.0
        return (step + late) * self.step_s


def _chords(progression: str, tonic: int, n_bars: int) -> list[tuple[int, tuple[int, ...]]]:
    """(pitch class of the root, intervals above it) for each bar."""
    parsed = []
    for word in progression.split():
        offset, quality = word.split(":")
        parsed.append(((tonic + int(offset)) % 12, _CHORDS[quality]))
    return [parsed[bar % len(parsed)] for bar in range(n_bars)]


def _above(pitch_class: int, low_key: int) -> int:
    """The lowest key of this pitch class at or above `low_key`."""
    return low_key + (pitch_class - low_key) % 12


def _voiced(root: int, intervals: tuple[int, ...], low_key: int) -> list[int]:
    if intervals == _CHORDS["5"]:
        base = _above(root, low_key)
        return [base + interval for interval in intervals]
    return sorted(_above((root + interval) % 12, low_key) for interval in intervals)


def _held(pattern: str, step: int) -> int:
    length = 1
    while step + length < len(pattern) and pattern[step + length] == "-":
        length += 1
    return length


class _Composer:
    def __init__(self, cue: MusicCue, rng: np.random.Generator) -> None:
        self.rng = rng
        self.style: Style = STYLES[cue.genre]
        self.level = INTENSITIES.index(cue.intensity)
        self.velocity = _VELOCITY[cue.intensity]
        low, high = self.style.tempo_bpm
        drawn = low + (high - low) * (0.25 + 0.25 * self.level + 0.25 * (rng.random() - 0.5))
        self.tempo = round(float(cue.tempo_bpm or drawn), 1)
        self.mode = cue.mode or ("minor" if rng.random() < 0.45 else "major")
        self.tonic = int(rng.integers(12))
        self.clock = _Clock(15 / self.tempo, self.style.swing, self.style.swing_sixteenths)
        self.seconds = cue.seconds
        self.n_bars = int(np.ceil(cue.seconds / (STEPS * self.clock.step_s)))
        options = self.style.major if self.mode == "major" else self.style.minor
        self.chords = _chords(options[int(rng.integers(len(options)))], self.tonic, self.n_bars)
        self.notes: list[Note] = []
        self.sung: list[SungNote] = []

    def add(self, step: float, steps: float, channel: int, key: int, loudness: float) -> None:
        start = self.clock.at(step) + float(self.rng.normal(0, 1)) * self.style.humanise_s
        start = max(0.0, start)
        if start >= self.seconds:
            return
        accent = 1.0 if step % 4 == 0 else 0.92
        if channel != DRUM_CHANNEL:
            steps *= self.style.touch[self.level]
        velocity = int(np.clip(self.velocity * loudness * accent + self.rng.integers(-4, 5), 1, 127))
        self.notes.append(Note(start, max(0.04, steps * self.clock.step_s), channel, int(key), velocity))

    def play(self, part: Part, channel: int) -> None:
        pattern = part.bars[self.level]
        for bar, (root, intervals) in enumerate(self.chords):
            chord = _voiced(root, intervals, part.low_key)
            bass = _above(root, part.low_key)
            following = _above(self.chords[(bar + 1) % self.n_bars][0], part.low_key)
            for step, sign in enumerate(pattern):
                if sign in "-.":
                    continue
                length = _held(pattern, step) * part.length
                loudness = part.volume * (0.75 if sign in "or" else 1.0)
                for key in self._keys(sign, chord, bass, following):
                    self.add(bar * STEPS + step, length, channel, key, loudness)

    def _keys(self, sign: str, chord: list[int], bass: int, following: int) -> list[int]:
        if sign in "xo":
            return chord
        if sign in "1234":
            return [chord[(int(sign) - 1) % len(chord)] + 12 * ((int(sign) - 1) // len(chord))]
        fixed = {"R": bass, "r": bass, "5": bass + 7, "8": bass + 12}
        if sign in fixed:
            return [fixed[sign]]
        return [following + (2 if following < bass else -1)]

    def syllable(self, step: float, steps: float, key: int) -> None:
        """One sung note."""
        start = max(0.0, self.clock.at(step) + float(self.rng.normal(0, 1)) * self.style.humanise_s)
        if start < self.seconds:
            loudness = float(np.clip(self.rng.normal(0.85, 0.1), 0.5, 1.0))
            self.sung.append(SungNote(start, steps * self.clock.step_s, key, loudness))

    def melody(self, lead: Lead, channel: int) -> None:
        """A motif of two bars: rhythm and contour repeat, and the notes follow the chords."""
        name = self.mode if lead.scale == "mode" else lead.scale
        scale = _SCALES.get(name) or _SCALES[f"{name} {self.mode}"]
        ladder = [key for key in range(lead.low_key - 5, lead.low_key + 20) if (key - self.tonic) % 12 in scale]
        rhythms = [lead.rhythms[int(self.rng.integers(len(lead.rhythms)))] for _ in range(2)]
        contour = self.rng.integers(-lead.leap, lead.leap + 1, size=2 * STEPS)
        place = len(ladder) // 2
        for bar, (root, intervals) in enumerate(self.chords):
            if bar % 8 == 7:
                rhythms[1] = lead.rhythms[int(self.rng.integers(len(lead.rhythms)))]
            if bar > 1 and self.rng.random() < lead.rest_share:
                continue
            pattern = rhythms[bar % 2]
            tones = {(root + interval) % 12 for interval in intervals}
            for step, sign in enumerate(pattern):
                if sign != "x":
                    continue
                move = int(contour[(bar % 2) * STEPS + step]) or int(self.rng.integers(-1, 2))
                place = int(np.clip(place + move, 0, len(ladder) - 1))
                if step % 8 == 0:
                    near = sorted(range(len(ladder)), key=lambda i: (ladder[i] % 12 not in tones, abs(i - place)))
                    place = near[0]
                length = _held(pattern, step) * 0.97
                if lead.voice is not None:
                    self.syllable(bar * STEPS + step, length, ladder[place])
                else:
                    self.add(bar * STEPS + step, length, channel, ladder[place], lead.volume)

    def drum(self) -> None:
        pattern = self.style.drums[self.level]
        for bar in range(self.n_bars):
            last_of_four = bar % 4 == 3
            for key, steps in pattern.items():
                if key == CRASH and bar % 4:
                    continue
                for step, sign in enumerate(steps):
                    if sign == "." or (last_of_four and self.style.fills and self.level > 0 and step >= 12):
                        continue
                    self.add(bar * STEPS + step, 1, DRUM_CHANNEL, key, 1.0 if sign == "x" else 0.6)
            if last_of_four and self.style.fills and self.level > 0:
                for step, key in zip(range(12, 16), (SNARE, SNARE, TOM_HIGH, TOM_LOW), strict=True):
                    self.add(bar * STEPS + step, 1, DRUM_CHANNEL, key, 0.9)


def compose(cue: MusicCue, rng: np.random.Generator) -> Piece:
    """Write the notes of a cue.

    Args:
        cue: the piece to write; tempo and mode are drawn at random where they are None.
        rng: random generator; the same state gives the same piece.

    Returns:
        Notes sorted by start time, from 0 s to `cue.seconds`.
    """
    composer = _Composer(cue, rng)
    style = composer.style
    programs: dict[int, int] = {}
    amplified: set[int] = set()
    sub: set[int] = set()
    strings: dict[int, Strings] = {}

    def channel_for(played: Part | Lead, program: int) -> int:
        channel = len(programs)
        programs[channel] = program
        if played.amplified:
            amplified.add(channel)
        if played.strings is not None:
            strings[channel] = played.strings
        return channel

    for part in style.parts:
        program = _one_of(part.programs, rng)
        if composer.level >= part.from_intensity:
            channel = channel_for(part, program)
            composer.play(part, channel)
            if part.sub:
                sub.add(channel)
    lead = style.lead
    if composer.level >= lead.from_intensity:
        program = cue.lead_program if cue.lead_program is not None else _one_of(lead.programs, rng)
        if program not in lead.programs:  # another instrument than the style's
            lead = replace(lead, amplified=False, strings=None)
        composer.melody(lead, channel_for(lead, program))
    singer = style.singer if style.singer is not None and composer.level >= style.singer.from_intensity else None
    if singer is not None:
        composer.melody(singer, -1)
    composer.drum()
    return Piece(
        notes=tuple(sorted(composer.notes, key=lambda note: (note.start_s, note.channel, note.key))),
        programs=programs,
        kit=style.kit,
        tempo_bpm=composer.tempo,
        mode=composer.mode,
        tonic=composer.tonic,
        mix=style.mix[composer.level],
        amplified=frozenset(amplified),
        strings=strings,
        sung=tuple(composer.sung),
        voice=singer.voice if singer is not None else None,
        rapped=style.rapped,
        machine=style.machine,
        sub=frozenset(sub),
    )


def _one_of(programs: tuple[int, ...], rng: np.random.Generator) -> int:
    return int(programs[int(rng.integers(len(programs)))])
