"""Looks after the charter with diplomacy: the right word, in private, before posting if possible; criticism is free."""

from pathlib import Path

from sqlalchemy import delete

from plugins.contract import Context, Plugin
from plugins.netiquette import tables
from plugins.netiquette.preferences import Settings

__all__ = ["Settings", "plugin"]

TITLE = {"en": "The charter, with diplomacy", "fr": "La charte, avec diplomatie"}
ABOUT = {
    "en": "Looks after the charter with diplomacy: the right word, in private, before posting if possible. Criticism is"
    " always free, nobody is counted or listed, and people decide whatever is about conduct.",
    "fr": "Prend soin de la charte avec diplomatie : le mot juste, en privé, avant la publication si possible. La"
    " critique est toujours libre, personne n'est compté ni listé, et tout ce qui touche à la conduite est décidé par"
    " des personnes.",
}
plugin = Plugin("netiquette", about=ABOUT, title=TITLE, settings=Settings, tables=tables, folder=Path(__file__).parent)


@plugin.forget
def forget(member_id: int, ctx: Context) -> None:
    """What a member's contest added to a clause's tests goes with the member."""
    own = tables.examples.c
    ctx.db.execute(delete(tables.examples).where(own.site == ctx.site, own.author_id == member_id))
