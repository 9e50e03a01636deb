"""Who answers questions like this one, at several widths of "like" and of "lately".

Every earlier question counts with its likeness and its age; a member's share of what was answered there, beside his
share of everything of that age, says whether he answers because of the subject or because he answers a lot (a kernel
regression over time and meaning, as in Nadaraya 1964). Without a model's vectors all questions are alike.
"""

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.subjects import Subjects, Vector

WIDTHS = ((8.0, 30.0), (8.0, 90.0), (8.0, 365.0), (15.0, 365.0), (15.0, 2000.0))
"""How much a difference of cosines counts, and the half-life in days."""
COMPARED = ((8.0, 30.0), (8.0, 365.0), (15.0, 2000.0))
"""Those whose shares are also laid beside the member's share of everything."""
CROWDS = ((8.0, 365.0), (15.0, 365.0))
"""Those that say how many people answer questions like this one."""
UNSURE = 0.01


def near_columns(
    subjects: Subjects, vector: Vector | None, at: float, people: int, members: NDArray[np.intp],
    without: int | None = None,
) -> dict[str, Floats]:  # fmt: skip
    """Per candidate: his shares of the like questions; `without` is the question's own place where it has one."""
    places, rows, weights = _of(members, people, *subjects.answers())
    likeness = subjects.nearness(vector)
    if without is not None:
        likeness[without] = -1.0
    likeness -= likeness.max(initial=-1.0)
    columns: dict[str, Floats] = {}
    sharpened = {sharp: np.exp(likeness * sharp) for sharp in dict(WIDTHS)}
    for sharp, days in WIDTHS:
        fresh = subjects.ages.left(days, at)
        like = sharpened[sharp] * fresh
        if without is not None:
            like[without] = 0.0
        whole = like.sum() + 1e-3
        name = f"near{sharp:g}_{days:g}"
        share = np.bincount(rows, like[places] * weights, minlength=len(members)) / whole
        columns[name] = share
        if (sharp, days) in COMPARED:
            usual = subjects.ages.answered(days, at, members) / (fresh.sum() + 1)
            columns[f"{name}_lift"] = np.log((share + UNSURE) / (usual + UNSURE))
        if (sharp, days) in CROWDS:
            columns[f"{name}_crowd"] = np.full(len(members), float(like @ subjects.ages.answers) / whole)
    return columns


def _of(members: NDArray[np.intp], people: int, places: NDArray[np.intp], helpers: NDArray[np.intp], weights: Floats
        ) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:  # fmt: skip
    """The answers of these members alone: places, rows of `members`, weights."""
    row_of = np.full(people, -1, np.intp)
    row_of[members] = np.arange(len(members))
    rows = row_of[helpers]
    theirs = rows >= 0
    return places[theirs], rows[theirs], weights[theirs]
