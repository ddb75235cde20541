"""Secrets: passwords and keys of other services, from the environment or from a file that only its owner may read.

A secret named X is in the variable X, or in the file that the variable X_FILE names. No command takes one as an
argument, because other users of the machine can list the arguments of every process. This user's other processes can
list the variables of a process; a decoder that a film has taken over is such a process.
"""

from __future__ import annotations

import ctypes
import os
import re
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from errors import ParameterError

OTHERS = 0o077
MOST_BYTES = 64 * 1024
_FILE = "_FILE"
_SECRET = re.compile(rf"(KEY|PASSWORD|SECRET|TOKEN)({_FILE})?$")


def without_secrets(variables: Mapping[str, str], but: Collection[str] = ()) -> dict[str, str]:
    """The environment for a process that needs no secrets except those in `but`: the variables of all other secrets are
    removed."""
    needed = {*but, *(f"{name}{_FILE}" for name in but)}
    return {name: value for name, value in variables.items() if name in needed or not _SECRET.search(name.upper())}


def hide_secrets() -> None:
    """Hide this process's secrets from other processes in /proc/PID/environ; `os.environ` and `secret` still have them.

    Linux shows there the memory in which the process received its variables. The values are overwritten in that memory,
    so a child can inherit them only from `os.environ`.
    """
    with suppress(OSError):  # not Linux
        # the fields 50 and 51 of proc_pid_stat(5); the second is a name in brackets
        begin, end = map(int, Path("/proc/self/stat").read_text("ascii", "replace").rpartition(")")[2].split()[47:49])
        at = begin
        for entry in ctypes.string_at(begin, end - begin).split(b"\0"):
            name, equals, value = entry.partition(b"=")
            kind = _SECRET.search(os.fsdecode(name).upper()) if equals else None
            if kind and not kind[2]:
                ctypes.memset(at + len(name) + 1, 0, len(value))
            at += len(entry) + 1


def secret(name: str) -> str:
    """The secret of a variable, without spaces around it; "" where it is not set.

    Raises:
        ParameterError: both the variable and its file are set; the file cannot be read, is empty or too large, or
            others may read it.
    """
    value = os.environ.get(name, "").strip()
    path = os.environ.get(name + _FILE, "").strip()
    if value and path:
        raise ParameterError(f"{name} and {name}{_FILE}: both are set. Keep one of them.")
    return _read(name + _FILE, path) if path else value


def _read(variable: str, path: str) -> str:
    """The content of a secret's file. The open file is checked, as its path may lead elsewhere later."""
    what = f"{variable}: {path}"
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe must not hold us up
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ParameterError(f"{what} cannot be read ({reason}). Name a file of mode 600.") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise ParameterError(f"{what} is no file. Name a file of mode 600.")
    with os.fdopen(descriptor, "rb") as file:
        if os.name == "posix" and found.st_mode & OTHERS:
            mode = f"{stat.S_IMODE(found.st_mode):o}"
            raise ParameterError(f"{what} has mode {mode}, so others may read it. Close it: chmod 600 {path}")
        content = file.read(MOST_BYTES + 1)
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise ParameterError(f"{what} is no text in UTF-8. Write the secret alone into it.") from error
    if not text or len(content) > MOST_BYTES:
        size = "is empty" if not text else f"is larger than {MOST_BYTES // 1024} KB"
        raise ParameterError(f"{what} {size}. Write the secret alone into it.")
    return text
