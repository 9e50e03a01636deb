"""Signed feedback links: a page with one button, so that no preview or scanner can answer for a member."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webhooks import verdicts, wishes
from webhooks.feedback import Claim, Links
from webhooks.limits import limiter
from webhooks.tables import outbox
from webhooks.views.console_guard import current_person
from webhooks.views.console_here import now, service, speak_to
from webhooks.views.console_plugin_facts import title_of

blueprint = Blueprint("feedback", __name__)

_OF_A_QUESTION = ("accept", "not_here")
"""Answers that mean something else where no topic waits for somebody, an introduction for instance."""


@blueprint.get("/f/<token>")
@blueprint.get("/feedback/<token>")
@limiter.limit("60 per minute")
def ask(token: str) -> ResponseReturnValue:
    """Say what the link is about and offer the button; nothing is kept."""
    claim = _claim(token)
    if claim is None:
        return _page("gone", None), 410
    return (_page("other", claim), 403) if _is_anothers(claim) else _page("ask", claim)


@blueprint.post("/f/<token>")
@blueprint.post("/feedback/<token>")
@limiter.limit("30 per minute")
def confirm(token: str) -> ResponseReturnValue:
    """Keep the answer; pressing twice changes nothing."""
    claim = _claim(token)
    if claim is None:
        return _page("gone", None), 410
    if _is_anothers(claim):
        return _page("other", claim), 403
    with service().database.begin() as connection:
        verdicts.give(
            connection,
            service().site,
            claim.plugin,
            claim.once,
            claim.member_id,
            claim.answer,
            now=now(),
            reason=request.form.get("reason", ""),
        )
    return _page("thanks", claim)


def _claim(token: str) -> Claim | None:
    """What the link says where it is ours and of a member we know; the page then speaks the member's language."""
    claim = Links(service().config, now).read(token)
    if claim is None or service().registry.get(claim.plugin) is None:
        return None
    member = service().archive.member(claim.member_id)
    if member is None:
        # Who was forgotten is not remembered again by an old link.
        return None
    with service().database.read() as connection:
        chosen = wishes.language(connection, service().site, claim.member_id)
    speak_to(chosen or member.lang or member.locale)
    return claim


def _is_anothers(claim: Claim) -> bool:
    """Whether somebody else than the link's member is logged in here: it was passed on."""
    person = current_person()
    return person is not None and person.member_id not in (0, claim.member_id)


def _page(state: str, claim: Claim | None) -> str:
    plugin: Any = service().registry.get(claim.plugin) if claim else None
    topic_id = _topic_of(claim) if claim else None
    return render_template(
        "feedback.html",
        state=state,
        answer=claim.answer if claim else "",
        about=(_title(topic_id) or title_of(plugin)) if plugin else "",
        apart="" if topic_id is not None or not claim or claim.answer not in _OF_A_QUESTION else "_apart",
    )


def _topic_of(claim: Claim) -> int | None:
    """The topic that the act is about, where it is about one."""
    act = (outbox.c.site == service().site, outbox.c.plugin == claim.plugin, outbox.c.once == claim.once)
    with service().database.read() as connection:
        found = connection.execute(select(outbox.c.topic_id).where(*act)).scalar()
    return int(found) if found is not None else None


def _title(topic_id: int | None) -> str:
    """The topic by its name, where everybody may read it: whoever holds a link need not be its member."""
    topic = service().archive.topic(topic_id) if topic_id is not None else None
    return topic.title if topic is not None and topic.visible and topic.visibility == "public" else ""
