"""Places four and five: able people who are seldom seen, so that help does not rest on the same few.

The first three places go by chance to help. The next two go by chance against how much a member has helped lately: of
two people as likely to answer, the one with fewer answers in the last months comes first (lessons of the open data:
averaged over helpers, not over questions, busy people are the worst suggestion).
"""

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats

SEEN = 3.0
SPARED = 1.3
"""How fast recent help counts against a place: faster than in proportion, from a few answers on."""


def with_rotation(
    scores: Floats, chances: Floats, helped: Floats, first: int = 3, rotated: int = 2
) -> NDArray[np.intp]:
    """All places in order: `first` by score, `rotated` by chance per recent help, the others by score."""
    order = np.argsort(-scores, kind="stable")
    head, tail = order[:first], order[first:]
    if not len(tail):
        return order
    seldom = chances[tail] / (helped[tail] + SEEN) ** SPARED
    picked = tail[np.argsort(-seldom, kind="stable")[:rotated]]
    others = tail[~np.isin(tail, picked)]
    return np.concatenate([head, picked, others])
