"""NumPy archives of plain arrays, read without trusting them."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError

UNREADABLE = (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)


def read_arrays(path: Path, remedy: str) -> dict[str, npt.NDArray[np.generic]]:
    """All arrays of an .npz by name; objects (pickles) inside are refused.

    Raises:
        ModelError: missing, truncated, or not an .npz of plain arrays; the message ends with `remedy`.
    """
    try:
        loaded = np.load(path, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise ModelError(f"{path}: a single array, not a NumPy archive. {remedy}")
        with loaded as arrays:
            return {name: arrays[name] for name in arrays.files}
    except FileNotFoundError as error:
        raise ModelError(f"{path}: no such file. {remedy}") from error
    except UNREADABLE as error:
        raise ModelError(f"{path}: not a readable NumPy archive ({error}). {remedy}") from error
