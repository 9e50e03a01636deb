"""Advertising: selling words, prices and ways to order, links, a young account, the same text in several topics.

No single sign is enough: an address of a manual in somebody's first post is none, nor is a price in a question.
"""

import re
from urllib.parse import urlsplit

from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.detectors.finding import LONGEST, Around, Finding, Options, Said

_SELLS = re.compile(
    r"(?<!\w)(?:offre (?:exceptionnelle|spéciale|limitée|unique)|promo(?:tion)?s?|code promo|soldes|réduction|remise|"
    r"livraison gratuite|satisfait ou remboursé|commandez|achetez|profitez|découvrez (?:notre|nos|"
    r"mon|mes|ma)|nos (?:services|tarifs|"
    r"produits|experts|clients)|notre (?:gamme|boutique|agence|équipe d'experts|société|entreprise|"
    r"solution)|devis gratuit|"
    r"à partir de|meilleur prix|prix imbattables?|pas cher|gagnez|gagner de l'argent|"
    r"revenus? (?:passifs?|complémentaires?)|"
    r"investissez|sans engagement|cliquez (?:ici|sur)|essai gratuit|inscrivez-vous|contactez-nous|"
    r"abonnez-vous|places limitées|"
    r"prêts? entre particuliers|crédit rapide|voyance|marabout|special offer|"
    r"limited (?:time )?offer|discount|% off|coupon|"
    r"promo code|free (?:shipping|delivery|trial|quote)|money[- ]back|order now|buy now|shop now|"
    r"check out (?:our|my)|"
    r"our (?:services|products|prices|experts|clients|agency|company|solution|store|shop|"
    r"team of experts)|best price|lowest prices?|"
    r"cheap(?:est)?|earn (?:money|up to|\$|£|€)|make money|passive income|work from home|"
    r"investment opportunity|guaranteed|"
    r"no commitment|click (?:here|the link|below)|sign up (?:now|today|here)|contact us|subscribe to|limited seats|"
    r"casino|viagra|crypto (?:signals|trading)|forex|seo (?:services|packages?|agency)|backlinks?|followers)(?!\w)",
    re.IGNORECASE,
)
_PRICE = re.compile(r"(?:[€$£]\s?\d|\d\s?(?:€|euros?|dollars?|USD|EUR|GBP)(?!\w)|-?\s?\d{1,2}\s?%)", re.IGNORECASE)
_ORDER = re.compile(
    r"(?<!\w)(?:whatsapp|telegram|t\.me|wa\.me|bit\.ly|tinyurl|viber|dm me|inbox me|en mp pour|"
    r"appelez (?:vite|maintenant)|"
    r"call now|text now|lien en bio|link in bio|dernières places|jusqu'à (?:dimanche|samedi|minuit|vendredi)|"
    r"(?:until|ends) (?:sunday|midnight|friday|saturday))(?!\w)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?|(?<!\w)(?:quelqu'un|anybody|anyone|somebody|je cherche|looking for|j'ai suivi|i followed|avez-vous|have you)(?!\w)", re.I)  # fmt: skip  # noqa: E501
_FREE_PLACES = re.compile(
    r"(?:^|\.)(?:wikipedia|github|gitlab|stackoverflow|stackexchange|mozilla|python|debian|"
    r"microsoft|youtube|youtu|legifrance|"
    r"gouv|service-public|europa|gov|ac|edu|readthedocs|archive|openstreetmap)\.[a-z.]{2,12}$|"
    r"^docs?\.|^wiki\.|^support\."
)
_LINK = re.compile(r"https?://[^\s<>()\"']{4,300}|(?<![\w@.])www\.[^\s<>()\"']{4,300}", re.IGNORECASE)
_SAME = 0.6


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """At most one finding, of kind `selling` or `repeated`; its words are the selling words and the links."""
    text = f"{said.title}\n{said.text}"[:LONGEST]
    links = list(dict.fromkeys((*said.links, *_LINK.findall(text))))[:100]
    free = {one.lower() for one in options.get("let_be", ())}
    outward = [one for one in links if not _is_free(one, free)]
    sells = list(dict.fromkeys(match.group() for match in _SELLS.finditer(text)))
    orders = list(dict.fromkeys(match.group() for match in _ORDER.finditer(text)))
    if not (outward or sells or orders):
        return []
    again = _repeated(said, around) if outward or sells else 0
    score = _score(said, options, text, outward=len(outward), sells=len(sells), orders=len(orders), again=again)
    if score < 0.5:
        return []
    kind = "repeated" if again and len(sells) < 2 else "selling"
    return [Finding("advertising", kind, (*sells[:4], *orders[:2], *outward[:2]), min(score, 0.98))]


def _score(
    said: Said, options: Options, text: str, *, outward: int, sells: int, orders: int, again: int
) -> float:  # fmt: skip
    young = said.author_days is not None and said.author_days < float(options.get("new_account_days", 7))
    words = max(len(text.split()), 1)
    score = 0.16 * min(sells, 4) + 0.14 * min(orders, 2)
    score += 0.08 if _PRICE.search(text) and sells else 0.0
    score += 0.12 * min(outward, 2) + (0.1 if outward >= 4 and words < 40 * outward else 0.0)
    if sells + orders >= 1 or again:
        # A young account alone is no sign: it makes an offer likelier to be one, nothing else.
        score += (0.14 if young else 0.0) + 0.3 * min(again, 2) + (0.12 if outward else 0.0)
    if _ASKS.search(text) and sells + orders < 3:
        score -= 0.25
    return score


def _repeated(said: Said, around: Around) -> int:
    """In how many other topics the author wrote nearly the same lately."""
    words = set(words_of(said.text))
    if len(words) < 5:
        return 0
    earlier = (set(words_of(one[:4_000])) for one in around.elsewhere()[:20])
    return sum(1 for theirs in earlier if theirs and len(words & theirs) >= _SAME * len(words | theirs))


def _is_free(link: str, free: set[str]) -> bool:
    """Whether a link leads to the forum itself, to a place of knowledge, or where this forum lets links lead."""
    if link.startswith("/"):
        return True
    try:
        host = (urlsplit(link if "://" in link else f"https://{link}").hostname or "").lower()
    except ValueError:
        return False
    return bool(_FREE_PLACES.search(host)) or any(host == one or host.endswith(f".{one}") for one in free)
