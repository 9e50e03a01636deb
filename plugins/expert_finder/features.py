"""What is known of each candidate in the minute of a question, as one row of numbers.

Everything is dated: no likes, no accepted answers, no reads, no trust levels, no categories. Shares and ranks stand
beside counts, so that what was learnt on busy years holds in quiet ones.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.evidence import ACTIVE_DAYS, POST_DAYS, REPLY_DAYS, Evidence, question_words
from plugins.expert_finder.fading import Floats
from plugins.expert_finder.neighbours import near_columns
from plugins.expert_finder.past import DAY, Question
from plugins.expert_finder.subjects import Vector, Votes

HABITS = (3, 8, 20, 60, 200)
SHORTLIST = 14
CROWD = (60, 8)
"""The last questions but the very last ones, whose answers are still to come."""


@dataclass(slots=True)
class Portrait:
    """Candidates of one question: their ids, one row of numbers each, and the earlier topics that speak for them."""

    question: Question
    numbers: NDArray[np.intp]
    ids: NDArray[np.int64]
    rows: NDArray[np.float32]
    names: tuple[str, ...]
    likest: list[tuple[int, float]]

    def column(self, name: str) -> NDArray[np.float32]:
        return self.rows[:, self.names.index(name)]


def portrait(evidence: Evidence, question: Question, vector: Vector | None, shortlist: int = SHORTLIST) -> Portrait:
    """Candidates with at least one earlier reply, the asker left out; the best by each of eight cheap measures."""
    people = evidence.people
    count = len(people)
    asker = people.numbers.get(question.asker, -1)
    words = question_words(question.title, question.text)
    itself = evidence.topic_places.get(question.topic_id)
    lexical = evidence.subjects.lexical_votes(words, question.at, count, itself)
    dense = evidence.subjects.dense_votes(vector, question.at, count, itself)
    replies = evidence.subjects.reply_votes(words, question.at, count)
    everyone = np.flatnonzero(people["last_reply"][:count] > 0)
    everyone = everyone[everyone != asker]
    habits = _habits(evidence, count)
    week = evidence.topics.read(3, question.at, everyone)
    quarter = evidence.topics.read(5, question.at, everyone)
    measures = [week, quarter, lexical.recent[everyone], dense.recent[everyone], habits[60][everyone],
                people["last_reply"][everyone], replies[1][everyone]]  # fmt: skip
    chosen = _union(measures, shortlist)
    chosen |= np.isin(everyone, evidence.bonds.closest(asker, shortlist))
    numbers = everyone[chosen]
    ranks = {"rank7": _ranks(week)[chosen], "rank90": _ranks(quarter)[chosen]}
    ranks |= {"share7": week[chosen] / max(week.sum(), 1e-9), "share90": quarter[chosen] / max(quarter.sum(), 1e-9)}
    columns = _activity(evidence, question, numbers) | ranks | _rhythm(evidence, question, numbers)
    columns |= {f"habit{span}": habits[span][numbers] for span in HABITS}
    columns |= _pair(evidence, question, asker, numbers)
    columns |= _likeness(evidence, numbers, lexical, dense, replies, habits[200])
    columns |= near_columns(evidence.subjects, vector, question.at, count, numbers, itself)
    columns |= evidence.profiles.columns(vector, numbers)
    columns |= _question(evidence, question, asker, len(numbers))
    names = tuple(columns)
    rows = np.column_stack([columns[name] for name in names]).astype(np.float32)
    ids = np.array([people.ids[number] for number in numbers], np.int64)
    return Portrait(question, numbers, ids, rows, names, lexical.topics[:20] + dense.topics[:20])


def _union(measures: list[Floats], count: int) -> NDArray[np.bool_]:
    chosen = np.zeros(len(measures[0]), bool)
    for measure in measures:
        if len(measure) <= count:
            chosen[:] = True
        else:
            chosen[np.argpartition(-measure, count - 1)[:count]] = True
    return chosen


def _ranks(values: Floats) -> Floats:
    ranks = np.empty(len(values))
    ranks[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return ranks


def _habits(evidence: Evidence, count: int) -> dict[int, Floats]:
    """Share of the last 3, 8, 20, 60, 200 topics that each member answered."""
    found: dict[int, Floats] = {}
    answered = evidence.subjects.answered
    running = np.zeros(count)
    done = 0
    for span in HABITS:
        for place in range(len(answered) - 1 - done, max(len(answered) - span, 0) - 1, -1):
            for helper, (weight, _) in answered[place].items():
                running[helper] += weight
            done += 1
        found[span] = running / max(done, 1)
    return found


def _activity(evidence: Evidence, question: Question, numbers: NDArray[np.intp]) -> dict[str, Floats]:
    people, at = evidence.people, question.at
    columns: dict[str, Floats] = {}
    for row, days in enumerate(REPLY_DAYS):
        columns[f"replies{days:g}"] = evidence.replies.read(row, at, numbers)
        columns[f"topics{days:g}"] = evidence.topics.read(row, at, numbers)
    for row, days in enumerate(ACTIVE_DAYS):
        columns[f"present{days:g}"] = evidence.presence.read(row, at, numbers)
    for row, days in enumerate(POST_DAYS):
        columns[f"posts{days:g}"] = evidence.posts.read(row, at, numbers)
    topics = people["topics"][numbers]
    columns["replies"], columns["topics"] = people["replies"][numbers], topics
    columns["first_rate"] = (people["firsts"][numbers] + 1) / (topics + 5)
    columns["asked"] = people["asked"][numbers]
    columns["asked_share"] = columns["asked"] / (topics + columns["asked"] + 1)
    columns["wait"] = people["wait"][numbers] / np.maximum(topics, 1)
    columns["newcomers"] = (people["newcomers"][numbers] + 1) / (topics + 4)
    columns["depth"] = columns["replies"] / np.maximum(topics, 1)
    return columns


def _rhythm(evidence: Evidence, question: Question, numbers: NDArray[np.intp]) -> dict[str, Floats]:
    people, at = evidence.people, question.at
    silence = np.log1p((at - people["last_post"][numbers]) / 3600)
    hours, weekdays = people.hours[numbers], people.weekdays[numbers]
    hour, day = int(at // 3600 % 24), int(at // DAY + 4) % 7
    soon = sum(hours[:, (hour + ahead) % 24] for ahead in range(6))
    around = sum(hours[:, (hour + ahead) % 24] for ahead in (-1, 0, 1))
    return {
        "silence": silence,
        "silence_reply": np.log1p((at - people["last_reply"][numbers]) / 3600),
        "silence_usual": silence - people["gap"][numbers],
        "gap": people["gap"][numbers],
        "member_days": (at - people["first_seen"][numbers]) / DAY,
        "hours_soon": (soon + 1) / (hours.sum(1) + 4),
        "hours_now": (around + 0.5) / (hours.sum(1) + 4),
        "weekday": (weekdays[:, day] + 0.5 * weekdays[:, (day + 1) % 7] + 1) / (weekdays.sum(1) + 5),
    }


def _pair(evidence: Evidence, question: Question, asker: int, numbers: NDArray[np.intp]) -> dict[str, Floats]:
    helped, helped_lately = evidence.bonds.helpers_of(asker, question.at, numbers)
    back, back_lately = evidence.bonds.askers_helped_by(asker, question.at, numbers)
    asked = evidence.people["asked"][asker] if asker >= 0 else 0.0
    return {
        "helped": helped,
        "helped_lately": helped_lately,
        "helped_share": helped / (asked + 1),
        "helped_back": back,
        "helped_back_lately": back_lately,
        "together": evidence.bonds.together(asker, numbers),
        "silence_between": np.log1p((question.at - evidence.bonds.last_spoke(asker, numbers)) / 3600),
    }


def _likeness(evidence: Evidence, numbers: NDArray[np.intp], lexical: Votes, dense: Votes,
              replies: tuple[Floats, Floats, Floats], habit: Floats) -> dict[str, Floats]:  # fmt: skip
    columns: dict[str, Floats] = {}
    volume = np.sqrt(evidence.people["topics"][numbers] + 3)
    usual = habit[numbers] + 0.005
    for name, votes in (("lexical", lexical), ("dense", dense)):
        columns[f"{name}_votes"] = votes.total[numbers]
        columns[f"{name}_recent"] = votes.recent[numbers]
        columns[f"{name}_strongest"] = votes.strongest[numbers]
        columns[f"{name}_share"] = votes.share[numbers]
        columns[f"{name}_spread"] = votes.total[numbers] / volume
        columns[f"{name}_asked"] = votes.asked[numbers]
        columns[f"{name}_lift"] = np.log((votes.share[numbers] + 0.005) / usual)
    columns["reply_votes"] = replies[0][numbers]
    columns["reply_recent"] = replies[1][numbers]
    columns["reply_strongest"] = replies[2][numbers]
    columns["reply_spread"] = replies[0][numbers] / np.sqrt(evidence.people["replies"][numbers] + 3)
    return columns


def _question(evidence: Evidence, question: Question, asker: int, count: int) -> dict[str, Floats]:
    people = evidence.people
    last = evidence.last_post[0] if evidence.last_post else question.at
    active = float(np.sum(people["last_post"][: len(people)] > question.at - 7 * DAY))
    facts = {
        "text_length": np.log1p(len(question.text)),
        "has_code": float(question.has_code),
        "asks": float("?" in question.title or "?" in question.text),
        "asker_posts": np.log1p(people["posts"][asker] if asker >= 0 else 0.0),
        "asker_asked": np.log1p(people["asked"][asker] if asker >= 0 else 0.0),
        "asker_got": (people["got"][asker] + 4) / (people["asked"][asker] + 2) if asker >= 0 else 2.0,
        "crowd_lately": evidence.subjects.crowd(CROWD),
        "hour": float(question.at // 3600 % 24),
        "weekend": float((question.at // DAY + 4) % 7),
        "active_week": active,
        "quiet": np.log1p(max(0.0, question.at - last)),
    }
    return {name: np.full(count, value) for name, value in facts.items()}
