"""Looks after the charter with diplomacy: the right word, in private, before posting if possible; criticism is free."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import delete

from connector.models import Event
from plugins.blocks import Notice, Page, Task
from plugins.contract import Case, Context, Draft, InlineContext, Plugin, Suggestion
from plugins.doors import Verdict
from plugins.netiquette import contests, for_managers, tables
from plugins.netiquette.charter import kept
from plugins.netiquette.head.at_hand import prepare_encoder
from plugins.netiquette.ladder import after_posting, composer, load, settling, thread_state
from plugins.netiquette.pages import contests_page
from plugins.netiquette.pages.charter_editor import editor
from plugins.netiquette.pages.public_charter import public_charter
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
for_managers.join(plugin)

WRONG_TITLE = {"en": "Words that are probably mistaken", "fr": "Messages probablement injustes"}
WRONG = {
    "en": "Of the words drafted or sent in 90 days, how many are false alarms by the detectors' own calibration.",
    "fr": "Parmi les messages rédigés ou envoyés en 90 jours, combien sont de fausses alertes d'après la calibration.",
}
LOAD_TITLE = {"en": "Asked of managers in a week", "fr": "Demandes à l'équipe d'animation par semaine"}
LOAD = {
    "en": "Words that wait for a signature and threads that need a look, a week, over the last 90 days.",
    "fr": "Messages à signer et fils à regarder, par semaine, sur les 90 derniers jours.",
}
CHARTER = {"en": "The charter", "fr": "La charte"}


@plugin.page("charter", title=CHARTER)
def charter(query: Mapping[str, str], ctx: InlineContext) -> Page | Notice:
    return editor(query, ctx)


@plugin.public_page("charter", title=CHARTER)
def charter_for_all(query: Mapping[str, str], ctx: InlineContext) -> Page:
    return public_charter(query, ctx)


@plugin.command("netiquette train")
def train(arguments: list[str], ctx: Context) -> int:
    """Train the attack head anew, from the labelled texts in the repository."""
    from plugins.netiquette import train_command

    return train_command.run(arguments, ctx)


@plugin.command("evaluate netiquette")
def evaluate(arguments: list[str], ctx: Context) -> int:
    """How well the shipped charter tells attacks from harsh words, on labelled texts."""
    from plugins.netiquette import evaluate_command

    return evaluate_command.run(arguments, ctx)


@plugin.every(minutes=5)
def encoder_at_hand(ctx: Context) -> None:
    """The head's encoder is there before the first draft asks for it."""
    prepare_encoder(ctx)


@plugin.every(minutes=30)
def share_charter(ctx: Context) -> None:
    """What other plugins quote is the charter in force, also where none was ever saved."""
    kept.publish(ctx)


@plugin.inline("composer", budget_ms=300)
def before_sending(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    return composer.hint(draft, ctx)


@plugin.on("post_created", "post_edited", "post_recovered", "topic_created", "topic_edited")
def written(event: Event, ctx: Context) -> None:
    """Something was written: it is looked at once it has settled."""
    after_posting.written(ctx, event)


@plugin.on("post_destroyed")
def gone(event: Event, ctx: Context) -> None:
    after_posting.gone(ctx, event)


@plugin.every(minutes=1)
def settled(ctx: Context) -> None:
    """Posts that have settled are judged, each once."""
    after_posting.judge_settled(ctx)


@plugin.verdict
def contested(verdict: Verdict, ctx: Context) -> None:
    contests.heard(verdict, ctx)


@plugin.page("contests", title=contests_page.TITLE, about_people=True)
def contested_words(query: Mapping[str, str], ctx: Context) -> Page | Notice:
    return contests_page.answer(query, ctx) if "action" in query else contests_page.contests_page(query, ctx)


@plugin.action
def answers_owed(ctx: InlineContext) -> list[Task]:
    return contests_page.tasks(ctx)


@plugin.every(minutes=30)
def overdue(ctx: Context) -> None:
    """Contests that nobody has answered in time."""
    contests.remind(ctx)


@plugin.measure("probably_wrong", definition=WRONG, title=WRONG_TITLE)
def probably_wrong(ctx: InlineContext) -> Case:
    return load.probably_wrong(ctx)


@plugin.measure("managers_a_week", definition=LOAD, title=LOAD_TITLE)
def managers_a_week(ctx: InlineContext) -> Case:
    return load.managers_a_week(ctx)


@plugin.every(cron="50 3 * * *")
def forget_threads(ctx: Context) -> None:
    """What threads remembered is forgotten after 90 days."""
    thread_state.forget_old(ctx)
    settling.forget_old(ctx)


@plugin.forget
def forget(member_id: int, ctx: Context) -> None:
    """What a member's contest added to a clause's tests goes with the member."""
    own = tables.examples.c
    ctx.db.execute(delete(tables.examples).where(own.site == ctx.site, own.author_id == member_id))
    thread_state.forget_member(ctx, member_id)
    contests.forget(ctx, member_id)
