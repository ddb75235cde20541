"""A fitted encoder on disk: one .npz file with plain arrays and the other values as JSON. Nothing is pickled."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from db.catalogue.records import Fitted
from errors import CatalogueError

_ARRAY = "__array__"


def write_fitted(path: Path, fitted: Fitted) -> None:
    """Store a fitted encoder.

    Raises:
        TypeError: a value is neither JSON nor a plain array (a defect of the encoding).
    """
    arrays: dict[str, Any] = {}

    def flattened(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            if value.dtype.hasobject:
                raise TypeError("a fitted encoder holds an array of objects")
            name = f"a{len(arrays)}"
            arrays[name] = value
            return {_ARRAY: name}
        if isinstance(value, dict):
            return {str(key): flattened(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [flattened(inner) for inner in value]
        return value.item() if isinstance(value, np.generic) else value

    document = json.dumps(flattened(fitted), ensure_ascii=False)
    with path.open("wb") as stream:
        np.savez(stream, document=np.frombuffer(document.encode(), np.uint8), **arrays)


def read_fitted(path: Path) -> Fitted:
    """The encoder as it was stored.

    Raises:
        CatalogueError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
            # a hook sees only the objects, not the 100,000 words in lists
            fitted: Fitted = json.loads(
                arrays["document"].tobytes(), object_hook=lambda held: arrays[held[_ARRAY]] if _ARRAY in held else held
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CatalogueError(f"{path}: the encoder is damaged. Run `filmscore doctor --repair`.") from error
    return fitted
