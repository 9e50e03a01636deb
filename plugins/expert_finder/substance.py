"""Which replies speak for their author: not much shorter than replies usually are here, or accepted as the answer.

Whoever comes into every thread with a joke knows nothing of its subject.
"""

from collections.abc import Collection
from statistics import median

from connector.records import StoredPost

LONG_ENOUGH = 20
"""Words that are enough everywhere, however long people write."""
USUAL = 0.9
"""The share of the usual length (the median) from which a reply has substance."""


def enough_words(lengths: Collection[int]) -> float:
    """Words from which a reply has substance, where replies have these lengths."""
    return min(LONG_ENOUGH, USUAL * median(lengths)) if lengths else 0.0


def has_substance(post: StoredPost, enough: float) -> bool:
    """Whether a reply is an answer; code counts like words."""
    return post.accepted or length_of(post) >= enough


def length_of(post: StoredPost) -> int:
    """Words of the author's own."""
    return len(post.text.split()) + len(post.code.split())
