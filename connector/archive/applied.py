"""What came of applying something to the memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether the memory changed, and which members were erased: their traces elsewhere are for the caller."""

    changed: bool = False
    erased: tuple[int, ...] = ()
    note: str = ""


def both(one: Applied, other: Applied) -> Applied:
    return Applied(one.changed or other.changed, (*one.erased, *other.erased), other.note or one.note)
