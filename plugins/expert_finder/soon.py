"""Whether an answer is wanted soon: then whoever usually writes in the next hours, wherever he lives, comes first."""

import re

from plugins.expert_finder.past import Question

_SOON = re.compile(
    r"\b(urgent\w*|asap|(?:as )?soon as possible|right now|today|tonight|this (?:morning|afternoon|evening)|deadline"
    r"|en panne|à l['’]arrêt|au plus vite|dès que possible|rapidement|aujourd['’]hui|ce (?:matin|soir)|cet après-midi"
    r"|tout de suite|avant (?:midi|ce soir|demain))\b",
    re.I,
)
USUAL = 0.25
"""The share of anybody's posts that falls into any six hours, were all hours alike."""
LEAST, MOST = 0.4, 1.5


def wanted_soon(question: Question) -> bool:
    """Whether the question says so, in French or English."""
    return bool(_SOON.search(f"{question.title}\n{question.text[:2000]}"))


def around(share: float) -> float:
    """What a member's worth is multiplied by, for the share of his posts in the next six hours of the day."""
    return min(max(share / USUAL, LEAST), MOST)
