"""What kind of attack it is: by turns of phrase where they are plain, else by the encoder's vector."""

import re
from collections.abc import Sequence

import numpy as np

from plugins.netiquette.head.features import tokens
from plugins.netiquette.head.scoring import Scored, Scorer
from plugins.netiquette.lexicon import class_of, identities, shapes

ATTACKS = ("insult", "contempt", "belittling", "veiled-threat", "threat", "exclusion", "identity", "harassment",
           "accusation", "mockery")  # fmt: skip
_PLAIN_THREAT = {
    "fr": re.compile(r"\bje (?:vais|viens|viendrai) (?:te|vous|le|la) (?:\w+ )?(?:casser|tuer|frapper|retrouver|"
                     r"buter|eclater|demolir|attendre)|\bsa(?:is|vons|it) ou (?:tu|vous) hab"
                     r"|\b(?:te|vous) (?:casse|creve|bute|tue)\b"),
    "en": re.compile(r"\bi(?:'ll| will| am going to|'m going to|'m gonna) (?:\w+ )*(?:kill|smash|hurt|break|find|"
                     r"punch|hit|destroy) (?:you|your|him|her)|\bknow where you (?:live|sleep|park|sit)"),
}  # fmt: skip


def kind_of(text: str, lang: str, scored: Scored, scorer: Scorer, kinds: Sequence[str]) -> str:
    """One of `ATTACKS` for a prepared text."""
    if _PLAIN_THREAT[lang].search(text):
        return "threat"
    words = [one.rstrip("'") for one in tokens(text)]
    found = {class_of(one, lang) for one in words}
    if scored.vector is not None:
        weights = scorer.kinds(scored.vector)
        if not ({"slur", "pet", "person", "belonging"} & found or any(one in identities() for one in words)):
            # Without a word for any group it is not one that is attacked.
            weights[[place for place, kind in enumerate(kinds) if kind in ("identity", "exclusion")]] = -np.inf
        return kinds[int(np.argmax(weights))]
    if "slur" in found or shapes(lang)["people_like"].search(text):
        return "identity"
    return "insult" if "insult" in found else "contempt"
