"""Render a script as sound with its ground truth: three stems, mixed and levelled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve, resample_poly

from film import Cue
from studio import truth
from studio.composing import compose
from studio.effects import effect
from studio.instruments import PLAYED_HZ, perform
from studio.script import RATE_HZ, EffectCue, FilmScript, MusicCue, MusicSegment, Rendered, SpeechCue
from studio.sentences import sentences_for
from studio.speech import Speaker

Stem = npt.NDArray[np.float32]
_PEAK = 0.97
_REVERB_HALF_S = 0.12
_MUSIC, _SPEECH, _EFFECTS, _ROOM = range(4)


def render(script: FilmScript, seed: int = 0) -> Rendered:
    """Render a film.

    Args:
        script: the film's contents.
        seed: the same seed gives identical samples for the same script, packages and machine.

    Returns:
        The sound at RATE_HZ and its truth; `studio.truth` defines the truth.

    Raises:
        ModelError: the extra `studio` is missing.
        ParameterError: a voice is unknown.
    """
    n = script.seconds * RATE_HZ
    nominal = 10 ** (script.speech_dbfs / 20)
    music, played = _music_stem(script.music, n, nominal, seed)
    speech, said = _speech_stem(script.speech, n, nominal, seed)
    if script.duck_db:
        music *= _ducking(script.speech, n, script.duck_db)
    mix = music + speech + _effects_stem(script.effects, n, nominal, seed)
    if np.isfinite(script.floor_db):
        hiss = _rng(seed, _ROOM).standard_normal(n).astype(np.float32)
        mix += hiss * np.float32(10 ** (script.floor_db / 20))
    samples = np.round(_limited(mix) * 32767).astype(np.int16)

    heard_music = truth.presence(music, truth.CLOSED_REST_S)
    heard_speech = truth.presence(speech, truth.CLOSED_PAUSE_S)
    return Rendered(
        title=script.title,
        samples=samples,
        music=heard_music,
        speech=heard_speech,
        label=truth.labels(heard_music, heard_speech, music, speech),
        segments=tuple(segment for cue, tempo, mode in played if (segment := _segment(cue, tempo, mode, heard_music))),
        said=tuple(said),
    )


def _rng(seed: int, *what: int) -> np.random.Generator:
    return np.random.default_rng([seed, *what])


def _limited(mix: Stem) -> Stem:
    """Soft limiter: compress above 0.7 of full scale; lower samples do not change."""
    size = np.abs(mix)
    knee = 0.7
    over = knee + (_PEAK - knee) * np.tanh((size - knee) / (_PEAK - knee))
    return np.where(size <= knee, mix, np.sign(mix) * over).astype(np.float32)


def _rms(samples: npt.NDArray[np.floating]) -> float:
    """RMS of the audible parts (frames above a hundredth of the peak)."""
    if not len(samples):
        return 0.0
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400) if len(samples) >= 400 else samples[None]
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    loud = power[power > power.max() * 1e-4]
    return float(np.sqrt(loud.mean())) if len(loud) else 0.0


def _faded(samples: Stem, fade_in_s: float, fade_out_s: float) -> Stem:
    out = samples.copy()
    head, tail = (min(len(out), round(s * RATE_HZ)) for s in (fade_in_s, fade_out_s))
    if head:
        out[:head] *= np.sin(np.linspace(0, np.pi / 2, head, dtype=np.float32)) ** 2
    if tail:
        out[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail, dtype=np.float32)) ** 2
    return out


def _put(stem: Stem, start_s: float, samples: Stem) -> None:
    at = round(start_s * RATE_HZ)
    end = min(len(stem), at + len(samples))
    if at < end:
        stem[at:end] += samples[: end - at]


def _levelled(samples: Stem, rms: float) -> Stem:
    own = _rms(samples)
    return np.asarray(samples * np.float32(rms / own), np.float32) if own > 0 else samples


def _music_stem(
    cues: tuple[MusicCue, ...], n: int, nominal: float, seed: int
) -> tuple[Stem, list[tuple[MusicCue, float, str]]]:
    stem = np.zeros(n, np.float32)
    played = []
    for index, cue in enumerate(cues):
        rng = _rng(seed, _MUSIC, index)
        piece = compose(cue, rng)
        sound = resample_poly(perform(piece, cue.seconds, rng), 1, PLAYED_HZ // RATE_HZ).astype(np.float32)
        sound = _reverberated(sound, 0.12, rng)
        sound = _levelled(sound, nominal * 10 ** (cue.level_db / 20))
        _put(stem, cue.start_s, _faded(sound, cue.fade_in_s, cue.fade_out_s))
        played.append((cue, piece.tempo_bpm, piece.mode))
    return stem, played


def _ducking(cues: tuple[SpeechCue, ...], n: int, duck_db: float) -> Stem:
    """Gain of the music, (n,): ducked within half a second when a conversation begins, restored after it."""
    times_s, depth = [0.0], [0.0]
    for cue in sorted(cues, key=lambda cue: cue.start_s):
        end_s = cue.start_s + cue.seconds
        if times_s[-1] > cue.start_s - 0.5:  # the gain has not recovered from the previous conversation: keep it low
            times_s, depth = times_s[:-1], depth[:-1]
        else:
            times_s, depth = [*times_s, cue.start_s - 0.5], [*depth, 0.0]
        times_s, depth = [*times_s, cue.start_s, end_s, end_s + 0.5], [*depth, 1.0, 1.0, 0.0]
    curve = np.interp(np.arange(n) / RATE_HZ, times_s, depth)
    return np.asarray(10 ** (duck_db / 20 * curve), np.float32)


def _reverberated(dry: Stem, share: float, rng: np.random.Generator) -> Stem:
    if share <= 0 or not len(dry):
        return dry
    length = round(_REVERB_HALF_S * 5 * RATE_HZ)
    tail = rng.standard_normal(length) * 0.5 ** (np.arange(length) / RATE_HZ / _REVERB_HALF_S)
    tail /= np.sqrt((tail**2).sum())
    wet = fftconvolve(dry, tail.astype(np.float32))[: len(dry)]
    return np.asarray((1 - share) * dry + share * wet, np.float32)


def _speech_stem(cues: tuple[SpeechCue, ...], n: int, nominal: float, seed: int) -> tuple[Stem, list[Cue]]:
    """The dialogue as sound, and as sentences with times."""
    stem = np.zeros(n, np.float32)
    sentences: list[Cue] = []
    if not cues:
        return stem, sentences
    with Speaker(seed) as speaker:
        for index, cue in enumerate(cues):
            rng = _rng(seed, _SPEECH, index)
            native, said = _conversation(cue, speaker, rng)
            end_s = min(cue.start_s + cue.seconds, n / RATE_HZ)
            sentences += [
                Cue(cue.start_s + start_s, min(cue.start_s + stop_s, end_s), text)
                for start_s, stop_s, text in said
                if cue.start_s + start_s < end_s
            ]
            sound = _resampled(native, speaker.rate_hz)[: round(cue.seconds * RATE_HZ)]
            sound = _reverberated(sound, cue.room, rng)
            _put(stem, cue.start_s, _levelled(sound, nominal * 10 ** (cue.level_db / 20)))
    return stem, sentences


def _resampled(samples: Stem, rate_hz: int) -> Stem:
    common = int(np.gcd(rate_hz, RATE_HZ))
    return np.asarray(resample_poly(samples, RATE_HZ // common, rate_hz // common), np.float32)


def _conversation(
    cue: SpeechCue, speaker: Speaker, rng: np.random.Generator
) -> tuple[Stem, list[tuple[float, float, str]]]:
    """Whole sentences with pauses, at least one, with start and end in seconds; the voices alternate."""
    limit = round(cue.seconds * speaker.rate_hz)
    parts: list[Stem] = []
    sentences: list[tuple[float, float, str]] = []
    used = turn = 0
    orders = {voice: list(rng.permutation(len(sentences_for(voice)))) for voice in cue.voices}
    while used < limit:
        voice = cue.voices[turn % len(cue.voices)]
        texts, order = sentences_for(voice), orders[voice]
        text = texts[order[(turn // len(cue.voices)) % len(order)]]
        rate = int(cue.words_per_minute * rng.uniform(0.93, 1.07))
        said = speaker.say(text, voice, rate, int(np.clip(cue.pitch + rng.integers(-6, 7), 0, 99)))
        if parts and used + len(said) > limit:
            break
        pause = np.zeros(round(cue.pause_s * rng.uniform(0.6, 1.6) * speaker.rate_hz), np.float32)
        parts += [said, pause]
        sentences.append((used / speaker.rate_hz, (used + len(said)) / speaker.rate_hz, text))
        used += len(said) + len(pause)
        turn += 1
    return (np.concatenate(parts) if parts else np.zeros(0, np.float32)), sentences


def _effects_stem(cues: tuple[EffectCue, ...], n: int, nominal: float, seed: int) -> Stem:
    stem = np.zeros(n, np.float32)
    for index, cue in enumerate(cues):
        sound = effect(cue.kind, cue.seconds, _rng(seed, _EFFECTS, index))
        sound = _levelled(sound, nominal * 10 ** (cue.level_db / 20))
        _put(stem, cue.start_s, _faded(sound, 0.3, 0.5))
    return stem


def _segment(cue: MusicCue, tempo_bpm: float, mode: str, heard: npt.NDArray[np.bool_]) -> MusicSegment | None:
    """The seconds of a cue with audible music; None if there are none."""
    first, last = int(cue.start_s), min(len(heard), int(np.ceil(cue.start_s + cue.seconds)))
    inside = np.flatnonzero(heard[first:last])
    if not len(inside):
        return None
    return MusicSegment(
        start_s=first + int(inside[0]),
        end_s=first + int(inside[-1]) + 1,
        genre=cue.genre,
        tempo_bpm=tempo_bpm,
        mode=mode,
        intensity=cue.intensity,
        level_db=cue.level_db,
        danceability=truth.danceability_level(cue.genre, tempo_bpm, cue.intensity),
        valence=truth.valence_level(mode, tempo_bpm),
        energy=truth.energy_level(cue.intensity),
    )
