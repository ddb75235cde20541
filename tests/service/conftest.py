"""What the tests of the service share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from service.rights import access


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords are hashed at little cost; `test_passwords_are_hashed_at_a_cost` looks at the product's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield
