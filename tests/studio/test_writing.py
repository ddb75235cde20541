"""A rendered film comes back from its media file."""

from __future__ import annotations

import av
import numpy as np
import pytest

from errors import ParameterError
from studio import RATE_HZ, FilmScript, MusicCue, render, write_media
from studio.writing import CODECS


@pytest.fixture(scope="module")
def film():
    return render(FilmScript("Written", 6, (MusicCue("jazz", 0, 6),)), 0)


def read(path, track=0):
    """The channels' mean at RATE_HZ, read by PyAV alone."""
    resampler = av.AudioResampler("s16", "mono", RATE_HZ)
    pieces = []
    with av.open(str(path)) as container:
        for frame in container.decode(container.streams.audio[track]):
            pieces += [f.to_ndarray()[0] for f in resampler.resample(frame)]
        pieces += [f.to_ndarray()[0] for f in resampler.resample(None)]
    return np.concatenate(pieces)


@pytest.mark.parametrize("suffix", CODECS)
def test_every_container_holds_the_film(film, suffix, tmp_path):
    path = write_media(film, tmp_path / f"film{suffix}")
    heard = read(path).astype(float)
    assert len(heard) / RATE_HZ == pytest.approx(6, abs=0.12)
    own = film.samples.astype(float)
    lag = max(len(heard), len(own)) * 2
    likeness = np.fft.irfft(np.fft.rfft(own, lag).conj() * np.fft.rfft(heard, lag), lag).max()
    assert likeness / np.linalg.norm(own) / np.linalg.norm(heard) > 0.9


@pytest.mark.parametrize("name,options", [("a.wav", {}), ("a.flac", {}), ("a.mkv", {"codec": "flac"})])
def test_lossless_files_hold_every_sample(film, name, options, tmp_path):
    assert np.array_equal(read(write_media(film, tmp_path / name, **options)), film.samples)


def test_two_channels_and_a_second_track(film, tmp_path):
    path = write_media(film, tmp_path / "two.mkv", channels=2, tracks=2)
    with av.open(str(path)) as container:
        assert [s.channels for s in container.streams.audio] == [2, 2]
    assert np.abs(read(path, 1)).max() < 10 < np.abs(read(path, 0)).max()


def test_an_unknown_suffix_is_refused_and_leaves_nothing(film, tmp_path):
    with pytest.raises(ParameterError, match=r"film\.txt.*\.mkv"):
        write_media(film, tmp_path / "film.txt")
    with pytest.raises(ParameterError, match="3 channels"):
        write_media(film, tmp_path / "film.wav", channels=3)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.flac", "a.ogg"])
def test_the_same_film_is_the_same_file(film, name, tmp_path):
    first = write_media(film, tmp_path / name).read_bytes()
    assert write_media(film, tmp_path / name).read_bytes() == first
