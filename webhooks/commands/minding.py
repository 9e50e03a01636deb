"""`pause`, `resume`, `status`, `requeue`, `doctor`, `replay`: looking after it."""

import getpass

import click

from webhooks import cases, modes, outbox
from webhooks import pause as pausing
from webhooks.commands.shared import opened, plainly, sentence
from webhooks.facts import recalled
from webhooks.identity import learn
from webhooks.inbox import Inbox
from webhooks.replay import replay as replay_plugin
from webhooks.service import Service

NEEDED = ("global:read", "topics:write", "topics:update", "posts:edit", "posts:delete", "uploads:create")


def _who() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):
        return "command line"


@click.command()
@plainly
def pause() -> None:
    """Stop everything from being sent, at once."""
    with opened() as service, service.database.begin() as connection:
        changed = pausing.pause(connection, service.site, _who(), service.clock.now())
    click.echo("Everything is paused." if changed else "Everything was paused already.")


@click.command()
@plainly
def resume() -> None:
    """Go on after a pause."""
    with opened() as service, service.database.begin() as connection:
        changed = pausing.resume(connection, service.site, _who(), service.clock.now())
    click.echo("Everything goes on." if changed else "Nothing was paused.")


@click.command()
@plainly
def status() -> None:
    """Plugins with their modes, deliveries and acts by state."""
    with opened() as service:
        site = service.site
        with service.database.read() as connection:
            paused = pausing.is_paused(connection, site)
            lines = [f"{plugin.name}: {modes.mode_of(connection, site, plugin.name)}" for plugin in service.registry]
            waiting = len(outbox.listed(connection, site, states=("proposed",), limit=10_000))
        click.echo("Everything is paused." if paused else "Running.")
        for line in (*lines, *service.registry.faults):
            click.echo(line)
        counts = Inbox(service.database, site, service.clock).counts()
        click.echo(f"Deliveries: {counts['pending']} waiting, {counts['quarantined']} in quarantine.")
        click.echo(f"Acts: {waiting} proposed.")


@click.command()
@plainly
def requeue() -> None:
    """Give what is in quarantine five new tries."""
    with opened() as service:
        count = Inbox(service.database, service.site, service.clock).requeue()
    click.echo(f"{count} deliveries will be tried again.")


@click.command()
@plainly
def doctor() -> None:
    """Say in sentences whether forum, key and database are as they should be."""
    with opened() as service:
        faults = _faults(service)
        for fault in faults:
            click.echo(fault)
        if faults:
            raise SystemExit(1)
        click.echo("Forum, key and database are as they should be.")


def _faults(service: Service) -> list[str]:
    from connector.errors import ForumError

    faults = list(service.registry.faults)
    if not service.config.hook_secrets:
        faults.append("PASSERELLE_HOOK_SECRET is not set: every delivery is refused.")
    try:
        scopes = service.config.need_forum() and service.forum.scopes()
    except ForumError as error:
        return [*faults, sentence(error)]
    lacking = [scope for scope in NEEDED if scopes and scope not in scopes]
    if lacking:
        faults.append(f"The key lacks these scopes: {', '.join(lacking)}.")
    if not learn(service):
        known = recalled(service.database, service.site, "connection")
        faults.append(str(known[0].get("fault", "")) if known else "The forum does not say who we are.")
    return faults


@click.command()
@click.argument("plugin")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How far back.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many cases to show.")
@plainly
def replay(plugin: str, days: int, limit: int) -> None:
    """Run PLUGIN over the past and show what it would have done. Nothing is sent; the console shows ten."""
    with opened() as service:
        found = service.registry.get(plugin)
        if found is None:
            known = ", ".join(service.registry.plugins) or "none"
            raise click.ClickException(f"There is no plugin {plugin}; installed: {known}.")
        result = replay_plugin(service, found, days=days)
        with service.database.begin() as connection:
            now, shown = service.clock.now(), service.archive.is_shown
            cases.keep(connection, service.site, plugin, result.cases, shown, now)
        click.echo(f"{result.events} events in {days} days, {len(result.cases)} acts, {len(result.failures)} failures.")
        for number in result.numbers:
            click.echo(number.shown("en"))
        for case in result.cases[:limit]:
            where = f"/t/{case.topic_id}" if case.topic_id is not None else ""
            click.echo(f"\n{case.at:%Y-%m-%d %H:%M} {case.verb} {where}\n  why: {case.why}")
            if case.title:
                click.echo(f"  {case.title}")
            click.echo("  " + case.text.replace("\n", "\n  "))
        for failure in result.failures[:limit]:
            click.echo(failure, err=True)
