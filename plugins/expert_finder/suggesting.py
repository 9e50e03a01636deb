"""Whom to name for a topic: ranked, willing, within budget, with proof, complementary, and one seldom seen."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select

from connector.records import Audience, StoredMember, StoredTopic
from plugins.doors import Evidence as Proof
from plugins.doors import InlineContext
from plugins.expert_finder.consent import Willing, willing_for
from plugins.expert_finder.covering import Facets, complementary, parts_of
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.knowledge import People, knowledge
from plugins.expert_finder.learning import Learned
from plugins.expert_finder.likeness import SECOND, known_enough
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.preferences import Settings
from plugins.expert_finder.ranking import Ranking
from plugins.expert_finder.reasons import Grounds, grounds
from plugins.expert_finder.soon import around, wanted_soon
from plugins.expert_finder.tables import models

WEAK = 0.2
"""Whoever has less than this share of the best candidate's worth is not named just to fill a place."""
SELDOM = 0.25
KEPT_BACK = 0.3
"""Whoever costs more this week than he would bring keeps this share of his chance: better he than nobody."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to name: the member, the links that speak for him, his part of the question in its own words (where
    others are for other parts), whether as apprentice.
    """

    member: StoredMember
    links: tuple[Proof, ...]
    part: tuple[str, ...] = ()
    apprentice: bool = False
    mentor: StoredMember | None = None

    @property
    def pairs(self) -> list[list[int | None]]:
        """The links as they are kept: topic and post number of each."""
        return [[proof.topic_id, proof.post_number] for proof in self.links]


@dataclass(frozen=True, slots=True)
class Found:
    """The people for a question; `poorer` says why words alone found them (see `reading`), "" where meaning helped."""

    people: list[Person]
    poorer: str = ""


def question_of(ctx: InlineContext, topic: StoredTopic) -> Question | None:
    """The topic as a question in its asker's own words; None without an opening post of a person."""
    posts = ctx.archive.posts_of_topic(topic.id)
    opening = next((post for post in posts if post.post_number == 1), None)
    if opening is None or opening.user_id is None or opening.user_id <= 0:
        return None
    at = seconds(ctx.now)
    return Question(topic.id, opening.user_id, at, topic.title, opening.text, bool(opening.code))


def people_for(
    ctx: InlineContext, topic: StoredTopic, *, public: bool = False, without: Collection[int] = (),
    slots: int | None = None,
) -> list[Person]:  # fmt: skip
    """The people to name for this topic now, best first, at most `settings.names` (or `slots`); the asker and `without`
    left out.

    Raises `StillReadingError` while the past is not read to its end.
    """
    question = question_of(ctx, topic)
    if question is None:
        return []
    audience = ctx.archive.audience_of_topic(topic.id)
    present = {post.user_id for post in ctx.archive.posts_of_topic(topic.id) if post.user_id is not None}
    willing = willing_for(ctx, topic, public=public, without={*without, *present, question.asker})
    return people_like(ctx, audience, question, willing, ctx.settings_for(topic.category_id), slots=slots).people


def people_like(
    ctx: InlineContext, audience: Audience, question: Question, willing: Willing, settings: Settings,
    *, slots: int | None = None, share: float = 1.0, second: float = SECOND, patient: bool = True,
) -> Found:  # fmt: skip
    """The same for a question that need not be a topic yet (a draft, a manager's search); `slots` overrides names.

    `share` of a turn's patience is spent on reading the past; who is not `patient` does not wait for others who read.
    """
    with knowledge(ctx, audience).about_people(ctx, share, patient=patient) as known:
        vector = known.vector_of(ctx, question)
        ranking = known.ranked(question, vector, current_model(ctx, known.model))
        enough = known_enough(known.evidence, question, vector, second)
        proofs = grounds(ctx, audience, question, ranking, known.evidence, known.enough, enough) if enough else {}
        proofs = _shown(proofs, willing)
        people = _chosen(known, question, ranking, proofs, willing, slots or settings.names, settings.apprentice)
        return Found(people, known.poorer or ("" if vector is not None else "no_model"))


