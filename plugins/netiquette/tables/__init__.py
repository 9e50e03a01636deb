"""What the plugin keeps of its own. Every row carries its forum (`site`); no table counts or lists a member's breaches.

A change of these tables needs a revision under `migrations/versions`.
"""

from plugins.netiquette.tables.cases import case_acts, cases, mode_steps, verdicts, warned
from plugins.netiquette.tables.charters import charters, examples
from plugins.netiquette.tables.contests import contests
from plugins.netiquette.tables.ladder import settling, steps
from plugins.netiquette.tables.mediators import mediations, mediators, opinions
from plugins.netiquette.tables.metadata import metadata

__all__ = [
    "case_acts",
    "cases",
    "charters",
    "contests",
    "examples",
    "mediations",
    "mediators",
    "metadata",
    "mode_steps",
    "opinions",
    "settling",
    "steps",
    "verdicts",
    "warned",
]
