"""The plain formula: what ranks people where a forum's history is too short to learn from.

Recent help counts most, likeness of what was helped with multiplies it, volume is normalised away, a bond helps, a
long silence hurts. The weights come from common sense and stay the same on every forum.
"""

import numpy as np

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.features import Portrait


def plain_scores(portrait: Portrait) -> Floats:
    """One score a candidate, the higher the better."""
    rows = {name: portrait.rows[:, place].astype(np.float64) for place, name in enumerate(portrait.names)}
    lately = rows["topics7"] + 0.6 * rows["topics30"] + 0.25 * rows["topics90"]
    likeness = rows["lexical_share"] + rows["dense_share"] + 0.05 * rows["reply_spread"]
    scores: Floats = (
        np.log(0.1 + lately)
        + 0.7 * np.log(0.03 + likeness)
        + 0.3 * np.log1p(rows["helped_lately"])
        - 0.15 * rows["silence"]
    )
    return scores


def plain_chances(portrait: Portrait, answerers: float = 2.0) -> Floats:
    """The scores as chances to answer that add up to the usual number of answerers."""
    scores = plain_scores(portrait)
    if not len(scores):
        return scores
    weights = np.exp(scores - scores.max())
    chances: Floats = np.minimum(0.9, answerers * weights / weights.sum())
    return chances
