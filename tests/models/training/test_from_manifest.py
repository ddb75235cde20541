"""From a manifest to weights, card, metrics and figures, and from a manifest to scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import wavfile
from typer.testing import CliRunner

import models.training.learning_figures
from cli import app
from errors import ModelError, ParameterError
from models.ears import own_heads
from models.ears.ear import load_ear
from models.ears.heads import load_heads, save_heads
from models.ears.network import open_network
from models.ears.store import WEIGHTS, load_weights
from models.ears.svm import load_svm
from models.evaluation.on_manifest import evaluate
from models.examples import clips
from models.examples.labelled import Examples
from models.examples.manifest import read_manifest
from models.training.cnn import CnnSettings
from models.training.from_manifest import train
from models.training.training_thesis import split

RATE = 8_000


def sound(kind: str, seconds: float, seed: int) -> np.ndarray:
    """A chord (music), bursts of voice-like buzz (speech) or noise (other), int16."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    if kind == "music":
        wave = sum(np.sin(2 * np.pi * 220 * k * (1 + 0.01 * seed) * t) / k for k in (1, 1.25, 1.5, 2))
    elif kind == "speech":
        wave = np.sign(np.sin(2 * np.pi * (110 + seed) * t)) * (np.sin(2 * np.pi * 4 * t) > 0)
    else:
        wave = rng.normal(size=t.size)
    return ((wave + 0.01 * rng.normal(size=t.size)) * 6_000).clip(-32_768, 32_767).astype(np.int16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips and manifests: detector.csv (music, speech, other) and energy.csv (a tone is low, noise is high)."""
    folder = tmp_path_factory.mktemp("clips")
    rows: dict[str, list[str]] = {"detector": ["path,label"], "energy": ["path,label,start_s"]}
    for n in range(5):
        for kind in ("music", "speech", "other"):
            # Under a second, odd lengths and odd rates are heard as well.
            rate = 16_000 if n == 1 else RATE
            wavfile.write(folder / f"{kind}{n}.wav", rate, sound(kind, 0.5 if n == 0 else 2.3, n))
            rows["detector"].append(f"{kind}{n}.wav,{kind}")
        for kind, level in (("music", "low"), ("other", "high")):
            wavfile.write(folder / f"long-{kind}{n}.wav", RATE, sound(kind, 4.0 if n == 0 else 12.0, n))
            rows["energy"].append(f"long-{kind}{n}.wav,{level},{0.5 if n == 0 else 0}")
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    wavfile.write(folder / "nothing.wav", RATE, np.empty(0, np.int16))
    (folder / "text.wav").write_text("this is no sound")
    return folder


def test_a_detector_is_trained_and_described(folder: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    report, _ = train(
        "detector",
        folder / "detector.csv",
        tmp_path,
        architecture="thesis",
        figures=False,
        on_step=lambda *step: steps.append(step),
    )
    assert load_svm(report.weights).labels == ("music", "speech", "other")
    assert report.clip_metrics["n"] == 6
    assert report.clip_metrics["accuracy"] > 0.6
    written = json.loads((tmp_path / "metrics.json").read_text())
    assert set(written["by_c"]) == {"0.001", "0.01", "0.5", "1", "5", "10", "20"}
    card = (tmp_path / "card.md").read_text()
    for part in ("Data and split", "95 % interval", "rows are the truth", "filmscore train detector --data"):
        assert part in card
    assert ("hearing the clips", 15, 15) in steps
    assert steps[-1][0] == "choosing C" and steps[-1][1] == steps[-1][2]


def test_the_same_seed_gives_the_same_detector(folder: Path, tmp_path: Path) -> None:
    made = [
        train("detector", folder / "detector.csv", tmp_path / n, architecture="thesis", figures=False)[0] for n in "ab"
    ]
    assert (load_svm(made[0].weights).support == load_svm(made[1].weights).support).all()


def test_a_cnn_is_trained_and_described(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    report, _ = train(
        "energy",
        folder / "energy.csv",
        tmp_path,
        architecture="thesis",
        settings=CnnSettings(epochs=2, batch_size=4),
        figures=False,
    )
    probabilities = open_network(report.weights).run(
        ["probabilities"], {"log_mel_db": np.zeros((1, 128, 100), np.float32)}
    )[0]
    assert probabilities.shape == (1, 3)
    assert report.history is not None and len(report.history.loss) == 2
    assert report.split["train_clips"] + report.split["test_clips"] == 10
    assert not (tmp_path / "checkpoint.npz").exists()
    assert "epochs 2" in (tmp_path / "card.md").read_text()


def test_figures_are_written_and_missing_browsers_explained(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from choreographer.errors import ChromeNotFoundError

    def without_browser(*args: object, **kwargs: object) -> None:
        raise ChromeNotFoundError("no browser here.")

    monkeypatch.setattr(models.training.learning_figures.plotly.io, "write_images", without_browser)
    _, why = train("detector", folder / "detector.csv", tmp_path, architecture="thesis")
    assert {p.name for p in (tmp_path / "figures").iterdir()} == {
        "by_c.html",
        "confusion.html",
        "per_class.html",
        "reliability.html",
    }
    assert "no browser here" in why


def test_the_thesiss_procedure_balances(folder: Path, tmp_path: Path) -> None:
    report, _ = train("detector", folder / "detector.csv", tmp_path, architecture="thesis", balance=True, figures=False)
    assert [sum(row) for row in report.clip_metrics["confusion"]] == [2, 2, 2]
    assert "halves then balanced" in (tmp_path / "card.md").read_text()


def test_groups_stay_together() -> None:
    n = 40
    groups = np.array([f"g{k // 4}" for k in range(n)])
    clips = np.array([f"c{k // 2}" for k in range(n)])
    rows = Examples("energy", np.zeros((n, 2)), (np.arange(n) // 4) % 2, clips, groups)
    for balance in (False, True):
        train, test = split(rows, balance, 0)
        assert not set(train.groups) & set(test.groups)
        assert not set(train.clips) & set(test.clips)


@pytest.mark.parametrize("bad", ["nothing.wav", "text.wav"])
def test_clips_that_cannot_be_heard_are_refused_by_row(folder: Path, tmp_path: Path, bad: str) -> None:
    path = folder / f"bad-{bad}.csv"
    path.write_text((folder / "detector.csv").read_text() + f"{bad},music\n")
    with pytest.raises(ParameterError, match=f"row 17: .*{bad}"):
        train("detector", path, tmp_path, architecture="thesis", figures=False)
    assert [path.name for path in tmp_path.iterdir()] == [clips.HEARD]  # what was heard serves the corrected manifest


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_sound_that_is_no_number_is_refused_by_row(folder: Path, tmp_path: Path, bad: float) -> None:
    wave = np.full(RATE, 0.1, np.float32)
    wave[100:110] = bad
    wavfile.write(folder / "nan.wav", RATE, wave)
    path = folder / "nan.csv"
    path.write_text((folder / "detector.csv").read_text() + "nan.wav,music\n")
    with pytest.raises(ParameterError, match=r"row 17: nan\.wav: samples that are no numbers"):
        train("detector", path, tmp_path, architecture="thesis", figures=False)


def test_a_killed_training_hears_only_the_clips_that_are_left(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    real = clips.Confined.decode

    def decode(child: Any, path: Path, **options: Any) -> Any:
        if len(decoded) == 7:
            raise KeyboardInterrupt
        decoded.append(path.name)
        return real(child, path, **options)

    monkeypatch.setattr(clips.Confined, "decode", decode)
    with pytest.raises(KeyboardInterrupt):
        train("detector", folder / "detector.csv", tmp_path, architecture="thesis", figures=False)
    kept = sorted((tmp_path / clips.HEARD).glob("*.npz"))
    assert len(kept) == 7
    kept[0].write_bytes(kept[0].read_bytes()[:100])  # torn: heard again
    decoded.clear()
    noted = lambda child, path, **options: decoded.append(path.name) or real(child, path, **options)  # noqa: E731
    monkeypatch.setattr(clips.Confined, "decode", noted)
    resumed, _ = train("detector", folder / "detector.csv", tmp_path, architecture="thesis", figures=False)
    assert len(decoded) == 15 - 7 + 1
    assert not (tmp_path / clips.HEARD).exists()
    whole, _ = train("detector", folder / "detector.csv", tmp_path / "b", architecture="thesis", figures=False)
    assert whole.clip_metrics == resumed.clip_metrics


def test_times_after_the_end_are_refused_by_row(folder: Path) -> None:
    path = folder / "late.csv"
    path.write_text("path,label,start_s\nmusic1.wav,music,99\n")
    with pytest.raises(ParameterError, match=r"late\.csv, row 2: music1\.wav: no sound from 99 s"):
        evaluate(read_manifest(path, "detector", for_training=False), "thesis")


def test_evaluation_has_the_designs_keys(folder: Path) -> None:
    result = evaluate(read_manifest(folder / "detector.csv", "detector"), "thesis")
    assert result["n"] == 15
    assert result["labels"] == ["music", "speech", "other"]
    assert [sum(row) for row in result["confusion"]] == [5, 5, 5]
    result = evaluate(read_manifest(folder / "energy.csv", "energy"), "thesis")
    assert {"accuracy", "balanced_accuracy", "macro_f1", "per_class", "confusion"} <= set(result)
    assert result["n"] == 10


def test_unknown_kinds_and_seeds_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="mood"):
        train("mood", folder / "energy.csv", tmp_path)
    with pytest.raises(ParameterError, match="seed"):
        train("energy", folder / "energy.csv", tmp_path, architecture="thesis", seed=-1)


def test_training_a_cnn_without_tensorflow_fails_before_hearing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModelError("TensorFlow: not installed")

    monkeypatch.setattr("models.training.from_manifest.import_keras", missing)
    with pytest.raises(ModelError, match="TensorFlow"):
        train("energy", folder / "energy.csv", tmp_path, architecture="thesis")


def test_evaluate_prints_one_json_document(folder: Path) -> None:
    shown = CliRunner().invoke(
        app, ["evaluate", "detector", "--data", str(folder / "detector.csv"), "--architecture", "thesis", "--json"]
    )
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["n"] == 15


def test_evaluate_shows_a_table(folder: Path) -> None:
    shown = CliRunner().invoke(
        app, ["evaluate", "detector", "--data", str(folder / "detector.csv"), "--architecture", "thesis"]
    )
    assert "0 music" in shown.stdout and "macro F1" in shown.stdout


def test_train_says_where_everything_is(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.training.learning_figures.plotly.io, "write_images", lambda *a, **k: None)
    arguments = ["train", "detector", "--data", str(folder / "detector.csv"), "--out", str(tmp_path / "out")]
    shown = CliRunner().invoke(app, [*arguments, "--architecture", "thesis"])
    assert shown.exit_code == 0, shown.exception
    assert "macro F1" in shown.stdout
    assert (tmp_path / "out" / "card.md").exists()


def test_what_was_trained_is_evaluated_as_its_training_measured_it(folder: Path, tmp_path: Path) -> None:
    for kind, architecture in (("detector", "thesis"), ("detector", "default"), ("energy", "default")):
        out = tmp_path / f"{architecture}-{kind}"
        report, _ = train(kind, folder / f"{kind}.csv", out, architecture=architecture, figures=False)
        manifest = read_manifest(folder / f"{kind}.csv", kind)
        shipped, mine = evaluate(manifest, architecture), evaluate(manifest, architecture, weights=report.weights)
        assert mine["model_version"].startswith(f"{shipped['model_version']}+")
        assert mine["n"] == shipped["n"]
        assert mine["accuracy"] > 0.8


def test_a_head_is_evaluated_under_the_version_that_ingest_gives_it(folder: Path, tmp_path: Path) -> None:
    head = load_heads(load_weights("default_heads"))["energy"]
    save_heads({"energy": head}, tmp_path / "default-energy.npz")
    manifest = read_manifest(folder / "energy.csv", "energy")
    mine = evaluate(manifest, weights=tmp_path / "default-energy.npz")
    own_heads.use(tmp_path / "own", "energy", own_heads.install(tmp_path / "own", tmp_path))
    assert mine["model_version"] == load_ear(own=tmp_path / "own").model_version
    assert mine["confusion"] == evaluate(manifest)["confusion"]


def test_a_network_is_evaluated_in_the_place_of_the_shipped_one(folder: Path) -> None:
    manifest = read_manifest(folder / "energy.csv", "energy")
    mine = evaluate(manifest, "thesis", weights=load_weights("thesis-energy"))
    assert mine["confusion"] == evaluate(manifest, "thesis")["confusion"]


@pytest.mark.parametrize(
    ("kind", "architecture", "weights", "said"),
    [
        ("energy", "default", "none.npz", "no such file"),
        ("energy", "default", "thesis-energy.onnx", "default-energy.npz.*give the file's --architecture"),
        ("energy", "thesis", "default_heads.npz", "thesis-energy.onnx.*give the file's --architecture"),
        ("energy", "default", "default_heads.npz", "not a head of energy alone"),
        ("energy", "default", "thesis-detector.npz", "give the file's --architecture"),
        ("energy", "default", "default_space.npz", "not a file of attribute heads"),
        ("energy", "thesis", "thesis-genre.onnx", "does not tell energy's classes apart"),
        ("energy", "thesis", "activity.onnx", "does not tell energy's classes apart"),
        ("detector", "thesis", "default_heads.npz", "not a detector that filmscore wrote"),
        ("detector", "default", "thesis-detector.npz", "give the file's --architecture"),
    ],
)
def test_weights_of_another_model_are_not_evaluated(
    folder: Path, kind: str, architecture: str, weights: str, said: str
) -> None:
    manifest = read_manifest(folder / f"{kind}.csv", kind)
    with pytest.raises(ModelError, match=f"{weights}: .*{said}"):
        evaluate(manifest, architecture, weights=WEIGHTS / weights)


def test_evaluate_takes_weights(folder: Path) -> None:
    weights = ["--weights", str(folder / "none.npz")]
    shown = CliRunner().invoke(app, ["evaluate", "energy", "--data", str(folder / "energy.csv"), *weights])
    assert isinstance(shown.exception, ModelError) and "no such file" in str(shown.exception)
