"""The default ear: a small network of our own, Silero VAD and an event network for activity, one musicnn network and
linear heads for attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from film import Activity, WindowAttributes
from media.geometry import SECOND_SAMPLES, WINDOW_S
from models.ears.default_features import Blocks, window_features
from models.ears.heads import Head, load_heads, tag_logits
from models.ears.instruments import InstrumentTags
from models.ears.joining import NETWORKS, ActivityNetworks, Joint, by_second
from models.ears.key import key_attributes
from models.ears.musicnn import MSD_TAGS, Musicnn, tag_columns
from models.ears.own_heads import active_heads, active_suffix
from models.ears.pace import BEATS, Pace
from models.ears.silence import without_silence
from models.ears.smoothing import labels, smooth
from models.ears.store import load_weights, version_of
from models.ears.wide import HeardWide, hear_wide
from models.features.levelling import levelled

Samples = npt.NDArray[np.int16]
VERSION = 8
WEIGHTS = (*NETWORKS, "activity_joint", "musicnn_msd", "default_heads", "default_space", "instruments", "pace")


@dataclass(frozen=True)
class Chain:
    """How one of the two activities comes and goes (see models.ears.smoothing)."""

    enter: float
    leave: float
    prior: float
    trust: float


MUSIC_CHAIN = Chain(enter=0.10, leave=0.10, prior=0.5, trust=1.0)
SPEECH_CHAIN = Chain(enter=0.50, leave=0.50, prior=0.5, trust=1.0)
"""At .5 a chain changes nothing: what joins the networks hears speech in pieces of the seconds around."""

ACOUSTIC_TAGS = tag_columns("acoustic", "folk", "jazz", "instrumental", "guitar", "blues")
ELECTRIC_TAGS = tag_columns(
    "electronic", "electronica", "electro", "House", "dance", "metal", "heavy metal", "hard rock", "rock"
)
VOICE_TAGS = tag_columns("female vocalists", "female vocalist", "male vocalists", "Hip-Hop", "soul")
TAGS_KEPT, TAG_DECIMALS = 8, 3
UNDER_SPEECH = "genre_under_speech"
"""The genre head that was trained on music under speech as much as on music alone."""
SPOKEN_SHARE = 0.3
"""Of a window's seconds: from here on the head UNDER_SPEECH alone says its genre; below, both do in proportion."""
GENRE_WIDE = "genre_wide"
"""The genre head that was trained on music at 16 kHz; it hears where the film has such sound and nobody speaks."""
NO_VOICE_TAGS = tag_columns("instrumental", "ambient")


