"""The installed program in a root directory that has nothing of this machine but an interpreter: `make bare`.

Builds the wheel, installs it into an environment of its own, and changes into a root directory with the interpreter,
the packages as they came from their wheels, and the system's libraries that these load: no shell, no /usr/bin, no
fonts, locales, time zones or certificates. There it builds the demo, asks it a question, serves the app and fetches a
page. Linux with user namespaces only; nothing is left behind.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")
PACKAGES = Path("/site-packages")
"""Where the root has the packages of this environment; Streamlit refuses a port if it lives elsewhere."""
WALK = """
import os, subprocess, sys, time, urllib.request
from pathlib import Path
for absent in ("/bin/sh", "/usr/bin", "/usr/share", "/etc/passwd"):
    assert not os.path.exists(absent), absent
os.environ.update(HOME="/home", FILMSCORE_HOME="/home/films", PATH="/own/bin")
def run(*words):
    began = time.monotonic()
    done = subprocess.run(["/own/bin/filmscore", *words], capture_output=True, text=True, timeout=3000)
    assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-4000:])
    print("filmscore", *words, f"{time.monotonic() - began:.0f} s", flush=True)
    return done.stdout
run("--help")
if not Path("/home/films").exists():
    run("demo")
assert len(run("recommend").splitlines()) > 5
run("mine", "correlations")
run("doctor")
port = "8987"
served = subprocess.Popen(["/own/bin/filmscore", "serve", "--port", port], stdout=subprocess.DEVNULL)
try:
    for path, wanted in (("_stcore/health", "ok"), ("", "<div id=\\"root\\">")):
        until = time.monotonic() + 600
        while True:
            try:
                text = urllib.request.urlopen(f"http://localhost:{port}/{path}", timeout=20).read().decode()
                break
            except OSError:
                assert time.monotonic() < until and served.poll() is None, "the app does not answer"
                time.sleep(0.5)
        assert wanted in text, text[:500]
    print("served: the app answers", flush=True)
finally:
    served.terminate()
    served.wait(60)
"""


def libraries(paths: Iterable[Path]) -> set[Path]:
    """The system's libraries that programs and extension modules load, the loader among them."""
    found: set[Path] = set()
    files = [str(path) for path in paths]
    for first in range(0, len(files), 200):
        told = subprocess.run(["ldd", *files[first : first + 200]], capture_output=True, text=True, check=False).stdout
        found |= {Path(one) for one in LIBRARY.findall(told)}
    return found


def copied(root: Path, path: Path) -> None:
    """Copy a file to the same place below `root`."""
    to = root / path.relative_to("/")
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, to)  # what a link points to, under the link's name


def install(place: Path) -> Path:
    """Build the wheel and install it into a new environment; its dependencies are those of the root's /packages."""
    source = place / "source"
    left_out = shutil.ignore_patterns(".git", ".venv", "tests", "bench", "docs", "build", "*.egg-info", ".*_cache")
    shutil.copytree(ROOT, source, symlinks=True, ignore=left_out)
    made = f"from setuptools import build_meta; build_meta.build_wheel({str(place)!r})"
    subprocess.run([sys.executable, "-c", made], cwd=source, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    own = place / "own"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", own], check=True)
    pip = [sys.executable, "-m", "pip", "--python", own / "bin" / "python", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-index", wheel], check=True)
    (site,) = own.glob("lib/python*/site-packages")
    (site / "packages.pth").write_text(f"{PACKAGES}\n")
    program = own / "bin" / "filmscore"  # its first line names the environment's place outside of the root
    program.write_text(program.read_text().replace(str(own), "/own"))
    return own


def build(root: Path) -> list[str]:
    """Fill the root. Returns the mounts that are still to be made, as commands of a shell."""
    packages, base = Path(sysconfig.get_path("purelib")), Path(sys.base_prefix)
    programs = [Path(sys.executable).resolve(), *packages.rglob("*.so*")]
    programs += [one for one in base.rglob("lib-dynload/*.so") if "tkinter" not in one.name]
    here = [one for one in libraries(programs) if not one.is_relative_to(packages) and not one.is_relative_to(base)]
    for path in here:
        copied(root, path)
    print("of this machine:", ", ".join(sorted(path.name for path in here)))
    for name in ("proc", "dev/shm", "tmp", "home", "site-packages", "own", base.relative_to("/")):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "etc").mkdir()
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")  # what every container has
    devices = [root / "dev" / name for name in ("null", "urandom")]
    for device in devices:
        device.touch()
    binds = [(packages, root / "site-packages"), (base, root / base.relative_to("/"))]
    binds += [(Path("/") / device.relative_to(root), device) for device in devices]
    commands = [f"mount --bind {shlex.quote(str(one))} {shlex.quote(str(to))}" for one, to in binds]
    return [*commands, f"mount -t proc proc {shlex.quote(str(root / 'proc'))}"]


def main() -> int:
    """The walk's exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="a copy of this home is used instead of building the demo")
    films = parser.parse_args().home
    with tempfile.TemporaryDirectory(prefix="filmscore-bare-") as directory:
        place = Path(directory)
        root = place / "root"
        root.mkdir()
        own = install(place)
        mounts = build(root)
        shutil.rmtree(root / "own")
        shutil.copytree(own, root / "own", symlinks=True)
        (root / "walk.py").write_text(WALK)
        if films:
            shutil.copytree(films, root / "home" / "films")
        enter = f"exec chroot {shlex.quote(str(root))} /own/bin/python /walk.py"
        command = ["unshare", "--map-root-user", "--mount", "--pid", "--fork", "sh", "-c"]
        clean = {name: os.environ[name] for name in ("PATH",)}
        return subprocess.run([*command, " && ".join([*mounts, enter])], env=clean, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
