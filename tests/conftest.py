"""Films that several rooms' tests need."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from studio import Rendered, short_film, write_media

# Speed is measured in bench, not here; and a run in CI draws what a run at home drew.
settings.register_profile("filmscore", deadline=None, derandomize=True)
settings.load_profile("filmscore")


@pytest.fixture(scope="session")
def rendered() -> Rendered:
    """Sixty seconds: speech, music alone, music under speech, an effect."""
    return short_film(seed=1)


@pytest.fixture(scope="session")
def film_file(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`rendered` as a Matroska file. Not to be changed; copy it."""
    return write_media(rendered, tmp_path_factory.mktemp("media") / "Short Film.mkv")