def _shown(proofs: dict[int, Grounds], willing: Willing) -> dict[int, Grounds]:
    """Without what is about a subject that its author left to others: whoever has nothing else is not named."""
    kept = {member: replace(found, links=willing.shown(member, found.links)) for member, found in proofs.items()}
    return {member: found for member, found in kept.items() if found.links}


def _chosen(known: People, question: Question, ranking: Ranking, proofs: dict[int, Grounds], willing: Willing,
            slots: int, apprentice: bool) -> list[Person]:  # fmt: skip
    worth = _worth(known, question, ranking, proofs, willing)
    members: dict[int, StoredMember] = {}
    for member_id in sorted(worth, key=lambda one: -worth[one]):
        member = willing.member(member_id)
        if member is not None:
            members[member_id] = member
        if len(members) >= 4 * slots:
            break
    if not members:
        return []
    best = max(worth[member] for member in members)
    able = [member for member in members if worth[member] >= WEAK * best]
    words = Facets(known.evidence, question)
    covers = {member: words.covered(member) for member in members}
    choices = complementary(able, worth, covers, words, slots)
    parts = parts_of(question, choices, words)
    people = [Person(members[one.member], proofs[one.member].links, parts.get(one.member, ())) for one in choices]
    if apprentice and slots >= 3:
        return _with_apprentice(people, list(members), members, proofs, known.evidence, slots)
    return people


def _worth(known: People, question: Question, ranking: Ranking, proofs: dict[int, Grounds],
           willing: Willing) -> dict[int, float]:  # fmt: skip
    """Chance to help, less the price of what is left of a person's week, times the strength of the proof."""
    most = max(int(willing.ctx.settings.per_week), 1)
    left = {member: float(max(willing.left(member), 0)) for member in proofs}
    prices = known.prices.prices(question.at, left)
    strongest = max((proof.strength for proof in proofs.values()), default=0.0) or 1.0
    soon, hours = wanted_soon(question), ranking.portrait.column("hours_soon")
    found: dict[int, float] = {}
    for place, member in enumerate(ranking.portrait.ids.tolist()):
        proof = proofs.get(member)
        if proof is None:
            continue
        budget = max(willing.left(member), 0) / most
        chance = float(ranking.chances[place])
        net = max(chance - prices[member], KEPT_BACK * chance, 1e-6)
        shown = (0.15 + 0.85 * proof.strength / strongest) * (0.8 + 0.2 * budget)
        found[member] = float(np.sqrt(net)) * shown * (around(float(hours[place])) if soon else 1.0)
    return found


def _with_apprentice(people: list[Person], order: list[int], members: dict[int, StoredMember],
                     proofs: dict[int, Grounds], evidence: Evidence, slots: int) -> list[Person]:  # fmt: skip
    """The last place for the ablest of those who have helped a quarter as much as the busiest named; he stands behind.

    Where somebody seldom seen is named on his own merit already, nothing changes.
    """
    helped = evidence.people["topics"]
    kept = people[: slots - 1]
    if not kept:
        return people
    often = {person.member.id: float(helped[evidence.people.numbers[person.member.id]]) for person in kept}
    mentor = max(kept, key=lambda person: often[person.member.id]).member
    little = SELDOM * often[mentor.id]
    if min(often.values()) <= little:
        return people
    for member in order:
        if member not in often and 1 <= helped[evidence.people.numbers[member]] <= little:
            return [*kept, Person(members[member], proofs[member].links, (), True, mentor)]
    return people


def current_model(ctx: InlineContext, meaning: str) -> Learned | None:
    """What was learned last, when it was worth it and likeness stood on the same vectors (`meaning`, "" for none)."""
    mine = select(models.c.id).where(models.c.site == ctx.site, models.c.meaning == meaning)
    number = ctx.db.execute(mine.order_by(models.c.id.desc()).limit(1)).scalar()
    if number is None:
        return None
    key = (str(ctx.data_dir), int(number))
    if key not in _loaded:
        _loaded.clear()
        text = ctx.db.execute(select(models.c.text).where(models.c.id == number)).scalar_one()
        try:
            _loaded[key] = Learned.load(text)
        except ValueError:
            return None
    model = _loaded[key]
    return model if model.gain.worth_it else None


_loaded: dict[tuple[str, int], Learned] = {}
