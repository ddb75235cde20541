"""Compares a lock file with known weaknesses, by pip-audit, and says so in one line where no network is to be had.

docker/audit.py .venv/bin/pip-audit requirements.lock

Exit codes: 0: none is known; 1: some are; 75: they could not be asked. Hashes and licences need no network:
tests/test_sbom.py.
"""

from __future__ import annotations

import subprocess
import sys

NOT_ASKED = 75
"""EX_TEMPFAIL: try again later."""


def main(program: str, lock: str) -> int:
    asked = [program, "--strict", "--require-hashes", "--disable-pip", "--progress-spinner=off", "-r", lock]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode and not done.stdout.strip():
        reason = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        print(f"audit: known weaknesses could not be asked: {reason[:200]}", file=sys.stderr)
        return NOT_ASKED
    print(done.stdout + done.stderr, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