@dataclass(frozen=True)
class Space:
    """The projection of musicnn's embedding to the one that films are compared in."""

    mean: npt.NDArray[np.float64]
    components: npt.NDArray[np.float64]
    """(200, 64): principal components of the standardised embedding over the training windows"""

    @classmethod
    def load(cls, path: Path) -> Space:
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["mean"].astype(np.float64), stored["components"].astype(np.float64))

    def project(self, embedding: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """(n, 200) to (n, 64)"""
        projected: npt.NDArray[np.float32] = ((embedding - self.mean) @ self.components).astype(np.float32)
        return projected


class DefaultEar:
    """Models of the default architecture; satisfies models.ears.ear.Ear."""

    architecture = "default"

    def __init__(
        self,
        networks: ActivityNetworks,
        joint: Joint,
        music: Musicnn,
        heads: Mapping[str, Head],
        space: Space,
        instruments: InstrumentTags,
        pace: Pace,
        model_version: str,
    ) -> None:
        self._networks, self._joint, self._music = networks, joint, music
        self._heads, self._space, self._instruments, self._pace = heads, space, instruments, pace
        self.model_version = model_version

    @classmethod
    def load(cls, threads: int = 1, own: Path | None = None) -> DefaultEar:
        """With the shipped weights, and the active heads of the folder `own` in the place of the shipped ones.

        Raises:
            ModelError: weights are missing, altered or of another version, or a head in use learnt on other networks.
        """
        paths = {name: load_weights(name) for name in WEIGHTS if name not in NETWORKS}
        heads = load_heads(paths["default_heads"])
        if replaced := active_heads(own) if own else {}:
            heads |= replaced
            if "genre" in replaced:
                del heads[UNDER_SPEECH], heads[GENRE_WIDE]
        return cls(
            ActivityNetworks(threads),
            Joint.load(paths["activity_joint"]),
            Musicnn(paths["musicnn_msd"], threads),
            heads,
            Space.load(paths["default_space"]),
            InstrumentTags.load(paths["instruments"]),
            Pace.load(paths["pace"]),
            version_of("default", VERSION, WEIGHTS) + (active_suffix(own) if own else ""),
        )

    def activity(self, samples: Samples) -> tuple[Activity, object]:
        """The activity in each whole second of (n,) int16 at 8 kHz; the memo says where somebody speaks."""
        logits = self._joint.logits(self._networks.hear(levelled(samples))[0])
        activity = without_silence(activity_of(logits), samples)
        return activity, activity.speech >= 0.5

    def activity_features(self, samples: Samples) -> npt.NDArray[np.float32]:
        """(n_seconds, FEATURES + 3), what `train detector` learns from: the last layer of our network, and the logits
        of the others, where singing counts as music."""
        evidence, layer = self._networks.hear(levelled(samples))
        _, _, voice, speech, singing, music = by_second(evidence).T.astype(np.float32)
        return np.column_stack([layer, voice, speech, np.maximum(singing, music)])

    def window_features(self, samples: Samples, start_s: int, end_s: int) -> Blocks:
        """The features the heads hear, of the windows of one run."""
        return window_features(self._music, samples, start_s, end_s)

    def attributes(
        self, samples: Samples, runs: Sequence[tuple[int, int]], memo: object, wide: Samples | None = None
    ) -> list[WindowAttributes]:
        """The attributes of each run's windows: one per run, in order, of (end_s - start_s) - 9 windows. Without a memo
        nobody speaks."""
        spoken = np.zeros(samples.size // SECOND_SAMPLES, np.bool_) if memo is None else np.asarray(memo)
        described = []
        for start, end in runs:
            share = np.lib.stride_tricks.sliding_window_view(spoken[start:end], WINDOW_S).mean(axis=1, dtype=np.float32)
            under_speech = np.minimum(share / np.float32(SPOKEN_SHARE), 1)
            heard = None
            if wide is not None and GENRE_WIDE in self._heads and under_speech.min() < 1:
                heard = hear_wide(self._music, samples, wide, start, end, under_speech < 1)
            windows = self._describe(self.window_features(samples, start, end), under_speech, heard)
            for name, value in key_attributes(
                samples[start * SECOND_SAMPLES : end * SECOND_SAMPLES], spoken[start:end]
            ).items():
                windows.further[name] = np.full(len(under_speech), value, np.float32)
            described.append(windows)
        return described

    def _describe(
        self, features: Blocks, under_speech: npt.NDArray[np.float32], heard: HeardWide | None
    ) -> WindowAttributes:
        p = {name: head.probabilities(features) for name, head in self._heads.items() if name != GENRE_WIDE}
        genre = p["genre"]
        if heard is not None:
            at_16_khz = features | {"msd": heard.embedding, "tags": tag_logits(heard.tags)}
            weight = heard.share.astype(np.float32)[:, None]
            genre = (1 - weight) * genre + weight * self._heads[GENRE_WIDE].probabilities(at_16_khz)
        if UNDER_SPEECH in p:
            weight = under_speech[:, None]
            genre = (1 - weight) * genre + weight * p[UNDER_SPEECH]
        tags = strongest_tags(features["tags"]) | self._instruments.strongest(features)
        return WindowAttributes(
            genre=genre,
            danceability=p["danceability"],
            valence=p["valence"],
            energy=p["energy"],
            embedding=self._space.project(features["msd"]),
            further=further_attributes(features, self._pace),
            tags=dict(sorted(tags.items(), key=lambda one: -one[1])),
        )


def activity_of(logits: npt.NDArray[np.floating]) -> Activity:
    """Smoothed activity of (n_seconds, 2) logits of music and speech."""
    p = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -15, 15)))
    music, speech = (
        smooth(p[:, column], chain.enter, chain.leave, chain.prior, chain.trust).astype(np.float32)
        for column, chain in enumerate((MUSIC_CHAIN, SPEECH_CHAIN))
    )
    return Activity(music=music, speech=speech, label=labels(music, speech), present=music >= 0.5)


def strongest_tags(logits: npt.NDArray[np.floating]) -> dict[str, float]:
    """The TAGS_KEPT likeliest of MSD's tags over all windows, the likeliest first, with their mean probability to
    TAG_DECIMALS; those that round to 0 are left out.

    Args:
        logits: (n_windows, 50) log-odds of the tags.
    """
    p = (1 / (1 + np.exp(-np.asarray(logits, np.float64)))).mean(axis=0)
    likeliest = np.argsort(-p, kind="stable")[:TAGS_KEPT]
    rounded = {MSD_TAGS[tag]: round(float(p[tag]), TAG_DECIMALS) for tag in likeliest}
    return {tag: value for tag, value in rounded.items() if value}


def further_attributes(features: Blocks, pace: Pace) -> dict[str, npt.NDArray[np.float32]]:
    """Named attributes (n_windows,) beside the four.

    acousticness: odds of MSD's acoustic tags divided by the odds of acoustic and electric tags together, 0-1;
    instrumentalness: odds of the tags without a voice divided by those plus the odds of the tags for voices, 0-1 (1 =
    nobody sings); tempo_bpm and tempo_confidence: `models.ears.pace`. They are not calibrated: they rank music and are
    not probabilities.
    """
    odds = np.exp(features["tags"])

    def share(of: list[int], against: list[int]) -> npt.NDArray[np.float32]:
        wanted, other = odds[:, of].sum(axis=1), odds[:, against].sum(axis=1)
        result: npt.NDArray[np.float32] = (wanted / (wanted + other)).astype(np.float32)
        return result

    bpm, confidence = pace.tempo(features["tags"], *(features[f"beats_{name}"] for name in BEATS))
    return {
        "acousticness": share(ACOUSTIC_TAGS, ELECTRIC_TAGS),
        "instrumentalness": share(NO_VOICE_TAGS, VOICE_TAGS),
        "tempo_bpm": bpm.astype(np.float32),
        "tempo_confidence": confidence.astype(np.float32),
    }
