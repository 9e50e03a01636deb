"""How tense one turn of a conversation is, from its words alone: what is said to a person, and what calms.

It is a property of words in a thread, used with pace and who answers whom. It says nothing of anybody's mood, and is
never shown for a person.
"""

import math
import re

_QUOTED = re.compile(r"\[quote[^\]]*\].{0,20000}?\[/quote\]", re.S)
"""A quote that an old import left in the words themselves."""
_SENTENCE = re.compile(r"[.!?…\n]+")
_SECOND = re.compile(
    r"(?i)\b(?:you|your|you're|youre|yours|yourself|ur|tu|toi|te|t'|tes|ton|ta|vous|votre|vos)\b|\bt['’](?=\w)"
)
_SHARP = re.compile(
    r"(?i)\b(?:(?:you|you're|you are|you were) (?:just |simply |so |all )?wrong|nonsense|ridiculous|stupid\w*"
    r"|idiot\w*|moron\w*|clueless|lazy|arrogan\w+|rude\w*|insult\w*|personal attacks?"
    r"|troll\w*|toxic|drama|liars?|you lie|pathetic|disrespect\w*|offen[cs]\w+|childish|hostil\w+|blam\w+|accus\w+"
    r"|ego\w*|ignoran\w+|incompeten\w+|delusion\w*|whin\w+|rant\w*|bullshit|fuck\w*|shit\w*|crap|asshole\w*|jerk\w*"
    r"|shut up|get lost|go away|calm down|grow up|wtf|ashamed|disgust\w*|hypocrit\w*|condescend\w+|patroni[sz]\w+"
    r"|attitude|waste of time|wasting my|enough of|sick of|fed up|leave me alone"
    r"|dumb\w*|fool\w*|clowns?|garbage|dishonest\w*|unprofessional|embarrass\w*|mock\w*|haters?|bull(?:y|ies|ying)"
    r"|dictator\w*|ungrateful|entitled|selfish|nasty|fanboys?|straw ?man|ad hominem|words in my mouth|twist\w* my"
    r"|how dare|get over it|don't (?:tell|lecture) me|lecturing|preach\w*|defam\w*|useless|good riddance|complaining"
    r"|mind your own|none of your business|go learn|learn to read|can(?:'t|not) handle|your (?:hate|ignorance|attitude)"
    r"|n'importe quoi|(?:t'es|tu es|vous êtes) (?:vraiment |juste )?nul\w*"
    r"|ridicule\w*|imbécile\w*|abruti\w*|débile\w*|crétin\w*"
    r"|menteu\w+|tu mens|vous mentez|mensonge\w*"
    r"|insult\w*|attaqu\w+|agress\w+|mépris\w*|honte\w*|hypocrisi\w*|incompétent\w*|ignoran\w+|arrogan\w+|prétentieu\w+"
    r"|ferme-la|tais-toi|taisez-vous|dégage\w*|calme-toi|calmez-vous|ras le bol|marre|ça suffit|foutre|foutez|merde"
    r"|connard\w*|connerie\w*|mauvaise foi|malhonnêt\w+|minable\w*|guignols?|bouffons?|ingrat\w*|égoïste\w*"
    r"|te plains|vous vous plaignez"
    r"|comment oses|comment osez|apprends à lire|apprenez à lire|mêle-toi|mêlez-vous|leçons?|reproch\w+|susceptib\w+)\b"
)
_DENIAL = re.compile(
    r"(?i)\b(?:no,|not true|never said|i didn't say|i never|you said|you claim|prove it|obviously|clearly|once again"
    r"|as i said|i already|why do you|who are you|who do you|seriously|really\?|non,|c'est faux|jamais dit|j'ai déjà"
    r"|tu dis|vous dites|prouve\w*|évidemment|encore une fois|comme je l'ai dit|pour qui|sérieusement)"
)
_CALM = re.compile(
    r"(?i)\b(?:thanks|thank you|thx|sorry|apolog\w+|fair (?:point|enough)|you're right|you are right|i agree|agreed"
    r"|good point|my bad|my mistake|no worries|no problem|cheers|appreciate\w*|let's|no offen[cs]e|peace|well said"
    r"|merci|désolée?s?|pardon|excuse\w*|tu as raison|vous avez raison|d'accord|au temps pour moi|pas de souci"
    r"|bien vu|bonne remarque|je comprends|i understand|i see|i see what you mean|happy to|glad|avec plaisir)\b"
    r"|[:;]-?\)|🙂|😀|😄|😉|👍"
)
_SHOUT = re.compile(r"!{2,}|\?{2,}|\b[A-ZÀ-Ý]{4,}(?:\s+[A-ZÀ-Ý]{3,})+\b")


def tension(text: str) -> float:
    """From 0 (plain talk) to 1: sharp words, most of all in a sentence that speaks to somebody, against what calms."""
    sharp = 0.0
    text = _QUOTED.sub(" ", text[:6_000])
    for sentence in _SENTENCE.split(text):
        found = len(_SHARP.findall(sentence))
        to_somebody = bool(_SECOND.search(sentence))
        sharp += found * (1.0 if to_somebody else 0.35)
        sharp += 0.5 * min(1, len(_DENIAL.findall(sentence))) * (1.0 if to_somebody else 0.3)
    sharp += 0.4 * min(2, len(_SHOUT.findall(text)))
    # A long text has room for a sharp word without being a sharp text.
    words = max(25, len(text.split()))
    heat = sharp * math.sqrt(60 / words) - 0.6 * calm(text)
    return max(0.0, min(1.0, heat / 2.5))


def calm(text: str) -> float:
    """How much a turn calms, 0 to 1: thanks, excuses, agreement."""
    return min(1.0, len(_CALM.findall(text[:3_000])) / 2)
