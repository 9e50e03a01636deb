"""What deserves a manager's minutes: subjects that rest on one person or none."""

from plugins.blocks import Task
from plugins.doors import InlineContext
from plugins.expert_finder.coverage import subjects

MOST = 2


def fragile_subjects(ctx: InlineContext) -> list[Task]:
    """The two most asked subjects at risk."""
    fragile = sorted((one for one in subjects(ctx) if one.at_risk), key=lambda one: -one.questions)[:MOST]
    return [
        Task(
            key=f"coverage:{one.name}",
            title=ctx.say("coverage.task", subject=one.name),
            why=ctx.say("coverage.task_why", count=len(one.active), questions=one.questions),
            minutes=10,
            path="coverage",
            weight=0.4 if one.active else 0.6,
        )
        for one in fragile
    ]
