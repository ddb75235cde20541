"""Locally trained heads: stored with their hash, used, and removed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from errors import ModelError, ParameterError
from models.ears import own_heads
from models.ears.default_ear import DefaultEar
from models.ears.default_features import features_version
from models.ears.ear import base_version, load_ear
from models.ears.heads import Head, load_heads, save_heads
from models.ears.store import load_weights


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


@pytest.mark.fault("Altered weights of a head of one's own")
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
    with pytest.raises(ModelError, match=rf"{version}.*Train it again.*filmscore models use shipped energy"):
        load_ear("default", own=tmp_path)
    (known,) = own_heads.installed(tmp_path) or [None]
    assert (known is None) == (fault == "folder missing")
    assert known is None or (known.active and version in known.fault)


def test_what_is_no_head_is_refused_by_name(tmp_path: Path, trained: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParameterError, match="empty: holds no default head"):
        own_heads.install(tmp_path, tmp_path / "empty")
    (tmp_path / "junk").mkdir()
    whole = (trained / "default-energy.npz").read_bytes()
    for content in (b"junk", b"", whole[: len(whole) // 2]):
        (tmp_path / "junk" / "default-energy.npz").write_bytes(content)
        with pytest.raises(ModelError, match=r"default-energy\.npz: not a readable NumPy archive"):
            own_heads.install(tmp_path, tmp_path / "junk")
    with pytest.raises(ParameterError, match="no installed head of energy"):
        own_heads.use(tmp_path, "energy", "energy-00000000")
    with pytest.raises(ParameterError, match="no such attribute"):
        own_heads.use(tmp_path, "detector", None)
    (tmp_path / "active.json").write_text('{"energy": ')
    with pytest.raises(ModelError, match=r"active\.json"):
        load_ear("default", own=tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"blocks": ("msd", "chroma")}, "takes 250 features of msd, chroma"),
        ({"blocks": ("msd",)}, "takes 250 features of msd, which"),
        ({"labels": ("calm", "so-so", "wild")}, "not energy's classes"),
        ({"learnt_on": "features-1-00000000"}, "learnt on features-1-00000000, this filmscore hears with"),
    ],
)
def test_a_head_that_other_networks_taught_is_refused(
    tmp_path: Path, trained: Path, changed: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = load_heads(trained / "default-energy.npz")["energy"]
    other = tmp_path / "other"
    other.mkdir()
    save_heads({"energy": replace(head, **changed)}, other / "default-energy.npz")
    with pytest.raises(ModelError, match=f"{said}.*Train it again"):
        own_heads.install(tmp_path, other)
    with monkeypatch.context() as lenient:
        lenient.setattr(own_heads, "load_trained", lambda path, kind: load_heads(path)[kind])
        own_heads.use(tmp_path, "energy", own_heads.install(tmp_path, other))
    with pytest.raises(ModelError, match=f"{said}.*Train it again"):
        load_ear("default", own=tmp_path)


def test_a_head_remembers_what_it_learnt_on(tmp_path: Path, trained: Path) -> None:
    head = load_heads(trained / "default-energy.npz")["energy"]
    here = features_version(head.blocks)
    save_heads({"energy": replace(head, learnt_on=here)}, tmp_path / "default-energy.npz")
    assert own_heads.load_trained(tmp_path / "default-energy.npz", "energy").learnt_on == here
    assert here != features_version(("pulse",))


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"clips": {"accuracy": "much"}}'])
def test_metrics_are_not_needed_to_hear(tmp_path: Path, trained: Path, content: str) -> None:
    version = own_heads.install(tmp_path, trained)
    own_heads.use(tmp_path, "energy", version)
    (tmp_path / version / "metrics.json").write_text(content)
    (known,) = own_heads.installed(tmp_path)
    assert known.metrics == {} and "metrics.json" in known.fault and "install it again" in known.fault
    assert load_ear("default", own=tmp_path).model_version


@pytest.mark.parametrize("name", ["head.npz", "manifest.json", "metrics.json"])
def test_installing_again_mends_a_damaged_head(tmp_path: Path, trained: Path, name: str) -> None:
    again = shutil.copytree(trained, tmp_path / "trained")
    (again / "metrics.json").write_text('{"clips": {"accuracy": 0.75, "balanced_accuracy": 0.5, "macro_f1": 0.4}}')
    home = tmp_path / "models"
    version = own_heads.install(home, again)
    own_heads.use(home, "energy", version)
    (home / version / name).write_bytes(b"{")
    assert own_heads.installed(home)[0].fault
    assert own_heads.install(home, again) == version
    (known,) = own_heads.installed(home)
    assert not known.fault and known.active
    assert known.metrics == {"accuracy": 0.75, "balanced_accuracy": 0.5, "macro_f1": 0.4}
