"""Rank people for a question: learned where this forum's past has shown that it helps, else by the plain formula."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.fading import Floats
from plugins.expert_finder.features import Portrait
from plugins.expert_finder.formula import plain_chances, plain_scores
from plugins.expert_finder.learning import Learned
from plugins.expert_finder.rotation import with_rotation

LITTLE = 0.5
"""Below half a reply's worth of evidence nobody is ranked before those who have more (see `standing`)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates of a question, best first: ids, chances to help, and their places in the portrait."""

    portrait: Portrait
    order: NDArray[np.intp]
    chances: Floats
    learned: bool

    @property
    def ids(self) -> list[int]:
        return [int(self.portrait.ids[place]) for place in self.order]


def rank(evidence: Evidence, portrait: Portrait, model: Learned | None) -> Ranking:
    """Order the portrait's candidates; nobody without real evidence comes before those with it."""
    helped = evidence.people["topics"][portrait.numbers]
    if model is not None and model.names == portrait.names and len(portrait.rows):
        chances = model.chances(portrait)
        scores = model.scores(portrait, chances)
    else:
        model = None
        chances, scores = plain_chances(portrait), plain_scores(portrait)
    little = helped < LITTLE
    scores = np.where(little, scores - 100.0, scores)
    chances = np.where(little, chances * 1e-3, chances)
    lately = portrait.column("topics90").astype(np.float64)
    return Ranking(portrait, with_rotation(scores, chances, lately), chances, model is not None)
