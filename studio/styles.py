"""Playing styles, one for each of the ten genres: instruments, rhythms and chords.

`studio.style` explains the patterns. All patterns were written for this project; none quotes a piece of music.
"""

from __future__ import annotations

from studio.plucking import Strings
from studio.singing import Voice
from studio.style import (
    CLAP,
    CRASH,
    HAT,
    KICK,
    OPEN_HAT,
    PEDAL_HAT,
    RIDE,
    RIM,
    SNARE,
    TAMBOURINE,
    Drums,
    Lead,
    Mix,
    Part,
    Style,
    alike,
    same,
)

_MAN = Voice()
_WOMAN = Voice(tract=1.17, breath=0.08)
_BLUES_GUITAR = Strings(bright=0.7, ring_s=2.0, bends=0.6, vibrato_semitones=0.25)
_RHYTHM_GUITAR = Strings(bright=0.6, ring_s=1.0)

_TWELVE_BARS = "0:7 0:7 0:7 0:7 5:7 5:7 0:7 0:7 7:7 5:7 0:7 7:7"
_POP_SONG = ("x-x-x-x-x---....", "..x-x-x-x-x-x---", "x---x-x-x-x-....", "....x-x-x-x-x-x-")
_ROCK_SONG = ("x-x-x---x-x-....", "..x-x-x-x---....", "x---x---x-x-x---")
_POP_DRUMS: tuple[Drums, Drums, Drums] = (
    {RIM: "....x.......x...", HAT: "x...o...x...o...", KICK: "x.......x......."},
    {SNARE: "....x.......x...", HAT: "x.o.x.o.x.o.x.o.", KICK: "x.......x.x....."},
    {SNARE: "....x.......x..o", HAT: "xoxoxoxoxoxoxoxo", KICK: "x..x....x.x..x..", TAMBOURINE: "..x...x...x...x."},
)

