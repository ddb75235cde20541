"""Trains the activity network on pseudo films and on the labelled seconds, and writes it as ONNX.

    python -m models.recipes.train_activity FILMS... --seconds SECONDS.npz --out OUT.onnx [--minutes 25] [--seed 0]
        [--start WEIGHTS.h5 --peak-rate 7e-4]

Runs on any backend of Keras (KERAS_BACKEND), with or without a GPU; the shipped weights took four minutes on one
(models/cards/default-activity.md). The weights of Keras stay beside OUT.onnx; --start goes on from such weights.

FILMS are folders of train*.npz and validation*.npz as models.recipes.films wrote them
(validation: of the last folder). Needs the extra `train`. The validation films and the validation clips of seconds.npz
choose the epoch together; the test parts are looked at by models.recipes.measure_activity only.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from film import LABELS
from models.evaluation.scores import score
from models.features import activity_mel
from models.recipes.export_activity import build
from models.recipes.films import FILM_S

CROP_S = 30
BATCH = 32
EPOCH_BATCHES = 200
THREADS = 4
PEAK_RATE = 2e-3
NARROW, HISS = 0.2, 0.2
"""Shares of the crops whose band is cut, and that hiss is added to."""
LN = np.float32(activity_mel.SCALE_DB / 10 * np.log(10))
"""A step of 1 of the network's input as a natural logarithm of power."""
FPS = activity_mel.FRAMES_PER_SECOND
SECONDS_PARTS = 5
"""A clip of seconds.npz belongs to the part crc32(clip) % 5: 0 validation, 1 test, else train."""

Films = tuple[npt.NDArray[np.float16], npt.NDArray[np.bool_]]


def rendered_films(paths: Sequence[Path]) -> Films:
    """Network inputs (n, FILM_S * FPS, BANDS) and truth (n, FILM_S, 2) of the pseudo films in some files."""
    stored = [np.load(path) for path in paths]
    return np.concatenate([part["inputs"] for part in stored]), np.concatenate([part["truth"] for part in stored])


