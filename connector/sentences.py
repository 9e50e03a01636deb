"""What the connector says to the people who look after a forum when something went wrong, in English and French.

Errors carry the English sentence, which may be stored and logged; whoever shows it asks for the reader's language.
"""

import re
from collections.abc import Mapping
from functools import cache

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "slow_down": (
        "The forum asks to slow down (429); next try in {seconds} seconds.",
        "Le forum demande de ralentir (429) ; prochain essai dans {seconds} secondes.",
    ),
    "queue": (
        "Too many requests to the forum at once; this one waits its turn.",
        "Trop de demandes au forum en même temps ; celle-ci attend son tour.",
    ),
    "redirect": (
        "The forum's address answers with a redirect ({status}). Set the forum's address exactly as its own pages show"
        " it, with https:// where they do.",
        "L'adresse du forum renvoie ailleurs ({status}). Indiquez l'adresse du forum exactement comme ses pages"
        " l'affichent, avec https:// si elles l'ont.",
    ),
    "page": (
        "Something in front of the forum answered with a page ({status}) instead of data. Check the forum's address,"
        " and that the proxy lets this service through.",
        "Quelque chose devant le forum a répondu par une page ({status}) au lieu de données. Vérifiez l'adresse du"
        " forum, et que le proxy laisse passer ce service.",
    ),
    "no_data": (
        "The forum's address answered with something that is not data. Check that it is a Discourse and needs no login"
        " page first.",
        "L'adresse du forum a répondu autre chose que des données. Vérifiez que c'est bien un Discourse, sans page de"
        " connexion devant.",
    ),
    "no_data_write": (
        "The forum answered a write with something that is not data: it may have been done all the same.",
        "Le forum a répondu autre chose que des données à une écriture : elle a pu être faite quand même.",
    ),
    "read_only": (
        "The forum is in read-only mode (a backup or an upgrade); writing waits.",
        "Le forum est en lecture seule (sauvegarde ou mise à jour) ; les écritures attendent.",
    ),
    "trouble": (
        "The forum has trouble of its own ({status}).",
        "Le forum a lui-même un problème ({status}).",
    ),
    "trouble_write": (
        "The forum broke off ({status}) while writing: it may have been done all the same.",
        "Le forum s'est interrompu ({status}) pendant une écriture : elle a pu être faite quand même.",
    ),
    "key": (
        "The forum refused ({status}): either the API key lacks the scope {scope}, or it is revoked or not the key of"
        ' "{username}", or that member may not do this there. See Admin, API, Keys.',
        "Le forum a refusé ({status}) : soit la clé d'API n'a pas la portée {scope}, soit elle est révoquée ou n'est"
        " pas celle de « {username} », soit ce membre n'en a pas le droit à cet endroit. Voir Admin, API, Clés.",
    ),
    "key_unscoped": (
        'The forum refused ({status}): no scope allows this; it needs an unscoped API key of "{username}", which an'
        " administrator may grant.",
        "Le forum a refusé ({status}) : aucune portée ne permet cela ; il faut une clé d'API unscoped (sans portée) de"
        " « {username} », qu'une personne administrant le forum peut accorder.",
    ),
    "missing": (
        "This is not there, or not for this member ({status}).",
        "Cela n'existe pas, ou n'est pas visible pour ce membre ({status}).",
    ),
    "refused": ("The forum refused ({status}).", "Le forum a refusé ({status})."),
    "refused_because": ("The forum refused ({status}): {said}", "Le forum a refusé ({status}) : {said}"),
    "certificate": (
        "The forum's certificate was not accepted; look at its https:// page, or name the certificates to trust.",
        "Le certificat du forum n'a pas été accepté ; regardez sa page https://, ou indiquez les certificats de"
        " confiance.",
    ),
    "unreachable": (
        "The forum cannot be reached: no connection to its address.",
        "Le forum est injoignable : pas de connexion à son adresse.",
    ),
    "late": ("The forum did not answer in time.", "Le forum n'a pas répondu à temps."),
    "late_write": (
        "The forum did not answer a write in time: it may have been done all the same.",
        "Le forum n'a pas répondu à temps à une écriture : elle a pu être faite quand même.",
    ),
    "cut": ("The forum broke the connection off.", "Le forum a coupé la connexion."),
    "cut_write": (
        "The forum broke the connection off while writing: it may have been done all the same.",
        "Le forum a coupé la connexion pendant une écriture : elle a pu être faite quand même.",
    ),
    "too_large": (
        "The forum sent more than {mib} MiB in one answer.",
        "Le forum a envoyé plus de {mib} Mio en une réponse.",
    ),
    "too_large_write": (
        "The forum answered a write with more than {mib} MiB: it may have been done all the same.",
        "Le forum a répondu à une écriture par plus de {mib} Mio : elle a pu être faite quand même.",
    ),
    "too_slow": (
        "The forum took longer than {seconds} seconds for one answer.",
        "Le forum a mis plus de {seconds} secondes pour une réponse.",
    ),
    "too_slow_write": (
        "The forum took longer than {seconds} seconds to answer a write: it may have been done all the same.",
        "Le forum a mis plus de {seconds} secondes à répondre à une écriture : elle a pu être faite quand même.",
    ),
    "no_address": (
        "The forum answered where it should have named another address.",
        "Le forum a répondu là où il aurait dû indiquer une autre adresse.",
    ),
    "no_topic_address": (
        "The forum sent us elsewhere than to a topic; is the configured address its own?",
        "Le forum a renvoyé ailleurs que vers un sujet ; l'adresse indiquée est-elle bien la sienne ?",
    ),
    "no_file": (
        "The forum took the file but named no address for it.",
        "Le forum a pris le fichier sans lui donner d'adresse.",
    ),
    "no_post": (
        "The forum took the post but did not say which number it has.",
        "Le forum a pris le message sans dire son numéro.",
    ),
}


def said(code: str, **facts: object) -> str:
    """The English sentence for a code. :raises KeyError: an unknown code or a missing fact."""
    return _SENTENCES[code][0].format(**facts)


def in_language(sentence: str, language: str) -> str:
    """A sentence of ours (stored, perhaps with more after it) in the reader's language; any other text as it is."""
    if language.lower()[:2] != "fr":
        return sentence
    for pattern, french in _patterns():
        match = pattern.match(sentence)
        if match is not None:
            return french.format(**match.groupdict()) + sentence[match.end() :]
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(english), french) for english, french in _SENTENCES.values())


def _pattern(template: str) -> re.Pattern[str]:
    """The template as a pattern: a fact is a short run of letters, the forum's own words are all the rest."""
    parts = re.split(r"\{(\w+)\}", template)
    facts = {"said": r"(?P<said>.*)", "username": r'(?P<username>[^"]{0,100})'}
    read = (
        facts.get(part, rf"(?P<{part}>\S{{1,40}}?)") if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
    return re.compile("".join(read), re.DOTALL)
