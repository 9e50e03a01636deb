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
    """Order the portrait's candidates; those for whom no reply speaks in full (see `standing`) are left out."""
    if model is not None and model.names == portrait.names and len(portrait.rows):
        chances = model.chances(portrait)
        scores = model.scores(portrait, chances)
    else:
        model = None
        chances, scores = plain_chances(portrait), plain_scores(portrait)
    vouched = np.flatnonzero(evidence.people["vouched"][portrait.numbers] > 0)
    lately = portrait.column("topics90").astype(np.float64)
    order = vouched[with_rotation(scores[vouched], chances[vouched], lately[vouched])]
    known = np.zeros(len(chances))
    known[vouched] = chances[vouched]
    return Ranking(portrait, order, known, model is not None)
