"""The image without a Docker engine: what Dockerfile and compose.yaml say, and their steps in a clean directory."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
import urllib.request
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
NOBODY = 65534
SYSTEM = "/usr/local/bin:/usr/bin:/bin"
"""Where everybody may run Python."""
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LAST_STAGE = DOCKERFILE.rpartition("FROM ")[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def instruction(name: str) -> str:
    """What the last stage says of one thing."""
    (found,) = re.findall(rf"^{name} +(.*)$", LAST_STAGE, re.MULTILINE)
    return str(found).strip()


def test_the_image_is_slim_has_no_root_a_healthcheck_and_a_volume() -> None:
    assert re.match(r"python:3\.\d+-slim\n", LAST_STAGE)
    assert int(instruction("USER")) > 0 and instruction("VOLUME") == "/data"
    assert "/_stcore/health" in instruction("HEALTHCHECK") and "FILMSCORE_HOME=/data" in instruction("ENV")


def test_compose_has_app_worker_and_api_and_lets_in_this_machine_only() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"demo", "app", "worker", "api"}
    for name, service in services.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert service["restart"] == ("no" if name == "demo" else "unless-stopped"), name
        assert service["mem_limit"] and service["pids_limit"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
        assert any(volume.endswith(":ro") for volume in service["volumes"]) and "data:/data" in service["volumes"], name
    assert "--no-worker" in instruction("CMD"), "the worker is a container of its own"


@pytest.mark.parametrize(("films", "builds"), [("", True), ("/srv/films", False)])
def test_compose_builds_the_demo_only_where_no_folder_of_films_is_named(
    films: str, builds: bool, tmp_path: Path
) -> None:
    (tmp_path / "filmscore").write_text("#!/bin/sh\necho $*; exit 1\n")  # 1: a film of the demo failed and was named
    (tmp_path / "filmscore").chmod(0o755)
    demo = COMPOSE["services"]["demo"]
    command = [part.replace("$$", "$") for part in demo["command"]]
    environment = {"PATH": f"{tmp_path}:{SYSTEM}", "FILMS": films}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ("demo\n" if builds else "")
    assert COMPOSE["services"]["app"]["depends_on"] == {"demo": {"condition": "service_completed_successfully"}}
    assert "${FILMS:-films}:/films:ro" in demo["volumes"] and "films" in COMPOSE["volumes"]


def test_the_code_is_copied_after_what_it_needs_is_installed() -> None:
    steps = re.findall(r"^(?:COPY|RUN) .*", DOCKERFILE.partition("FROM ")[2].partition("\nFROM ")[0], re.MULTILINE)
    assert [step.split()[0] for step in steps] == ["COPY", "RUN", "COPY", "RUN"]
    assert "requirements.lock" in steps[0] and "dependencies.sh" in steps[1] and steps[2] == "COPY . ."


def _checkout(target: Path) -> None:
    """What `COPY . .` takes: the files of the repository without those of .dockerignore."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in ignored):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name, follow_symlinks=False)


def _has_python() -> bool:
    found = shutil.which("python3", path=SYSTEM)
    asked = "import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    return (
        bool(found)
        and subprocess.run([str(found), "-c", asked], check=False, stderr=subprocess.DEVNULL).returncode == 0
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.stress
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else, as the image does")
@pytest.mark.skipif(not _has_python(), reason="the system has no Python 3.11 to 3.13 that everybody may run")
def test_its_steps_work_in_a_clean_directory_for_an_unprivileged_user(tmp_path: Path) -> None:
    """Installs from the lock (needs a package index), then serves as nobody from files that nobody may write."""
    app, venv, data = tmp_path / "app", tmp_path / "venv", tmp_path / "data"
    _checkout(app)
    subprocess.run([app / "docker" / "install.sh", app, venv], check=True, env=os.environ | {"PATH": SYSTEM})
    data.mkdir()
    os.chown(data, NOBODY, NOBODY)
    for parent in [tmp_path, *tmp_path.parents][:-2]:
        parent.chmod(parent.stat().st_mode | 0o011)
    port = _free_port()
    environment = {"PATH": f"{venv}/bin:{SYSTEM}", "FILMSCORE_HOME": str(data), "HOME": str(data)}

    def start(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=app, env=environment, user=NOBODY, group=NOBODY, extra_groups=[])

    def run(*command: str) -> int:
        return start(*command).wait()

    health = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    health[-1] = health[-1].replace(":8501", f":{port}")
    serve = [*json.loads(instruction("CMD")), "--port", str(port)]
    serve[serve.index("0.0.0.0")] = "127.0.0.1"
    worker_health = COMPOSE["services"]["worker"]["healthcheck"]["test"][1:]
    running = [start(*serve), start(*COMPOSE["services"]["worker"]["command"])]
    try:
        deadline = time.monotonic() + 90
        while run(*health) and time.monotonic() < deadline:
            time.sleep(1)
        assert run(*health) == 0, shlex.join(health)
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/").status == 200
        assert run(*worker_health) == 0
        assert run("filmscore", "doctor") == 0
        assert run("sh", "-c", f"touch {app}/x") != 0, "the program's files may be written"
    finally:
        for process in running:
            process.terminate()
            process.wait()
    assert run(*worker_health) == 1
