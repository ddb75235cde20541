"""Files that a page was given: where their bytes are, which are not in memory."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from service.rights.browsers import SESSIONS
from service.rights.uploads import kept_file


@dataclass(frozen=True)
class Given:
    """A file that was chosen on this page."""

    sha256: str
    where: Path | bytes
    """On the disk; in memory only where no door stands before the pages."""

    def open(self) -> BinaryIO:
        """Its bytes, from the start."""
        return self.where.open("rb") if isinstance(self.where, Path) else io.BytesIO(self.where)


def given(file: UploadedFile) -> Given:
    """The bytes of a file that was chosen on this page.

    Raises:
        ParameterError: it was removed meanwhile.
    """
    running = get_script_run_ctx()
    if not SESSIONS.guarded or running is None:
        content = file.getvalue()
        return Given(hashlib.sha256(content).hexdigest(), content)
    kept = kept_file(running.session_id, file.file_id, file.name)
    return Given(kept.sha256, kept.path)
