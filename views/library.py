"""library"""

from __future__ import annotations

from views import frame

frame.page("library")
