"""Values that are kept sealed: who reported, personal data. May never keep a key in the database or write one to a log."""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from workflows.errors import ProtectionMissing


class Vault:
    """Seals and opens protected values with keys that come from outside the database."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """`keys`: Fernet keys, the newest first; the older ones still open what they sealed."""
        if not keys:
            raise ProtectionMissing("No key for protected values is set.")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise ProtectionMissing("A key for protected values is not a Fernet key.") from None

    @staticmethod
    def new_key() -> str:
        """A new key, for a first start."""
        return Fernet.generate_key().decode()

    def seal(self, value: Any) -> bytes:
        """Seal a plain value."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Open a sealed value.

        Raises:
            ProtectionMissing: none of the keys opens it.
        """
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise ProtectionMissing() from None
