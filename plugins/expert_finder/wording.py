"""What is said: names without @, one reason each, and links that every reader may open."""

from collections.abc import Sequence

from plugins.doors import Evidence as Proof
from plugins.doors import InlineContext
from plugins.expert_finder.suggesting import Person
from plugins.voice.escaping import Markdown, link


def shown_name(person: Person) -> str:
    member = person.member
    return member.name.strip() or member.username


def reason(ctx: InlineContext, person: Person, reader: int | str | None) -> str:
    """One line: why this person, in the reader's language."""
    count = len(person.links)
    if person.apprentice and person.mentor is not None:
        mentor = person.mentor.name.strip() or person.mentor.username
        return ctx.say("reason.seldom", reader, mentor=mentor)
    return ctx.say("reason.helped", reader, count=count)


def links_of(proofs: Sequence[Proof]) -> Markdown:
    """Up to three links, by the titles of their topics."""
    return Markdown(", ".join(link(proof.label, _path(proof)) for proof in proofs))


def _path(proof: Proof) -> str:
    return f"/t/{proof.topic_id}/{proof.post_number}" if proof.post_number else f"/t/{proof.topic_id}"


def listed(ctx: InlineContext, people: Sequence[Person], reader: int | str | None) -> Markdown:
    """One line a person."""
    lines = [
        "- "
        + ctx.say(
            "names.line",
            reader,
            name=shown_name(person),
            reason=Markdown(reason(ctx, person, reader)),
            links=links_of(person.links),
        )
        for person in people
    ]
    return Markdown("\n".join(lines))
