"""Plugins' feeds for everybody, as Atom: only where the forum itself needs no login, and only what is shown there."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from connector.links import topic_link
from connector.records import Audience
from plugins.blocks import Anchor, FeedEntry
from webhooks import atom
from webhooks.views.blocks import href
from webhooks.views.console_here import service
from webhooks.views.console_plugin_calls import ask

blueprint = Blueprint("feeds", __name__)

_MOST = 100
_BEGAN = datetime(2000, 1, 1, tzinfo=UTC)


@blueprint.get("/feeds/<plugin>/<name>.atom")
def feed(plugin: str, name: str) -> ResponseReturnValue:
    """One feed of a plugin; a reader that has this state already gets 304 and nothing else."""
    host = service()
    found = host.registry.get(plugin)
    spec = next((one for one in found.feeds if one.name == name), None) if found else None
    audience = host.archive.audience_anonymous()
    if found is None or spec is None or not audience.classes or not host.is_on(plugin):
        abort(404)
    asked = ask(found, list, spec.func)
    if asked.value is None:
        abort(500)
    lang = host.config.language_list[0]
    title = found.title.get(lang) or next(iter(found.title.values()), found.name)
    here = host.config.public_url.rstrip("/") + url_for("feeds.feed", plugin=plugin, name=name)
    entries = list(_entries(asked.value, audience))
    answer = Response(atom.atom(here, title, title, lang, entries, _BEGAN), content_type=atom.CONTENT_TYPE)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.last_modified = max((one.updated for one in entries), default=_BEGAN)
    answer.add_etag()
    return answer.make_conditional(request)


def _entries(told: Iterable[object], audience: Audience) -> Iterator[atom.Entry]:
    """The newest entries, each key once, without those about a topic that is not for everybody (any more)."""
    forum_url = service().config.forum_url
    known: dict[str, FeedEntry] = {}
    for one in told:
        if isinstance(one, FeedEntry):
            known.setdefault(one.key, one)
    newest = sorted(known.values(), key=lambda one: (one.updated, one.key), reverse=True)
    shown = [one for one in newest if _is_for(audience, one.path)]
    for one in shown[:_MOST]:
        yield atom.Entry(one.key, one.title, one.text, href(Anchor(one.title, one.path), forum_url), one.updated)


def _is_for(audience: Audience, path: str) -> bool:
    link = topic_link(path)
    if link is None:
        return True
    archive = service().archive
    topic = archive.topic(link.topic_id)
    readable = topic is not None and topic.visibility in audience.classes
    return readable and archive.is_shown(link.topic_id, link.post_number)
