"""After posting: once a post has settled, its own words are judged, and at most one step of the ladder is taken."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connector.errors import ForumError
from connector.models import Event
from connector.records import StoredPost
from connector.text import own_words
from plugins.doors import Act, Context
from plugins.netiquette import alerts, cases, contests, mediators
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import STEPS, Clause
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.judging import Judgement
from plugins.netiquette.ladder import message, settling, thread_state
from plugins.netiquette.ladder.said import Text, text_of_post
from plugins.netiquette.ladder.thread_state import Rung, Taken

TURN = 10.0
"""Seconds after which a turn begins no further post; a handler may take 30."""


def written(ctx: Context, event: Event) -> None:
    """Something was written or changed: the post is looked at once it has settled."""
    if event.type == "topic":
        topic = event.topic()
        posts = ctx.archive.posts_of_topic(topic.id)
        opening = next((one for one in posts if one.post_number == 1), None)
        if opening is not None:
            # A title is mended like a text.
            settling.written(ctx, opening.id, ctx.now if event.name == "topic_edited" else opening.created_at)
        return
    post = event.post()
    stored = ctx.archive.post(post.id)
    if stored is not None and stored.post_type == 1:
        settling.written(ctx, post.id, _changed_at(stored, ctx.now))


def gone(ctx: Context, event: Event) -> None:
    """A post was deleted: whatever waited to be said about it is not said."""
    post_id = event.post().id
    settling.drop(ctx, post_id)
    withdraw(ctx, post_id)


Standing = Literal["stands", "gone", "mended"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A post with what comes of it; `judgement` is None where these very words were judged before, or are nobody's."""

    post: StoredPost
    judgement: Judgement | None
    standing: Standing = "stands"


def judge_settled(ctx: Context) -> None:
    """Judge the posts whose time has come, as many as a turn has time for; one that cannot be is let be.

    First all is read, the forum included, then it is written down: whoever has begun to write must wait for nobody.
    """
    until = time.monotonic() + TURN
    weighed: list[Weighed] = []
    odd: list[int] = []
    for post_id in settling.due(ctx):
        if time.monotonic() >= until:
            break
        post = ctx.archive.post(post_id)
        if post is None or post.hidden:
            odd.append(post_id)
            continue
        try:
            weighed.append(weigh(ctx, post))
        except ForumError as error:
            # The forum cannot say just now whether the post still stands: this one and the rest wait.
            ctx.log.info("the forum does not answer, posts wait", kind=type(error).__name__)
            break
        except Exception as error:  # noqa: BLE001 -- one odd post must not keep the others from being looked at
            ctx.log.warning("a post could not be judged", post=post_id, kind=type(error).__name__)
            odd.append(post_id)
    for post_id in odd:
        settling.let_be(ctx, post_id)
    for one in weighed:
        settle(ctx, one)


def weigh(ctx: Context, post: StoredPost) -> Weighed:
    """What comes of one post; nothing is written here."""
    if settling.is_judged(ctx, post.id, _words_of(ctx, post)) or not _is_persons(ctx, post):
        return Weighed(post, None)
    judgement = judged(ctx, post)
    return Weighed(post, judgement, _standing(ctx, post) if _reaches_author(judgement) else "stands")


def settle(ctx: Context, weighed: Weighed) -> None:
    """Take the step that comes of a post, if any, and remember that these words were judged."""
    post, judgement = weighed.post, weighed.judgement
    if weighed.standing == "mended":
        settling.postpone(ctx, post.id)
        return
    settling.judged(ctx, post.id, _words_of(ctx, post))
    if judgement is None:
        return
    reaches = _reaches_author(judgement) and weighed.standing == "stands"
    withdraw(ctx, post.id, but=message.once_of(post) if reaches else "")
    if judgement.clause is None or judgement.step == "none" or weighed.standing == "gone":
        return
    acts = climb(ctx, post, judgement, judgement.clause) if reaches else []
    cases.note(ctx, post, judgement, *(one.once for one in acts))


def judged(ctx: Context, post: StoredPost) -> Judgement:
    """What comes of a post under the charter in force."""
    head = head_at_hand(ctx)
    text: Text = text_of_post(ctx, post, head)
    return text.judged(kept.in_force(ctx), head)


