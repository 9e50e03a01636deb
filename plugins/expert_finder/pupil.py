"""Learn while time passes: fit on the past, fit again as it grows, step back when the plain formula does better."""

from collections.abc import Mapping

import numpy as np

from plugins.expert_finder.evidence import IN_FULL, Evidence
from plugins.expert_finder.features import Portrait
from plugins.expert_finder.learning import MOST_QUESTIONS, Learned, Lesson, learn, measured

REFIT_EVERY = 220
CONFIRMED = 50


class Pupil:
    """Keeps the portraits of past questions; who answered them is read from the evidence told so far."""

    def __init__(self, evidence: Evidence, refit_every: int = REFIT_EVERY) -> None:
        self._evidence = evidence
        self._portraits: list[Portrait] = []
        self._fitted_at = -refit_every
        self._every = refit_every
        self._latest: Learned | None = None
        self.fits = 0

    def remember(self, portrait: Portrait) -> None:
        self._portraits.append(portrait)
        if len(self._portraits) > MOST_QUESTIONS:
            del self._portraits[0]
            self._fitted_at -= 1

    def model(self, now: float) -> Learned | None:
        """The model to use now; None where the plain formula did better, or there is too little to learn from."""
        if len(self._portraits) - self._fitted_at >= self._every:
            self._fitted_at = len(self._portraits)
            self._latest = self._fit(now)
            self.fits += self._latest is not None
        return self._latest if self._latest is not None and self._latest.gain.worth_it else None

    def _fit(self, now: float) -> Learned | None:
        """The first model is measured on questions held back, the next ones by what the one before did since."""
        lessons = self.lessons()
        before = self._latest
        if before is None:
            return learn(lessons, now)
        since = lessons[-self._every :]
        gain = measured(before, since)
        fresh = learn(lessons, now, measure=False)
        if fresh is not None:
            fresh.record = before.record_with(since, now)
            fresh.gain = gain if gain.questions >= CONFIRMED else before.gain
        return fresh

    def lessons(self) -> list[Lesson]:
        """All remembered questions with who has answered them so far."""
        return [self._lesson(portrait) for portrait in self._portraits]

    def _lesson(self, portrait: Portrait) -> Lesson:
        place = self._evidence.topic_places.get(portrait.question.topic_id)
        answered: Mapping[int, tuple[float, float]] = {}
        if place is not None:
            answered = self._evidence.subjects.answered[place]
        never = (0.0, np.inf)
        found = (answered.get(int(number), never) for number in portrait.numbers)
        times = [at if weight >= IN_FULL else np.inf for weight, at in found]
        return Lesson(portrait, np.array(times, np.float64))
