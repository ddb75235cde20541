"""Heads that somebody trained: kept with their hash, used, and taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from errors import ModelError, ParameterError
from models import own_heads
from models.default_ear import DefaultEar
from models.ear import base_version, load_ear
from models.heads import Head, load_heads, save_heads
from models.store import load_weights


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `filmscore train energy` writes, with a head that always says high."""
    shipped = load_heads(load_weights("default_heads"))["energy"]
    weights = np.zeros_like(shipped.weights)
    head = Head(
        "energy", shipped.labels, shipped.blocks, shipped.mean, shipped.scale, weights, np.array([0.0, 0.0, 9.0]), 1.0
    )
    out = tmp_path_factory.mktemp("trained")
    save_heads({"energy": head}, out / "default-energy.npz")
    (out / "card.md").write_text("# Mine")
    return out


def test_an_installed_head_is_heard_with_and_the_shipped_one_again(tmp_path: Path, trained: Path) -> None:
    version = own_heads.install(tmp_path, trained)
    assert own_heads.install(tmp_path, trained) == version
    assert load_ear("default", own=tmp_path).model_version == load_ear("default").model_version
    own_heads.use(tmp_path, "energy", version)
    ear = DefaultEar.load(own=tmp_path)
    shipped = DefaultEar.load()
    assert ear.model_version != shipped.model_version == base_version(ear.model_version)
    samples = (3000 * np.sin(np.arange(12 * 8000) * 0.3)).astype(np.int16)
    (mine,) = ear.attributes(samples, [(0, 12)], None)
    (theirs,) = shipped.attributes(samples, [(0, 12)], None)
    assert (mine.energy.argmax(axis=1) == 2).all() and mine.energy.min() < 0.001
    np.testing.assert_array_equal(mine.genre, theirs.genre)
    np.testing.assert_array_equal(mine.embedding, theirs.embedding)
    (known,) = own_heads.installed(tmp_path)
    assert known.active and known.card == "# Mine"
    own_heads.use(tmp_path, "energy", None)
    assert DefaultEar.load(own=tmp_path).model_version == shipped.model_version


@pytest.mark.parametrize("fault", ["altered", "truncated", "missing", "folder missing"])
def test_weights_that_are_not_what_was_installed_are_refused(tmp_path: Path, trained: Path, fault: str) -> None:
    version = own_heads.install(tmp_path, trained)
    own_heads.use(tmp_path, "energy", version)
    path = tmp_path / version / "head.npz"
    content = path.read_bytes()
    if fault == "altered":
        path.write_bytes(content[:-9] + b"\0" + content[-8:])
    elif fault == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif fault == "missing":
        path.unlink()
    else:
        (tmp_path / version).rename(tmp_path / "gone")
    with pytest.raises(ModelError, match=version):
        load_ear("default", own=tmp_path)


def test_what_is_no_head_is_refused_by_name(tmp_path: Path, trained: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParameterError, match="empty: holds no default head"):
        own_heads.install(tmp_path, tmp_path / "empty")
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "default-energy.npz").write_bytes(b"junk")
    with pytest.raises(ModelError, match="not a file of attribute heads"):
        own_heads.install(tmp_path, tmp_path / "junk")
    with pytest.raises(ParameterError, match="no installed head of energy"):
        own_heads.use(tmp_path, "energy", "energy-00000000")
    with pytest.raises(ParameterError, match="no such attribute"):
        own_heads.use(tmp_path, "detector", None)
    (tmp_path / "active.json").write_text('{"energy": ')
    with pytest.raises(ModelError, match=r"active\.json"):
        load_ear("default", own=tmp_path)
