"""Start filmscore where it is installed.

A wheel puts everything below one folder, `filmscore`, so that its rooms (`db`, `service`, ...) cannot overwrite another
package's files. In filmscore's own processes, and in their children, the rooms are imported by the same names as in a
checkout (docs/decisions/0009-one-folder.md). A Dask worker on another machine imports this module first:
`dask worker ADDRESS --preload filmscore.launch`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

HERE = str(Path(__file__).resolve().parent)

if HERE not in sys.path:
    sys.path.insert(0, HERE)
if HERE not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join([HERE, *filter(None, [os.environ.get("PYTHONPATH")])])

if TYPE_CHECKING:
    from service.questions.frames import CatalogueFrames


def open_catalogue(home: str | Path | None = None) -> CatalogueFrames:
    """Open the published catalogue as tables, for notebooks; see `service.questions.frames`."""
    from service.questions.frames import open_catalogue as opened

    return opened(home)


def main() -> None:
    """Run the command line."""
    from cli import main as run

    run()
