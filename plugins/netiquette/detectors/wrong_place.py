"""A new topic in a category where nothing like it stands, while all that is like it stands together in another."""

from collections import Counter

from plugins.netiquette.detectors.finding import Around, Finding, Options, Said

_NEIGHBOURS = 8
_FEWEST = 5
_ALIKE = 0.6
_AGREE = 0.75


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """At most one finding, of kind `other_category`; its words are titles of what is like it there."""
    if not said.opens_topic or said.category_id is None:
        return []
    asked = f"{said.title}\n{said.text}".strip()
    wanted = float(options.get("alike", _ALIKE))
    near = [
        one
        for one in around.similar(asked)
        if one.topic_id != said.topic_id and one.category_id is not None and one.likeness >= wanted
    ][:_NEIGHBOURS]
    if len(near) < _FEWEST or any(one.category_id == said.category_id for one in near[:3]):
        return []
    weights: Counter[int] = Counter()
    for one in near:
        weights[one.category_id or 0] += 1
    category, votes = weights.most_common(1)[0]
    share = votes / len(near)
    if category == said.category_id or share < _AGREE:
        return []
    titles = tuple(one.title for one in near if one.category_id == category)[:3]
    return [Finding("wrong_place", "other_category", titles, min(0.9, 0.5 + 0.4 * share))]
