"""Find the packages of the extra `studio`; the error names a package that is missing."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from errors import ModelError

SOUNDFONT = "TimGM6mb.sf2"
"""General MIDI soundfont inside the package pretty_midi (GPL-2; docs/decisions/0003-studio-extra.md)."""

_PACKAGES = ("espeakng_loader", "tinysoundfont", "pretty_midi")


def require() -> None:
    """Check that films can be rendered.

    Raises:
        ModelError: a package of the extra `studio` is not installed.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ModelError(
            f"studio: {', '.join(missing)} not installed, so no film can be rendered. "
            "Run pip install 'filmscore[studio]'."
        )


def soundfont_path() -> Path:
    """Path of the soundfont. pretty_midi itself is not imported: it is not needed and takes 0.3 s.

    Raises:
        ModelError: the package or its soundfont is missing.
    """
    require()
    spec = find_spec("pretty_midi")
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / SOUNDFONT
        if path.is_file():
            return path
    raise ModelError(
        f"{SOUNDFONT}: missing from the package pretty_midi. Run pip install --force-reinstall 'filmscore[studio]'."
    )
