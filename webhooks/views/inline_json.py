"""A suggestion as the element draws it, with the signed words behind its buttons."""

from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from plugins.inline import Link, Offer, Person, Suggestion
from webhooks.feedback import LABELS
from webhooks.inline_check import Named
from webhooks.inline_offers import digest_of, said_before
from webhooks.inline_signing import Offered, Shown
from webhooks.inline_suggesting import Chosen, name_of
from webhooks.service import Service
from webhooks.views.console_words import Words


def drawn(service: Service, connection: Connection, chosen: Chosen) -> dict[str, Any]:
    """Its JSON. Only members are offered answers and acts; while a plugin watches, nobody is offered an act."""
    suggestion, viewer = chosen.checked.suggestion, chosen.draft.viewer
    say = Words(viewer.lang)
    member = viewer.member_id
    return {
        "key": name_of(chosen.plugin.name, suggestion.key),
        "plugin": chosen.plugin.name,
        "kind": suggestion.kind,
        "title": suggestion.title,
        "why": say("inline.watched", why=suggestion.why) if chosen.watched else suggestion.why,
        "text": suggestion.text,
        **_language(suggestion.lang),
        "links": [_link(service, link) for link in suggestion.links],
        "people": [_person(service, one, chosen.checked.names[one.id]) for one in suggestion.people],
        "answers": [] if member is None else _answers(suggestion, viewer.lang),
        "verdict": None if member is None else _verdict(service, chosen, member),
        "offers": [] if member is None or chosen.watched else _offers(service, connection, chosen, member),
        "holds_save": suggestion.holds_save and chosen.draft.place == "composer",
    }


def _link(service: Service, link: Link) -> dict[str, Any]:
    post = f"/{link.post_number}" if link.post_number is not None else ""
    return {"title": link.title, "url": f"{service.config.forum_url}/t/{link.topic_id}{post}", **_language(link.lang)}


def _person(service: Service, person: Person, named: Named) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": named.name or named.username,
        "username": named.username,
        "url": f"{service.config.forum_url}/u/{quote(named.username, safe='')}",
        "why": person.why,
        "links": [_link(service, link) for link in person.links],
        "note": person.note,
    }


def _language(lang: str) -> dict[str, str]:
    return {"lang": lang} if lang else {}


def _answers(suggestion: Suggestion, lang: str) -> list[dict[str, str]]:
    labels = LABELS.get(lang, LABELS["en"])
    return [{"answer": one, "label": labels[one][:1].upper() + labels[one][1:]} for one in suggestion.answers]


def _verdict(service: Service, chosen: Chosen, member: int) -> str:
    suggestion = chosen.checked.suggestion
    shown = Shown(chosen.plugin.name, suggestion.key, member, suggestion.data)
    return service.desk.seals.verdict(shown, service.clock.now())


def _offers(service: Service, connection: Connection, chosen: Chosen, member: int) -> list[dict[str, Any]]:
    """Each with its signed word; one that this member took already says again what was said then."""
    offered = [(one, _offered(chosen, one, member)) for one in chosen.checked.suggestion.offers]
    said = said_before(connection, service.site, [digest_of(word) for _, word in offered])
    now = service.clock.now()
    return [
        {
            "label": one.label,
            "said": said.get(digest_of(word), ""),
            "token": service.desk.seals.offer(word, now),
            **({"person": one.person} if one.person is not None else {}),
            **({"done": True} if digest_of(word) in said else {}),
        }
        for one, word in offered
    ]


def _offered(chosen: Chosen, offer: Offer, member: int) -> Offered:
    draft = chosen.draft
    return Offered(
        plugin=chosen.plugin.name,
        name=offer.name,
        data=offer.data,
        member_id=member,
        suggestion_key=chosen.checked.suggestion.key,
        topic_id=draft.topic_id,
        category_id=draft.category_id,
    )
