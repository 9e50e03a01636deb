"""What an author seems to want, from the text alone: it is said first, so that a word about form begins there."""

import re
from typing import Literal

Want = Literal["asks", "warns", "helps", "criticises"]

_QUESTION = re.compile(
    r"\?|(?i:\b(?:comment|pourquoi|quelqu'un (?:sait|a|peut|connaît)|qui (?:sait|peut)|how (?:do|can|to)|why|"
    r"does anyone|can (?:anyone|somebody|someone)|anybody know)\b)"
)
_WARNING = re.compile(
    r"(?i)\b(?:attention|danger\w*|risqu\w*|prenez garde|méfi\w+|accident\w*|panne\w*|urgent\w*|beware|careful|risk\w*|"
    r"unsafe|warn\w*|outage\w*|urgently)\b"
)
_HELP = re.compile(
    r"(?i)\b(?:tu peux|vous pouvez|essa(?:ie|yez)|appelle|appelez|contacte[zr]?|voici|voilà|il suffit|you can|try|"
    r"call|ring|contact|here is|here are|just use|reach)\b"
)


def want_of(text: str) -> Want:
    """The first of these that the text gives away; whoever gives nothing away is taken to criticise."""
    if _QUESTION.search(text):
        return "asks"
    if _WARNING.search(text):
        return "warns"
    return "helps" if _HELP.search(text) else "criticises"
