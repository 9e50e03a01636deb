"""From a post or a draft to what its author himself said in it, and what is around that."""

from dataclasses import dataclass, replace
from typing import Self

from connector.records import StoredPost
from connector.text import own_words
from plugins.doors import InlineContext
from plugins.inline import Draft
from plugins.netiquette.around import OnForum
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.detectors.finding import LONGEST, Said
from plugins.netiquette.judging import Head, Judgement, judge
from plugins.netiquette.ladder.draft_words import words_of_draft
from plugins.netiquette.language import guess_language


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be judged."""

    said: Said
    around: OnForum
    groups: tuple[str, ...] | None = None

    def judged(self, charter: Charter, head: Head | None) -> Judgement:
        """What comes of it under a charter."""
        return judge(self.said, charter, self.around, head, self.groups)

    def with_text(self, text: str) -> Self:
        """The same place and author, in other words."""
        return replace(self, said=replace(self.said, text=text))


def text_of_draft(ctx: InlineContext, draft: Draft, head: Head | None) -> Text:
    """What somebody is writing; nothing of it is kept."""
    words = words_of_draft(draft.text)
    topic = ctx.archive.topic(draft.topic_id) if draft.topic_id is not None else None
    category = topic.category_id if topic else draft.category_id
    member = draft.viewer.member_id
    around = OnForum(
        ctx, topic_id=draft.topic_id, category_id=category, author_id=member, encoder=head.encoder if head else ""
    )
    opens = draft.action == "new_topic"
    said = Said(
        text=words.text,
        title=draft.title.strip() if opens else "",
        lang=guess_language(f"{draft.title if opens else ''}\n{words.text}"),
        code=words.code,
        quoted=words.quoted,
        links=words.links,
        names=names_in(ctx, draft.topic_id),
        author_id=member,
        author_days=_days(ctx, member),
        category_id=category,
        topic_id=draft.topic_id,
        opens_topic=opens,
    )
    return Text(said, around, draft.viewer.groups or None)


def text_of_post(ctx: InlineContext, post: StoredPost, head: Head | None, cooked: str = "") -> Text:
    """What stands in a post; `cooked` is its HTML where it is at hand, which tells whether somebody is quoted."""
    topic = ctx.archive.topic(post.topic_id)
    member = ctx.archive.member(post.user_id) if post.user_id is not None else None
    around = OnForum(
        ctx, topic_id=post.topic_id, category_id=topic.category_id if topic else None, author_id=post.user_id,
        encoder=head.encoder if head else "", before=post.post_number,
    )  # fmt: skip
    opens = post.post_number == 1
    said = Said(
        text=post.text[:LONGEST],
        title=topic.title if topic and opens else "",
        lang=guess_language(post.text),
        code=post.code,
        quoted=bool(cooked and own_words(cooked).quotes),
        links=tuple(one for one in post.links if one.startswith("http")),
        names=names_in(ctx, post.topic_id),
        author_id=post.user_id,
        author_days=_days(ctx, post.user_id),
        category_id=topic.category_id if topic else None,
        topic_id=post.topic_id,
        opens_topic=opens,
    )
    return Text(said, around, member.groups if member else None)


def names_in(ctx: InlineContext, topic_id: int | None) -> tuple[str, ...]:
    """Usernames, names and their parts of whoever writes in a thread; the longer first, so that no halves are left."""
    posts = ctx.archive.posts_of_topic(topic_id) if topic_id is not None else ()
    known = [ctx.archive.member(one) for one in sorted({post.user_id for post in posts if post.user_id is not None})]
    names = {name.strip() for one in known if one for name in (one.username, one.name, *one.name.split())}
    return tuple(sorted((one for one in names if len(one) > 1), key=lambda one: (-len(one), one)))


def _days(ctx: InlineContext, member_id: int | None) -> float | None:
    member = ctx.archive.member(member_id) if member_id is not None else None
    if member is None or member.created_at is None:
        return None
    return max(0.0, (ctx.now - member.created_at).total_seconds() / 86_400)
