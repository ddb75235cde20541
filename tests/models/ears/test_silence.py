import numpy as np

from film import MUSIC, OTHER, Activity
from models.ears.silence import silent_seconds, without_silence


def test_zeros_and_rounding_noise_are_silent_and_a_quiet_tone_is_not() -> None:
    noise = np.random.default_rng(0).integers(-2, 3, 8000)
    tone = np.round(60 * np.sin(np.arange(8000) / 5))
    samples = np.concatenate([np.zeros(8000), noise, tone, np.zeros(4000)]).astype(np.int16)
    assert silent_seconds(samples).tolist() == [True, True, False]


def test_nothing_is_present_in_silence() -> None:
    samples = np.concatenate([np.zeros(8000), np.full(8000, 500)]).astype(np.int16)
    sure = np.ones(2, np.float32)
    heard = without_silence(Activity(sure, sure, np.full(2, MUSIC, np.int8), sure > 0), samples)
    assert heard.music.tolist() == heard.speech.tolist() == [0.0, 1.0]
    assert heard.label.tolist() == [OTHER, MUSIC]
    assert heard.present.tolist() == [False, True]
