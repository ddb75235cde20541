"""The bill of materials names what is locked, all of it, with the hashes of what may be installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def bill(lock: Path, tmp_path: Path) -> str:
    subprocess.run([sys.executable, ROOT / "docker/sbom.py", lock, tmp_path / "out" / "sbom.json"], check=True)
    return (tmp_path / "out" / "sbom.json").read_text("utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_bill_names_all_that_is_locked(tmp_path: Path, name: str) -> None:
    lock = (ROOT / name).read_text("utf-8")
    found = json.loads(bill(ROOT / name, tmp_path))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert len(found["components"]) == sum("==" in line and not line.startswith(" ") for line in lock.splitlines()) > 50
    assert all(one["hashes"] for one in found["components"])
    assert sum(len(one["hashes"]) for one in found["components"]) == lock.count("--hash=sha256:")
    streamlit = next(one for one in found["components"] if one["name"] == "streamlit")
    assert streamlit["purl"] == f"pkg:pypi/streamlit@{streamlit['version']}"


def test_the_same_lock_gives_the_same_bill(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("a==1 ; python_version < '4' \\\n    --hash=sha256:" + "0" * 64 + "\n    # via b\n")
    assert bill(lock, tmp_path) == bill(lock, tmp_path)
    (one,) = json.loads(bill(lock, tmp_path))["components"]
    assert (one["name"], one["version"], len(one["hashes"])) == ("a", "1", 1)
