"""NumPy archives of plain arrays, read without trusting them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
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


def read_weights(path: Path, names: Iterable[str], remedy: str) -> dict[str, npt.NDArray[np.float64]]:
    """The arrays with these names of an .npz, in double precision.

    Raises:
        ModelError: as `read_arrays`; or an array is missing, or holds no numbers.
    """
    arrays = read_arrays(path, remedy)
    try:
        return {name: arrays[name].astype(np.float64) for name in names}
    except KeyError as error:
        raise ModelError(f"{path}: lacks {error}. {remedy}") from error
    except (TypeError, ValueError) as error:
        raise ModelError(f"{path}: holds no numbers ({error}). {remedy}") from error
