"""Blocks of a film heard at the same time: all of them, with the same values, and none after an error."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from models.ears import activity_net, events
from models.ears.activity_net import ActivityNetwork
from models.ears.events import EventNetwork
from models.ears.musicnn import Musicnn
from models.ears.network import each
from models.ears.store import load_weights
from models.features.levelling import levelled
from models.features.musicnn_mel import BANDS, FRAMES


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_work_is_done_once_for_each_block(threads: int) -> None:
    done: list[int] = []
    each(done.append, range(20), threads)
    assert sorted(done) == list(range(20))
    each(done.append, [], threads)
    assert len(done) == 20


def test_two_blocks_are_heard_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=60)
    each(lambda _: together.wait() and None, range(4), 2)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_is_told_and_leaves_out_the_blocks_that_have_not_begun(threads: int) -> None:
    done: list[int] = []

    def work(block: int) -> None:
        done.append(block)
        if block == 0:
            raise MemoryError

    with pytest.raises(MemoryError):
        each(work, range(10_000), threads)
    assert len(done) < 10_000


def test_two_threads_hear_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    sound = levelled((rng.standard_normal(30 * 8_000) * 2_000).astype(np.int16))
    monkeypatch.setattr(events, "FRAMES_AT_ONCE", 800)
    monkeypatch.setattr(activity_net, "CHUNK_S", 7)
    for name, network in (("events", EventNetwork), ("activity", ActivityNetwork)):
        one, two = (np.column_stack(network(load_weights(name), threads).hear(sound)) for threads in (1, 2))
        np.testing.assert_array_equal(one, two)
    patches = rng.random((3, FRAMES, BANDS), np.float32)
    for alone, beside in zip(*(Musicnn(load_weights("musicnn_msd"), n).hear(patches) for n in (1, 2)), strict=True):
        np.testing.assert_array_equal(alone, beside)
