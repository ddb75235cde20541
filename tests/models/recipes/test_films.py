"""The films that teach activity: what is in them that is neither music nor speech, and what their truth says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from media.geometry import SAMPLE_RATE_HZ as RATE
from models.ears.default_ear import DefaultEar
from models.recipes.films import Layers, Shelf, _play, crowd, drone_or_alarm, load_shelves, make_film
from models.recipes.recordings import FURTHER, JOIN, PACKAGES, TEST, VALIDATION, kind_of, part_of
from models.recipes.train_activity import disturbed


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shelf]:
    """Two recordings of noise of each kind."""
    folder, rng = tmp_path_factory.mktemp("decoded"), np.random.default_rng(0)
    for kind in ("speech", "music", "effect"):
        lengths = np.array([3 * RATE, 5 * RATE])
        samples = (3_000 * rng.standard_normal(lengths.sum())).astype(np.int16)
        np.savez(folder / f"{kind}_train.npz", samples=samples, length=lengths, group=np.array(["a", "b"]))
    return load_shelves(Path(folder), "train")


def test_crowds_drones_and_alarms_have_the_length_and_level_that_they_promise(shelves: dict[str, Shelf]) -> None:
    rng = np.random.default_rng(0)
    sounds = [crowd(rng, shelves["speech"], 4 * RATE), *(drone_or_alarm(rng, 4 * RATE) for _ in range(12))]
    for sound in sounds:
        assert sound.shape == (4 * RATE,)
        assert sound.dtype == np.float32
        assert sound.std() == pytest.approx(0.1, abs=2e-3)


def test_a_harder_film_is_as_long_and_has_a_truth_for_each_second(shelves: dict[str, Shelf]) -> None:
    plain, _ = make_film(np.random.default_rng(3), shelves, 60)
    for seed in range(3):
        sound, truth = make_film(np.random.default_rng(seed), shelves, 60, harder=True)
        assert sound.shape == plain.shape
        assert truth.shape == (60, 2)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() <= 1


def test_solos_stand_beside_the_recordings_and_are_drawn_less_often(tmp_path: Path) -> None:
    for folder, group in ((tmp_path, "album"), (tmp_path / "solos", "singing/anna")):
        folder.mkdir(exist_ok=True)
        for kind in ("speech", "music", "effect") if group == "album" else ("music",):
            samples = np.full(2 * RATE, 3_000 if group == "album" else -3_000, np.int16)
            np.savez(
                folder / f"{kind}_join.npz", samples=samples, length=np.array([RATE, RATE]), group=np.array([group] * 2)
            )
    with_solos = load_shelves(tmp_path, "join", tmp_path / "solos")["music"]
    rng = np.random.default_rng(0)
    drawn = [with_solos.group(rng) for _ in range(600)]
    assert 0.15 < drawn.count("singing/anna") / 600 < 0.25  # one in five
    assert (with_solos.draw(rng, "singing/anna") < 0).all()
    assert (with_solos.draw(rng, "album") > 0).all()
    assert load_shelves(tmp_path, "join")["music"].names == ["album"]


def test_somebody_sings_over_some_of_the_music(tmp_path: Path) -> None:
    for kind in ("speech", "music", "effect"):
        samples = np.concatenate([np.full(5 * RATE, 3_000, np.int16), np.full(5 * RATE, -3_000, np.int16)])
        groups = np.array(["album", "singing/anna"])
        np.savez(tmp_path / f"{kind}_join.npz", samples=samples, length=np.array([5 * RATE] * 2), group=groups)
    music, heard = load_shelves(tmp_path, "join")["music"], []
    music.weights = np.array([1.0, 0.0])  # cues of the album alone
    for seed in range(200):
        layers = Layers.empty(4)
        _play(np.random.default_rng(seed), music, layers, 0, 4 * RATE, 0.0)
        heard.append(layers.music[2 * RATE])
        assert layers.playing[RATE : 3 * RATE].all()
        assert not layers.speaking.any()
    assert 0.15 < np.mean(~np.isclose(heard, 0.1, atol=0.005)) < 0.45  # one in four


def test_packages_of_one_part_are_in_no_other() -> None:
    assert len(set(PACKAGES)) == len(PACKAGES)
    for package in FURTHER:
        assert not package.startswith((*TEST, *VALIDATION, *JOIN))
        assert part_of(f"{package}/effect", f"{package}/a.ogg") == "train"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("asterisk-moh-opsound-wav/usr/share/asterisk/moh/macroform.wav", "music"),
        ("asterisk-core-sounds-en-wav/usr/share/asterisk/sounds/en/hello.wav", "speech"),
        ("asterisk-core-sounds-en-wav/usr/share/asterisk/sounds/en/silence/1.wav", None),
        ("sonic-pi-samples/usr/share/sonic-pi/samples/loop_amen.flac", "music"),
        ("flare-game/usr/share/games/flare/mods/fantasycore/soundfx/npcs/male_merchant_04.ogg", "speech"),
        ("flare-game/usr/share/games/flare/mods/fantasycore/soundfx/powers/thunder.ogg", "effect"),
        ("pingus-data/usr/share/games/pingus/data/sounds/goodidea.wav", None),
        ("hyperrogue-music/usr/share/hyperrogue/sounds/seen-cultist.ogg", None),
        ("hyperrogue-music/usr/share/hyperrogue/sounds/seen-snake.ogg", "effect"),
        ("drascula-music/usr/share/scummvm/drascula/audio/track29.ogg", "music"),
        ("drascula-music/usr/share/scummvm/drascula/de/track29.ogg", None),
        ("sonic-pi-samples/usr/share/sonic-pi/samples/bd_ada.flac", None),
        ("lomiri-sounds/usr/share/sounds/lomiri/ringtones/Bliss.ogg", "music"),
    ],
)
def test_a_recording_is_of_the_kind_that_its_path_tells(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_disturbed_inputs_stay_above_the_floor_and_differ_from_each_other() -> None:
    x = np.full((40, 100, 48), 0.3, np.float32)
    found = disturbed(x.copy(), np.random.default_rng(0))
    assert found.shape == x.shape
    assert found.min() == -1
    assert np.isfinite(found).all()
    assert len({row.tobytes() for row in found}) == 40


def test_most_drones_and_alarms_are_not_heard_as_music() -> None:
    rng, ear = np.random.default_rng(77), DefaultEar.load()
    sound = np.concatenate([drone_or_alarm(rng, 30 * RATE) for _ in range(6)])
    activity, _ = ear.activity(np.round(np.clip(sound, -1, 1) * 32_767).astype(np.int16))
    assert (activity.music >= 0.5).mean() < 0.4  # by weights that learnt from films without them: 0.68
    assert (activity.speech >= 0.5).mean() < 0.1
