"""Learn from the forum's own past who answers what: two boosted-tree models over dated facts, in time order.

One kind gives chances (log loss), one gives order (LambdaMART, Burges 2010), each fitted on four draws and
averaged; both together rank. They are fitted on questions of the past only and used only where they did at least as
well as the plain formula on later questions than those they were fitted on. What they expected of each person on later
questions, beside what he did, corrects the order; chances stay without it, which favours those who answer most anyway.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.features import Portrait
from plugins.expert_finder.formula import plain_scores
from plugins.expert_finder.past import DAY
from plugins.expert_finder.record import Record

if TYPE_CHECKING:
    import lightgbm

# At run time it is imported where it is used: with what it brings along it takes 90 MB and seconds, which a web process
# before its first query and most commands do not need.

ENOUGH_QUESTIONS = 250
ENOUGH_ANSWERS = 300
MOST_QUESTIONS = 4_000
ROUNDS = 160
SEEDS = (1, 2, 3, 4)
ORDER_SHARE = 1.0
"""How much the order model says beside the chances: it knows nothing of anybody's record."""
HELD_BACK = 0.15
"""Share of the questions, the latest, on which a fresh model is measured before it is used."""
SETTLED = 2 * DAY
"""Most of a question's answers are there after two days; younger questions say nothing about anybody's record."""

_COMMON: dict[str, Any] = {
    "verbosity": -1,
    "num_threads": 1,  # two threads on shared cores spin more than they gain
    "learning_rate": 0.06,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "extra_trees": True,  # splits drawn at random: many of these numbers say nearly the same (Geurts et al. 2006)
    "lambda_l2": 5.0,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
}
_CHANCES = {"objective": "binary"}
_ORDER = {"objective": "lambdarank", "lambdarank_truncation_level": 8}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A past question's candidates and, per candidate, when he answered it (infinite: not so far)."""

    portrait: Portrait
    answered_at: Floats


@dataclass(frozen=True, slots=True)
class Gain:
    """hit@3 on the held-back questions, learned and plain, and how many questions that was measured on."""

    learned: float
    plain: float
    questions: int

    @property
    def worth_it(self) -> bool:
        return self.questions > 0 and self.learned >= self.plain


class Learned:
    """The fitted models, the names of the numbers they read, and each person's record beside what was expected."""

    def __init__(
        self,
        chances: "Sequence[lightgbm.Booster]",
        order: "Sequence[lightgbm.Booster]",
        names: tuple[str, ...],
        gain: Gain,
        record: Record | None = None,
    ) -> None:
        self._chances = chances
        self._order = order
        self.names = names
        self.gain = gain
        self.record = record or Record()

    def chances(self, portrait: Portrait) -> Floats:
        """The chance that somebody with each candidate's numbers answers, 0 to 1."""
        return _averaged(self._chances, portrait)

    def record_with(self, lessons: list["Lesson"], now: float) -> Record:
        """The record with these questions added, which the model was not fitted on."""
        found = self.record.copy()
        for lesson in lessons:
            if lesson.portrait.question.at <= now - SETTLED:
                found.tell(lesson.portrait.ids, self.chances(lesson.portrait), lesson.answered_at < now)
        return found

    def scores(self, portrait: Portrait, chances: Floats) -> Floats:
        """What ranks: the chances in the light of each person's own record, and the order."""
        safe = np.clip(self.record.corrected(portrait.ids, chances), 1e-5, 1 - 1e-5)
        found: Floats = np.log(safe / (1 - safe)) + ORDER_SHARE * _averaged(self._order, portrait)
        return found

    def dump(self) -> str:
        """All of it as text (JSON of LightGBM's own text format), to be stored and read back with `load`."""
        return json.dumps(
            {
                "names": list(self.names),
                "chances": [model.model_to_string() for model in self._chances],
                "order": [model.model_to_string() for model in self._order],
                "gain": [self.gain.learned, self.gain.plain, self.gain.questions],
                "record": self.record.dump(),
            }
        )

    @classmethod
    def load(cls, text: str) -> "Learned":
        """Raises ValueError for text that is no dump."""
        import lightgbm  # heavy: see the module's top

        data = json.loads(text)
        try:
            models = [[lightgbm.Booster(model_str=text) for text in data[key]] for key in ("chances", "order")]
            record = Record.load(data.get("record", []))
            return cls(models[0], models[1], tuple(data["names"]), Gain(*data["gain"]), record)
        except (KeyError, TypeError, lightgbm.basic.LightGBMError) as error:
            raise ValueError(f"not a stored model: {error}") from error


def _averaged(models: "Sequence[lightgbm.Booster]", portrait: Portrait) -> Floats:
    found: Floats = np.mean([model.predict(portrait.rows, num_threads=1) for model in models], axis=0)
    return found


def learn(lessons: list[Lesson], now: float, measure: bool = True) -> Learned | None:
    """Fit on the lessons as known at `now`; None where there are too few questions or answers.

    With `measure` the latest 15 % are held back first, the gain over the plain formula is measured on them, and the
    models are then fitted on everything.
    """
    lessons = lessons[-MOST_QUESTIONS:]
    answers = sum(int((lesson.answered_at < now).sum()) for lesson in lessons)
    if len(lessons) < ENOUGH_QUESTIONS or answers < ENOUGH_ANSWERS:
        return None
    if not measure:
        return _fit(lessons, now)
    cut = int(len(lessons) * (1 - HELD_BACK))
    early, late = lessons[:cut], lessons[cut:]
    judged = _fit(early, late[0].portrait.question.at)
    fresh = _fit(lessons, now)
    fresh.gain = measured(judged, late)  # without the record, which knows the answers of these very questions
    fresh.record = judged.record_with(late, now)
    return fresh


def _fit(lessons: list[Lesson], now: float) -> Learned:
    rows = np.vstack([lesson.portrait.rows for lesson in lessons])
    answered = np.concatenate([lesson.answered_at for lesson in lessons]) < now
    groups = np.array([len(lesson.answered_at) for lesson in lessons])
    import lightgbm  # heavy: see the module's top

    names = lessons[-1].portrait.names
    labels = answered.astype(np.int8)
    chances, order = (
        [
            lightgbm.train(_COMMON | kind | {"seed": seed}, lightgbm.Dataset(rows, labels, group=groups), ROUNDS)
            for seed in SEEDS
        ]
        for kind in (_CHANCES, _ORDER)
    )
    return Learned(chances, order, names, Gain(0.0, 0.0, 0))


def measured(model: Learned, lessons: list[Lesson]) -> Gain:
    """hit@3 of the model and of the plain formula on these questions, those with an answer."""
    learned = plain = questions = 0
    for lesson in lessons:
        truth: NDArray[np.bool_] = np.isfinite(lesson.answered_at)
        if not truth.any():
            continue
        questions += 1
        scores = model.scores(lesson.portrait, model.chances(lesson.portrait))
        learned += bool(truth[np.argsort(-scores, kind="stable")[:3]].any())
        plain += bool(truth[np.argsort(-plain_scores(lesson.portrait), kind="stable")[:3]].any())
    return Gain(learned / max(questions, 1), plain / max(questions, 1), questions)