def climb(ctx: Context, post: StoredPost, judgement: Judgement, clause: Clause) -> list[Act]:
    """The next step in this thread: a word to the author, the offer of a mediator, the managers' queue.

    What begins in the queue (a threat) goes to people at once, with a word drafted for them to send if they see fit.
    Nothing new is said while the step before still waits for somebody.
    """
    author = post.user_id or 0
    if clause.first_step == "queue":
        return [*_queue(ctx, post, judgement, clause), *_word(ctx, post, judgement, clause)]
    taken = [one for one in thread_state.in_thread(ctx, post.topic_id, author) if _counts(ctx, one)]
    if any(one.post_id == post.id for one in taken):
        # The same post in other words: it was spoken of, or is about to be.
        return []
    if not taken:
        return _word(ctx, post, judgement, clause)
    if not all(_was_said(ctx, one) for one in taken):
        return []
    rungs = {one.rung for one in taken}
    if "queue" in rungs or "queue" not in clause.ladder:
        return []
    if "offer" not in rungs:
        act = mediators.offer(ctx, post.topic_id, author)
        if act is not None:
            _note(ctx, post, judgement, clause, "offer", act)
            return [act]
    return _queue(ctx, post, judgement, clause)


def withdraw(ctx: Context, post_id: int, but: str = "") -> None:
    """What waits to be said about a post is not said any more: it was mended or deleted."""
    for taken in thread_state.of_post(ctx, post_id):
        act = ctx.forum.act(taken.once)
        if taken.once == but or taken.rung != "word" or act is None or act.state not in ("watched", "proposed", "due"):
            continue
        ctx.forum.delete_own(taken.once, once=f"mended:{taken.once}"[:200], why=ctx.say("message.mended.why"))
        thread_state.take_back(ctx, taken.once)


def _standing(ctx: Context, post: StoredPost) -> Standing:
    """Whether the forum still shows these words just now, before anything is asked for because of them."""
    fresh = ctx.forum.post(post.id)
    if fresh is None or not fresh.is_shown:
        return "gone"
    words = own_words(fresh.cooked).text if fresh.cooked else fresh.raw or ""
    as_known = fresh.updated_at is not None and fresh.updated_at <= post.updated_at
    # Words may differ though nobody changed them: the memory leaves out names of those who were forgotten.
    return "stands" if as_known or settling.digest_of(words) == settling.digest_of(post.text) else "mended"


def _word(ctx: Context, post: StoredPost, judgement: Judgement, clause: Clause) -> list[Act]:
    if ctx.consent.opted_out(post.user_id or 0):
        return []
    act = message.send(ctx, post, clause, judgement, rule_of(clause.id, judgement.lang))
    _note(ctx, post, judgement, clause, "word", act)
    return [act]


def _queue(ctx: Context, post: StoredPost, judgement: Judgement, clause: Clause) -> list[Act]:
    act = alerts.raise_for(ctx, post, judgement)
    if act is None:
        return []
    _note(ctx, post, judgement, clause, "queue", act)
    if not ctx.settings.flags:
        return [act]
    why = message.why(ctx, clause, judgement)
    flag = ctx.forum.flag(post.id, why, once=f"flag:{post.id}", why=why, rule=rule_of(clause.id, judgement.lang))
    return [act, flag]


def _note(ctx: Context, post: StoredPost, judgement: Judgement, clause: Clause, rung: Rung, act: Act) -> None:
    thread_state.keep(
        ctx,
        Taken(rung, act.once, post.topic_id, post.id, post.user_id or 0, clause.id, clause.formal, judgement.lang,
              judgement.words, post.text, judgement.probability, ctx.now),
    )  # fmt: skip


def _counts(ctx: Context, taken: Taken) -> bool:
    """Whether a step was taken at all: what a manager declined, or what lapsed, was never said."""
    act = ctx.forum.act(taken.once)
    return act is not None and act.state not in ("declined", "lapsed", "refused", "undone")


def _was_said(ctx: Context, taken: Taken) -> bool:
    """Whether it has reached somebody; while all is only watched, what is watched counts, or nothing would follow."""
    act = ctx.forum.act(taken.once)
    if act is None or contests.is_open(ctx, taken.once):
        return False
    if act.state == "sent":
        return True
    return act.state == "watched" and ctx.desk.mode(None, rule_of(taken.clause, taken.lang)) == "watch"


def _reaches_author(judgement: Judgement) -> bool:
    return STEPS.index(judgement.step) >= STEPS.index("message")


def _is_persons(ctx: Context, post: StoredPost) -> bool:
    """Whether a person of this forum wrote it; whoever it is, staff and newcomers alike."""
    member = ctx.archive.member(post.user_id) if post.user_id is not None else None
    return member is not None and not member.is_bot


def _words_of(ctx: Context, post: StoredPost) -> str:
    """The own words of a post, an opening one with its title."""
    topic = ctx.archive.topic(post.topic_id) if post.post_number == 1 else None
    return f"{topic.title if topic else ''}\n{post.text}"


def _changed_at(post: StoredPost, now: datetime) -> datetime:
    return min(max(post.created_at, post.updated_at), now)
