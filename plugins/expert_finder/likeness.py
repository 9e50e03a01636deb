"""How like earlier topics are to a question, on a scale that means the same on every forum, and who is known enough.

Ranking is relative: somebody always comes first, even for a question that nobody here ever met. So likeness is the
share of the question's telling words (by rarity) that an earlier topic holds, plus a tenth of how many standard
deviations its vector's cosine lies above the forum's median for this question: cosines themselves differ between models
and languages. Measured on the invented community: those who answer come to .3 to .7 with their likest topic and .16 and
up with the second, whoever only chats to .5 and .15.
"""

from collections.abc import Mapping

import numpy as np

from plugins.expert_finder.evidence import Evidence, question_words
from plugins.expert_finder.past import Question
from plugins.expert_finder.subjects import Vector

TELLING = 12
DEVIATION = 0.1
WORDLESS = 0.07
"""The same for a topic that shares no telling word with the question: meaning alone must say more."""
MEASURED_ON = 200
"""Topics of the forum on which all this was measured: of more topics the likest is liker by chance alone."""
FIRST = 0.25
"""What the likest topic must reach for its answerer to be named."""
SECOND = 0.155
"""What a second topic must reach: one lucky thread makes nobody an expert."""


def known_enough(
    evidence: Evidence, question: Question, vector: Vector | None, second: float = SECOND
) -> dict[int, tuple[float, float]]:
    """By member id: likeness of his likest and second likest answered topic, of those worth naming; else empty.

    `second` is what the second must reach: 0 where whoever looks judges by himself what one thread says.
    """
    by_member: dict[int, list[float]] = {}
    for place, like in likeness(evidence, question, vector).items():
        for number, (weight, _) in evidence.subjects.answered[place].items():
            by_member.setdefault(evidence.people.ids[number], []).append(like * min(weight, 1.0))
    best = {member: sorted(likes, reverse=True)[:2] for member, likes in by_member.items()}
    found = {member: (likes[0], likes[1] if len(likes) > 1 else 0.0) for member, likes in best.items()}
    return {member: pair for member, pair in found.items() if pair[0] >= FIRST and pair[1] >= second}


def likeness(evidence: Evidence, question: Question, vector: Vector | None) -> dict[int, float]:
    """By place of an earlier topic, 0 and up; topics with nothing in common are left out."""
    subjects = evidence.subjects
    found: dict[int, float] = {}
    weights = _telling(evidence, question)
    total = sum(weights.values())
    for word, weight in weights.items():
        for place in subjects.topics.having(word).tolist():
            found[place] = found.get(place, 0.0) + weight / total
    cosines = subjects.vectors.likeness(vector) if vector is not None else np.zeros(0, np.float32)
    spread = float(np.std(cosines)) if len(cosines) else 0.0
    if spread > 0:
        above = (cosines - np.median(cosines)) / spread
        # The greatest of n random deviations grows with the root of log n.
        above *= min(1.0, float(np.sqrt(np.log(MEASURED_ON) / np.log(max(len(cosines), 2)))))
        for row in np.flatnonzero(above > 0).tolist():
            place = subjects.dense_places[row]
            by_words = found.get(place, 0.0)
            found[place] = by_words + (DEVIATION if by_words else WORDLESS) * float(above[row])
    found.pop(evidence.topic_places.get(question.topic_id, -1), None)
    return found


def _telling(evidence: Evidence, question: Question) -> Mapping[str, float]:
    """The question's rarest words with their weight (inverse document frequency), the title's doubled.

    The question itself, where it is in the evidence already, is no text beside itself; words new to this forum weigh
    like the rarest known one, so that a greeting nobody used before does not outweigh the subject.
    """
    topics = evidence.subjects.topics
    own = evidence.topic_places.get(question.topic_id)
    words = question_words(question.title, question.text)
    rarity: dict[str, float] = {}
    for word in words:
        texts = topics.having(word)
        found = len(texts) - int(own is not None and bool((texts == own).any()))
        if found:
            rarity[word] = float(np.log(1 + (topics.size - found + 0.5) / (found + 0.5)))
    rarest = max(rarity.values(), default=1.0)
    weights = {word: rarity.get(word, rarest) * (2.0 if count > 1 else 1.0) for word, count in words.items()}
    best = sorted(weights, key=lambda word: (-weights[word], word))
    return {word: weights[word] for word in best[:TELLING]}
