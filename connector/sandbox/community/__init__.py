"""The invented bilingual community of the sandbox forum: the group Estrane and its forum « Le Quai ».

Content lives beside this file: ``categories.toml``, ``groups.toml``, ``members.toml``, ``story.toml`` and
``threads/YYYY-MM.md`` (format: see :mod:`connector.sandbox.community.source`). Everything is invented.
"""

from connector.sandbox.community.export import topic_documents
from connector.sandbox.community.loader import load_community
from connector.sandbox.community.model import (
    Community,
    CommunityCategory,
    CommunityError,
    CommunityGroup,
    CommunityMember,
    CommunityPost,
    CommunityTopic,
    StoryQuestion,
)

__all__ = [
    "Community",
    "CommunityCategory",
    "CommunityError",
    "CommunityGroup",
    "CommunityMember",
    "CommunityPost",
    "CommunityTopic",
    "StoryQuestion",
    "load_community",
    "topic_documents",
]
