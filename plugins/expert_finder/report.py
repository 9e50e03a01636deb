"""The evaluation as a table for people."""

from collections.abc import Mapping
from typing import Any

COLUMNS = (
    "hit@1", "hit@3", "hit@5", "mrr", "ndcg@10", "helper_recall@5",
    "capped hit@3", "capped helper_recall@3", "people", "gini", "p50 ms", "p95 ms",
)  # fmt: skip


def as_table(found: Mapping[str, Any]) -> str:
    """One line a ranker, then the intervals of ours and of the busiest people."""
    terms = found["terms"]
    lines = [
        f"{found['questions']} answered questions, the last {terms['last']:.0%} of the topics; {terms['slots']} names "
        f"a question, at most {terms['cap']} per person from Monday to Sunday; learned {found['fits']} times"
        + ("" if found["dense"] else "; without a model"),
        "",
        "  ".join(["ranker".ljust(16), *(column.rjust(max(8, len(column))) for column in COLUMNS)]),
    ]
    lines += [_line(name, ranker) for name, ranker in found["rankers"].items()]
    lines.append("")
    for name in ("passerelle", "most_active_90d"):
        ranker = found["rankers"][name]
        parts = [f"{key} {low:.3f}–{high:.3f}" for key, (low, high) in ranker["ci"].items()]
        parts += [f"capped {key} {low:.3f}–{high:.3f}" for key, (low, high) in ranker["capped"]["ci"].items()]
        lines.append(f"{name}, 95 %: " + ", ".join(parts))
    return "\n".join(lines)


def _line(name: str, ranker: Mapping[str, Any]) -> str:
    capped, latency = ranker["capped"], ranker["latency_ms"]
    values = [f"{ranker[key]:.3f}" for key in COLUMNS[:6]]
    values += [f"{capped['hit@3']:.3f}", f"{capped['helper_recall@3']:.3f}", str(capped["people"])]
    values += [f"{capped['gini']:.3f}", f"{latency['p50']:.1f}", f"{latency['p95']:.1f}"]
    pairs = zip(COLUMNS, values, strict=True)
    return "  ".join([name.ljust(16), *(value.rjust(max(8, len(column))) for column, value in pairs)])
