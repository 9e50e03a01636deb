"""Earlier topics with the problem of a draft, for one reader: answered ones first, each with why.

`similar` is what help beside a text calls; the ranking is the one that `passerelle evaluate similar` measures.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from connector.records import Audience, StoredPost, StoredTopic
from plugins.doors import InlineContext
from plugins.expert_finder.knowledge import knowledge
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.similar_draft import own_part
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_ranking import Alike, ranked, reasons
from plugins.expert_finder.words import stems

SHORTEST = 12
"""Characters of title and text before which a draft does not say yet what it is about."""
ENOUGH = 0.4
"""Likeness below which a topic is not shown (see `similar_ranking.reasons`): nine in ten of the topics that members
linked to for a draft lie above it, and a draft about something new to the forum finds nothing."""
LOOKED_AT = 12
EXCERPT = 200
_WORDS_NAMED = 3

_TELLS_NOTHING = frozenset(
    stems(
        "comment pourquoi quand quel quelle quels quelles quelqu un une bonjour bonsoir salut merci cdt avec dans pour"
        " sur est sont que qui quoi mais pas plus how why when what which who where hello hi thanks please anyone"
        " someone does is are the with for from and but not any can could would"
    )
)
"""Words that two texts share without being alike: rare enough on a small forum to be found, and no reason for anybody.
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier topic. `post_number` is the accepted answer's, where there is one; `words` are those of the draft that
    it shares, the most telling first; `lang` is the language of what is there where it is not the draft's, else "".
    """

    topic: StoredTopic
    answered: bool
    post_number: int | None
    words: tuple[str, ...]
    lang: str
    excerpt: str
    likeness: float


def similar(
    ctx: InlineContext, title: str, text: str, audience: Audience, *, lang: str = "", limit: int = 3,
    without: Collection[int] = (), share: float = 1.0, patient: bool = True,
) -> list[Similar]:  # fmt: skip
    """At most `limit` topics that all of this audience may read, answered ones first; empty is the usual answer.

    `text` is what stands in the composer (Markdown; code and quotes are left out), `lang` the draft's language ("":
    nothing is flagged), `without` topics not to show. Raises `StillReadingError` while the past is being read: `share`
    is how much of a handler's patience may go into that, and without `patient` another thread is not waited for.
    """
    question = Question(0, 0, seconds(ctx.now), title.strip(), own_part(text))
    if len(question.title) + len(question.text) < SHORTEST or limit < 1:
        return []
    with knowledge(ctx, audience).about_topics(ctx, share, patient=patient) as known:
        evidence, vector = known.evidence, known.vector_of(ctx, question)
        ranking = ranked(evidence, question, vector, LOOKED_AT + len(without))
        why = reasons(evidence, question, ranking)
        found: list[Similar] = []
        for place in ranking.places.tolist():
            topic_id = evidence.topic_ids[place]
            if topic_id in without or why[place].likeness < ENOUGH:
                continue
            one = _shown(ctx, audience, question, evidence, place, why, lang)
            if one is not None:
                found.append(one)
            if len(found) == limit:
                break
    return sorted(found, key=lambda one: not one.answered)


def reason(ctx: InlineContext, one: Similar, lang: str) -> str:
    """One short line in the reader's language: whether it was answered, and by which words it is like the draft."""
    state = "answered" if one.answered else "open"
    if not one.words:
        return ctx.say(f"similar.{state}", lang)
    return ctx.say(f"similar_words.{state}", lang, words=", ".join(one.words))


def _shown(ctx: InlineContext, audience: Audience, question: Question, evidence: SimilarEvidence, place: int,
           why: Mapping[int, Alike], lang: str) -> Similar | None:  # fmt: skip
    """The topic as the archive has it now; None where it left, or is not for this audience any more."""
    topic = ctx.archive.topic(evidence.topic_ids[place])
    if topic is None or not topic.visible or topic.visibility not in audience.classes:
        return None
    posts = [post for post in ctx.archive.posts_of_topic(topic.id) if not post.hidden]
    opening = next((post for post in posts if post.post_number == 1), None)
    if opening is None:
        return None
    solved = next((post for post in posts if post.id == topic.solved_post_id), None)
    written = opening.lang if opening.lang not in ("", "unknown") else ""
    words = in_own_spelling(why[place].stems, question)
    return Similar(
        topic=topic,
        answered=solved is not None or evidence.answered(place),
        post_number=solved.post_number if solved is not None else None,
        words=words[:_WORDS_NAMED],
        lang=written if lang and written != lang else "",
        excerpt=excerpt(solved or opening, words),
        likeness=why[place].likeness,
    )


def in_own_spelling(stems_shared: Collection[str], question: Question) -> tuple[str, ...]:
    """Stems as words of the draft: as they stand there first, the title before the text."""
    spelt: dict[str, str] = {}
    for word in re.findall(r"[^\W_]{2,40}", f"{question.title} {question.text}"):
        for stem in stems(word):
            spelt.setdefault(stem, word)
    return tuple(spelt[stem] for stem in stems_shared if stem in spelt and stem not in _TELLS_NOTHING)


def excerpt(post: StoredPost, words: Collection[str]) -> str:
    """Some two hundred characters of a post around the first of these words, on one line, from the beginning of its
    sentence where that is near.
    """
    flat = " ".join(post.text.split())
    if flat.endswith(":"):
        # What it announced was code, a list or a quote, which is not among the author's own words.
        flat = flat.rstrip(" :") + " …"
    if len(flat) <= EXCERPT:
        return flat
    low = flat.lower()
    places = [low.find(word.lower()) for word in words]
    first = min((place for place in places if place >= 0), default=0)
    start = max((end + 2 for sign in ".!?" if (end := flat.rfind(f"{sign} ", 0, first)) >= 0), default=0)
    if first - start > EXCERPT // 2:
        start = flat.find(" ", first - EXCERPT // 4) + 1
    piece = flat[start : start + EXCERPT]
    whole = start + EXCERPT >= len(flat)
    return ("… " if start else "") + (piece if whole else piece.rsplit(" ", 1)[0] + " …")
