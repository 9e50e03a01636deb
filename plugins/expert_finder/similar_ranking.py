"""Which earlier topics have the same problem: words and meaning, then what the forum itself links, and what is alive.

A plain sum, the same for every forum. Each part is measured in standard deviations over all topics of this question, so
that no number depends on how large, old or busy a forum is. Weights are round and were chosen on one half of the linked
questions of one open forum and checked on the other; hit@5 moves by little more than a hundredth around them.
"""

from dataclasses import dataclass

import numpy as np

from plugins.expert_finder.past import Question
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_index import Floats
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.words import counted, stems

MEANING = 1.2
"""Weight of the vectors' cosine beside that of the words."""
POINTED = 0.3
"""Weight of what like topics link to: members had called it an answer to something alike."""
ALIVE = 0.4
"""Weight of a topic's last post being recent: what helpers still remember, and what holds for today's version."""
PEOPLE = 0.2
"""Weight of those who wrote in a topic being active now."""
TITLE_COUNTS = 2
TELLING = 12
DEVIATION = 0.1


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places of topics, best first, with their scores, and by how many standard deviations the cosine of each lies
    above the others' (0 without vectors).
    """

    places: np.ndarray
    scores: Floats
    above: Floats


def question_words(question: Question) -> dict[str, int]:
    """Counted stems of a draft: its title twice, beside a text; a title alone counts once."""
    words = counted(stems(question.text))
    for stem, count in counted(stems(question.title)).items():
        words[stem] += count * (TITLE_COUNTS if question.text else 1)
    return dict(words)


def ranked(evidence: SimilarEvidence, question: Question, vector: Vector | None, most: int = 20) -> Ranking:
    """The `most` best topics that were opened before the question; the question itself is left out."""
    evidence.reveal(question.at)
    if not evidence.size:
        return Ranking(np.zeros(0, np.intp), np.zeros(0), np.zeros(0))
    alike = deviations(evidence.words.scores(question_words(question)))
    above = np.zeros(evidence.size)
    cosines = evidence.likeness(vector) if vector is not None else None
    if cosines is not None:
        above = deviations(cosines)
        alike = alike + MEANING * above
    scores = alike + POINTED * pointed(evidence, alike)
    scores -= ALIVE * deviations(np.log1p(evidence.silence(question.at)))
    scores += PEOPLE * deviations(np.log1p(evidence.presence(question.at)))
    itself = evidence.places.get(question.topic_id)
    if itself is not None:
        scores[itself] = -np.inf
    best = _best(scores, most)
    return Ranking(best, scores[best], above[best])


@dataclass(frozen=True, slots=True)
class Alike:
    """How like a topic is to the question: the telling stems it shares, the most telling first, and a measure that
    means the same on every forum: their share of the weight of all telling words, and a tenth of the standard
    deviations by which its vector lies above the others'.
    """

    stems: tuple[str, ...]
    likeness: float


def reasons(evidence: SimilarEvidence, question: Question, ranking: Ranking) -> dict[int, Alike]:
    """By place, for all topics of a ranking: ranking is relative, somebody always comes first; this is not."""
    telling = _telling(evidence, question, ranking.places)
    total = sum(weight for _, weight, _ in telling) or 1.0
    found: dict[int, Alike] = {}
    for row, place in enumerate(ranking.places.tolist()):
        shared = [(word, weight) for word, weight, held in telling if held[row]]
        likeness = sum(weight for _, weight in shared) / total + DEVIATION * max(float(ranking.above[row]), 0.0)
        found[place] = Alike(tuple(word for word, _ in shared), likeness)
    return found


def _telling(evidence: SimilarEvidence, question: Question, places: np.ndarray) -> list[tuple[str, float, np.ndarray]]:
    """The rarest words of the question with their weight, the heaviest first, and which of these places hold each;
    words new to this forum weigh like the rarest known one, so that a draft about something new resembles nothing.
    """
    words = question_words(question)
    known = {word: found for word in words if (found := evidence.words.rarity(word)) is not None}
    rarest = max((rarity for rarity, _ in known.values()), default=1.0)
    weights = {word: min(count, 2) * (known[word][0] if word in known else rarest) for word, count in words.items()}
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))[:TELLING]
    nowhere = np.zeros(len(places), bool)
    return [
        (word, weights[word], known[word][1][places] > 0 if word in known else nowhere)
        for word in heaviest
        if weights[word] > 0
    ]


def pointed(evidence: SimilarEvidence, alike: Floats) -> Floats:
    """For every topic the length of the vector of likenesses of those that link to it, unlike ones left out."""
    sources, targets = evidence.edges()
    found = np.bincount(targets, np.maximum(alike[sources], 0.0) ** 2, minlength=evidence.size)
    return np.sqrt(found)


def deviations(values: Floats) -> Floats:
    """How many standard deviations each value lies above the mean; 0 where all are equal."""
    spread = float(values.std())
    if spread <= 1e-12:
        return np.zeros_like(values)
    standing: Floats = (values - values.mean()) / spread
    return standing


def _best(scores: Floats, most: int) -> np.ndarray:
    """Places of the highest scores, best first; equal ones in order of age, what must not come left out."""
    if len(scores) > most:
        best = np.argpartition(-scores, most - 1)[:most]
    else:
        best = np.arange(len(scores))
    best = best[np.isfinite(scores[best])]
    return best[np.lexsort((best, -scores[best]))]
