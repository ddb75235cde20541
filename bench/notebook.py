"""Run the example notebook on a home and store what its cells print.

python -m bench.notebook [--home DIR]
"""

from __future__ import annotations

import argparse
import io
import json
import os
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import durable

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebook.ipynb"


def run_cells(notebook: dict[str, Any]) -> list[str]:
    """Run the code cells in order in one namespace. Returns what each prints. $FILMSCORE_HOME says which catalogue is
    read.

    Raises:
        Exception: whatever a cell raises.
    """
    names: dict[str, Any] = {}
    printed = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            with redirect_stdout(io.StringIO()) as out:
                exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, cell {len(printed) + 1}", "exec"), names)
            printed.append(out.getvalue())
    return printed


def main() -> None:
    """Run the notebook and write the outputs into it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    if arguments.home is not None:
        os.environ["FILMSCORE_HOME"] = str(arguments.home)
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, (cell, said) in enumerate(zip(cells, run_cells(notebook), strict=True), 1):
        cell["execution_count"] = number
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": said.splitlines(keepends=True)}]
    with durable.whole(NOTEBOOK) as beside:
        beside.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
