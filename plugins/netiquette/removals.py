"""When people remove a post: a draft of the word its author is owed, with clause and how to contest. They send it."""

from collections.abc import Sequence

from connector.models import Event
from connector.text import own_words
from plugins.doors import Context
from plugins.netiquette import cases
from plugins.netiquette.around import OnForum
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import Clause
from plugins.netiquette.detectors.finding import Said
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.judging import STEPS, Judgement, judge
from plugins.netiquette.ladder.said import names_in
from plugins.netiquette.language import guess_language
from plugins.voice import Markdown

PREFIX = "removed:"


def removed(ctx: Context, event: Event) -> None:
    """A post is gone. Where its author did not take it back himself, staff removed it, and a draft waits for them.

    Whose account is gone, or who wants no messages, gets none; the draft rests on no post, since that one is gone.
    """
    post = event.post()
    author = ctx.archive.member(post.user_id) if post.user_id is not None else None
    fresh = ctx.forum.post(post.id)
    if event.is_private_message or author is None or author.is_bot or post.topic_id is None or post.post_type != 1:
        return
    if (fresh is not None and (fresh.user_deleted or fresh.is_shown)) or ctx.forum.member(author.username) is None:
        return
    if ctx.consent.opted_out(author.id):
        return
    words = own_words(post.cooked).text if post.cooked else post.raw or ""
    judgement = _judged(ctx, words, post.topic_id, post.category_id) if words else _known(ctx, post.id)
    topic = ctx.archive.topic(post.topic_id)
    once = f"{PREFIX}{post.id}"
    where = topic.title if topic is not None else post.topic_title
    title = ctx.say("removal.title", author.id, topic=where)
    parts = [ctx.say("removal.opening", author.id, topic=where)]
    parts += _reason(ctx, author.id, judgement.clause, judgement.words)
    links = Markdown(ctx.consent.feedback_links(once, author.id, ("contest", "never")))
    parts.append(ctx.say("removal.contest", author.id, links=links))
    ctx.forum.message(
        author.id, title, "\n\n".join(parts), once=once, why=ctx.say("removal.why"), about=[author.id],
        topic=post.topic_id if topic is not None else None, conduct=True,
        rule=rule_of(judgement.clause.id, judgement.lang) if judgement.clause else rule_of("removal", ""),
    )  # fmt: skip


def recovered(ctx: Context, event: Event) -> None:
    """The post is back: nothing needs to be explained any more."""
    once = f"{PREFIX}{event.post().id}"
    act = ctx.forum.act(once)
    if act is not None and act.state in ("watched", "proposed", "due"):
        ctx.forum.delete_own(once, once=f"back:{once}", why=ctx.say("removal.back.why"))


def _known(ctx: Context, post_id: int) -> Judgement:
    """What was found in it while it stood: where the forum tells no words of what it deleted."""
    found = cases.of_post(ctx, post_id)
    if not found:
        return Judgement()
    first = max(found, key=lambda one: (STEPS.index(one.step), one.confidence))
    return Judgement(clause=kept.in_force(ctx).clause(first.clause), words=first.words, lang=first.lang)


def _judged(ctx: Context, words: str, topic_id: int, category_id: int | None) -> Judgement:
    head = head_at_hand(ctx)
    encoder = head.encoder if head is not None else ""
    around = OnForum(ctx, topic_id=topic_id, category_id=category_id, author_id=None, encoder=encoder)
    said = Said(words, lang=guess_language(words), names=names_in(ctx, topic_id), category_id=category_id)
    return judge(said, kept.in_force(ctx), around, head)


def _reason(ctx: Context, member: int, clause: Clause | None, words: Sequence[str]) -> list[str]:
    """The clause and the words that seem to be meant; where none was found, whoever signs says it or is asked."""
    if clause is None:
        return [ctx.say("removal.no_clause", member)]
    named = clause.title_in(ctx.say("charter.lang", member))
    if not words:
        return [ctx.say("removal.clause", member, number=clause.number, clause=named)]
    said = " … ".join(words[:3])[:300]
    return [ctx.say("removal.words", member, number=clause.number, clause=named, words=said)]
