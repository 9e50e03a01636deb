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
from plugins.expert_finder.fading import Floats
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
    likes = likeness(evidence, question, vector)
    places, helpers, weights = evidence.subjects.answers()
    told = likes[places] * np.minimum(weights, 1.0)
    here = np.flatnonzero(told > 0)
    order = here[np.lexsort((-told[here], helpers[here]))]
    first = np.flatnonzero(np.diff(helpers[order], prepend=-1))
    best = told[order[first]]
    # Whoever answered one topic alone is followed by somebody else's first.
    next_ones = np.append(order, -1)[first + 1]
    alone = np.append(helpers[order], -1)[first + 1] != helpers[order[first]]
    others = np.where(alone, 0.0, told[next_ones])
    enough = np.flatnonzero((best >= FIRST) & (others >= second))
    ids = evidence.people.ids
    return {ids[int(helpers[order[first[one]]])]: (float(best[one]), float(others[one])) for one in enough}


def likeness(evidence: Evidence, question: Question, vector: Vector | None) -> Floats:
    """By place of an earlier topic, 0 and up."""
    subjects = evidence.subjects
    found = np.zeros(subjects.topics.size)
    weights = _telling(evidence, question)
    total = sum(weights.values())
    for word, weight in weights.items():
        found[subjects.topics.having(word)] += weight / total
    cosines = subjects.vectors.likeness(vector) if vector is not None else np.zeros(0, np.float32)
    spread = float(np.std(cosines)) if len(cosines) else 0.0
    if spread > 0:
        above = (cosines - np.median(cosines)) / spread
        # The greatest of n random deviations grows with the root of log n.
        above *= min(1.0, float(np.sqrt(np.log(MEASURED_ON) / np.log(max(len(cosines), 2)))))
        rows = subjects.dense_places
        found[rows] += np.where(found[rows] > 0, DEVIATION, WORDLESS) * np.maximum(above, 0.0)
    itself = evidence.topic_places.get(question.topic_id)
    if itself is not None:
        found[itself] = 0.0
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
