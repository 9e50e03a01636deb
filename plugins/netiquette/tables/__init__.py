"""What the plugin keeps of its own. Every row carries its forum (`site`); no table counts or lists a member's breaches.

A change of these tables needs a revision under `migrations/versions`.
"""

from plugins.netiquette.tables.charters import charters, examples
from plugins.netiquette.tables.metadata import metadata

__all__ = ["charters", "examples", "metadata"]
