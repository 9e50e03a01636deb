"""Thanks, from a person: says who has just helped somebody for the first time, so that one of you can thank them."""

from dataclasses import dataclass
from pathlib import Path

from connector.models import Event
from plugins.contract import Context, Plugin
from plugins.doors import Evidence
from plugins.settings import setting


@dataclass(frozen=True)
class Settings:
    group: str = setting(
        "moderators", widget="group", label={"en": "Group to tell", "fr": "Groupe à prévenir"}, per_category=False
    )


TITLE = {"en": "Thanks for a first help", "fr": "Merci pour une première aide"}
plugin = Plugin("thanks_reminder", about=__doc__, title=TITLE, settings=Settings, folder=Path(__file__).parent)


@plugin.on("post_created", ceiling="propose")
def first_help(event: Event, ctx: Context) -> None:
    """A reply came in: is it its author's first one to somebody else?"""
    audience, post = ctx.archive.audience_public(), ctx.archive.post(event.post().id)
    topic = ctx.archive.topic(post.topic_id) if post and post.visibility in audience.classes else None
    member = ctx.archive.member(post.user_id) if post and post.user_id else None
    if not post or not topic or not member or member.is_bot or topic.user_id == member.id:
        return
    for earlier in ctx.archive.posts_of_member(member.id, audience, limit=100):
        of = ctx.archive.topic(earlier.topic_id)
        if earlier.created_at < post.created_at and of and of.user_id != member.id:
            return
    told = {"name": member.name or member.username, "topic": topic.title}
    once, title, text = f"first-help:{member.id}", ctx.say("told.title", **told), ctx.say("told.text", **told)
    evidence = [Evidence(topic.id, post.post_number)]
    ctx.forum.message_group(ctx.settings.group, title, text, once=once, why=ctx.say("told.why"), evidence=evidence)
