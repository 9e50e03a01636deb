"""Personal data of others: phones, e-mails, postal addresses, bank accounts, cards, social security numbers.

Public contact points and the author's own are let be, and so is whatever merely looks like a number of somebody's.
"""

import re
from collections.abc import Iterator
from itertools import islice

from plugins.netiquette.detectors.account_numbers import accounts
from plugins.netiquette.detectors.addresses import Email, emails, streets
from plugins.netiquette.detectors.finding import Around, Finding, Options, Said
from plugins.netiquette.detectors.phones import COUNTRIES, Phone, phones
from plugins.netiquette.detectors.whose import named_before, named_beside, whose
from plugins.netiquette.detectors.written import Written, written


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PUBLIC_LOCAL = _set(
    """
    info infos contact contacts contactez support hello bonjour accueil sav rh hr admin administration webmaster
    postmaster noreply no-reply ne-pas-repondre nepasrepondre donotreply sales ventes vente commercial help
    helpdesk aide secretariat mairie direction presse press recrutement jobs job careers security securite abuse
    privacy dpo rgpd gdpr billing facturation compta comptabilite accounts formation training communication
    standard office team equipe git root newsletter service services hotline cse it dsi press media marketing
    boutique shop reservation reservations booking bookings orders order commandes commande enquiries enquiry
    inquiries customer customercare customerservice client clients clientele relation relations livraison
    webmestre moderation moderateurs moderators bureau asso association club syndicat union mediation mediateur
    ethique ethics alerte alert alerts safety qhse hse qse maintenance logistique achats purchasing reception
    desk inscriptions inscription events evenements event feedback bug bugs dev devs list liste forum community
    communaute mailer-daemon daemon build ci notifications notification payroll paie pay conges referent ecoute
    listes legal juridique invoices invoice hrdesk servicedesk facilities
    """
)
_EXAMPLE_DOMAIN = re.compile(
    r"(?:^|\.)(?:example|exemple|test|invalid|localhost|local)$|^(?:example|exemple|domaine?|monsite|mondomaine|yourdomain|"
    r"mydomain|votredomaine|mail|email|server|serveur|host|foo|bar|test)\.(?:com|net|org|fr|co\.uk|local|tld|ext|xx)$"
)
_PLACEHOLDER = _set(
    """
    prenom.nom nom.prenom firstname.lastname first.last prenom nom firstname lastname user username utilisateur
    you your.name yourname votre.nom votrenom name adresse address someone somebody quelquun toto foo foobar bar
    xxx xxxx abc test tests me moi john.doe jane.doe a b x y p.nom pnom n.prenom login email mail
    """
)
_FREE_MAIL = re.compile(
    r"^(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|orange|wanadoo|free|sfr|laposte|bbox|numericable|neuf|proton|"
    r"protonmail|pm|gmx|icloud|me|mac|aol|btinternet|sky|virginmedia|talktalk|comcast|verizon|bluewin|skynet|telenet|videotron|"
    r"sympatico|rogers|posteo|tutanota|mailo|aliceadsl|club-internet|ntlworld|eircom|menara)\."
)
_SENSITIVE = 0.97
_MOST = 60
"""Findings of one kind that are weighed in a text: with more of them it is found out long before its end."""
_BY_A_TOOL = re.compile(r"(?:Author|Committer|Commit|Signed-off-by|Co-authored-by|Maintainer)\s?: [^\n@]{0,50}\Z")
_ROLE = re.compile(
    r"service|support|contact|info|robot|bot[-._]|cert|csirt|soc[-._]|noc[-._]|urgence|flux|batch|system"
)
_STATE = re.compile(r"(?:^|\.)(?:gouv|gov|nhs|police|europa)\.[a-z.]{2,8}$")
_TEST_CARD = re.compile(
    r"(?<!\w)(?:cartes? de test|test cards?|fake|dummy|fictive?s?|sandbox|stripe)(?!\w)", re.IGNORECASE
)
_ORGANISATION = re.compile(
    r"(?<!\w)(?:association|asso|club|comité|cse|syndicat|union|charity|company|entreprise|société|fondation|foundation)(?!\w)",
    re.IGNORECASE,
)


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """Findings of kinds phone, email, address, iban, card and social_security."""
    text = f"{said.title}\n{said.text}" if said.title else said.text
    if not (
        any(sign.isdigit() for sign in text) or "@" in text or "＠" in text or re.search(r"arobase|\bat\b", text, re.I)
    ):
        return []
    plain = written(text)
    own = {_bare(one) for one in (*said.author_contacts, *options.get("let_be", ())) if one.strip()}
    countries = tuple(options.get("countries") or COUNTRIES)
    found: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for kind, start, end, confidence in (
        *islice(_accounts(plain), _MOST),
        *islice(_emails(plain, own), _MOST),
        *islice(_streets(plain), _MOST),
        *islice(_phones(plain, countries), _MOST),
    ):
        if any(start < last and end > first for first, last in taken):
            continue
        taken.append((start, end))
        words = plain.own(start, end)
        if confidence > 0 and _bare(words) not in own:
            found.append(Finding("personal_data", kind, (words,), confidence, "person"))
    return sorted(found, key=lambda one: -one.confidence)


