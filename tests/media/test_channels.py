"""Samples of frames of every format, read and written channel by channel."""

from __future__ import annotations

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.audio.plane import AudioPlane

from media.channels import KINDS, LARGEST_SAMPLE, read_into, views_of
from tests.media.test_meter import block


def read(frame: av.AudioFrame) -> npt.NDArray[np.float32]:
    samples = np.empty((frame.layout.nb_channels, frame.samples), np.float32)
    read_into(frame, samples)
    return samples


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_format_has_the_same_samples(kind: str) -> None:
    samples = np.random.default_rng(0).uniform(-0.9, 0.9, (2, 480))
    np.testing.assert_allclose(read(block(samples, "stereo", kind=kind)), samples, atol=0.02)


def test_many_channels_in_planes_are_read_to_the_last() -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (12, 480)).astype(np.float32)
    made = av.AudioFrame("fltp", "7.1.4", 480)
    for number, channel in enumerate(samples):
        np.frombuffer(memoryview(AudioPlane(made, number)), np.float32, 480)[:] = channel
    np.testing.assert_array_equal(read(made), samples)


@pytest.mark.parametrize("kind", ["flt", "dbl"])
def test_samples_of_any_size_are_clipped(kind: str) -> None:
    found = read(block(np.array([[1e30, -1e38, 0.5], [np.inf, -np.inf, -2.0]]), "stereo", kind=kind))
    assert found.tolist() == [[LARGEST_SAMPLE, -LARGEST_SAMPLE, 0.5], [LARGEST_SAMPLE, -LARGEST_SAMPLE, -2.0]]


@pytest.mark.parametrize("kind", ["s16", "flt"])
def test_what_is_written_to_a_channel_is_in_the_frame(kind: str) -> None:
    frame = block(np.full((3, 4), 0.5), "2.1", kind=kind)
    views_of(frame)[1][:] = 0
    assert (read(frame)[1] == 0).all() and (read(frame)[[0, 2]] > 0.4).all()
