"""What can go wrong on the way in, before a verb is reached: one small tree. The docstring of an error is its sentence.

May never know HTTP: `problems` gives each its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class WayInError(Exception):
    """The request could not be carried out."""

    code = "request_refused"

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        """`facts` are plain values for the client."""
        self.facts: Mapping[str, Any] = facts
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class NotSignedIn(WayInError):
    """Sign in, or send a bearer token."""

    code = "not_signed_in"


class SignInFailed(WayInError):
    """Login or password is wrong."""

    code = "sign_in_failed"


class SignInPaused(WayInError):
    """There were too many failed sign-ins; try again later."""

    code = "sign_in_paused"


class SessionExpired(WayInError):
    """Your session has ended; sign in again."""

    code = "session_expired"


class TokenNotValid(WayInError):
    """The bearer token is unknown, revoked or expired."""

    code = "token_not_valid"


class AccountDisabled(WayInError):
    """This account is disabled."""

    code = "account_disabled"


class NotMeant(WayInError):
    """The request does not prove that it comes from our own page: send the CSRF token."""

    code = "csrf_token_missing"


class RoleMissing(WayInError):
    """Your roles do not open this."""

    code = "role_missing"


class BodyNotReadable(WayInError):
    """The body is not JSON as RFC 7493 wants it."""

    code = "body_not_readable"


class BodyTooLarge(WayInError):
    """The body is too large."""

    code = "body_too_large"


class TypeNotAccepted(WayInError):
    """The body is of a type that is not taken here."""

    code = "type_not_accepted"


class HeaderNotReadable(WayInError):
    """A header of the request cannot be read."""

    code = "header_not_readable"


class VersionMissing(WayInError):
    """Say which version you have read: `expected_version` in the body, or `If-Match`."""

    code = "version_missing"


class KeyReused(WayInError):
    """This idempotency key was used for another request."""

    code = "idempotency_key_reused"


class ContentMissing(WayInError):
    """The content of this item is not in the store; tell your administrator."""

    code = "content_missing"
