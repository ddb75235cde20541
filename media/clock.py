"""Decide whether a jump in the timestamps of the audio track is elapsed time or a clock reset."""

from __future__ import annotations

from math import ceil, floor

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

JUMP_S = 10.0
"""A jump of less than this never counts as a clock reset."""
LONGEST_GAP_S = 3_600.0
"""A jump of more than this always counts as one."""
MARGIN_S = 3.0
"""Sound and picture of the same moment may be this far apart in a stream."""

_JOINED_FORMATS = frozenset({"mpegts", "mpeg"})
"""Formats whose recordings can be joined by concatenation; in other formats the timestamps are the film's own."""


class Clock:
    """Records when the packets of the other tracks are played.

    Where the heard track is silent for a while, picture and other tracks go on: their packets fill the gap. Where two
    recordings were joined, the timestamps of all tracks jump at once.
    """

    def __init__(self, container: InputContainer, heard: Stream) -> None:
        self._may_jump = bool(_JOINED_FORMATS & set(container.format.name.split(",")))
        self._ticks_s = {
            stream.index: float(stream.time_base)
            for stream in container.streams
            if stream.time_base and stream.type in ("audio", "video") and stream.index != heard.index
        }
        self._played: set[int] = set()
        """Whole seconds in which a packet of another track is played."""

    def see(self, packet: Packet[Stream]) -> None:
        """Record a packet of another track."""
        tick_s = self._ticks_s.get(packet.stream_index)
        if self._may_jump and tick_s is not None and packet.pts is not None:
            self._played.add(int(packet.pts * tick_s))

    def is_set_anew(self, from_s: float, to_s: float) -> bool:
        """Whether the clock was reset between two consecutive moments of the audio track.

        Args:
            from_s: timestamp up to which sound has come.
            to_s: timestamp of the sound that comes next.
        """
        ahead_s = to_s - from_s
        if not self._may_jump or abs(ahead_s) <= JUMP_S:
            return False
        if not 0 < ahead_s <= LONGEST_GAP_S:
            return True
        between = range(ceil(from_s + MARGIN_S), floor(to_s - MARGIN_S))
        return 2 * sum(second in self._played for second in between) < len(between)
