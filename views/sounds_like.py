"""sounds_like"""

from __future__ import annotations

from views import frame

frame.page("sounds_like")
