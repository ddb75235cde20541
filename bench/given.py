"""What a measurement is given: files and folders that must exist, named in one line if they do not."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def existing(text: str) -> Path:
    """The path of an argument that is read: argparse ends with its message and exit code 2 if nothing is there."""
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{path}: no such file or folder. Give one that exists.")
    return path


def real_data() -> Path:
    """The folder with the real recordings and tables, $FILMSCORE_DATA; the program ends if there is none."""
    folder = Path(os.environ.get("FILMSCORE_DATA", "../shared/data"))
    if not folder.is_dir():
        sys.exit(f"{folder}: no such folder. Set FILMSCORE_DATA to the folder with the real recordings and tables.")
    return folder
