"""Count a track's packets, to distinguish a damaged track from one that is only followed by data that is not sound."""

from __future__ import annotations

from dataclasses import dataclass, replace

from av.container import InputContainer

from media.completeness import Extent

TOLERATED_FAULTS = 3
TOLERATED_FAULT_SHARE = 0.02
"""A few packets that cannot be decoded become silence; more than both of these mean that the file is damaged."""
JUNK_SHARE = 0.25
"""If more than this share of the packets after the sound cannot be decoded, they are not sound."""
GOOD_AGAIN = 40
"""At least this many decodable packets in a row are sound; fewer may look like sound by chance."""
DECODED_SHARE = 0.5
DECODED_PACKETS = 20
"""If the decoder returns less than this share of the time that the packets claim, it omits sound."""

_BARE_FRAMES = frozenset({"mp3", "aac", "ac3", "eac3", "dts", "truehd", "mlp"})
"""Formats that are just a sequence of sound frames: only decoding shows whether what follows is sound."""


@dataclass(frozen=True)
class Counts:
    """Counts of a track's packets up to a moment."""

    packets: int = 0
    faults: int = 0
    """Packets that could not be decoded."""
    seconds: float = 0.0
    """Length of the sound at that moment."""
    at_byte: int | None = None
    """Where in the file the next packet begins."""

    @property
    def is_damaged(self) -> bool:
        return self.faults > max(TOLERATED_FAULTS, TOLERATED_FAULT_SHARE * self.packets)


class Tally:
    """Counts the packets of the analysed track, and finds the end of its sound if other data follow."""

    def __init__(self, container: InputContainer, extent: Extent) -> None:
        self._extent = extent
        self._is_bare = extent.promised_s is None and bool(_BARE_FRAMES & set(container.format.name.split(",")))
        self._packets = self._faults = self._in_row = 0
        self._claimed_s = 0.0
        self._end: Counts | None = None
        """The counts at the first packet after the sound that could not be decoded; None: there was none."""

    def good(self, claimed_s: float) -> None:
        """Count a packet that could be decoded.

        Args:
            claimed_s: its length as the container says, 0 if it does not.
        """
        self._packets += 1
        self._in_row += 1
        self._claimed_s += claimed_s
        if self._is_bare and self._in_row >= GOOD_AGAIN:
            self._end = None

    def bad(self, seconds: float, at_byte: int | None) -> None:
        """Count a packet that could not be decoded.

        Args:
            seconds: length of the sound so far.
            at_byte: where the packet begins in the file.
        """
        may_be_behind = self._packets >= GOOD_AGAIN if self._is_bare else self._extent.is_heard_whole(seconds)
        if self._end is None and may_be_behind:
            self._end = Counts(self._packets, self._faults, seconds, at_byte)
        self._packets += 1
        self._faults += 1
        self._in_row = 0

    def sound(self, seconds: float) -> Counts:
        """The counts of the part that is sound; `seconds` is the length including what may follow it."""
        every = Counts(self._packets, self._faults, seconds)
        if self._end is None:
            return every
        packets, faults = every.packets - self._end.packets, every.faults - self._end.faults
        is_junk = faults > max(TOLERATED_FAULTS, JUNK_SHARE * packets)
        return replace(self._end, seconds=min(seconds, self._end.seconds)) if is_junk else every

    def notes(self, name: str, codec: str, sound: Counts, size: int) -> tuple[str, ...]:
        """The parts of the file that are not heard, for the report: one line each.

        Args:
            name: of the file.
            codec: of the track.
            sound: the result of `sound`.
            size: of the file, in bytes.
        """
        said = []
        if self._is_bare and self._end and sound.packets < self._packets and sound.at_byte is not None:
            behind_kb = max(1, round((size - sound.at_byte) / 1000))
            said.append(
                f"{name}: {behind_kb:,} kB behind {sound.seconds:.1f} s of sound are no sound, and are left out"
            )
        if self._packets >= DECODED_PACKETS and sound.seconds < DECODED_SHARE * self._claimed_s:
            said.append(
                f"{name}: only {sound.seconds:.1f} of {self._claimed_s:.1f} s of its {codec} sound can be decoded; "
                "convert it, then add it again"
            )
        return tuple(said)
