"""Replay a forum's history and compare the topics we would have shown with those its members linked to.

Each question whose replies lead to an earlier topic is asked again in its own minute, with title and text and then with
the title alone, of what was known until then. Only the judge knows the links that came later.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from plugins.expert_finder.past import PastPost, Question, as_asked
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_history import History
from plugins.expert_finder.similar_ranking import question_words, ranked
from plugins.expert_finder.subjects import Vector

Form = Literal["full", "title"]
FORMS: tuple[Form, ...] = ("full", "title")
SHOWN = 5
Progress = Callable[[str], None]
Ranker = Callable[[Question], Sequence[int]]
Embed = Callable[[str], Vector | None]


@dataclass(slots=True)
class Tally:
    """What one ranker found, question by question."""

    places: list[int] = field(default_factory=list)
    """Of the best-placed linked topic, from 0; beyond the list where none was shown."""
    recalls: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def judge(self, shown: Sequence[int], truth: set[int], ms: float) -> None:
        hits = [place for place, topic_id in enumerate(shown) if topic_id in truth]
        self.places.append(hits[0] if hits else SHOWN)
        self.recalls.append(len(set(shown[:SHOWN]) & truth) / len(truth))
        self.ms.append(ms)

    def report(self) -> dict[str, Any]:
        places = np.array(self.places)
        return {
            **{f"hit@{most}": round(float((places < most).mean()), 4) for most in (1, 3, 5)},
            f"recall@{SHOWN}": round(float(np.mean(self.recalls)), 4),
            "latency_ms": {f"p{part}": round(float(np.percentile(self.ms, part)), 2) for part in (50, 95)},
        }


class Words:
    """BM25 over the topics' words alone: of their opening posts, or of all posts; the title counts once."""

    def __init__(self, *, replies: bool) -> None:
        self._evidence = _Plain(replies)

    def tell(self, post: PastPost) -> None:
        self._evidence.tell(post)

    def rank(self, question: Question) -> list[int]:
        self._evidence.reveal(question.at)
        scores = self._evidence.words.scores(question_words(question))
        best = np.argsort(-scores, kind="stable")[:SHOWN]
        return [self._evidence.topic_ids[place] for place in best if scores[place] > 0]


class _Plain(SimilarEvidence):
    """The same history with the same rule for edits, but only words, and no weight for titles."""

    def __init__(self, replies: bool) -> None:
        super().__init__(title_weight=1)
        self._replies = replies

    def _words_of(self, post: PastPost, place: int) -> None:
        if self._replies or post.opens:
            super()._words_of(post, place)


class Replay:
    """A history told to all rankers, minute by minute. `settled` are vectors of opening posts after a later edit."""

    def __init__(self, history: History, asked: Mapping[int, Vector] | None, settled: Mapping[int, Vector],
                 embed: Embed) -> None:  # fmt: skip
        self._history = history
        self._asked = asked
        self._settled = settled
        self._embed = embed
        self.evidence = SimilarEvidence()
        self._first, self._topic = Words(replies=False), Words(replies=True)
        self.rankers: dict[str, Ranker] = {
            "passerelle": self.ours,
            "bm25_first_post": self._first.rank,
            "bm25_topic": self._topic.rank,
        }

    def ours(self, question: Question) -> list[int]:
        vector = self._embed(question.whole) if self._asked is not None else None
        found = ranked(self.evidence, question, vector, SHOWN)
        return [self.evidence.topic_ids[place] for place in found.places]

    def questions(self, wanted: set[int]) -> Iterator[Question]:
        """The wanted questions in time order, each at a moment when everything before it has been told."""
        links = iter(self._history.links)
        link = next(links, None)
        for post in self._history.posts:
            while link is not None and link.at < post.at:
                self.evidence.link(link)
                link = next(links, None)
            if post.opens and post.topic_id in wanted:
                yield as_asked(post)
            vector = self._asked.get(post.topic_id) if self._asked is not None and post.opens else None
            self.evidence.tell(post, vector, self._settled.get(post.topic_id) if post.opens else None)
            self._first.tell(post)
            self._topic.tell(post)


def evaluate(replay: Replay, truth: Mapping[int, set[int]], progress: Progress = lambda _: None) -> dict[str, Any]:
    """The measures per ranker, in the shape that `evaluate similar --json` prints."""
    tallies = {name: {form: Tally() for form in FORMS} for name in replay.rankers}
    for done, question in enumerate(replay.questions(set(truth)), start=1):
        for form in FORMS:
            asked = question if form == "full" else replace(question, text="")
            for name, ranker in replay.rankers.items():
                start = time.perf_counter()
                shown = ranker(asked)
                ms = (time.perf_counter() - start) * 1000
                tallies[name][form].judge(shown, truth[question.topic_id], ms)
        if done % 50 == 0:
            progress(f"{done} of {len(truth)} questions asked")
    return {
        "questions": len(truth),
        "links": sum(len(links) for links in truth.values()),
        "rankers": {name: {form: tally.report() for form, tally in forms.items()} for name, forms in tallies.items()},
    }


def texts_of(history: History) -> tuple[dict[int, str], dict[int, str]]:
    """What is embedded: every question as asked, and the text of those edited later, by topic."""
    openings = [post for post in history.posts if post.opens]
    asked = {post.topic_id: as_asked(post).whole for post in openings}
    edited = {
        post.topic_id: replace(as_asked(post), text=post.text).whole for post in openings if post.known_at > post.at
    }
    return asked, edited


def as_table(found: Mapping[str, Any]) -> str:
    """One line a ranker and form."""
    columns = ("hit@1", "hit@3", "hit@5", "recall@5")
    lines = [
        f"{found['questions']} questions whose replies lead to {found['links']} earlier topics, each asked in its own"
        " minute" + ("" if found.get("dense", True) else "; without a model, by words alone"),
        "",
        "  ".join(
            ["ranker".ljust(16), "asked with".ljust(14), *(name.rjust(8) for name in (*columns, "p50 ms", "p95 ms"))]
        ),
    ]
    told = {"full": "title and text", "title": "title alone"}
    for name, forms in found["rankers"].items():
        for form, ranker in forms.items():
            values = [f"{ranker[column]:.3f}" for column in columns]
            values += [f"{ranker['latency_ms'][part]:.1f}" for part in ("p50", "p95")]
            lines.append("  ".join([name.ljust(16), told[form].ljust(14), *(value.rjust(8) for value in values)]))
    return "\n".join(lines)
