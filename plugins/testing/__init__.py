"""The bench: run a plugin without host, network or clock, and the checks every plugin gets for free.

    bench = Bench(plugin)
    lea, omar = bench.add_member("lea", lang="fr"), bench.add_member("omar")
    topic = bench.add_topic(lea, "Merging two cells", "How do I merge cells without losing text?")
    bench.dispatch("topic_created", topic)
    assert bench.acts[0].verb == "message"

Everything a plugin may touch is there, in memory and deterministic: the archive with its visibility and a small search,
the outbox's "once" and modes, consent, the calendar, its own tables in SQLite. Two calls with the same data give the
same result on every machine.
"""

from plugins.testing.acts import BenchAct, BenchError
from plugins.testing.bench import Bench, NotMerged
from plugins.testing.conformance import check_plugin

__all__ = ["Bench", "BenchAct", "BenchError", "NotMerged", "check_plugin"]
