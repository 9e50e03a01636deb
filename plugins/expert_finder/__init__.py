"""Names people who may help: from what they wrote, with reasons, in turn, and only if they want to be named."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from connector.models import Event
from plugins.blocks import Block, Page, Task
from plugins.contract import Case, Context, Draft, InlineContext, Plugin, Suggestion, Taken
from plugins.doors import Verdict, Viewer
from plugins.expert_finder import (
    card,
    evaluate_command,
    evaluate_similar_command,
    measures,
    nightly,
    pages,
    refusing,
    tables,
    tasks,
)
from plugins.expert_finder.beside import inviting, prepared
from plugins.expert_finder.beside.draft import people_for_draft
from plugins.expert_finder.beside.earlier import earlier_for_draft, earlier_for_topic
from plugins.expert_finder.beside.topic import who_may_help
from plugins.expert_finder.by_audience import forget_all
from plugins.expert_finder.knowledge import StillReadingError, attend
from plugins.expert_finder.members import introducing, own_card, said
from plugins.expert_finder.members.who_knows import who_knows as members_who_knows
from plugins.expert_finder.naming import name_where_due, waiting, withdraw_if_answered
from plugins.expert_finder.preferences import Settings

__all__ = ["Settings", "plugin"]

TITLE = {"en": "Who can help", "fr": "Qui peut aider"}
ABOUT = {
    "en": "Names people who may help: from what they wrote, with reasons, in turn, and only if they want to be named.",
    "fr": "Propose des personnes qui pourraient aider : d'après ce qu'elles ont écrit, en disant pourquoi, à tour de"
    " rôle, et seulement si elles le veulent bien.",
}
plugin = Plugin(
    "expert_finder", about=ABOUT, title=TITLE, settings=Settings, tables=tables, folder=Path(__file__).parent
)
TURN = 10.0
"""Seconds after which a turn begins no further question; a handler may take 30."""
KNOWS = {"en": "Who knows what", "fr": "Qui sait quoi"}
COVERAGE = {"en": "Subjects and who covers them", "fr": "Sujets et qui les porte"}
CHAMPIONS = {"en": "Champions, and who should rest", "fr": "Piliers, et qui laisser souffler"}
LOAD = {"en": "Load over time", "fr": "Sollicitations dans le temps"}
HELPED_TITLE = {"en": "Answered by somebody named", "fr": "Une personne proposée a répondu"}
HELPED = {
    "en": "Of the questions for which people were named, the share answered by one of them within seven days.",
    "fr": "Parmi les questions où des personnes ont été proposées, la part où l'une d'elles a répondu sous sept jours.",
}
SELDOM_TITLE = {"en": "The place for the seldom seen", "fr": "La place des personnes qu'on voit peu"}
SELDOM = {
    "en": "Of the seldom seen people named beside experienced ones, the share who answered within seven days; beside it"
    " the share among the others named for the same questions.",
    "fr": "Parmi les personnes qu'on voit peu, proposées à côté d'autres plus aguerries, la part qui a répondu"
    " sous sept jours ; en regard, celle des autres personnes proposées pour les mêmes questions.",
}


@plugin.on("topic_edited", "post_created", "post_recovered")
def look(event: Event, ctx: Context) -> None:
    """Something was written: a reply of ours may have served."""
    number = event.post().topic_id if event.type == "post" else event.topic().id
    topic = ctx.archive.topic(number) if number else None
    if topic is not None:
        withdraw_if_answered(ctx, topic)


@plugin.on("topic_created")
def asked(event: Event, ctx: Context) -> None:
    """A question was asked: people are worked out at once, for those who read it, and those wished for are asked."""
    topic = ctx.archive.topic(event.topic().id)
    if topic is None or not prepared.is_open_question(ctx, topic):
        return
    try:
        prepared.prepare(ctx, topic)
    except StillReadingError:
        ctx.log.info("the past is still being read; the people for this question follow")
    inviting.topic_came(ctx, topic)


@plugin.inline("topic")
def beside_topic(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    return who_may_help(draft, ctx)


@plugin.inline("composer")
def beside_draft(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    return people_for_draft(draft, ctx)


@plugin.inline("topic", budget_ms=150)
def before_and_elsewhere(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    return earlier_for_topic(draft, ctx)


@plugin.inline("composer", budget_ms=150)
def asked_before(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    return earlier_for_draft(draft, ctx)


@plugin.keep_ready
def read_the_past(ctx: InlineContext) -> tuple[int, int]:
    """Whoever reads or writes does not wait for the forum's past."""
    return attend(ctx)


