"""Weights are used only if they are exactly what the manifest says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errors import ModelError
from models.ears import store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "trained.npz"
    source.write_bytes(b"weights of something" * 50)
    folder = tmp_path / "weights"
    store.store_weights("ear", source, "svm", folder=folder)
    return folder


def edited(folder: Path, **fields: object) -> None:
    path = folder / store.MANIFEST
    document = json.loads(path.read_text())
    document["weights"]["ear"].update(fields)
    path.write_text(json.dumps(document))


def test_stored_weights_are_found_again(folder: Path) -> None:
    assert store.load_weights("ear", folder=folder).read_bytes().startswith(b"weights")
    assert sorted(path.name for path in folder.iterdir()) == ["ear.npz", "manifest.json"], "no temporary file"


def test_replacing_weights_changes_the_version(folder: Path, tmp_path: Path) -> None:
    before = store.version_of("thesis", 1, ["ear"], folder)
    other = tmp_path / "other.npz"
    other.write_bytes(b"better")
    store.store_weights("ear", other, "svm", folder=folder)
    after = store.version_of("thesis", 1, ["ear"], folder)
    assert before != after
    assert after.startswith("thesis-1-") and len(after) == len("thesis-1-") + 8
    assert store.load_weights("ear", folder=folder).read_bytes() == b"better"


def test_a_faster_form_of_the_same_values_keeps_the_version(folder: Path, tmp_path: Path) -> None:
    before, first = store.version_of("thesis", 1, ["ear"], folder), store.stored_weights(folder)["ear"].sha256
    for form in (b"faster", b"faster still"):
        other = tmp_path / "other.npz"
        other.write_bytes(form)
        store.store_weights("ear", other, "svm", folder=folder, same_values_as=first)
        assert store.version_of("thesis", 1, ["ear"], folder) == before
        assert store.load_weights("ear", folder=folder).read_bytes() == form


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "ear.npz").unlink()
    with pytest.raises(ModelError, match=r"ear\.npz: weights file missing.*git checkout"):
        store.load_weights("ear", folder=folder)


@pytest.mark.fault("Truncated and altered weights")
@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b"", lambda b: b[:9] + b"X" + b[10:]])
def test_truncated_and_altered_files_are_refused(folder: Path, spoil) -> None:
    path = folder / "ear.npz"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ModelError, match=r"ear\.npz: truncated or altered"):
        store.load_weights("ear", folder=folder)


def test_weights_of_another_version_are_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="version 1 of these weights, this filmscore reads version 2"):
        store.load_weights("ear", version=2, folder=folder)


def test_an_unknown_name_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="knows no weights named nose"):
        store.load_weights("nose", folder=folder)
    with pytest.raises(ModelError, match="nose"):
        store.version_of("thesis", 1, ["nose"], folder)


@pytest.mark.parametrize("file", ["../ear.npz", "ear.pkl", "/etc/passwd"])
def test_the_manifest_cannot_point_elsewhere(folder: Path, file: str) -> None:
    edited(folder, file=file)
    with pytest.raises(ModelError, match="not a weights file beside it"):
        store.load_weights("ear", folder=folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 9, "weights": {}}', '{"version": 1}', '{"version": 1, "weights": {"ear": {}}}']
)
def test_a_broken_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / store.MANIFEST).write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.json"):
        store.load_weights("ear", folder=folder)


def test_a_missing_manifest_is_refused(folder: Path) -> None:
    (folder / store.MANIFEST).unlink()
    with pytest.raises(ModelError, match="missing"):
        store.stored_weights(folder)


def test_pickles_are_not_shipped(tmp_path: Path) -> None:
    source = tmp_path / "model.pkl"
    source.write_bytes(b"x")
    with pytest.raises(ModelError, match="not a kind of weights"):
        store.store_weights("model", source, "svm", folder=tmp_path / "weights")


def test_the_store_stays_small(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_TOTAL_BYTES", 1_500)
    with pytest.raises(ModelError, match="pass 60 MB"):
        store.store_weights("second", folder / "ear.npz", "svm", folder=folder)


def test_all_shipped_weights_are_whole_and_small() -> None:
    entries = store.stored_weights()
    paths = [store.load_weights(name, entry.version) for name, entry in entries.items()]
    assert sum(path.stat().st_size for path in paths) <= store.MAX_TOTAL_BYTES
