"""The private word after posting: what its author wants comes first, then clause and words, then how to contest."""

from dataclasses import dataclass

from connector.records import StoredPost
from plugins.doors import Act, Context, Evidence
from plugins.netiquette.charter.model import Clause
from plugins.netiquette.judging import Judgement
from plugins.netiquette.ladder.quoting_words import quoted
from plugins.netiquette.ladder.settling import digest_of
from plugins.netiquette.ladder.wants import want_of
from plugins.voice import Markdown, escape, link

PREFIX = "word:"


@dataclass(frozen=True, slots=True)
class Word:
    """A message as it would be sent."""

    title: str
    text: str


def once_of(post: StoredPost) -> str:
    """One word for the same words of the same post, however often it is judged."""
    return f"{PREFIX}{post.id}:{digest_of(post.text)[:16]}"


def send(ctx: Context, post: StoredPost, clause: Clause, judgement: Judgement, rule: str) -> Act:
    """Ask for it: a formal one may go alone where managers let it, one about conduct waits for a human's name."""
    author = post.user_id or 0
    word = composed(ctx, post, clause, judgement)
    return ctx.forum.message(
        author, word.title, word.text, once=once_of(post), topic=post.topic_id, about=[author], rule=rule,
        conduct=not clause.formal, evidence=[Evidence(post.topic_id, post.post_number)],
        why=why(ctx, clause, judgement),
    )  # fmt: skip


def why(ctx: Context, clause: Clause, judgement: Judgement) -> str:
    """For managers, and for the page that says why: the clause, and how sure this is."""
    lang = ctx.say("ladder.language")
    return ctx.say(
        "message.why", number=clause.number, clause=clause.title_in(lang), sure=round(100 * judgement.probability)
    )


def composed(ctx: Context, post: StoredPost, clause: Clause, judgement: Judgement) -> Word:
    """The message in its reader's language."""
    author = post.user_id or 0
    lang = ctx.say("ladder.language", author)
    topic = ctx.archive.topic(post.topic_id)
    where = topic.title if topic and topic.title else f"#{post.topic_id}"
    title, words = clause.title_in(lang), quoted(judgement.words, lang)
    if words:
        passage = ctx.say("message.passage", author, number=clause.number, clause=title, words=words)
    else:
        passage = ctx.say("message.whole", author, number=clause.number, clause=title)
    parts = [
        _opening(ctx, post, link(where, f"/t/{post.topic_id}/{post.post_number}")),
        passage,
        f"> {escape(clause.text_in(lang))}",
        ctx.say("message.mend_form", author) if clause.formal else ctx.say("message.mend", author),
        ctx.say("message.automatic", author) if clause.formal else ctx.say("message.human", author),
        ctx.say(
            "message.contest", author,
            links=Markdown(ctx.consent.feedback_links(once_of(post), author, ("contest", "never"))),
        ),
    ]  # fmt: skip
    return Word(ctx.say("message.title", author, topic=where), "\n\n".join(parts))


def _opening(ctx: Context, post: StoredPost, topic: Markdown) -> str:
    author = post.user_id or 0
    match want_of(post.text):
        case "asks":
            return ctx.say("message.asks", author, topic=topic)
        case "warns":
            return ctx.say("message.warns", author, topic=topic)
        case "helps":
            return ctx.say("message.helps", author, topic=topic)
    return ctx.say("message.criticises", author, topic=topic)
