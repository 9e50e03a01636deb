"""A new topic that asks what an earlier one holds already, by the forum's own search."""

from plugins.netiquette.detectors.finding import Around, Finding, Options, Said

_ALIKE = 0.9
"""Likeness from which two topics are called the same; a clause may name its own as `alike`."""


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """At most one finding, of kind `same_topic`; its words are the earlier topic's title."""
    if not said.opens_topic:
        return []
    wanted = float(options.get("alike", _ALIKE))
    asked = f"{said.title}\n{said.text}".strip()
    alike = [one for one in around.similar(asked) if one.topic_id != said.topic_id and one.likeness >= wanted]
    if not alike:
        return []
    best = max(alike, key=lambda one: one.likeness)
    above = (best.likeness - wanted) / max(1.0 - wanted, 0.01)
    return [Finding("duplicate", "same_topic", (best.title,), min(0.97, 0.72 + 0.25 * above))]
