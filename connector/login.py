"""DiscourseConnect with the forum as provider: who sits at this browser, in the forum's own signed words. No I/O.

The caller keeps the nonce (at most ten minutes, single use) and hands it in again: Discourse neither checks nor
expires it. What comes back is true at the moment of login only, so rights are checked again as time goes by.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from connector.errors import BadPayload, BadSignature
from connector.fields import flag, whole, words

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the forum says it is; `id` is the member's id there, `groups` all his groups, automatic ones too."""

    id: int
    username: str
    name: str = ""
    email: str | None = None
    admin: bool = False
    moderator: bool = False
    groups: tuple[str, ...] = ()
    avatar_url: str | None = None
    confirmed_2fa: bool = False

    @property
    def is_staff(self) -> bool:
        return self.admin or self.moderator


def new_nonce() -> str:
    """A nonce nobody can guess: 32 random bytes in hexadecimal."""
    return secrets.token_hex(32)


def login_address(
    forum_url: str,
    return_url: str,
    nonce: str,
    secret: str,
    *,
    quiet: bool = False,
    second_factor: bool = False,
) -> str:
    """Where to send the browser. `quiet` asks newer cores to answer at once, without a login page.

    `secret` is the line of `discourse_connect_provider_secrets` whose domain is the host of `return_url`.
    """
    asked = {"nonce": nonce, "return_sso_url": return_url}
    if quiet:
        asked["prompt"] = "none"
    if second_factor:
        asked["require_2fa"] = "true"
    payload = base64.b64encode(urlencode(asked).encode()).decode()
    return f"{forum_url.rstrip('/')}/session/sso_provider?" + urlencode({"sso": payload, "sig": _sign(payload, secret)})


def nonce_of(sso: str, sig: str, accepted: Sequence[str]) -> str:
    """The nonce inside a signed payload, by which the caller finds (and spends) what it kept.

    :raises BadSignature: not signed with one of the accepted secrets. :raises BadPayload: no nonce in it.
    """
    nonce = dict(_fields(sso, sig, accepted)).get("nonce", "")
    if not nonce:
        raise BadPayload("the login answer holds no nonce")
    return nonce


def identify(sso: str, sig: str, nonce: str, accepted: Sequence[str]) -> Identity | None:
    """Who answered; None when the forum says that nobody is logged in (after `quiet`).

    :raises BadSignature: not signed with one of the accepted secrets, or not the answer to this nonce.
    :raises BadPayload: signed, but without a member in it.
    """
    told = dict(_fields(sso, sig, accepted))
    # Signed answers to other logins exist: this one must be the answer to ours.
    if not nonce or not hmac.compare_digest(told.get("nonce", "").encode(), nonce.encode()):
        raise BadSignature("the login answer belongs to another login")
    if flag(told.get("failed")):
        return None
    member, username = whole(told.get("external_id")), words(told.get("username"))
    if member is None or not username:
        raise BadPayload("the login answer names no member")
    return Identity(
        id=member,
        username=username,
        name=words(told.get("name")),
        email=words(told.get("email")) or None,
        admin=flag(told.get("admin")),
        moderator=flag(told.get("moderator")),
        groups=tuple(group for group in words(told.get("groups")).split(",") if group),
        avatar_url=words(told.get("avatar_url")) or None,
        confirmed_2fa=flag(told.get("confirmed_2fa")),
    )


def sign_answer(told: Sequence[tuple[str, str]], secret: str) -> tuple[str, str]:
    """`sso` and `sig` as a forum makes them: for a sandbox forum that lets people log in elsewhere."""
    payload = base64.b64encode(urlencode(list(told)).encode()).decode()
    return payload, _sign(payload, secret)


def read_request(sso: str, sig: str, accepted: Sequence[str]) -> dict[str, str]:
    """What a consumer asked (nonce, return_sso_url, prompt…), as a forum reads it. Raises like `identify`."""
    return dict(_fields(sso, sig, accepted))


def _fields(sso: str, sig: str, accepted: Sequence[str]) -> list[tuple[str, str]]:
    if not sso or not sig or len(sso) > _LONGEST or not sso.isascii() or not sig.isascii():
        raise BadSignature("the login answer is not signed")
    matches = [hmac.compare_digest(sig.lower().encode(), _sign(sso, secret).encode()) for secret in accepted if secret]
    if not any(matches):
        raise BadSignature("the login answer is not signed with our secret")
    try:
        text = base64.b64decode(sso, validate=False).decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except (binascii.Error, ValueError) as error:
        raise BadPayload("the login answer cannot be read") from error


def _sign(payload: str, secret: str) -> str:
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
