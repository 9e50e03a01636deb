"""Why somebody is named: what he wrote that is like the question, as links that every reader of the topic may open."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from connector.records import Audience
from plugins.doors import Evidence as Proof
from plugins.doors import InlineContext
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.past import Question
from plugins.expert_finder.ranking import Ranking
from plugins.expert_finder.substance import has_substance

MOST_LINKS = 3
SEARCHED = 60
LIKE_ENOUGH = 0.12
"""Likeness, relative to the likest earlier text, below which a topic proves nothing."""
STEEP = 15.0
"""How fast likeness by meaning falls with the cosine, as in `subjects`."""
BESIDE = 0.3
"""A second or third link must speak this much, relative to the first."""
NEAR = 0.25
"""Whoever has nothing to show that speaks this much, relative to the best shown by anybody, is not named."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for one member: links (topic, post, title), best first, and how strongly, 0 and up."""

    links: tuple[Proof, ...]
    strength: float


def grounds(ctx: InlineContext, audience: Audience, question: Question, ranking: Ranking, evidence: Evidence,
            enough: float, among: Collection[int]) -> dict[int, Grounds]:  # fmt: skip
    """By member id, for those of `among` with at least one link: earlier answers to like questions, and like posts.

    A post proves something from `enough` words on (see `substance`).
    """
    weights = _answered(question, ranking, evidence)
    for key, weight in _found(ctx, audience, question, evidence).items():
        weights[key] = weights.get(key, 0.0) + weight
    by_member: dict[int, list[tuple[float, int]]] = {}
    for (member, topic_id), weight in weights.items():
        by_member.setdefault(member, []).append((weight, topic_id))
    wanted = {int(member) for member in ranking.portrait.ids} & set(among)
    likest = {
        member: sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[: 2 * MOST_LINKS]
        for member, pairs in by_member.items()
        if member in wanted
    }
    read = _Read(ctx, {topic_id for pairs in likest.values() for _, topic_id in pairs})
    found: dict[int, tuple[float, Grounds]] = {}
    for member, pairs in likest.items():
        links, first = _links(read, audience, member, pairs, enough)
        if links:
            found[member] = (first, Grounds(links, sum(weight for weight, _ in by_member[member])))
    best = max((first for first, _ in found.values()), default=0.0)
    return {member: proof for member, (first, proof) in found.items() if first >= NEAR * best}


class _Read:
    """Topics and their posts, read together for a question, however many people they speak for."""

    def __init__(self, ctx: InlineContext, topic_ids: Collection[int]) -> None:
        self.topics = ctx.archive.topics_in(topic_ids)
        self.posts = ctx.archive.posts_in(topic_ids)


def _answered(question: Question, ranking: Ranking, evidence: Evidence) -> dict[tuple[int, int], float]:
    """Earlier answers to like questions."""
    weights: dict[tuple[int, int], float] = {}
    people = evidence.people
    for place, weight in ranking.portrait.likest:
        topic_id = evidence.topic_ids[place]
        if topic_id == question.topic_id or weight < LIKE_ENOUGH:
            continue
        for number, (worth, _) in evidence.subjects.answered[place].items():
            key = (people.ids[number], topic_id)
            weights[key] = max(weights.get(key, 0.0), weight * worth)
    return weights


def _found(
    ctx: InlineContext, audience: Audience, question: Question, evidence: Evidence
) -> dict[tuple[int, int], float]:
    """Posts that the archive's own search finds, by author and topic."""
    result = ctx.archive.search(
        question.whole, audience, limit=SEARCHED, per="post", before=ctx.now, exclude_topics=[question.topic_id]
    )
    lexical = max((hit.lexical for hit in result.hits), default=0.0)
    semantic = max((hit.semantic for hit in result.hits), default=0.0)
    weights: dict[tuple[int, int], float] = {}
    for hit in result.hits:
        # On the scale of the votes in `subjects`: the fused score knows orders only, and its last hit looks half as
        # good as its first.
        by_words = (hit.lexical / lexical) ** 2 if lexical > 0 else 0.0
        by_meaning = math.exp((hit.semantic - semantic) * STEEP) if hit.semantic > 0 else 0.0
        weight = max(by_words, by_meaning)
        if weight < LIKE_ENOUGH or hit.user_id is None or _asked(evidence, hit.topic_id) == hit.user_id:
            continue
        key = (hit.user_id, hit.topic_id)
        weights[key] = max(weights.get(key, 0.0), 0.7 * weight)
    return weights


def _asked(evidence: Evidence, topic_id: int) -> int | None:
    """Who opened a topic."""
    number = evidence.topic_askers.get(topic_id)
    return None if number is None else evidence.people.ids[number]


def _links(read: "_Read", audience: Audience, member: int, pairs: list[tuple[float, int]],
           enough: float) -> tuple[tuple[Proof, ...], float]:  # fmt: skip
    """Up to three posts of the member, each of substance, still there and open to every reader; what the first says."""
    links: list[Proof] = []
    first = 0.0
    for weight, topic_id in pairs:
        if weight < BESIDE * first:
            break
        topic = read.topics.get(topic_id)
        if topic is None or not topic.visible or topic.visibility not in audience.classes:
            continue
        posts = [post for post in read.posts.get(topic_id, ()) if post.user_id == member and not post.hidden]
        posts = [post for post in posts if post.post_number > 1 and post.visibility in audience.classes]
        posts = [post for post in posts if has_substance(post, enough)]
        if posts:
            first = first or weight
            number = max(posts, key=lambda post: (len(post.text), -post.post_number)).post_number
            links.append(Proof(topic_id, number, topic.title))
        if len(links) == MOST_LINKS:
            break
    return tuple(links), first
