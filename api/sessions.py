"""Resources of oneself: signing in and out, the own password, the own tokens. May never serve anybody else's."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from api import accounts, identity
from api.accounts import Caller
from api.bodies import too_far
from api.errors import RoleMissing
from api.ground import asking, caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.passwords import MOST
from api.schemas import Strict, text, whole
from workflows.errors import InvalidInput

blueprint = Blueprint("session", __name__, url_prefix=PREFIX, description="Who you are, and how you come in.")


class SignIn(Strict):
    """Login and password."""

    login = text(64, example="zhang.wei")
    password = text(MOST)


class PasswordChange(Strict):
    """The old password and the new one."""

    old = text(MOST)
    new = text(MOST)


class NewToken(Strict):
    """A name by which you will know the token, and its life."""

    name = text(100, example="nightly export")
    days = whole(1, 3660, about="Days until it expires.", required=False, load_default=90, example=90)
    purpose = fields.String(
        load_default=accounts.API,
        validate=validate.OneOf((accounts.API, accounts.CALENDAR)),
        metadata={
            "description": "`api`: whatever you may do. `calendar`: the feed of your own limits and nothing else."
        },
    )


class Role(Schema):
    """A role in an organ."""

    role = fields.String(required=True)
    unit_id = fields.String(required=True)


class Me(Schema):
    """Who you are to the system."""

    login = fields.String(required=True)
    person_id = fields.String(required=True)
    name = fields.String(required=True)
    unit_id = fields.String(required=True, allow_none=True)
    roles = fields.List(fields.Nested(Role), required=True)
    csrf_token = fields.String(metadata={"description": "For browsers: send it as X-CSRF-Token with every change."})


class SignedIn(Schema):
    """A session has begun; its cookie is set."""

    csrf_token = fields.String(required=True, metadata={"description": "Send it as X-CSRF-Token with every change."})
    failed_before = fields.Integer(required=True, metadata={"description": "Failed sign-ins since the last good one."})


class Token(Schema):
    """A bearer token; not its secret."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True, metadata={"description": "`api` or `calendar`."})
    made_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class Tokens(Schema):
    """Your tokens that are not revoked."""

    items = fields.List(fields.Nested(Token), required=True)


class MadeToken(Token):
    """A new token with its secret, shown this once."""

    secret = fields.String(required=True)


@blueprint.route("/session", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Me)
def who_am_i() -> dict[str, Any]:
    """Tell who you are, with your roles and, in a browser, the CSRF token."""
    me = caller()
    return _me(me) | ({"csrf_token": identity.csrf_token()} if me.by_session else {})


@blueprint.route("/session", methods=["POST"], keyed=False)
@open_to("anyone")
@blueprint.arguments(SignIn)
@blueprint.response(201, SignedIn)
def sign_in(given: dict[str, str]) -> dict[str, Any]:
    """Sign a browser in. Takes no idempotency key: the answer holds a secret, and secrets are not kept."""
    failed = identity.sign_in(given["login"], given["password"])
    return {"csrf_token": identity.csrf_token(), "failed_before": failed}


@blueprint.route("/session", methods=["DELETE"])
@open_to("anyone")
@blueprint.response(204)
def sign_out() -> None:
    """Sign the browser out. Done twice it changes nothing."""
    identity.sign_out()


@blueprint.route("/password", methods=["PUT"])
@open_to("signed-in")
@blueprint.arguments(PasswordChange)
@blueprint.response(204)
def change_password(given: dict[str, str]) -> None:
    """Change your password. All your sessions and tokens end; sign in again."""
    identity.change_password(given["old"], given["new"])


@blueprint.route("/tokens", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Tokens)
def list_tokens() -> dict[str, Any]:
    """List your tokens."""
    with ground().database.reading() as reading:
        return {"items": accounts.tokens_of(reading, caller().account_id)}


@blueprint.route("/tokens", methods=["POST"], keyed=False)
@open_to("signed-in")
@blueprint.arguments(NewToken)
@blueprint.response(201, MadeToken)
def make_token(given: dict[str, Any]) -> dict[str, Any]:
    """Make a bearer token for a machine. Its secret is in the answer and nowhere else, so no idempotency key is taken."""
    me, longest = caller(), ground().token_days
    if not me.by_session:
        raise RoleMissing("A token cannot make another one; sign in with a password.")
    if given["days"] > longest:
        raise InvalidInput((too_far("days", 1, longest),))
    token, secret = ground().unit_of_work.run(
        lambda acting: accounts.make_token(acting, me.account_id, **given), asking()
    )
    shown = ("id", "name", "purpose", "made_at", "expires_at")
    return {"secret": secret} | {name: getattr(token, name) for name in shown}


@blueprint.route("/tokens/<id:token_id>", methods=["DELETE"])
@open_to("signed-in")
@blueprint.response(204)
def revoke_token(token_id: str) -> None:
    """Revoke one of your tokens, from the next request on."""
    account_id = caller().account_id
    ground().unit_of_work.run(lambda acting: accounts.revoke_token(acting, account_id, token_id), asking())


def _me(me: Caller) -> dict[str, Any]:
    return {
        "login": me.login,
        "person_id": me.actor.person_id,
        "name": me.actor.name,
        "unit_id": me.actor.unit_id,
        "roles": [{"role": role, "unit_id": unit} for role, unit in sorted(me.actor.roles)],
    }
