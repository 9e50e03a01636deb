"""The forum's local memory: tables, sync with the forum, search for an audience, erasure."""

from connector.archive.applied import Applied
from connector.archive.archive import Archive
from connector.records import Audience, Hit, SearchResult

__all__ = ["Applied", "Archive", "Audience", "Hit", "SearchResult"]
