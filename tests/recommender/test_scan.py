from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest

from recommender import scan


def test_without_a_folder_to_keep_it_the_pass_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = numba.njit

    def nowhere_to_keep(*given: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*given, **options)

    monkeypatch.setattr(numba, "njit", nowhere_to_keep)

    def doubled(values: Any) -> Any:
        return values * 2

    assert scan._compiled(doubled)(np.arange(3)).tolist() == [0, 2, 4]
