"""A person's own record corrects what the numbers about him let expect, and little history corrects little."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plugins.expert_finder.record import PRIOR, Record

IDS = np.array([11, 12], np.int64)


def told(times: int, answered: tuple[bool, bool]) -> Record:
    record = Record()
    for _ in range(times):
        record.tell(IDS, np.array([0.3, 0.3]), np.array(answered))
    return record


def test_of_two_alike_the_one_who_keeps_answering_comes_first() -> None:
    """Two people have the same numbers; after fifty questions the one who answered them is the better bet."""
    keen, quiet = told(50, (True, False)).corrected(IDS, np.array([0.3, 0.3]))
    assert keen > 0.45
    assert quiet < 0.15


def test_one_answer_does_not_make_an_expert() -> None:
    """One answer more than expected moves a chance by less than a third of its odds."""
    once, _ = told(1, (True, False)).corrected(IDS, np.array([0.1, 0.1]))
    assert 0.1 < once < 0.1 * (1 + 1 / PRIOR)


def test_somebody_unheard_of_keeps_his_chance() -> None:
    """Nothing is corrected for a person whose record is empty."""
    assert np.allclose(Record().corrected(IDS, np.array([0.2, 0.7])), [0.2, 0.7])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.booleans()), max_size=60), st.floats(0, 1))
def test_a_record_survives_being_stored(past: list[tuple[float, bool, bool]], chance: float) -> None:
    """What was learned yesterday and read back from the database says the same, and stays a chance."""
    record = Record()
    for expected, one, other in past:
        record.tell(IDS, np.array([expected, 1 - expected]), np.array([one, other]))
    chances = np.array([chance, 1 - chance])
    stored = Record.load(record.dump())
    assert np.allclose(stored.corrected(IDS, chances), record.corrected(IDS, chances))
    assert ((record.corrected(IDS, chances) >= 0) & (record.corrected(IDS, chances) <= 1)).all()
