"""Protected speech: telling of harassment suffered, speaking for a union, sounding an alarm. Never more than a look.

The words that were said to somebody stand in such a text; it is the last one that should get a warning.
"""

import re

from plugins.netiquette.head.features import tokens
from plugins.netiquette.lexicon import class_of, shapes

_SUFFERED = {
    "fr": re.compile(
        r"\b(?:on|il|ils|elle|elles|qui|mon \w+|ma \w+|mes \w+|le \w+|un \w+|une \w+) (?:m'|me |nous |lui |l'|les )"
        r"(?:a |ont |avait |avaient )?(?:dit|dise|disait|disent|traite|traitent|traitaient|appelle|appelaient|lance|"
        r"ecri|surnom|insult|menac|harcel|humili|moqu|repondu|repete|crie|siffle|touche|pelot|envoy|agress|frapp|bouscul|"
        r"suivi|ignore|imite|singe)"
        r"|\b(?:j'ai|j'etais|je suis|je me fais|j'ai ete|on a|nous avons|elle a|elle est|il est|il a) "
        r"(?:\w+ )?(?:ete )?(?:recu|harcele|insulte|menace|discrimine|humilie|traite|agresse|victime|moque|"
        r"vise|cible|mis a l'ecart)"
        r"|\bdepuis (?:que|des mois|un an|deux ans|mon|ma)\b.*\b(?:je|me|m')"
        r"|\bse fait (?:traiter|insulter|appeler|siffler|harceler|moquer)"
        r"|\btemoignage\b|\bmain courante\b|\bporter plainte"
        r"|\bj'ai (?:porte |depose )?plainte|\best traitee? d|\bon me (?:surnomme|traite|dit|appelle|lance)"
    ),
    "en": re.compile(
        r"\b(?:he|she|they|somebody|someone|who|people|my \w+|the \w+|a \w+) (?:\w+ )?"
        r"(?:call|calls|called|told|tells|said|shout|shouted|wrote|threatened|mocked|groped|grabbed|touched|spat|bullied|"
        r"harassed|laughed at|imitates?|imitated|sent|followed|hid|drew|posted|asked) (?:at |to |by )?"
        r"(?:me|us|her|him|my|our)\b"
        r"|\bi(?:'ve| have|'m| am| was| got| get| received|'d been)? (?:been |being )?"
        r"(?:called|told|bullied|harassed|insulted|threatened|mocked|discriminated|groped|abused|spat at|"
        r"shouted at|ignored|left out)"
        r"|\b(?:is|was|gets|got|being|been) (?:bullied|harassed|called|mocked|threatened)\b"
        r"|\bfil(?:e|ed|ing) (?:a |an )?(?:complaint|grievance)|\bi(?:'ve)? (?:reported|kept|printed|saved) "
        r"|\bwhat (?:happened|they did) to\b|\bsince i (?:came out|came back|told|said|joined)"
    ),
}  # fmt: skip
_AIMED = {
    "fr": re.compile(r"\b(?:tu|t'|toi|ta|tes|vous etes|votre)\b"),
    "en": re.compile(r"\b(?:you|your|you're|u)\b"),
}
_LEAST = {"union": 2, "safety": 2}


def protected_speech(text: str, lang: str) -> str:
    """Tells "account", "union", "safety", or "" for a prepared text."""
    words = [one.rstrip("'") for one in tokens(text)]
    kinds = [class_of(one, lang) for one in words]
    if _is_account(text, kinds, lang):
        return "account"
    if _AIMED[lang].search(text) and {"insult", "slur"} & set(kinds):
        return ""
    for name, least in _LEAST.items():
        if len({word for word, kind in zip(words, kinds, strict=True) if kind == name}) >= least:
            return "" if {"insult", "slur"} & set(kinds) and name != "safety" else name
    return ""


def _is_account(text: str, kinds: list[str], lang: str) -> bool:
    """Somebody did it to the author or to somebody near: the words are reported, none is said to anybody here."""
    if not _SUFFERED[lang].search(text):
        return False
    outside = re.sub(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)", " ", text)
    quotes = outside != text or bool(shapes(lang)["was_said"].search(text))
    left = [class_of(one.rstrip("'"), lang) for one in tokens(outside)]
    return (quotes or "protected" in kinds) and not ({"insult", "slur"} & set(left) and _AIMED[lang].search(outside))