STYLES: dict[str, Style] = {
    "blues": Style(
        (70, 116),
        (_TWELVE_BARS,),
        ("0:m 0:m 0:m 0:7 5:m 5:m 0:m 0:m 8:7 7:7 0:m 7:7",),
        (
            Part((33,), ("R---5---8---5---", "R-R-5-5-8-8-5-5-", "R-R-5-5-8-R-5-5-"), 33, 0.9),
            Part(
                (27,),
                ("....o-......o-..", "..x...o...x...o.", "x.x...x.x.x...x."),
                48,
                0.2,
                0.7,
                amplified=True,
                strings=_RHYTHM_GUITAR,
            ),
            Part((16,), same("o---------------"), 55, 0.3, from_intensity=2),
        ),
        Lead(
            (26, 27),
            ("x-x-x---....x-x-", "....x-x-x-x-x---", "x---x-x-......x-"),
            56,
            "blues",
            1.05,
            2,
            amplified=True,
            strings=_BLUES_GUITAR,
        ),
        (
            {PEDAL_HAT: "....x.......x..."},
            {HAT: "x...x.o.x...x.o.", SNARE: "....x.......x...", KICK: "x.......x......."},
            {HAT: "x.o.x.o.x.o.x.o.", SNARE: "....x.......x.o.", KICK: "x...x...x...x..."},
        ),
        swing=0.66,
        humanise_s=0.014,
        mix=alike(Mix(drive_db=14, guitars=1.9)),
        touch=(1.0, 1.15, 1.05),
    ),
    "rock": Style(
        (92, 122),
        ("0:5 10:5 5:5 0:5", "0:5 5:5 7:5 5:5"),
        ("0:5 8:5 3:5 10:5", "0:5 3:5 5:5 10:5"),
        (
            Part((34, 33), ("R---R---R---R---", "R-R-R-R-R-R-R-R-", "R-R-R-R-R-R-R-RW"), 28, 1.0),
            Part((27,), ("x-------x-------", "x-x-x-x-x-x-x-x-", "x-xxx-x-x-xxx-x-"), 40, 0.85, 0.8, amplified=True),
            Part((27,), same("x---------------"), 55, 0.55, from_intensity=2, amplified=True),
        ),
        Lead(
            (27,),
            ("x---x---x-x-x---", "x-x-x-x-x-------", "....x---x---x-x-"),
            62,
            "pentatonic",
            0.85,
            2,
            1,
            0.6,
            amplified=True,
        ),
        (
            {SNARE: "....o.......o...", HAT: "o...o...o...o...", KICK: "o.......o......."},
            {SNARE: "....o.......o...", HAT: "o.o.o.o.o.o.o.o.", KICK: "o.....o.o......."},
            {
                SNARE: "....x.......x..x",
                OPEN_HAT: "x.x.x.x.x.x.x.x.",
                KICK: "x.x...x.x.x...x.",
                CRASH: "x...............",
            },
        ),
        mix=(
            Mix(drive_db=6, guitars=0.5, singer=1.2),
            Mix(drive_db=8, singer=0.7, tone_hz=1_500),
            Mix(drive_db=20, singer=0.8),
        ),
        singer=Lead((), _ROCK_SONG, 52, "pentatonic", 1.0, 2, voice=_MAN),
    ),
    "pop": Style(
        (92, 126),
        ("0:maj 7:maj 9:m 5:maj", "9:m 5:maj 0:maj 7:maj"),
        ("0:m 8:maj 3:maj 10:maj", "0:m 5:m 8:maj 10:maj"),
        (
            Part((33,), ("R-------R-------", "R---..R-R---..R-", "R-R-R-R-R-R-R-RW"), 33, 1.0),
            Part((0,), ("x-------x-------", "x---x---x---x---", "x-.xx-.xx-.xx-.x"), 55, 0.8),
            Part((27, 24), same("1-2-3-2-1-2-3-2-"), 60, 0.5, from_intensity=1),
            Part((48, 89), same("x---------------"), 60, 0.4, 1.0),
            Part((27,), same("x-x-x-x-x-x-x-x-"), 45, 0.8, 0.8, from_intensity=2, amplified=True),
        ),
        Lead((52, 53, 73), ("x---x-x-x---..x-", "x-x-x---x-x-....", "..x-x-x-x---x---"), 67, "mode", 0.6, 2, 1, 0.85),
        _POP_DRUMS,
        even_beat=True,
        mix=(
            Mix(singer=1.6, squeeze=2),
            Mix(singer=1.3, squeeze=2),
            Mix(drive_db=16, guitars=0.6, singer=1.3, squeeze=2),
        ),
        touch=(1.0, 1.1, 0.75),
        singer=Lead((), _POP_SONG, 62, "mode", 1.0, 2, rest_share=0.05, voice=_WOMAN),
    ),
    "metal": Style(
        (140, 184),
        ("0:5 1:5 0:5 3:5", "0:5 7:5 8:5 5:5"),
        ("0:5 0:5 1:5 10:5", "0:5 8:5 10:5 1:5"),
        (
            Part((34,), ("R---R---R---R---", "R-RRR-RRR-RRR-RR", "RRRRRRRRRRRRRRRR"), 28, 0.9, 0.7),
            Part((27,), ("x-------x-------", "x-xxx-xxx-xxx-xx", "xxxxxxxxxxxxxxxx"), 40, 0.95, 0.6, amplified=True),
            Part((27,), ("x---------------", "x-------x-------", "x-xxx-xxx-xxx-xx"), 47, 0.8, 0.8, amplified=True),
        ),
        Lead(
            (27,),
            ("xxxxxxxxxxxxxxxx", "x-x-x-x-xxxxxxxx", "x---x---xxxxx---"),
            64,
            "mode",
            0.7,
            1,
            1,
            0.45,
            amplified=True,
        ),
        (
            {SNARE: "....x.......x...", RIDE: "x...x...x...x...", KICK: "x.x.....x.x....."},
            {SNARE: "....x.......x...", CRASH: "x...............", HAT: "x.x.x.x.x.x.x.x.", KICK: "x.xxx.xxx.xxx.xx"},
            {SNARE: "..x...x...x...x.", CRASH: "x...x...x...x...", KICK: "xxxxxxxxxxxxxxxx"},
        ),
        kit=16,
        humanise_s=0.004,
        mix=alike(Mix(drive_db=30, guitars=0.8, squeeze=3)),
    ),
    "jazz": Style(
        (96, 176),
        ("2:m7 7:7 0:maj7 9:7", "0:maj7 9:m7 2:m7 7:7", "4:m7 9:7 2:m7 7:7"),
        ("2:m7b5 7:7 0:m7 0:m7", "0:m7 5:m7 2:m7b5 7:7"),
        (
            Part((32,), ("R---5---R---W---", "R---5---8---W---", "R-R-5---8-5-W---"), 33, 1.0),
            Part((0, 0, 26), ("x-------........", "..x-....x-......", "..x-..x-..x-x-.."), 53, 0.7, 0.8),
            Part((11,), same("......o-......o-"), 65, 0.4, 0.8, from_intensity=2),
        ),
        Lead(
            (66, 65, 59, 11, 56),
            ("x-x-x-x-x-x-x---", "..x-x-x-x---....", "x---..x-x-x-..x-", "x-x-x-----x-x-x-"),
            60,
            "bebop",
            0.95,
            2,
            rest_share=0.2,
        ),
        (
            {RIDE: "x...x...x...x...", PEDAL_HAT: "....o.......o..."},
            {RIDE: "x...x.o.x...x.o.", PEDAL_HAT: "....x.......x...", SNARE: "......o........."},
            {
                RIDE: "x.o.x.o.x.o.x.o.",
                PEDAL_HAT: "....x.......x...",
                SNARE: "..o...x...o...x.",
                KICK: "x.......o.......",
            },
        ),
        swing=0.64,
        humanise_s=0.016,
        fills=False,
        touch=(1.0, 0.57, 0.5),
    ),
    "classical": Style(
        (56, 108),
        ("0:maj 5:maj 7:maj 0:maj", "0:maj 9:m 2:m 7:7", "0:maj 7:maj 9:m 4:m 5:maj 0:maj 2:m 7:7"),
        ("0:m 5:m 7:7 0:m", "0:m 8:maj 5:m 7:7", "0:m 3:maj 8:maj 5:m 2:m7b5 7:7 0:m 7:7"),
        (
            Part((42, 48), ("R---------------", "R-------5-------", "R---5---8---5---"), 36, 0.9, 1.0),
            Part((46,), ("1---3---2---3---", "................", "................"), 55, 0.7, 1.0),
            Part((48,), ("................", "1234321212343212", "1234321212343212"), 55, 0.7, 1.0, from_intensity=1),
            Part((48,), same("x---------------"), 62, 0.45, 1.0),
            Part((52,), same("x---------------"), 55, 0.5, 1.0, from_intensity=1),
            Part((60, 61), same("x-------x-------"), 50, 0.6, from_intensity=1),
        ),
        Lead(
            (40, 73, 68, 71, 0),
            ("x-------x---x---", "x---x---x-------", "x-x-x-x-x-------", "x---x-x-x---x---"),
            67,
            "mode",
            1.0,
            1,
            0,
            0.1,
        ),
        ({}, {}, {41: "x..............."}),
        humanise_s=0.02,
        fills=False,
        touch=(1.0, 0.6, 0.6),
    ),
    "electronic": Style(
        (100, 132),
        ("0:maj 0:maj 9:m 5:maj", "0:maj7 5:maj7 0:maj7 5:maj7"),
        ("0:m 0:m 8:maj 10:maj", "0:m7 3:maj 5:m7 10:maj"),
        (
            Part((38, 39), ("R---------------", "R-..R-..R-..R-R-", "R-..R-..R-..R-R-"), 33, 1.0, 0.8),
            Part((81, 80, 62), ("1---2---3---2---", "1-2-3-4-3-2-1-2-", "1234123412341234"), 57, 0.65, 0.6),
            Part((89, 90, 95), same("x---------------"), 57, 0.6, 1.0),
        ),
        Lead(
            (81, 87, 99), ("x-------x-------", "x---..x-..x-....", "x-x-..x-..x-x---"), 69, "pentatonic", 0.6, 2, 1, 0.4
        ),
        (
            {HAT: "..o...o...o...o.", KICK: "x.............x."},
            {KICK: "x.....x...x.....", CLAP: "....x.......x...", HAT: "o.o.o.o.o.o.o.oo"},
            {KICK: "x...x...x..xx...", CLAP: "....x.......x..o", HAT: "xoxoxoxoxoxoxoxo", OPEN_HAT: "..x...x...x...x."},
        ),
        kit=25,
        humanise_s=0.0,
        even_beat=True,
        touch=(1.0, 1.0, 0.8),
    ),
    "hiphop": Style(
        (78, 98),
        ("0:maj7 9:m7", "5:maj7 4:m7"),
        ("0:m7 8:maj7", "0:m7 5:m7", "0:m 0:m 10:maj 8:maj"),
        (
            Part((38,), ("R-------....R---", "R--.R-..8-....R-", "R--RR-..8-.R..R-"), 29, 1.15, 0.9, sub=True),
            Part((4, 0, 11), ("x-------........", "x-....x---......", "x-....x-....x-.."), 55, 0.35),
        ),
        Lead(
            (11, 75, 80),
            ("x-..x-..x---....", "........x-x-x---", "x-x-......x-...."),
            67,
            "pentatonic",
            0.35,
            2,
            1,
            0.85,
        ),
        (
            {KICK: "x.........x.....", SNARE: "....x.......x...", HAT: "x...x...x...x..."},
            {KICK: "x..x......x.....", SNARE: "....x.......x...", HAT: "x.x.x.x.x.x.x.x."},
            {KICK: "x..x..x...xx....", SNARE: "....x..o.o..x..o", HAT: "x.x.xxx.x.x.xxxx", CLAP: "....x.......x..."},
        ),
        kit=25,
        swing=0.58,
        swing_sixteenths=True,
        humanise_s=0.004,
        even_beat=True,
        fills=False,
        mix=(
            Mix(singer=0.4, squeeze=2, hot_microphone=False),
            Mix(singer=0.8, squeeze=2, hot_microphone=False),
            Mix(singer=0.9, squeeze=2),
        ),
        machine=True,
        rapped=True,
    ),
    "country": Style(
        (86, 118),
        ("0:maj 5:maj 0:maj 7:maj", "0:maj 0:maj 5:maj 7:maj", "0:maj 7:maj 5:maj 0:maj"),
        ("0:m 5:m 0:m 10:maj", "9:m 5:maj 0:maj 7:maj"),
        (
            Part((32, 33), ("R-------5-------", "R-..5-..R-..5-..", "R-..5-..R-..5-W-"), 33, 1.0, 0.8),
            Part((25,), ("1---x---1---x---", "..x-..x-..x-..x-", "..xx..xx..xx..xx"), 52, 0.85, 0.8),
            Part((105,), ("................", "1-3-2-4-1-3-2-4-", "1324132413241324"), 59, 0.6, 0.9, from_intensity=1),
            Part((110,), same("x-------2-------"), 62, 0.35, 1.0, from_intensity=2),
            Part((48,), same("x---------------"), 60, 0.4, 1.0, from_intensity=1),
        ),
        Lead(
            (110, 25, 22, 105), ("x-x-x---x-x-x---", "x---x-x-x---x-x-", "x-x-x-x-x-------"), 64, "pentatonic", 0.9, 2
        ),
        (
            {RIM: "....x.......x...", KICK: "x.......x......."},
            {SNARE: "o.o.x.o.o.o.x.o.", KICK: "x.......x......."},
            {SNARE: "o.o.x.o.o.o.x.oo", KICK: "x.......x.......", HAT: "..x...x...x...x."},
        ),
        humanise_s=0.01,
        mix=alike(Mix(singer=1.6, squeeze=2)),
        singer=Lead((), _ROCK_SONG, 50, "pentatonic", 1.0, 2, voice=_MAN),
    ),
    "dance": Style(
        (120, 132),
        ("0:maj 7:maj 9:m 5:maj", "5:maj 7:maj 9:m 9:m"),
        ("0:m 8:maj 3:maj 10:maj", "0:m 0:m 8:maj 10:maj"),
        (
            Part((33,), ("R---8---R---8---", "R---8---R---8---", "R-8-R-8-R-8-R-8W"), 33, 1.0, 0.8),
            Part((27,), ("..x...x...x...x.", "..xx..xx..xx..xx", "x.xxx.xxx.xxx.xx"), 55, 0.6, 0.4),
            Part((48,), same("x---------------"), 60, 0.5, 1.0),
            Part((4,), ("x-------x-------", "x--x--x---x-x---", "x--x--x---x-x---"), 57, 0.5),
        ),
        Lead((48, 61, 56), ("x-x-..x-x-..x---", "x--x--x---x--x--", "x-..x-x-..x-x-x-"), 67, "mode", 0.6, 2, 1, 0.6),
        (
            {KICK: "x...x...x...x...", HAT: "x.x.x.x.x.x.x.x."},
            {
                KICK: "x...x...x...x...",
                SNARE: "....x.......x...",
                OPEN_HAT: "..x...x...x...x.",
                HAT: "x...x...x...x...",
            },
            {
                KICK: "x...x...x...x...",
                SNARE: "....x.......x...",
                CLAP: "....x.......x...",
                OPEN_HAT: "..x...x...x...x.",
                HAT: "xx.xxx.xxx.xxx.x",
                TAMBOURINE: "..x...x...x...x.",
            },
        ),
        humanise_s=0.005,
        even_beat=True,
        mix=(Mix(singer=1.0, squeeze=2), Mix(singer=1.0, squeeze=2), Mix(singer=0.5, squeeze=2)),
        touch=(1.0, 1.0, 0.85),
        singer=Lead((), _POP_SONG, 62, "mode", 1.0, 2, 1, 0.4, voice=_WOMAN),
    ),
}
"""Styles by genre (film.GENRES)."""
