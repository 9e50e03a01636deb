"""What is done while the forum sleeps: vectors of all questions, and a model learned from the forum's own past."""

from datetime import timedelta

from sqlalchemy import delete, select

from plugins.doors import Context
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.knowledge import forget_all, vector_cache
from plugins.expert_finder.learning import ENOUGH_QUESTIONS, MOST_QUESTIONS, Learned, learn
from plugins.expert_finder.past import PastPost, as_asked, seconds
from plugins.expert_finder.pupil import Pupil
from plugins.expert_finder.remembered import past_posts
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.tables import models

FIRST_LESSON = 0.04
LESSON_STANDS = timedelta(days=7)


def learn_from_past(ctx: Context) -> None:
    """Replays the public past in time order, fits, and keeps the model with its measured gain.

    A model that did worse than the plain formula is kept too, with its figures, and not used.
    """
    audience = ctx.archive.audience_public()
    posts = [post for post in past_posts(ctx.archive, audience) if post.at <= seconds(ctx.now)]
    texts = {post.topic_id: as_asked(post).whole for post in posts if post.opens}
    vectors = vector_cache(ctx).vectors(texts) or {}
    forget_all(ctx)
    if not _is_time(ctx):
        return
    if len(texts) < ENOUGH_QUESTIONS:
        ctx.log.info("too few questions to learn from", questions=len(texts), needed=ENOUGH_QUESTIONS)
        return
    model = fitted(posts, vectors, seconds(ctx.now))
    if model is None:
        return
    ctx.db.execute(delete(models).where(models.c.site == ctx.site))
    ctx.db.execute(
        models.insert().values(
            site=ctx.site, fitted_at=ctx.now,
            learned=model.gain.learned, plain=model.gain.plain, questions=model.gain.questions,
            text=model.dump(),
        )
    )  # fmt: skip


def _is_time(ctx: Context) -> bool:
    """A forum's habits change over weeks: what was learned stands for seven days."""
    fitted = select(models.c.fitted_at).where(models.c.site == ctx.site).order_by(models.c.fitted_at.desc())
    last = ctx.db.execute(fitted.limit(1)).scalar()
    return last is None or ctx.now - last >= LESSON_STANDS


def fitted(posts: list[PastPost], vectors: dict[int, Vector], now: float) -> Learned | None:
    """The model that the whole past teaches; None where it is too short."""
    evidence = Evidence()
    pupil = Pupil(evidence)
    asked = sum(post.opens for post in posts)
    first = max(int(asked * FIRST_LESSON), asked - MOST_QUESTIONS)
    for post in posts:
        if post.opens and len(evidence.topic_ids) >= first:
            pupil.remember(portrait(evidence, as_asked(post), vectors.get(post.topic_id)))
        evidence.tell(post, vectors.get(post.topic_id) if post.opens else None)
    return learn(pupil.lessons(), now)
