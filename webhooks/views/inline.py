"""`/inline/…`: what the elements on the forum's pages ask while somebody reads or writes, and what a click there does.

A draft is held in memory while it is looked at, and nowhere else: it is neither stored nor logged, by nobody here.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar

from flask import Blueprint, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from plugins.inline import Draft
from webhooks import verdicts
from webhooks.inline_offers import take
from webhooks.inline_signing import Known
from webhooks.inline_suggesting import INLINE, suggest
from webhooks.inline_viewer import is_member, language_for, viewer_of
from webhooks.metrics import INLINE_SECONDS
from webhooks.views.console_here import now, service
from webhooks.views.console_words import Words, choose_language
from webhooks.views.inline_door import METHODS, Refused, body, for_the_forum, member_or_nobody, told
from webhooks.views.inline_json import drawn

blueprint = Blueprint("inline", __name__, url_prefix="/inline")

LONGEST_TEXT = 32_000
LONGEST_TITLE = 1_000
MOST_A_DRAFT = 2
NOT_NOW = timedelta(days=1)
"""How long "not now" stops a plugin's help beside texts: whoever is busy is so today."""

T = TypeVar("T", bound=BaseModel)
Number = Annotated[int, Field(gt=0, lt=2**53)]
Short = Annotated[str, StringConstraints(max_length=300)]
Word = Annotated[str, StringConstraints(max_length=20_000)]


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Read(_Sent):
    """A topic that is being read."""

    topic_id: Number
    lang: Short = ""
    closed: Annotated[list[Short], Field(max_length=50)] = []


class _Written(_Sent):
    """A draft in the composer."""

    action: Literal["new_topic", "reply", "edit", "message"]
    topic_id: Number | None = None
    category_id: Number | None = None
    tags: Annotated[list[Short], Field(max_length=50)] = []
    title: str = ""
    text: str = ""
    lang: Short = ""
    closed: Annotated[list[Short], Field(max_length=50)] = []
    shown: Annotated[int, Field(ge=0, lt=2**31)] = 0
    asked: bool = False
    sending: bool = False


class _Judged(_Sent):
    """A member's verdict on a suggestion."""

    verdict: Word
    answer: Literal["useful", "not_useful", "not_now", "never"]
    reason: Annotated[str, StringConstraints(max_length=1_000)] = ""


class _Clicked(_Sent):
    """An offer that a member takes."""

    token: Word


@blueprint.route("/topic", methods=METHODS, provide_automatic_options=False)
@for_the_forum("POST")
def topic() -> Response:
    """At most one suggestion for a topic that is being read."""
    with INLINE_SECONDS.labels(route="topic").time():
        known = member_or_nobody()
        sent = _parsed(_Read)
        viewer = viewer_of(service(), known, _language(sent.lang), topic_id=sent.topic_id)
        return _suggested(Draft("topic", viewer, topic_id=sent.topic_id), sent.closed)


@blueprint.route("/composer", methods=METHODS, provide_automatic_options=False)
@for_the_forum("POST")
def composer() -> Response:
    """At most one suggestion for a draft; none for a message, and after the second only what holds a post."""
    with INLINE_SECONDS.labels(route="composer").time():
        known = member_or_nobody()
        sent = _parsed(_Written)
        lacks_topic = sent.action in ("reply", "edit") and sent.topic_id is None
        enough = sent.shown >= MOST_A_DRAFT and not sent.sending
        if sent.action == "message" or enough or lacks_topic:
            return told({"suggestions": []})
        topic_id = sent.topic_id if sent.action != "new_topic" else None
        viewer = viewer_of(
            service(), known, _language(sent.lang), topic_id=topic_id, category_id=sent.category_id
        )  # fmt: skip
        draft = Draft(
            place="composer",
            viewer=viewer,
            topic_id=topic_id,
            title=_plain(sent.title),
            text=_plain(sent.text),
            category_id=sent.category_id,
            tags=tuple(_plain(tag) for tag in sent.tags),
            action=sent.action,
            asked=sent.asked,
            sending=sent.sending,
        )
        return _suggested(draft, sent.closed)


@blueprint.route("/verdict", methods=METHODS, provide_automatic_options=False)
@for_the_forum("POST")
def verdict() -> Response:
    """Keep what a member makes of a suggestion, and honour it from now on."""
    known = _member()
    sent = _parsed(_Judged)
    shown = service().desk.seals.read_verdict(sent.verdict, now())
    if shown is None or shown.member_id != known.member_id or service().registry.get(shown.plugin) is None:
        raise Refused(400, "verdict")
    with service().database.begin() as connection:
        verdicts.give(
            connection,
            service().site,
            shown.plugin,
            shown.key,
            known.member_id,
            sent.answer,
            now=now(),
            reason=_plain(sent.reason),
            data=shown.data,
            subject=INLINE,
            snooze=NOT_NOW,
        )
    return Response("", 204)


@blueprint.route("/offer", methods=METHODS, provide_automatic_options=False)
@for_the_forum("POST")
def offer() -> Response:
    """Do what was offered: 202 with a sentence once its acts are in the outbox, 410 where it makes no sense now."""
    known = _member()
    sent = _parsed(_Clicked)
    offered = service().desk.seals.read_offer(sent.token, now())
    if offered is None or offered.member_id != known.member_id:
        raise Refused(400, "offer")
    viewer = viewer_of(service(), known, "")
    taking = take(service(), offered, viewer)
    if taking.barred is not None:
        said = Words(language_for(service(), known.member_id))(f"inline.{taking.barred}")
        return told({"error": "gone", "said": said}, 410)
    if not taking.said:
        raise Refused(503, "failed", Retry_After="30")
    return told({"said": taking.said}, 202)


def _suggested(draft: Draft, closed: list[str]) -> Response:
    chosen = suggest(service(), draft, closed)
    if chosen is None:
        return told({"suggestions": []})
    with service().database.read() as connection:
        return told({"suggestions": [drawn(service(), connection, chosen)]})


def _member() -> Known:
    """The member who clicks. :raises Refused: nobody in particular (401), or one who may not any more (403)."""
    known = member_or_nobody()
    if known is None:
        raise Refused(401, "token")
    if not is_member(service(), known.member_id):
        raise Refused(403, "forbidden")
    return known


def _parsed(kind: type[T]) -> T:
    """What was sent, as it must look. :raises Refused: it does not (400), or its words are too many (413)."""
    sent: dict[str, Any] = body()
    for name, longest in (("text", LONGEST_TEXT), ("title", LONGEST_TITLE)):
        if isinstance(sent.get(name), str) and len(sent[name]) > longest:
            raise Refused(413, "too_large")
    try:
        return kind.model_validate(sent)
    except ValidationError:
        raise Refused(400, "json") from None


def _plain(text: str) -> str:
    """Without the one character that no database takes."""
    return text.replace("\x00", " ")


def _language(asked: str) -> str:
    return choose_language(asked, service().config.languages)
