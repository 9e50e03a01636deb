"""The managers' side of the plugin: what is heard for them, their pages, tasks and numbers, and the mediators' page."""

from collections.abc import Mapping

from connector.models import Event
from plugins.blocks import Notice, Page
from plugins.contract import Context, Plugin
from plugins.doors import Verdict
from plugins.netiquette import autonomy, cases, climate_kept, measures, mediators, removals, threads, verdicts
from plugins.netiquette.pages import cases_page, climate_page, mediation_page, precision_page

RIGHT_TITLE = {"en": "Rightly brought up", "fr": "Relevé à juste titre"}
RIGHT = {
    "en": "Of the cases that managers, members or contests judged in the last 90 days, the share that was right.",
    "fr": "Parmi les cas jugés en 90 jours par l'équipe d'animation, les membres ou une contestation, la part juste.",
}
DRAFTS_TITLE = {"en": "Drafts sent as they were", "fr": "Brouillons envoyés tels quels"}
DRAFTS = {
    "en": "Of the drafts that managers let go in the last 90 days, the share that went without a change of words.",
    "fr": "Parmi les brouillons que l'équipe d'animation a laissés partir en 90 jours, la part envoyée telle quelle.",
}


def join(plugin: Plugin) -> None:
    """Give the plugin its managers' side."""
    plugin.on("post_created", ceiling="propose")(thread_grows)
    plugin.on("post_destroyed", ceiling="propose")(post_removed)
    plugin.on("post_recovered", ceiling="propose")(post_back)
    plugin.every(minutes=30)(hear_managers)
    plugin.every(cron="10 4 * * *")(nightly_for_managers)
    plugin.verdict(hear_member)
    plugin.forget(forget_for_managers)
    plugin.page("cases", title=cases_page.TITLE)(cases_page.cases_page)
    plugin.page("precision", title=precision_page.TITLE)(how_right)
    plugin.page("climate", title=climate_page.TITLE)(climate_page.climate_page)
    plugin.member_page("mediation", title=mediation_page.TITLE)(mediation_page.mediation_page)
    plugin.member_form("mediate")(mediation_page.offer_myself)
    plugin.member_form("mediate_no_more")(mediation_page.step_down)
    plugin.member_form("mediation_view")(mediation_page.give_view)
    plugin.action(precision_page.tasks)
    plugin.measure("rightly_brought_up", definition=RIGHT, title=RIGHT_TITLE, share=True)(measures.right)
    plugin.measure("sent_as_drafted", definition=DRAFTS, title=DRAFTS_TITLE, share=True)(measures.sent_as_drafted)


def thread_grows(event: Event, ctx: Context) -> None:
    """Something was written: its thread may be heating up."""
    post = ctx.archive.post(event.post().id)
    if post is not None and not post.hidden:
        threads.watch(ctx, post)


def post_removed(event: Event, ctx: Context) -> None:
    """A post is gone: where people removed it, its author is owed a reason."""
    removals.removed(ctx, event)


def post_back(event: Event, ctx: Context) -> None:
    """A post is back: no reason is owed any more."""
    removals.recovered(ctx, event)


def hear_managers(ctx: Context) -> None:
    """Take over what managers decided, and step back where lately too much was wrong."""
    verdicts.gather(ctx)
    autonomy.step_back(ctx)


def nightly_for_managers(ctx: Context) -> None:
    """Old cases go, what mediators leave waiting goes to staff, and the climate is worked out."""
    cases.sweep(ctx)
    mediators.sweep(ctx)
    climate_kept.work_out(ctx)


def hear_member(verdict: Verdict, ctx: Context) -> None:
    """A member answered a message or an offer of mediation."""
    verdicts.heed(verdict, ctx)
    mediators.answered(verdict, ctx)


def forget_for_managers(member_id: int, ctx: Context) -> None:
    """Cases in the member's posts, and all that made him a mediator or a mediator's case."""
    cases.forget(ctx, member_id)
    mediators.forget(ctx, member_id)


def how_right(query: Mapping[str, str], ctx: Context) -> Page | Notice:
    return precision_page.answer(query, ctx) if "action" in query else precision_page.precision_page(query, ctx)