def seconds_part(clips: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    """The part number of each clip of seconds.npz."""
    import zlib

    return np.array([zlib.crc32(str(c).encode()) % SECONDS_PARTS for c in clips])


class LabelledSeconds:
    """The seconds of seconds.npz as material for sequences: repeated, levelled at random, mixed by adding powers."""

    def __init__(self, path: Path, parts: tuple[int, ...]) -> None:
        with np.load(path) as stored:
            keep = np.isin(seconds_part(stored["clip"]), parts)
            self.power = 10 ** ((stored["logmel"][keep].astype(np.float32) / 2 - 80) / 10)
            labels, clips = stored["label"][keep], stored["clip"][keep]
        self.clips = {
            kind: [np.flatnonzero(clips == c) for c in np.unique(clips[labels == kind])]
            for kind in ("music", "speech", "other")
        }

    def _layer(self, rng: np.random.Generator, kind: str, seconds: int) -> npt.NDArray[np.float32]:
        rows: list[int] = []
        while len(rows) < seconds:
            clip = self.clips[kind][int(rng.integers(len(self.clips[kind])))]
            rows += [int(r) for r in np.tile(clip, int(rng.integers(1, 4)))]
        layer: npt.NDArray[np.float32] = self.power[rows[:seconds]]
        return layer

    def sequence(self, rng: np.random.Generator, seconds: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """(seconds * FPS, BANDS) input and (seconds, 2) truth."""
        power = np.full((seconds, FPS, activity_mel.BANDS), 10 ** rng.uniform(-7.5, -5.5), np.float32)
        truth = np.zeros((seconds, 2), np.bool_)
        at = 0
        while at < seconds:
            n = min(int(rng.integers(2, 13)), seconds - at)
            scene = rng.choice(
                ["music", "speech", "other", "speech+music", "other+music"], p=[0.28, 0.28, 0.28, 0.1, 0.06]
            )
            for kind in str(scene).split("+"):
                under = kind == "music" and "+" in str(scene)
                gain = (
                    10 ** (rng.uniform(-14, 0 if under else 3) / 10)
                    if kind != "speech"
                    else 10 ** rng.uniform(-0.6, 0.3)
                )
                power[at : at + n] += np.float32(gain) * self._layer(rng, kind, n)
                truth[at : at + n, 0] |= kind == "music"
                truth[at : at + n, 1] |= kind == "speech"
            at += n
        return activity_mel.scale(power).reshape(-1, activity_mel.BANDS), truth


def validation_clips(path: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """The validation clips of seconds.npz, each repeated to CROP_S: inputs (n, CROP_S * FPS, BANDS) and labels (n,)."""
    held = LabelledSeconds(path, (0,))
    rows = [(k, clip) for k, kind in enumerate(held.clips) for clip in held.clips[kind]]
    power = np.stack([np.resize(held.power[clip], (CROP_S, FPS, activity_mel.BANDS)) for _, clip in rows])
    return activity_mel.scale(power).reshape(len(rows), -1, activity_mel.BANDS), np.array([k for k, _ in rows])


def clip_score(logits: npt.NDArray[np.floating], labels: npt.NDArray[np.int64]) -> float:
    """Macro F1 of clips (n, CROP_S, 2), each the likeliest of music, speech and other on the mean."""
    p = 1 / (1 + np.exp(-logits.astype(np.float64)))
    shares = np.concatenate([p, 1 - p.max(axis=2, keepdims=True)], axis=2).mean(axis=1)
    return float(score(labels, shares.argmax(axis=1), LABELS)["macro_f1"])


def network() -> Any:
    """The Keras network: (n, frames, BANDS) -> (n, seconds, 2) logits."""
    import keras
    from keras import layers

    x = entry = keras.Input((None, activity_mel.BANDS))
    x = layers.Reshape((-1, activity_mel.BANDS, 1))(x)
    for channels, kernel, strides, pool in ((24, 5, (2, 2), 1), (32, 3, (1, 2), 5), (48, 3, (1, 2), 1)):
        x = layers.Conv2D(channels, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(epsilon=1e-3, momentum=0.95)(x))
        x = layers.MaxPooling2D((pool, 1))(x) if pool > 1 else x
    x = layers.Reshape((-1, 6 * 48))(x)
    x = layers.Conv1D(64, 1, activation="relu")(x)
    for dilation in (1, 2, 4, 8, 16):
        y = layers.Conv1D(64, 3, padding="same", dilation_rate=dilation, activation="relu")(x)
        x = layers.Add()([x, layers.SpatialDropout1D(0.1)(y)])
    x = layers.Concatenate()([layers.AveragePooling1D(5)(x), layers.MaxPooling1D(5)(x)])
    x = layers.Dropout(0.1)(layers.Conv1D(32, 1, activation="relu")(x))
    return keras.Model(entry, layers.Conv1D(2, 1)(x))


def disturbed(x: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Inputs (n, frames, BANDS) as other prints play them: other levels and slopes of the spectrum, some with hiss or
    cut to a narrow band, a few bands missing."""
    n, bands = len(x), np.arange(activity_mel.BANDS)
    tilt = np.linspace(-1, 1, activity_mel.BANDS)
    offset = rng.uniform(-7, 5, (n, 1)) + rng.uniform(-5, 5, (n, 1)) * tilt
    for row in offset:
        if rng.random() < NARROW:
            row -= rng.uniform(10, 40) * ((bands < rng.integers(0, 10)) | (bands >= rng.integers(32, 49)))
    x += (offset[:, None] / activity_mel.SCALE_DB).astype(np.float32)
    for row in x:
        if rng.random() < HISS:
            level = rng.uniform(-1, 0.5) + rng.uniform(-0.4, 0.4) * tilt + rng.normal(0, 0.05, row.shape)
            np.logaddexp(row * LN, level * LN, out=row, dtype=np.float32)
            row /= LN
        band = int(rng.integers(activity_mel.BANDS - 6))
        row[:, band : band + int(rng.integers(0, 6))] = -1
    return np.maximum(x, -1, out=x)


class Crops:
    """Draws batches: three quarters crops of films, a quarter labelled seconds, all disturbed."""

    def __init__(self, films: Films, seconds: LabelledSeconds, seed: int) -> None:
        self.films, self.seconds, self.seed = films, seconds, seed

    def batch(self, number: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """The inputs (BATCH, CROP_S * FPS, BANDS) and truth (BATCH, CROP_S, 2) of batch `number`."""
        rng = np.random.default_rng((self.seed, number))
        inputs, truth = self.films
        x = np.empty((BATCH, CROP_S * FPS, activity_mel.BANDS), np.float32)
        y = np.empty((BATCH, CROP_S, 2), np.float32)
        for i in range(BATCH):
            if i % 4:
                film, first = int(rng.integers(len(inputs))), int(rng.integers(FILM_S - CROP_S + 1))
                x[i] = inputs[film, first * FPS : (first + CROP_S) * FPS]
                y[i] = truth[film, first : first + CROP_S]
            else:
                x[i], y[i] = self.seconds.sequence(rng, CROP_S)
        return disturbed(x, rng), y

    def epoch(self, number: int) -> Any:
        """A Keras data set of EPOCH_BATCHES batches, drawn in a few threads."""
        import keras

        crops = self

        class Epoch(keras.utils.PyDataset):  # type: ignore[misc]
            def __len__(self) -> int:
                return EPOCH_BATCHES

            def __getitem__(self, at: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
                return crops.batch(number * EPOCH_BATCHES + at)

        return Epoch(workers=THREADS, use_multiprocessing=False, max_queue_size=4 * THREADS)


def scores(logits: npt.NDArray[np.floating], truth: npt.NDArray[np.bool_]) -> dict[str, float]:
    """F1 per second of music and speech at probability 0.5."""
    found = logits.reshape(-1, 2) > 0
    real = truth.reshape(-1, 2)
    hits = (found & real).sum(0)
    f1 = 2 * hits / np.maximum(found.sum(0) + real.sum(0), 1)
    return {"music": float(f1[0]), "speech": float(f1[1])}


def train(
    films: Sequence[Path],
    seconds_path: Path,
    checkpoint: Path,
    minutes: float,
    seed: int,
    start: Path | None = None,
    peak_rate: float = PEAK_RATE,
) -> None:
    """Train for `minutes`, from the weights `start` if given; the weights of the best validation epoch stay in
    `checkpoint` (Keras weights)."""
    import keras

    keras.utils.set_random_seed(seed)
    crops = Crops(
        rendered_films([path for folder in films for path in sorted(folder.glob("train*.npz"))]),
        LabelledSeconds(seconds_path, (2, 3, 4)),
        seed,
    )
    held = rendered_films(sorted(films[-1].glob("validation*.npz")))
    clips, clip_labels = validation_clips(seconds_path)
    model = network()
    if start:
        model.load_weights(start)
    model.compile(
        keras.optimizers.AdamW(peak_rate, weight_decay=1e-3, clipnorm=1.0),
        keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.06),
    )
    started, best, epoch = time.monotonic(), 0.0, 0
    while (spent := (time.monotonic() - started) / 60) < minutes:
        rate = peak_rate * 0.5 * (1 + np.cos(np.pi * min(1.0, spent / minutes))) * min(1.0, (epoch + 1) / 3) + 1e-5
        model.optimizer.learning_rate = rate
        loss = model.fit(crops.epoch(epoch), epochs=1, verbose=0, shuffle=False).history["loss"][0]
        found = scores(model.predict(held[0].astype(np.float32), batch_size=4, verbose=0), held[1])
        epoch += 1
        found["clips"] = clip_score(model.predict(clips, batch_size=8, verbose=0), clip_labels)
        mean = sum(found.values()) / len(found)
        if mean > best:
            best = mean
            model.save_weights(checkpoint)
        print(f"{spent:.1f} min epoch {epoch} loss {loss:.4f} {found}", flush=True)


def main() -> None:
    """Train, then export the best epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--seconds", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--peak-rate", type=float, default=PEAK_RATE)
    arguments = parser.parse_args()
    checkpoint = arguments.out.with_suffix(".weights.h5")
    train(
        arguments.films,
        arguments.seconds,
        checkpoint,
        arguments.minutes,
        arguments.seed,
        arguments.start,
        arguments.peak_rate,
    )
    best = network()
    best.load_weights(checkpoint)
    arguments.out.write_bytes(build(best).SerializeToString())


if __name__ == "__main__":
    main()
