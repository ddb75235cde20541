"""`train --architecture default`: a head from a manifest of recordings, without TensorFlow."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.io.wavfile

from models.ears.default_features import features_version
from models.ears.heads import load_heads
from models.ears.own_heads import load_trained
from models.examples.manifest import Manifest, read_manifest
from models.training.default_training import train

RATE = 8_000


def tone(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    t = np.arange(11 * RATE) / RATE
    return 0.2 * np.sin(2 * np.pi * rng.uniform(200, 500) * t)


def clatter(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 0.2 * rng.standard_normal(11 * RATE) * (np.arange(11 * RATE) % rng.integers(2_000, 4_000) < 600)


def manifest(folder: Path, kind: str, sounds: dict[str, object], each: int) -> Manifest:
    rows = ["path,label"]
    for label, make in sounds.items():
        for k in range(each):
            scipy.io.wavfile.write(folder / f"{label}{k}.wav", RATE, (make(k) * 32_767).astype(np.int16))  # type: ignore[operator]
            rows.append(f"{label}{k}.wav,{label}")
    path = folder / "manifest.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_manifest(path, kind)


def test_a_head_learnt_from_a_manifest_tells_its_classes_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    steps: list[int] = []
    data = manifest(tmp_path, "energy", {"low": tone, "high": clatter}, 6)
    report = train(data, tmp_path, False, 0, lambda what, done, of: steps.append(done))
    assert report.clip_metrics["accuracy"] == 1.0
    assert report.split["train_clips"] + report.split["test_clips"] == 12
    assert load_heads(report.weights)["energy"].labels == ("low", "medium", "high")
    assert steps[-1] == 12
    assert load_trained(report.weights, "energy").learnt_on == report.settings["networks"] == features_version(("msd",))


@pytest.mark.parametrize(("each", "said"), [(6, "not calibrated, which takes 10"), (8, "are calibrated")])
def test_the_card_says_whether_probabilities_are_calibrated(tmp_path: Path, each: int, said: str) -> None:
    report = train(manifest(tmp_path, "energy", {"low": tone, "high": clatter}, each), tmp_path, False, 0)
    assert (report.split["train_clips"] >= 10) == (each == 8)
    assert said in report.notes
    assert (report.settings["temperature"] != 1.0) == (each == 8)


def test_the_detector_learns_from_what_the_activity_network_says(tmp_path: Path) -> None:
    silence = {"music": tone, "other": clatter, "speech": lambda seed: tone(seed) * 0.5 + clatter(seed)}
    report = train(manifest(tmp_path, "detector", silence, 5), tmp_path, False, 0)
    assert report.weights.name == "default-detector.npz"
    assert report.clip_metrics["n"] == report.split["test_clips"]
    assert report.row_metrics["n"] > report.clip_metrics["n"]