def _accounts(plain: Written) -> Iterator[tuple[str, int, int, float]]:
    for one in accounts(plain.plain):
        who = whose(plain.plain, one.start, one.end)
        if (
            who == "own"
            or (one.kind == "card" and _TEST_CARD.search(plain.plain))
            or (one.kind == "iban" and _shared(plain, one.start))
        ):
            # One's own, a payment service's test card, an association's account: nothing that anybody has to be told.
            confidence = 0.0
        else:
            confidence = _SENSITIVE if one.sure else 0.9 if who == "other" else 0.6
        yield one.kind, one.start, one.end, confidence


def _shared(plain: Written, start: int) -> bool:
    """Whether the account is that of an organisation, which publishes it to be paid."""
    return bool(_ORGANISATION.search(plain.plain[max(0, start - 80) : start]))


def _emails(plain: Written, own: set[str]) -> Iterator[tuple[str, int, int, float]]:
    for one in emails(plain.plain):
        by_a_tool = _BY_A_TOOL.search(plain.plain[max(0, one.start - 60) : one.start])
        if f"{one.local}@{one.domain}" in own or one.domain in own or by_a_tool:
            confidence = 0.0
        else:
            confidence = _email(one, plain.plain)
        yield "email", one.start, one.end, confidence


def _email(one: Email, plain: str) -> float:
    parts = [part for part in re.split(r"[._+-]", one.local) if part]
    role = not parts or one.local in _PLACEHOLDER or {one.local, parts[0]} & _PUBLIC_LOCAL or _ROLE.match(one.local)
    who = whose(plain, one.start, one.end, number=False)
    if role or who == "own" or (parts[-1] in _PUBLIC_LOCAL and len(parts[0]) > 3):
        return 0.0
    named = len(parts) >= 2 and all(part.isalpha() for part in parts[:2]) and len(parts[-1]) >= 2
    if _FREE_MAIL.match(one.domain):
        return 0.95
    if _EXAMPLE_DOMAIN.search(one.domain):
        # Addresses made up for a manual, unless somebody's full name is given as his.
        return 0.85 if named and who == "other" else 0.0
    if named:
        return 0.93
    if len(one.local) >= 3 and one.local in one.domain.rsplit(".", 1)[0]:
        return 0.0
    if who == "other" and not _STATE.search(one.domain):
        return 0.9
    if who == "public" or _STATE.search(one.domain):
        return 0.0
    # A single word before the sign is somebody's name as often as a desk's.
    return 0.74 if any(sign.isdigit() for sign in one.local) or named_before(plain, one.start) else 0.6


def _streets(plain: Written) -> Iterator[tuple[str, int, int, float]]:
    for one in streets(plain.plain):
        who = whose(plain.plain, one.start, one.end, number=False)
        if who == "other":
            confidence = 0.92
        elif who == "unknown" and one.whole:
            named = named_before(plain.plain, one.start)
            confidence = 0.75 if named else 0.6
        else:
            confidence = 0.6 if who == "unknown" else 0.0
        yield "address", one.start, one.end, confidence


def _phones(plain: Written, countries: tuple[str, ...]) -> Iterator[tuple[str, int, int, float]]:
    for one in phones(plain.plain, countries):
        who = whose(plain.plain, one.start, one.end, number=not one.abroad)
        if one.free or who in ("own", "reference"):
            confidence = 0.0
        elif who == "public":
            confidence = _behind_a_desk(one, plain.plain)
        elif who == "other":
            confidence = 0.95
        else:
            # A fixed line that nobody's name stands by is more often a shop's than somebody's.
            confidence = 0.88 if one.mobile and one.sure else 0.6
        yield "phone", one.start, one.end, confidence


def _behind_a_desk(phone: Phone, plain: str) -> float:
    """A public place's number is public; a mobile given with a name there is still somebody's."""
    if not phone.mobile:
        return 0.0
    if named_beside(plain, phone.start):
        return 0.93
    return 0.8 if named_before(plain, phone.start) else 0.55


def _bare(words: str) -> str:
    """A contact to compare the author's own with: of a number its last nine digits, with or without its country."""
    low = words.strip().lower()
    return re.sub(r"\D", "", low)[-9:] if re.fullmatch(r"[\d\s()+./-]+", low) else low
