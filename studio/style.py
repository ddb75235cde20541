"""What a playing style is made of: parts, a melody, a singer, drums, and how they are mixed.

A pattern describes one bar of 4/4 in 16 steps. In the pattern of a part, `x` is the whole chord, `1`-`4` one of its
notes counted from the bottom, `R` its root, `5` the fifth, `8` the octave, `W` a scale step towards the next root;
`-` holds the note, `.` is silent, and a step in lower case (`o`, `r`) is soft. In a drum pattern, `x` is strong and `o`
is soft.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.plucking import Strings
from studio.singing import Voice

KICK, SNARE, RIM, CLAP, HAT, OPEN_HAT, PEDAL_HAT = 36, 38, 37, 39, 42, 46, 44
RIDE, CRASH, TOM_LOW, TOM_HIGH, TAMBOURINE, SHAKER = 51, 49, 45, 50, 54, 70

Bars = tuple[str, str, str]
"""One pattern for each intensity: low, medium, high."""
Drums = dict[int, str]


def same(pattern: str) -> Bars:
    return (pattern, pattern, pattern)


@dataclass(frozen=True)
class Part:
    """A part: its possible instruments (General MIDI, from 0), its patterns, register and loudness."""

    programs: tuple[int, ...]
    bars: Bars
    low_key: int
    """Lowest key of the chord's voicing."""
    volume: float = 1.0
    length: float = 0.95
    """Share of a note's duration that it sounds (articulation)."""
    from_intensity: int = 0
    """The part is silent in cues of lower intensity."""
    amplified: bool = False
    """An electric guitar that goes through the amplifier (Mix.drive_db)."""
    sub: bool = False
    """Played by the bass synthesiser (studio.machines), not by the soundfont."""
    strings: Strings | None = None
    """Played on these strings (studio.plucking), not by the soundfont."""


@dataclass(frozen=True)
class Lead:
    """The melody: a two-bar motif, repeated and varied."""

    programs: tuple[int, ...]
    rhythms: tuple[str, ...]
    """`x` starts a note, `-` holds it, `.` is silent."""
    low_key: int
    scale: str
    """"mode": the cue's own scale; or a "blues", "pentatonic" or "bebop" scale."""
    volume: float = 1.0
    leap: int = 2
    """Largest usual step in the scale."""
    from_intensity: int = 0
    rest_share: float = 0.15
    """Share of bars without melody."""
    amplified: bool = False
    strings: Strings | None = None
    voice: Voice | None = None
    """Who sings the melody; None: an instrument plays it."""


@dataclass(frozen=True)
class Mix:
    """How the parts of a piece are brought together. Loudness is relative to the other instruments (RMS)."""

    drive_db: float = 25.0
    """How much the amplifier distorts guitars: see studio.production.amplified."""
    guitars: float = 0.8
    singer: float = 1.2
    """Of a rapper, too."""
    squeeze: float = 1.0
    """Ratio of the compressor over everything; 1 is none."""
    tone_hz: float = 0.0
    """Above this frequency everything falls by 6 dB an octave, as soft playing has fewer overtones; 0: it does not."""
    hot_microphone: bool = True
    """Whether a rapper's voice is distorted."""


Mixes = tuple[Mix, Mix, Mix]
"""One mix for each intensity: low, medium, high."""


def alike(mix: Mix) -> Mixes:
    return (mix, mix, mix)


_PLAIN = alike(Mix())


@dataclass(frozen=True)
class Style:
    """The playing style of one genre."""

    tempo_bpm: tuple[int, int]
    major: tuple[str, ...]
    """Chord progressions with one chord per bar, as "semitones above the tonic:quality"."""
    minor: tuple[str, ...]
    parts: tuple[Part, ...]
    lead: Lead
    drums: tuple[Drums, Drums, Drums]
    kit: int = 0
    swing: float = 0.5
    """Position of the off-beat within its beat: 0.5 straight, 0.67 triplets."""
    swing_sixteenths: bool = False
    humanise_s: float = 0.008
    even_beat: bool = False
    """Whether there is a steady dance kick (truth of danceability)."""
    fills: bool = True
    """Whether every fourth bar ends with a drum fill."""
    mix: Mixes = _PLAIN
    touch: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """What is left of the length of an instrument's notes at each intensity: calm music is slurred, lively music
    detached."""
    singer: Lead | None = None
    """A second melody, sung, from its `from_intensity` on."""
    machine: bool = False
    """Whether a drum machine plays the drums instead of the soundfont's kit."""
    rapped: bool = False
    """Whether somebody speaks lines over the beat (studio.rapping)."""
