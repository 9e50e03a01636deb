"""What members said on the bench about being named or written to, and what plugins published to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plugins.blocks import Anchor
from plugins.doors import Answer
from plugins.voice.escaping import Markdown, link


@dataclass(slots=True)
class BenchConsent:
    """`plugins.doors.ConsentDoor`: fill in the fields to play a member who said no, agreed, or is away.

    `refused` holds (member id, subject) with subject None for "never"; `attention` what is left of a member's budget,
    3 where nothing was set.
    """

    refused: set[tuple[int, str | None]] = field(default_factory=set)
    agreements: set[int] = field(default_factory=set)
    away: dict[int, datetime] = field(default_factory=dict)
    attention: dict[int, int] = field(default_factory=dict)

    def opted_out(self, member_id: int, *, topic: str | None = None) -> bool:
        return (member_id, None) in self.refused or (topic is not None and (member_id, topic) in self.refused)

    def agreed(self, member_id: int) -> bool:
        return member_id in self.agreements

    def away_until(self, member_id: int) -> datetime | None:
        return self.away.get(member_id)

    def attention_left(self, member_id: int) -> int:
        return self.attention.get(member_id, 3)

    def feedback_links(self, once: str, member_id: int, answers: Sequence[str] = ()) -> str:
        """Links that lead nowhere, one an answer, in the answers' own names."""
        offered = answers or ("useful", "not_useful", "not_now", "never")
        base = f"https://bench.invalid/feedback/{member_id}"
        return Markdown(" · ".join(link(answer, f"{base}/{once}/{answer}") for answer in offered))

    def feedback_anchors(self, once: str, member_id: int, answers: Sequence[Answer]) -> tuple[Anchor, ...]:
        """The same as anchors of a card."""
        return tuple(Anchor(answer, f"/feedback/{member_id}/{once}/{answer}", forum=False) for answer in answers)


@dataclass(slots=True)
class BenchShared:
    """`plugins.doors.SharedDoor`: a plain table."""

    values: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any | None:
        return self.values.get(name)

    def publish(self, name: str, value: Any) -> None:
        self.values[name] = value


@dataclass(slots=True)
class BenchLog:
    """A structured log that keeps its lines: (level, event, values)."""

    lines: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def debug(self, event: str, **values: Any) -> None:
        self.lines.append(("debug", event, values))

    def info(self, event: str, **values: Any) -> None:
        self.lines.append(("info", event, values))

    def warning(self, event: str, **values: Any) -> None:
        self.lines.append(("warning", event, values))

    def error(self, event: str, **values: Any) -> None:
        self.lines.append(("error", event, values))
