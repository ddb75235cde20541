"""Speech by espeak-ng; the same seed gives the same samples.

espeak-ng keeps state between utterances and seeds its noise from the clock. Each `Speaker` therefore opens a private
copy of the library (fresh state) and seeds the noise itself. A lock prevents threads from sharing libc's `rand`.
"""

from __future__ import annotations

import _ctypes
import ctypes
import shutil
import tempfile
import threading
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from errors import ModelError, ParameterError
from studio.extra import require

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
"""Without this check espeak-ng ends the process if its data are missing."""
_UTF8 = 1
_RATE, _PITCH = 1, 3
_ONE_AT_A_TIME = threading.RLock()

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Speaker:
    """Speak sentences; use as a context manager.

    Raises:
        ModelError: the extra `studio` is missing or espeak-ng does not start.
    """

    rate_hz: int

    def __init__(self, seed: int) -> None:
        require()
        self._seed = seed

    def __enter__(self) -> Speaker:
        import espeakng_loader

        _ONE_AT_A_TIME.acquire()
        try:
            self._room = tempfile.TemporaryDirectory(prefix="filmscore-voice-")
            room = Path(self._room.name)
            copy = shutil.copy(espeakng_loader.get_library_path(), room)
            # espeak-ng limits the path of its data to 160 bytes; an installation's path may be longer
            (room / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path())
            self._library = ctypes.CDLL(str(copy))
            self._heard: list[npt.NDArray[np.int16]] = []
            self._callback = _Callback(self._hear)
            rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(room).encode(), _DO_NOT_EXIT)
            if rate <= 0:
                raise ModelError(
                    "espeak-ng: does not start with the data of espeakng_loader. "
                    "Run pip install --force-reinstall 'filmscore[studio]'."
                )
            self.rate_hz = int(rate)
            self._library.espeak_SetSynthCallback(self._callback)
            ctypes.CDLL(None).srand(self._seed & 0x7FFFFFFF)
            self._library.espeak_ng_SetRandSeed(ctypes.c_long(self._seed & 0x7FFFFFFF))
        except BaseException:
            _ONE_AT_A_TIME.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._library.espeak_Terminate()
            _ctypes.dlclose(self._library._handle)
            self._room.cleanup()
        finally:
            _ONE_AT_A_TIME.release()

    def _hear(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str, voice: str, words_per_minute: int = 160, pitch: int = 50) -> npt.NDArray[np.float32]:
        """Speak one utterance.

        Args:
            text: the sentence to speak.
            voice: espeak-ng voice, "language+variant".
            words_per_minute: 80-450.
            pitch: 0-100.

        Returns:
            (n,) samples at `rate_hz`, full scale 1, without silence at both ends.

        Raises:
            ParameterError: the voice is unknown.
        """
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ParameterError(f"voice {voice!r}: espeak-ng has none of this name. Try 'en+m3' or 'de+f2'.")
        self._library.espeak_SetParameter(_RATE, words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._heard.clear()
        data = text.encode()
        self._library.espeak_Synth(
            data,
            ctypes.c_size_t(len(data) + 1),
            ctypes.c_uint(0),
            0,
            ctypes.c_uint(0),
            ctypes.c_uint(_UTF8),
            None,
            None,
        )
        if not self._heard:
            return np.zeros(0, np.float32)
        samples = (np.concatenate(self._heard) / 32768).astype(np.float32)
        loud = np.flatnonzero(np.abs(samples) > 0.003)
        return samples[loud[0] : loud[-1] + 1] if len(loud) else np.zeros(0, np.float32)