@plugin.offer("invite")
def invite(taken: Taken, ctx: Context) -> str:
    """The asker wants somebody to be asked."""
    return inviting.invite(taken, ctx)


@plugin.on("post_destroyed", "topic_destroyed", "user_destroyed", "category_updated")
def gone(event: Event, ctx: Context) -> None:
    """What has left the forum leaves the evidence at once."""
    forget_all(ctx)


@plugin.every(minutes=10)
def hold_back(ctx: Context) -> None:
    """Unanswered questions whose usual answer time has passed; and people, worked out ahead, for the others."""
    topics = list(waiting(ctx))
    until = time.monotonic() + TURN
    name_where_due(ctx, topics, until)
    prepared.prepare_where_missing(ctx, topics, until)


@plugin.every(cron="20 3 * * *")
def learn(ctx: Context) -> None:
    """Once a week, at night: learn from the forum's past who answers what."""
    nightly.begin(ctx)


@plugin.every(minutes=10)
def learn_on(ctx: Context) -> None:
    """Go on with a lesson that was too long for one turn."""
    nightly.go_on(ctx)


@plugin.verdict
def heard(verdict: Verdict, ctx: Context) -> None:
    refusing.heard(ctx, verdict)
    inviting.heard(ctx, verdict)
    introducing.heard(ctx, verdict)


@plugin.page("who-knows", title=KNOWS, about_people=True)
def who_knows(query: Mapping[str, str], ctx: InlineContext) -> Page:
    return pages.who_knows(query, ctx)


@plugin.page("coverage", title=COVERAGE, about_people=True)
def coverage(query: Mapping[str, str], ctx: InlineContext) -> Page:
    return pages.coverage(query, ctx)


@plugin.page("champions", title=CHAMPIONS, about_people=True)
def champions(query: Mapping[str, str], ctx: InlineContext) -> Page:
    return pages.people(query, ctx)


@plugin.page("load", title=LOAD, about_people=True)
def load(query: Mapping[str, str], ctx: InlineContext) -> Page:
    return pages.load(query, ctx)


@plugin.measure("named_person_answered_7d", definition=HELPED, title=HELPED_TITLE, share=True)
def named_person_answered(ctx: InlineContext) -> Case:
    return measures.named_person_answered(ctx)


@plugin.measure("apprentice_answered_7d", definition=SELDOM, title=SELDOM_TITLE, share=True)
def apprentice_answered(ctx: InlineContext) -> Case:
    return measures.apprentice_answered(ctx)


@plugin.action
def what_to_do(ctx: InlineContext) -> list[Task]:
    return tasks.fragile_subjects(ctx)


@plugin.member_page("who-knows", title=KNOWS, about_people=True)
def members_look(query: Mapping[str, str], ctx: InlineContext, viewer: Viewer) -> Page:
    return members_who_knows(query, ctx, viewer)


@plugin.card
def own(member_id: int, ctx: InlineContext) -> list[Block]:
    return own_card.own_card(member_id, ctx)


plugin.member_form("mute")(own_card.mute)
plugin.member_form("unmute")(own_card.unmute)
plugin.member_form("hide")(own_card.hide)
plugin.member_form("unhide")(own_card.unhide)
plugin.member_form("declare")(own_card.declare)
plugin.member_form("withdraw")(own_card.withdraw)


@plugin.every(cron="30 9 * * 2")
def introduce(ctx: Context) -> None:
    """Bring needs and offers together, where both sides say yes."""
    introducing.introduce(ctx)


@plugin.card
def known_of(member_id: int, ctx: InlineContext) -> list[Block]:
    return card.known_of(member_id, ctx)


@plugin.forget
def forget(member_id: int, ctx: Context) -> None:
    refusing.forget_member(ctx, member_id)
    inviting.forget(ctx, member_id)
    introducing.forget(ctx, member_id)
    said.forget(ctx, member_id)
    forget_all(ctx)


@plugin.command("evaluate experts")
def evaluate_experts(arguments: Sequence[str], ctx: Context) -> int:
    """How well people would have been named on the forum's own past."""
    return evaluate_command.run(arguments, ctx)


@plugin.command("evaluate similar")
def evaluate_similar(arguments: Sequence[str], ctx: Context) -> int:
    """How often an earlier topic with the same problem would have been shown, on the forum's own past."""
    return evaluate_similar_command.run(arguments, ctx)
