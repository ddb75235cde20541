"""The bill of materials names what is locked, all of it, with the hashes of what may be installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import metadata
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
    lock.write_text("a==1 ; python_version < '4' \\n    --hash=sha256:" + "0" * 64 + "\n    # via b\n")
    assert bill(lock, tmp_path) == bill(lock, tmp_path)
    (one,) = json.loads(bill(lock, tmp_path))["components"]
    assert (one["name"], one["version"], len(one["hashes"])) == ("a", "1", 1)


FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|LGPL|Zlib")
COPYLEFT = {"espeakng-loader"}
"""Carries GPL code and says nothing of its own: docs/decisions/0003-studio-extra.md."""


def licence(name: str) -> str:
    """What an installed package says of its licence; "" if it is not installed here."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    said = [about.get("License-Expression", ""), *(about.get_all("Classifier") or []), about.get("License", "")]
    return next((one[:200] for one in said if FREE.search(one)), "none that is known")


def test_every_locked_package_has_a_licence_that_lets_us_use_it(tmp_path: Path) -> None:
    names = [one["name"] for one in json.loads(bill(ROOT / "requirements.lock", tmp_path))["components"]]
    said = {name: licence(name) for name in names if name not in COPYLEFT}
    assert [name for name, words in said.items() if "none" in words or re.search(r"\bA?GPL", words)] == []
    assert sum(bool(words) for words in said.values()) > 50


@pytest.mark.fault("The audit of the packages finds no network")
def test_an_audit_without_a_network_is_one_line(tmp_path: Path) -> None:
    silent = tmp_path / "pip-audit"
    for said, code, expected in (
        ("echo ERROR: no route to host >&2; exit 1", 75, "could not be asked: ERROR: no route to host"),
        ("echo 'Name Version ID'; echo 'a 1 X-1'; exit 1", 1, "X-1"),
        ("echo No known vulnerabilities found >&2", 0, "No known"),
    ):
        silent.write_text(f"#!/bin/sh\n{said}\n")
        silent.chmod(0o700)
        done = subprocess.run(
            [sys.executable, ROOT / "docker/audit.py", silent, tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == code and expected in done.stdout + done.stderr, said
        assert code != 75 or len((done.stdout + done.stderr).splitlines()) == 1
