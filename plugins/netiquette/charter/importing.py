"""From a forum's own guidelines to a first draft of a charter: each heading a clause, detectors by what it speaks of.

A draft is for people to complete: texts in one language stand in both, marked, until somebody translates them.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from selectolax.lexbor import LexborHTMLParser

from plugins.doors import InlineContext
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.charter.reading import default_text

_LONGEST = 200_000
_MOST = 20
_SUBJECTS: tuple[tuple[str, str], ...] = (
    # The clause of the charter that ships, by the words that guidelines use for its subject; the most telling first.
    ("personal-data", r"données perso|vie privée|coordonnées|privacy|personal (?:data|details|info)|doxx?ing"),
    ("advertising", r"publicit|promotion|spam|commercial|advert|self-promot|annonces?\b|affiliat"),
    ("threats", r"menac|threat|violence|violent"),
    ("hate", r"racis|sexis|discrimin|homophob|haine|hate|religio|origine|genre\b|gender|handicap|disabilit"),
    ("harassment", r"harc|harass|stalk|acharn|pile[- ]on|bully|intimid"),
    ("right-place", r"doublon|bonne catégorie|right (?:category|place)|duplicate|hors[- ]sujet|off[- ]topic|"
                    r"search before|recherche avant|tidy|ranger"),
    ("context", r"contexte|question claire|context|clear question|décri|describe|details? of|version"),
    ("quoting", r"citation|citer|quot(?:e|ing)|\+1"),
    ("shouting", r"majuscule|crier|capital|caps|shout|ponctuation"),
    ("respect", r"respect|courtois|civil|agréab|agreeab|polite|bienveill|kind|insult|injur|personnes|people|critic"),
)  # fmt: skip
_SUBJECT = tuple((id, re.compile(words, re.IGNORECASE)) for id, words in _SUBJECTS)
_ASKED = ("FAQ guidelines community rules", "charte du forum règlement règles netiquette")
_TITLE = re.compile(
    r"guidelines|code of conduct|(?:forum|community|house) rules|n[ée]tiquette|charte|règles (?:du|de)|règlement",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\s{0,3}(?:#{1,4}\s+(.+?)\s*#*|\*\*(.{3,120}?)\*\*\s*:?|(\d{1,2}[.)]\s+.{3,110}))\s*$")


def guidelines_topic(ctx: InlineContext) -> int | None:
    """The topic that holds the forum's guidelines, by its title; None where our account does not see one."""
    audience = ctx.archive.audience_public()
    for asked in _ASKED:
        for hit in ctx.archive.search(asked, audience, limit=20).hits:
            topic = ctx.archive.topic(hit.topic_id)
            if topic is not None and _TITLE.search(topic.title):
                return topic.id
    return None


def sections_of_html(html: str) -> list[tuple[str, str]]:
    """Headings of a topic's HTML, each with the text below it, up to the next heading."""
    tree = LexborHTMLParser(html[:_LONGEST]).body
    found: list[tuple[str, list[str]]] = []
    for node in tree.css("h1, h2, h3, h4, p, li") if tree is not None else ():
        words = " ".join(node.text(separator=" ").split())
        if not words:
            continue
        alone = node.tag == "p" and node.css_matches("p > strong:only-child, p > b:only-child")
        if len(words) <= 120 and (alone or (node.tag or "")[0] == "h"):
            found.append((words, []))
        elif found:
            found[-1][1].append(words)
        else:
            found.append(("", [words]))
    return _tidied((title, "\n".join(parts)) for title, parts in found)


def sections_of_text(text: str) -> list[tuple[str, str]]:
    """Headings of a pasted text (`# …`, `**…**`, `1. …`), each with what stands below it; else its paragraphs."""
    found: list[tuple[str, list[str]]] = []
    for line in text[:_LONGEST].splitlines():
        heading = _HEADING.match(line)
        if heading:
            found.append((next(one for one in heading.groups() if one), []))
        elif line.strip():
            if not found:
                found.append(("", []))
            found[-1][1].append(line.strip())
    return _tidied((title, "\n".join(parts)) for title, parts in found)


def _tidied(sections: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    found = []
    for title, text in sections:
        name = re.sub(r"^[\d.)\s]+", "", title).strip(" #*:") or title
        if name or text:
            found.append((name[:120], text.strip()[:4_000]))
    # What stands before the first heading is an opening, not a clause.
    return found[: _MOST + 1]


def draft_of(sections: list[tuple[str, str]], title: str, lang: str, default: Charter) -> str:
    """The YAML of a draft charter; detectors, examples and ladders come from the clause of `default` on the subject.

    A subject that comes twice gets its detectors the first time; headings on nothing known are kept as plain clauses,
    which people alone look after.
    """
    opening = next((text for name, text in sections if not name), "")
    clauses: list[dict[str, Any]] = []
    taken: set[str] = set()
    for name, text in sections:
        if not name or len(clauses) >= _MOST:
            continue
        about = f"{name} {text[:600]}"
        subject = next((id for id, words in _SUBJECT if id not in taken and words.search(about)), "")
        known = default.clause(subject) if subject else None
        clause: dict[str, Any] = {"number": len(clauses) + 1, "id": known.id if known else f"clause-{len(clauses) + 1}"}
        clause |= {"title": {"fr": name, "en": name}, "text": {"fr": text or name, "en": text or name}}
        if known is not None:
            taken.add(subject)
            clause |= _as_known(known.id)
        clauses.append(clause)
    data: dict[str, Any] = {"title": {"fr": title[:120], "en": title[:120]}}
    if opening:
        data["preamble"] = {"fr": opening, "en": opening}
    if default.listening:
        data["listening"] = dict(default.listening)
    data |= {"glossary": list(default.glossary), "clauses": clauses}
    notes = {
        "fr": "# Brouillon tiré du règlement du forum. À relire, à traduire : les deux textes sont pareils.\n",
        "en": "# A draft from the forum's guidelines, to be read again and translated: both texts are the same.\n",
    }
    return notes.get(lang, notes["en"]) + written(data)


def _as_known(id: str) -> dict[str, Any]:
    """What a clause that ships says about finding breaches, as YAML has it."""
    data = yaml.safe_load(default_text())
    clause = next(one for one in data["clauses"] if one["id"] == id)
    return {key: value for key, value in clause.items() if key not in ("number", "id", "title", "text")}


def written(data: dict[str, Any]) -> str:
    """Data as the YAML that managers edit: keys in their order, accents as they are, long texts folded."""
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False))
