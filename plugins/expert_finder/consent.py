"""Who may be named at all: nobody who said no, is away, was suspended, has not been seen, or has had his share."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from connector.records import StoredMember, StoredTopic
from plugins.doors import Evidence as Proof
from plugins.doors import InlineContext
from plugins.expert_finder.members.said import muted_subjects
from plugins.expert_finder.members.subjects import labels_of
from plugins.expert_finder.tables import refusals, suggestions
from plugins.expert_finder.weeks import week_start

SNOOZE = timedelta(days=30)


def named_lately(ctx: InlineContext, now: datetime, *, besides: int | None = None) -> dict[int, int]:
    """Suggestions of each member since Monday, those he declined included; topic `besides` left out."""
    counted = select(suggestions.c.member_id, func.count()).where(suggestions.c.site == ctx.site)
    counted = counted.where(suggestions.c.at >= week_start(now, ctx.calendar.zone), suggestions.c.at <= now)
    if besides is not None:
        counted = counted.where(suggestions.c.topic_id != besides)
    rows = ctx.db.execute(counted.group_by(suggestions.c.member_id))
    return {int(member): int(count) for member, count in rows}


def asked_lately(ctx: InlineContext, asker: int) -> int:
    """Topics of this asker for which people were named since Monday."""
    counted = select(func.count(func.distinct(suggestions.c.topic_id)))
    mine = (suggestions.c.site == ctx.site) & (suggestions.c.asker_id == asker)
    counted = counted.where(mine, suggestions.c.at >= week_start(ctx.now, ctx.calendar.zone))
    return int(ctx.db.execute(counted).scalar_one())


@dataclass(slots=True)
class Willing:
    """Says of one member at a time whether he may be named for this topic, and why not; asked lazily, best first."""

    ctx: InlineContext
    topic: StoredTopic | None
    subject: str
    public: bool = False
    without: Collection[int] = ()
    _used: dict[int, int] = field(init=False)
    _refused: set[int] = field(init=False)
    _muted: dict[int, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._used = named_lately(self.ctx, self.ctx.now, besides=self.topic.id if self.topic else None)
        live = or_(refusals.c.until.is_(None), refusals.c.until > self.ctx.now)
        here: ColumnElement[bool] = refusals.c.topic_id.is_(None)
        if self.topic is not None:
            here = or_(here, refusals.c.topic_id == self.topic.id)
        rows = self.ctx.db.execute(select(refusals.c.member_id).where(refusals.c.site == self.ctx.site, live, here))
        self._refused = {int(member) for (member,) in rows}
        self._muted = muted_subjects(self.ctx)

    def left(self, member_id: int) -> int:
        """Suggestions left for this member until Sunday."""
        return int(self.ctx.settings.per_week) - self._used.get(member_id, 0)

    def member(self, member_id: int) -> StoredMember | None:
        """The member when he may be named, else None."""
        if member_id in self.without or member_id in self._refused or self.left(member_id) <= 0:
            return None
        if self.topic is not None and not self.speaks(member_id, self.topic):
            return None
        found = self.ctx.archive.member(member_id)
        if found is None or not self._present(found) or not self._agrees(member_id) or not self._may_open(found):
            return None
        return found

    def speaks(self, member_id: int, topic: StoredTopic) -> bool:
        """Whether a topic may speak for this member: it is about none of the subjects that he left to others."""
        left = self._muted.get(member_id)
        return left is None or not any(label.strip().lower() in left for label in labels_of(self.ctx, topic))

    def shown(self, member_id: int, proofs: Sequence[Proof]) -> tuple[Proof, ...]:
        """What may speak for this member, of these."""
        if member_id not in self._muted:
            return tuple(proofs)
        topics = [(proof, self.ctx.archive.topic(proof.topic_id)) for proof in proofs]
        return tuple(proof for proof, topic in topics if topic is not None and self.speaks(member_id, topic))

    def _may_open(self, member: StoredMember) -> bool:
        """Nobody is named for a question in a room that he does not read."""
        if self.topic is None or self.topic.visibility == "public":
            return True
        archive = self.ctx.archive
        if self.topic.visibility in archive.audience_for(member.groups, member.id).classes:
            return True
        readable = archive.audience_of_topic(self.topic.id)
        return any(post.visibility == self.topic.visibility for post in archive.posts_of_member(member.id, readable))

    def _present(self, member: StoredMember) -> bool:
        now = self.ctx.now
        if member.is_bot or (member.suspended_till is not None and member.suspended_till > now):
            return False
        return member.last_seen_at is None or now - member.last_seen_at <= self.ctx.settings.unseen

    def _agrees(self, member_id: int) -> bool:
        wishes = self.ctx.consent
        if wishes.opted_out(member_id) or (self.subject and wishes.opted_out(member_id, topic=self.subject)):
            return False
        away = wishes.away_until(member_id)
        if away is not None and away > self.ctx.now:
            return False
        return not self.public or wishes.agreed(member_id)


def willing_for(
    ctx: InlineContext, topic: StoredTopic, *, public: bool = False, without: Collection[int] = ()
) -> Willing:
    """Who may be named for this topic; its asker and `without` never."""
    category = ctx.archive.category(topic.category_id) if topic.category_id is not None else None
    return Willing(ctx, topic, category.slug if category else "", public, {*without, topic.user_id or 0})
