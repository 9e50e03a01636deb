"""What is said: names without @, one reason each, and links that every reader may open."""

from collections.abc import Sequence

from connector.records import StoredMember, StoredTopic
from plugins.doors import Context, InlineContext
from plugins.doors import Evidence as Proof
from plugins.expert_finder.suggesting import Person
from plugins.voice.escaping import Markdown, link

Reader = int | str | None


def shown_name(person: Person) -> str:
    return name_of(person.member)


def message_text(ctx: Context, topic: StoredTopic, people: Sequence[Person], once: str) -> str:
    """The message to the asker, in his language; without people, that nobody is free just now."""
    asker = topic.user_id or 0
    if not people:
        return ctx.say("names.nobody", asker, topic=link(topic.title, f"/t/{topic.id}"))
    parts = [
        ctx.say("names.intro", asker, topic=link(topic.title, f"/t/{topic.id}")),
        listed(ctx, people, asker),
        ctx.say("names.outro", asker),
        ctx.consent.feedback_links(once, asker, ("useful", "not_useful", "never")),
    ]
    return "\n\n".join(part for part in parts if part)


def public_text(ctx: InlineContext, people: Sequence[Person]) -> str:
    """The reply that everybody reads, in the site's language."""
    return "\n\n".join([ctx.say("public.intro"), listed(ctx, people, None), ctx.say("public.outro")])


def listed(ctx: InlineContext, people: Sequence[Person], reader: Reader) -> Markdown:
    """One line a person: name, reason, and links; with parts of the question where each covers another."""
    split = len({person.part for person in people if person.part}) > 1
    lines = []
    for place, person in enumerate(people):
        why = Markdown(reason(ctx, person, reader, place, split=split))
        shown = ctx.say("names.line", reader, name=shown_name(person), reason=why, links=links_of(person.links))
        lines.append(f"- {shown}")
    return Markdown("\n".join(lines))


def reason(ctx: InlineContext, person: Person, reader: Reader, place: int = 0, *, split: bool = False) -> str:
    """One line: why this person, in the reader's language; lines that follow each other vary."""
    if person.apprentice and person.mentor is not None:
        mentor = name_of(person.mentor)
        return ctx.say("reason.seldom", reader, mentor=mentor)
    if split and person.part:
        return ctx.say("reason.part", reader, part=person.part)
    key = ("reason.helped", "reason.answered", "reason.knows")[place % 3]
    return ctx.say(key, reader, count=len(person.links))


def proofs_of(people: Sequence[Person]) -> list[Proof]:
    return [proof for person in people for proof in person.links]


def links_of(proofs: Sequence[Proof]) -> Markdown:
    """Up to three links, by the titles of their topics."""
    return Markdown(", ".join(link(proof.label, _path(proof)) for proof in proofs))


def name_of(member: StoredMember) -> str:
    """What a member is called: his name, or his username where he gave none."""
    return member.name.strip() or member.username


def _path(proof: Proof) -> str:
    return f"/t/{proof.topic_id}/{proof.post_number}" if proof.post_number else f"/t/{proof.topic_id}"
