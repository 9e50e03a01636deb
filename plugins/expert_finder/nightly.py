"""What is learned while the forum sleeps: who answers what, from the forum's own past, over as many turns as it takes.

A handler has seconds. The past is read a slice a turn; what cannot be sliced, the fitting, runs beside the handlers in
a thread of its own that touches neither archive nor database. A worker that ends in between begins anew the next night.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from connector.errors import ModelUnavailable
from connector.records import Audience
from plugins.doors import Context, InlineContext
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.knowledge import Knowledge, knowledge
from plugins.expert_finder.learning import ENOUGH_QUESTIONS, MOST_QUESTIONS, Learned, Lesson, learn
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.pupil import Pupil
from plugins.expert_finder.reading import Asked, Reading
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.tables import models

FIRST_LESSON = 0.04
LESSON_STANDS = timedelta(days=7)
TURN = 15.0
"""Seconds of one turn; a handler may take 30."""


@dataclass(slots=True)
class _Fitting:
    """The part that runs in a thread: lessons in, model out."""

    lessons: list[Lesson]
    now: float
    found: Learned | None = None
    error: Exception | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._fit, daemon=True, name="expert_finder.fitting")
        self.thread.start()

    def _fit(self) -> None:
        try:
            self.found = learn(self.lessons, self.now)
        except Exception as error:  # noqa: BLE001 -- raised again in the handler that looks after the thread
            self.error = error


class _Study:
    """One lesson on its way: first the past is read, then a model is fitted."""

    def __init__(self, known: Knowledge, now: float, since: datetime | None) -> None:
        self._pupil: Pupil
        self._now = now
        self._known = known
        self._reading = Reading(known.ledger, self._watch, since)
        self._fitting: _Fitting | None = None

    def _watch(self, evidence: Evidence) -> Asked:
        self._pupil = pupil = Pupil(evidence)

        def asked(question: Question, vector: Vector | None) -> None:
            pupil.remember(portrait(evidence, question, vector))

        return asked

    def go_on(self, ctx: Context) -> bool:
        """One turn; True once the lesson is over, with or without a model."""
        until = time.monotonic() + TURN
        if self._fitting is None:
            if not self._known.tell_aside(self._reading, ctx, until):
                ctx.log.info("still reading the past to learn from it", posts=self._reading.read)
                return False
            lessons = self._pupil.lessons()
            if len(lessons) < ENOUGH_QUESTIONS:
                ctx.log.info("too few questions to learn from", questions=len(lessons), needed=ENOUGH_QUESTIONS)
                return True
            self._fitting = _Fitting(lessons, self._now)
        self._fitting.thread.join(max(0.1, until - time.monotonic()))
        if self._fitting.thread.is_alive():
            ctx.log.info("still fitting what was learned", questions=len(self._fitting.lessons))
            return False
        if self._fitting.error is not None:
            raise self._fitting.error
        if self._fitting.found is not None:
            _store(ctx, self._fitting.found, self._reading.model)
        return True


_studies: dict[tuple[str, int], _Study] = {}
"""Lessons on their way, by installation and forum; only this process's memory."""


def begin(ctx: Context) -> None:
    """Begin to learn from the public past, if it is time to and the forum is old enough to teach anything."""
    audience = ctx.archive.audience_public()
    asked = len(ctx.archive.topics(audience, until=ctx.now, limit=ENOUGH_QUESTIONS))
    if asked < ENOUGH_QUESTIONS:
        ctx.log.info("too few questions to learn from", questions=asked, needed=ENOUGH_QUESTIONS)
    elif _is_time(ctx):
        _studies[_key(ctx)] = _Study(knowledge(ctx, audience), seconds(ctx.now), _first_lesson(ctx, audience))
        go_on(ctx)


def go_on(ctx: Context) -> None:
    """One turn more of a lesson on its way; nothing where there is none."""
    study = _studies.pop(_key(ctx), None)
    if study is not None and not study.go_on(ctx):
        _studies[_key(ctx)] = study


def under_way(ctx: InlineContext) -> bool:
    """Whether a lesson waits for its next turn."""
    return _key(ctx) in _studies


def _key(ctx: InlineContext) -> tuple[str, int]:
    return str(ctx.data_dir), ctx.site


def _first_lesson(ctx: InlineContext, audience: Audience) -> datetime | None:
    """The minute of the first question to learn from: the very first ones say nothing yet, old ones no more."""
    asked = ctx.archive.topics(audience, until=ctx.now, limit=MOST_QUESTIONS)
    if not asked:
        return None
    return asked[-1 - int(len(asked) * FIRST_LESSON)].created_at


def _store(ctx: Context, model: Learned, meaning: str) -> None:
    """A model that did worse than the plain formula is kept too, with its figures, and not used."""
    ctx.db.execute(delete(models).where(models.c.site == ctx.site))
    ctx.db.execute(
        models.insert().values(
            site=ctx.site, fitted_at=ctx.now,
            learned=model.gain.learned, plain=model.gain.plain, questions=model.gain.questions,
            meaning=meaning, text=model.dump(),
        )
    )  # fmt: skip


def _is_time(ctx: InlineContext) -> bool:
    """A forum's habits change over weeks: what was learned stands for seven days, if likeness stands on the same."""
    fitted = select(models.c.fitted_at, models.c.meaning).where(models.c.site == ctx.site)
    last = ctx.db.execute(fitted.order_by(models.c.fitted_at.desc()).limit(1)).first()
    if last is None or ctx.now - last.fitted_at >= LESSON_STANDS:
        return True
    try:
        return bool(last.meaning != ctx.archive.vectors(()).model)
    except ModelUnavailable:
        return bool(last.meaning)
