"""Passwords: hashed with Argon2id, compared in a time that does not tell whether the login exists.

May never keep, log or return a password.
"""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
"""Least length of a password, in characters."""
MOST = 128

AT_ONCE = 2
"""Hashes in flight. Each takes 64 MiB: a crowd at the door must not fill the memory."""


class Passwords:
    """Hashes passwords and checks them."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: the library's defaults (the second choice of RFC 9106) unless given."""
        self._hasher = hasher or PasswordHasher()
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """The hash to keep."""
        with self._room:
            return self._hasher.hash(_plain(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one whose hash was kept. Without a kept hash: no, after the same time."""
        with self._room:
            try:
                return self._hasher.verify(kept or self._nobody, _plain(password)) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, kept: str) -> bool:
        """Whether the hash was made with weaker parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)


def _plain(password: str) -> str:
    """The same password, however a keyboard composed it."""
    return unicodedata.normalize("NFKC", password)
