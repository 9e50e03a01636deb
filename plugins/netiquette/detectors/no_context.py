"""A question without its context: a first post that says that something fails, and neither what nor how."""

import re

from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.detectors.finding import Around, Finding, Options, Said

_MOST_WORDS = 45
_ASKS = re.compile(
    r"\?|(?<!\w)(?:marche (?:pas|plus)|fonctionne (?:pas|plus)|ne répond (?:pas|plus)|besoin d'aide|"
    r"aide[zr]?|problème|problem|"
    r"souci|bug|bloqué|erreur|help|stuck|broken|doesn'?t work|does not work|not working|won'?t|"
    r"fails?|failing|error|issue|"
    r"how (?:do|can|to)|comment|quelqu'un (?:sait|peut|a))(?!\w)",
    re.IGNORECASE,
)
_SAID = frozenset(
    # What the emptiest questions are made of, without accents and case; whatever else is said is context.
    "bonjour bonsoir salut hello hi hey coucou a tous toutes tout le monde everybody everyone all "  # noqa: SIM905
    "there team je j ai un une "
    "des de du la les l d mon ma mes my the it is isn not no pas plus ne n c ca est cela ceci this "
    "that marche fonctionne "
    "work works working doesn don t does can cant cannot could would someone somebody anyone "
    "anybody quelqu quelqu'un qqn "
    "quelquun qui que quoi peut peux pouvez m me moi nous vous us you aider aide aidez help please "
    "svp stp s il te plait "
    "merci d avance thanks thank in advance probleme problem issue souci bug erreur error urgent "
    "urgence asap vite rapidement "
    "comment how faire do to fait fix avec with sur on pour for et and en any idea ideas idee une "
    "solution solutions besoin "
    "need i am m im suis bloque stuck perdu lost depuis since hier today aujourd hui ce matin "
    "toujours still plante crash "
    "crashes broken casse broke wrong chose something quelque truc thing machin encore again what "
    "why pourquoi savez sait "
    "know regarder look question petit petite little quick rapide cordialement cdt there's est-ce "
    "si if rien nothing du tout "
    "at bon be has have avez as tu he out go goes ok dire tell up be".split()
)
_TELLS = re.compile(r"\d|https?://|[A-Z]{2,}|[\w-]+\.\w{2,4}\b|[«“\"][^»”\"]{6,}|`")
_ROOM = 3


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """At most one finding, of kind `too_little_said`; only first posts ask a question of the whole forum."""
    whole = f"{said.title}\n{said.text}"
    if not said.opens_topic or said.code.strip() or said.links or len(said.text) > 400 or not _ASKS.search(whole):
        return []
    if _TELLS.search(said.text) or _TELLS.search(said.title):
        return []
    words = words_of(whole)
    # Without words of its own a post may be a picture that says it all.
    if not words_of(said.text) or len(words) < 3 or len(words) > _MOST_WORDS:
        return []
    own = {word for word in words if word not in _SAID}
    if len(own) > _ROOM:
        return []
    return [
        Finding("no_context", "too_little_said", (said.text.strip() or said.title.strip(),), 0.85 - 0.05 * len(own))
    ]
