"""The material of the heads of genre, energy and valence: each copy of a track has the track's labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.recipes.train_genre import with_copies
from models.training.heads_training import Material


def test_copies_have_the_labels_of_their_clip_and_other_clips_are_left_out(tmp_path: Path) -> None:
    clean = Material(
        {"msd": np.array([[1.0], [2.0], [3.0]])},
        np.array([4, 4, 7]),
        np.array(["emotify-001", "emotify-001", "emotify-002"]),
        values=np.array([0.1, 0.1, 0.9]),
        trust=np.array([1.0, 1.0, 2.0]),
    )
    heard = tmp_path / "heard.npz"
    np.savez(
        heard,
        msd=np.array([[10.0], [11.0], [12.0], [13.0]]),
        clip=np.array(["emotify-002", "emotify-003", "emotify-001", "emotify-002"]),
        copy=np.array(["speech-4", "speech-4", "old", "narrow"]),
    )
    material, copies = with_copies(clean, heard)
    assert copies.tolist() == ["emotify"] * 3 + ["emotify speech-4", "emotify old", "emotify narrow"]
    assert material.features["msd"].ravel().tolist() == [1, 2, 3, 10, 12, 13]
    assert material.groups.tolist() == [*clean.groups, "emotify-002", "emotify-001", "emotify-002"]
    assert material.y.tolist() == [4, 4, 7, 7, 4, 7]
    assert material.values is not None
    assert material.values.tolist() == [0.1, 0.1, 0.9, 0.9, 0.1, 0.9]
    assert material.trust is not None
    assert material.trust.tolist() == [1, 1, 2, 2, 1, 2]


def test_without_copies_the_material_stays_as_it_is() -> None:
    clean = Material({"msd": np.ones((2, 1))}, np.array([0, 1]), np.array(["a", "b"]))
    material, copies = with_copies(clean, None)
    assert material is clean
    assert copies.tolist() == ["emotify", "emotify"]
