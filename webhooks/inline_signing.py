"""What is signed for the pages' elements: who a member is, what a verdict is about, what an offer asks for.

Nothing is stored of these: each word carries its own time, by the installation's clock, and who may use it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from webhooks.config import Config

IDENTITY_LIFE = timedelta(minutes=10)
CLICK_LIFE = timedelta(days=1)
SKEW = timedelta(seconds=60)
"""How far ahead a word's time may lie: two machines never quite agree on the time."""


@dataclass(frozen=True, slots=True)
class Known:
    """A member in the forum's own signed words, as they stood when the page asked."""

    member_id: int
    username: str
    groups: tuple[str, ...] = ()
    admin: bool = False
    moderator: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion that a member was shown, for the verdict on it."""

    plugin: str
    key: str
    member_id: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer that a member was shown; `topic_id` and `category_id` are where."""

    plugin: str
    name: str
    data: Mapping[str, Any]
    member_id: int
    suggestion_key: str
    topic_id: int | None
    category_id: int | None


class Seals:
    """Signs and reads these words for one installation; those of another site or forum are none."""

    def __init__(self, config: Config) -> None:
        self._place = [config.site, config.forum_url]
        keys = config.signing_keys()
        self._identity = URLSafeSerializer(keys, salt="passerelle.inline")
        self._verdict = URLSafeSerializer(keys, salt="passerelle.inline.verdict")
        self._offer = URLSafeSerializer(keys, salt="passerelle.inline.offer")

    def identity(self, known: Known, now: datetime) -> str:
        """The token that the element sends along."""
        told = [known.member_id, known.username, list(known.groups), known.admin, known.moderator]
        return self._sign(self._identity, told, now)

    def read_identity(self, token: str, now: datetime) -> Known | None:
        """Who the token names; None for one that is not ours, or whose ten minutes are over."""
        told = self._read(self._identity, token, now, IDENTITY_LIFE)
        if told is None:
            return None
        try:
            member, username, groups, admin, moderator = told
            return Known(int(member), str(username), tuple(map(str, groups)), bool(admin), bool(moderator))
        except (TypeError, ValueError):
            return None

    def verdict(self, shown: Shown, now: datetime) -> str:
        """The word that goes along with a suggestion."""
        return self._sign(self._verdict, [shown.plugin, shown.key, shown.member_id, dict(shown.data)], now)

    def read_verdict(self, token: str, now: datetime) -> Shown | None:
        """The suggestion a verdict is about; None for a word that is not ours or a day old."""
        told = self._read(self._verdict, token, now, CLICK_LIFE)
        return Shown(*told) if told is not None and len(told) == 4 else None

    def offer(self, offered: Offered, now: datetime) -> str:
        """The word that stands behind an offer's button."""
        where = [offered.topic_id, offered.category_id]
        told = [offered.plugin, offered.name, dict(offered.data), offered.member_id, offered.suggestion_key, *where]
        return self._sign(self._offer, told, now)

    def read_offer(self, token: str, now: datetime) -> Offered | None:
        """What was offered; None for a word that is not ours or a day old."""
        told = self._read(self._offer, token, now, CLICK_LIFE)
        return Offered(*told) if told is not None and len(told) == 7 else None

    def _sign(self, signer: URLSafeSerializer, told: list[Any], now: datetime) -> str:
        return str(signer.dumps([self._place, int(now.timestamp()), told]))

    def _read(self, signer: URLSafeSerializer, token: str, now: datetime, life: timedelta) -> list[Any] | None:
        try:
            place, at, told = signer.loads(token)
            age = now - datetime.fromtimestamp(at, UTC)
        except (BadData, TypeError, ValueError, OverflowError):
            return None
        return told if place == self._place and -SKEW <= age <= life and isinstance(told, list) else None
